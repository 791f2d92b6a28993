"""What is really so: every order and service of a panel, for tests to hold a cache against.

Rows are written by code of their own, in a form that no panel uses, so that a mistake in the panels' way of writing
cannot hide in the truth.
"""

import asyncio
from typing import Any

import msgspec

from hyperpanel.sandbox.money import PER_RATE, USD, decimal
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.statuses import DELETED, STATUSES
from hyperpanel.sandbox.wire import Send

SLICE = 500  # rows written before others get their turn
Row = dict[str, Any]


def order(panel: Panel, place: int) -> Row:
    r = panel.records[place]
    service = r.service
    return {
        "id": str(r.id),
        "provider_order_id": r.external_id,
        "user": r.customer.username,
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
        "created_timestamp": r.created,
        "last_update_timestamp": r.updated if panel.switches.last_update == "list" else None,
    }


def services(panel: Panel) -> list[Row]:
    return [
        {
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
        for one in panel.records.services
    ]


def orders(panel: Panel) -> list[Row]:
    """Every live order as it is at the clock now, oldest first."""
    panel.settle()
    return [order(panel, place) for place in range(len(panel.orders)) if panel.orders.state[place] != DELETED]


async def stream(panel: Panel, send: Send) -> None:
    """The same, a line each, without holding up the panels meanwhile."""
    panel.settle()
    state, encode = panel.orders.state, msgspec.json.encode
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/x-ndjson")]})
    for start in range(0, len(state), SLICE):
        places = range(start, min(start + SLICE, len(state)))
        lines = [encode(order(panel, place)) + b"\n" for place in places if state[place] != DELETED]
        await send({"type": "http.response.body", "body": b"".join(lines), "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b""})
