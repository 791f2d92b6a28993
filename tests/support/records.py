"""Small builders: an order, and a page of them as the engine hands it to the Store."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from sync.records import Order
from sync.store import Batch, Fresh

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def order(id: str = "1000", **changes: Any) -> Order:
    base = Order(
        id=id,
        provider_order_id=f"9{id}",
        user="kadir",
        creation_type="api",
        mode="auto",
        charge=3_000_000,
        charge_currency="USD",
        provider_charge=1_000_000,
        provider_charge_currency="USD",
        link="https://social.example/post",
        start_count=None,
        quantity=100,
        service_id="170",
        service_type="default",
        service_name="Followers [10K/Day]",
        provider="provider-a.example",
        status="pending",
        status_raw="pending",
        remains=100,
        is_autocomplete=False,
        created_at=NOON,
        last_update_at=None,
    )
    return msgspec.structs.replace(base, **{"status_raw": changes.get("status", "pending"), **changes})


def batch(number: int, *records: Order, at: datetime | None = None, digest: int = 0) -> Batch:
    """Digests follow the request's number, so that every record counts as news."""
    fresh = [Fresh(record, digest or number, digest or number) for record in records]
    return Batch(number, at or NOON + timedelta(minutes=number), len(records), fresh)
