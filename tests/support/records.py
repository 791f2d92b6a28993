"""Small builders: one record of each stream, and a page of them as the engine hands it to the Store."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from sync.records import Message, Order, Payment, Record, Service, Ticket, User
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


def user(id: str = "7", **changes: Any) -> User:
    base = User(
        id=id,
        username=f"user-{id}",
        email=f"user-{id}@mail.example",
        balance=100_000_000,
        balance_currency="USD",
        spent=900_000_000,
        spent_currency="USD",
        status="active",
        status_raw="active",
        discount="5%",
        custom_rates="[]",
        created_at=NOON,
        last_auth_at=NOON,
    )
    return msgspec.structs.replace(base, **changes)


def payment(id: str = "181680", **changes: Any) -> Payment:
    base = Payment(
        id=id,
        user="kadir",
        user_id=None,
        amount=1_000_000_000,
        amount_currency="USD",
        balance=None,
        balance_currency=None,
        method="PayPal",
        status="completed",
        status_raw="completed",
        memo="",
        fraud_risk=None,
        mode="auto",
        created_at=NOON,
        updated_at=None,
    )
    return msgspec.structs.replace(base, **changes)


def ticket(id: str = "255", **changes: Any) -> Ticket:
    base = Ticket(
        id=id,
        user="kadir",
        user_id="7",
        subject="Orders - Refill",
        status="pending",
        status_raw="pending",
        assignee=None,
        is_read=False,
        created_at=NOON,
        last_update_at=NOON,
    )
    return msgspec.structs.replace(base, **changes)


def message(body: str = "<p>where is 906386</p>", **changes: Any) -> Message:
    base = Message(sender="kadir", is_staff=False, is_unread=None, body=body, files=None, created_at=NOON)
    return msgspec.structs.replace(base, **changes)


def service(id: str = "170", **changes: Any) -> Service:
    base = Service(
        id=id,
        name="Followers [10K/Day]",
        type="default",
        category="Followers",
        rate=90_000_000,
        min=50,
        max=10_000,
        refill=True,
        cancel=True,
    )
    return msgspec.structs.replace(base, **changes)


def batch(number: int, *records: Record, at: datetime | None = None, digest: int = 0) -> Batch:
    """Digests follow the request's number, so that every record counts as news."""
    fresh = [Fresh(record, digest or number, digest or number) for record in records]
    return Batch(number, at or NOON + timedelta(minutes=number), len(records), fresh)
