"""What callers do to a panel: money put on an account by hand, and a reply of staff; both cannot be undone, nor told apart from their twins.

There is no key that would make a second request the same one: who asks twice has done it twice. Only the two writes whose answer may get
lost with consequences are simulated, and only where the switch `writes` says so.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from hyperpanel.sandbox.exchange import Answer, Request
from hyperpanel.sandbox.forms import text
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.paying import Paid, at_once
from hyperpanel.sandbox.protocol import refusal, success
from hyperpanel.sandbox.threads import ANSWERED, Event

Body = dict[str, Any]
TAKEN = frozenset(("payments/add", "tickets/{}/reply"))


class Refused(ValueError):
    """What the panel answers with an error and no effect."""


def answer(panel: Panel, request: Request, path: str) -> Answer:
    """`path` is payments/add or tickets/N/reply."""
    try:
        body = request.json()
        done = _pay(panel, body) if path == "payments/add" else _reply(panel, int(path.split("/")[1]), body)
    except ValueError as error:
        return Answer(200, refusal(400, str(error)))
    return Answer(200, success(text(done).encode(), panel.switches))


def _pay(panel: Panel, body: Body) -> Body:
    users, payments = panel.users, panel.payments
    place = users.by_name.get(str(body.get("username")))
    methods = [method.name for method in payments.till.methods]
    if place is None:
        raise Refused("User not found.")
    if body.get("method") not in methods:
        raise Refused("Payment method not found.")
    units = _units(panel, body.get("amount"))
    method, memo = methods.index(str(body["method"])), str(body.get("memo") or "")
    payments.memos[len(payments)] = memo
    payments.add([Paid(payments.now, users.who[place], units, method, at_once(payments.now))])
    panel.reckon()
    return {
        "payment_id": payments.ids[-1],
        "user": {"username": body["username"], "balance": panel.money.text(panel.accounts[place].balance)},
        "amount": {"value": panel.money.text(units), "currency_code": panel.currency},
        "memo": memo,
        "affiliate_commission": bool(body.get("affiliate_commission")),
    }


def _units(panel: Panel, amount: object) -> int:
    try:
        units = Decimal(str(amount)).scaleb(panel.money.places)
    except InvalidOperation:
        raise Refused("Amount is not valid.") from None
    if not units.is_finite() or units != units.to_integral_value() or not 0 < units < Decimal(10**15):
        raise Refused("Amount is not valid.")
    return int(units)


def _reply(panel: Panel, number: int, body: Body) -> Body:
    tickets = panel.tickets
    place, names = tickets.place(number), [member.name for member in tickets.desk.team]
    if place is None:
        raise Refused("Ticket not found.")
    if body.get("staff_name") not in names or not body.get("message"):
        raise Refused("staff_name and message are needed.")
    member = names.index(str(body["staff_name"]))
    tickets.happen(place, Event(tickets.now, ANSWERED, member, str(body["message"]), tickets.now + 600))
    return {"ticket_id": number}
