"""The user API v2 of a panel: the catalogue, a balance, and the state of the caller's own orders."""

from collections.abc import Callable
from typing import Any

import msgspec

from hyperpanel.sandbox import spoils
from hyperpanel.sandbox.catalogue import Service, kind
from hyperpanel.sandbox.exchange import Answer, Request, json_answer
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.happenings import after_a_page, before_a_page
from hyperpanel.sandbox.money import PER_RATE, decimal
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.statuses import STATUSES, TITLES
from hyperpanel.sandbox.switches import Switches

Form = dict[str, str]
MOST_AT_ONCE = 100
CLONES = {"Canceled": "Cancelled", "In progress": "In Progress"}


def answer(panel: Panel, request: Request, fault: Fault | None) -> Answer:
    if request.method != "POST":
        return _error(panel, "The request method is not supported", 405)
    form = request.form
    if form.get("key") != panel.services_key:
        return _error(panel, "Invalid API key", 401)
    panel.settle()
    if form.get("action") == "services":
        return _services(panel, fault)
    if form.get("action") in ACTIONS:
        return ACTIONS[form["action"]](panel, form)
    return _error(panel, "Incorrect request", 400)


def _services(panel: Panel, fault: Fault | None) -> Answer:
    if fault is not None:
        before_a_page(panel, "services", fault.kind)
    rows = [msgspec.json.encode(service(one, panel.switches)) for one in panel.shelf.live()]
    if fault is not None and fault.place == "rows":
        rows, _ = spoils.rows(fault.kind, "services", rows, len(rows), panel.last_page.get("services", []))
    panel.last_page["services"] = rows
    after_a_page(panel, "services", fault.kind if fault else None)
    return Answer(200, b"[" + b",".join(rows) + b"]")


def service(one: Service, switches: Switches) -> dict[str, Any]:
    number = str if switches.service_numbers == "string" else _bare
    return {
        "service": str(one.id) if switches.service_ids == "string" else one.id,
        "name": one.name,
        "type": kind(one),
        "category": one.category,
        "rate": number(decimal(one.rate, PER_RATE)),
        "min": number(str(one.minimum)),
        "max": number(str(one.maximum)),
        "refill": one.refill,
        "cancel": one.cancel,
    }


def _bare(text: str) -> msgspec.Raw:
    """The number itself, digit for digit, without passing through a float."""
    return msgspec.Raw((text.rstrip("0").rstrip(".") if "." in text else text).encode())


def _status(panel: Panel, form: Form) -> Answer:
    if "orders" not in form:
        return json_answer(_of(panel, form.get("order", "")))
    numbers = [number.strip() for number in form["orders"].split(",") if number.strip()]
    if len(numbers) > MOST_AT_ONCE:
        return _error(panel, f"Not more than {MOST_AT_ONCE} orders at once", 400)
    return json_answer({number: _of(panel, number) for number in numbers})


def _of(panel: Panel, number: str) -> dict[str, str]:
    """An account sees its own orders only; the services key is the largest customer's."""
    place = panel.orders.place(int(number)) if number.isdigit() else None
    if place is None or panel.records[place].customer is not panel.account:
        return {"error": "Incorrect order ID"}
    record = panel.records[place]
    title = TITLES[STATUSES[record.status]]
    return {
        "charge": panel.money.text(record.charge),
        "start_count": str(record.start_count or 0),
        "status": CLONES.get(title, title) if panel.switches.status_titles == "title" else title,
        "remains": str(record.remains if record.remains is not None else record.quantity),
        "currency": panel.currency,
    }


def _error(panel: Panel, words: str, status: int) -> Answer:
    return json_answer({"error": words}, 200 if panel.switches.service_errors == "200" else status)


def _balance(panel: Panel, form: Form) -> Answer:
    panel.reckon()
    place = panel.users.places[panel.records.customers.index(panel.account)]
    return json_answer({"balance": panel.money.text(panel.accounts[place].balance), "currency": panel.currency})


def _unsimulated(panel: Panel, form: Form) -> Answer:
    return _error(panel, "The sandbox does not simulate this action yet: nothing was changed", 400)


ACTIONS: dict[str, Callable[[Panel, Form], Answer]] = {
    "status": _status,
    "balance": _balance,
    **dict.fromkeys(("add", "refill", "refill_status", "cancel"), _unsimulated),
}
