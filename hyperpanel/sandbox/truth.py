"""What is really so: every row of a panel, for tests to hold a cache against.

Rows are written by code of their own, in a form that no panel uses, so that a mistake in the panels' way of writing
cannot hide in the truth.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from hyperpanel.sandbox import query, words
from hyperpanel.sandbox.catalogue import Service
from hyperpanel.sandbox.money import PER_RATE, USD, decimal
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.statuses import DELETED, STATUSES
from hyperpanel.sandbox.threads import CUSTOMER
from hyperpanel.sandbox.wire import Send

SLICE = 500  # rows written before others get their turn
Row = dict[str, Any]


def knowable(panel: Panel, moment: int, stamp: Literal["present", "missing"]) -> int:
    """A moment as its writing tells it: where only the local time stands, one that comes twice is the first of the two."""
    if stamp == "present":
        return moment
    return int(datetime.fromtimestamp(moment, panel.zone).replace(fold=0).timestamp())


def order(panel: Panel, place: int) -> Row:
    r = panel.records[place]
    service = r.service if panel.switches.service_name == "kept" else panel.shelf.all[r.number]
    return {
        "id": str(r.id),
        "provider_order_id": r.external_id,
        "user": query.username(panel.records, place, panel.switches),
        "creation_type": r.creation_type,
        "mode": r.mode,
        "charge": panel.money.text(r.charge),
        "charge_currency": panel.currency,
        "provider_charge": None if r.provider_charge is None else USD.text(r.provider_charge),
        "provider_charge_currency": None if r.provider_charge is None else USD.code,
        "link": r.link,
        "start_count": r.start_count,
        "quantity": r.quantity,
        "service_id": str(service.id),
        "service_type": service.type,
        "service_name": service.name,
        "provider": service.provider,
        "status": STATUSES[r.status],
        "remains": r.remains,
        "is_autocomplete": r.autocomplete,
        "created_timestamp": knowable(panel, r.created, panel.switches.created_timestamp),
        "last_update_timestamp": r.updated if panel.switches.last_update == "list" else None,
    }


def user(panel: Panel, place: int) -> Row:
    account, money = panel.accounts[place], panel.money.text
    return {
        "id": str(account.id),
        "username": account.username,
        "email": account.email,
        "balance": money(account.balance),
        "spent": money(account.spent),
        "currency": panel.currency,
        "status": words.user_status(account, panel.switches),
        "created_timestamp": knowable(panel, account.created, panel.switches.timestamps),
        "last_auth_timestamp": account.last_auth and knowable(panel, account.last_auth, panel.switches.timestamps),
        "discount": f"{account.discount}%",
        "custom_rates": [
            {
                "service_id": str(rate.service),
                "service_name": rate.service_name,
                "custom_rate": decimal(rate.rate, PER_RATE),
                "percent": rate.percent,
            }
            for rate in account.custom_rates
        ],
    }


def payment(panel: Panel, place: int) -> Row:
    """What a panel leaves out is null here, since nobody can know it."""
    p, switches = panel.payments[place], panel.switches
    told = "present" in (switches.payment_updated_timestamp, switches.payment_updated)
    return {
        "id": str(p.id),
        "user_id": str(panel.users.number(p.who)) if switches.payment_user == "full" else None,
        "user": words.payer(panel.users, p, place, switches),
        "amount": panel.money.text(p.amount),
        "currency": panel.currency,
        "method": p.method,
        "status": words.payment_status(p, switches),
        "memo": p.memo,
        "balance": panel.money.text(p.balance) if switches.payment_balance == "present" else None,
        "fraud_risk": p.fraud_risk if switches.payment_fraud_risk == "present" else None,
        "mode": p.mode if switches.payment_mode == "present" else None,
        "created_timestamp": knowable(panel, p.created, switches.payment_created_timestamp),
        "updated_timestamp": knowable(panel, p.updated, switches.payment_updated_timestamp) if told else None,
    }


def ticket(panel: Panel, place: int) -> Row:
    """`order_ids` are the orders that the customer truly asks about, whatever else in the texts looks like a number of one."""
    tickets, switches = panel.tickets, panel.switches
    t, said = tickets[place], tickets.said(place)
    return {
        "id": str(t.id),
        "user_id": str(panel.users.number(t.who)) if switches.ticket_user == "object" else None,
        "user": panel.users.names[t.who],
        "subject": t.subject,
        "status": words.ticket_status(t, switches),
        "assignee": t.assignee,
        "is_read": t.is_read,
        "created_timestamp": knowable(panel, t.created, switches.timestamps),
        "last_update_timestamp": knowable(panel, t.updated, switches.timestamps),
        "order_ids": [str(number) for number in dict.fromkeys(number for event in said for number in event.names)],
        "messages": [
            {
                "sender_name": words.sender(tickets, t, event, switches),
                "is_staff": event.staff != CUSTOMER,
                "is_unread": event.seen > tickets.now,
                "body": event.body,
                "created_timestamp": knowable(panel, event.at, switches.timestamps),
                "files": [file._asdict() for file in event.files],
            }
            for event in said
        ],
    }


def service(panel: Panel, one: Service) -> Row:
    return {
        "id": str(one.id),
        "name": one.name,
        "type": one.type,
        "category": one.category,
        "rate": decimal(one.rate, PER_RATE),
        "currency": panel.currency,
        "min": one.minimum,
        "max": one.maximum,
        "refill": one.refill,
        "cancel": one.cancel,
        "provider": one.provider,
        "promised_per_day": one.promised,
    }


def services(panel: Panel) -> list[Row]:
    return [service(panel, one) for one in panel.shelf.live()]


def orders(panel: Panel) -> list[Row]:
    """Every live order as it is at the clock now, oldest first."""
    return rows(panel, "orders")


def rows(panel: Panel, stream: str) -> list[Row]:
    panel.reckon()
    told = STREAMS[stream]
    return [told.row(panel, place) for place in told.places(panel)]


class Told(NamedTuple):
    places: Callable[[Panel], Sequence[int]]
    row: Callable[[Panel, int], Row]


STREAMS = {
    "orders": Told(lambda panel: [place for place, state in enumerate(panel.orders.state) if state != DELETED], order),
    "users": Told(lambda panel: panel.users.live(), user),
    "payments": Told(lambda panel: panel.payments.live(), payment),
    "tickets": Told(lambda panel: panel.tickets.live(), ticket),
    "services.ndjson": Told(
        lambda panel: [number for number in range(len(panel.shelf.all)) if number not in panel.shelf.gone],
        lambda panel, number: service(panel, panel.shelf.all[number]),
    ),
}


async def stream(panel: Panel, what: str, send: Send) -> None:
    """The same, a line each, without holding up the panels meanwhile."""
    panel.settle() if what == "orders" else panel.reckon()
    told, encode = STREAMS[what], msgspec.json.encode
    places = told.places(panel)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/x-ndjson")]})
    for start in range(0, len(places), SLICE):
        lines = [encode(told.row(panel, place)) + b"\n" for place in places[start : start + SLICE]]
        await send({"type": "http.response.body", "body": b"".join(lines), "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b""})
