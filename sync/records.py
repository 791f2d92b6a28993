"""What is kept of an upstream's record: whitelisted, typed, in UTC. Everything else is left where it was.

External ids are text. `status` is folded to one spelling and `status_raw` is what the upstream wrote.
"""

from datetime import datetime
from functools import lru_cache

import msgspec

FINAL = frozenset({"completed", "partial", "canceled", "refunded"})
"""Statuses an order does not leave by itself. Everything else, unknown words too, is read again."""

FINAL_PAYMENT = frozenset({"completed", "fail", "failed", "expired", "canceled", "refunded"})
FINAL_TICKET = frozenset({"closed", "locked"})

SPELLINGS = {"cancelled": "canceled", "inprogress": "in_progress"}


class Order(msgspec.Struct, frozen=True, gc=False):
    """One order. Charges are in units of 10^-scale(currency), see sync.money."""

    id: str
    provider_order_id: str | None
    user: str | None
    creation_type: str | None
    mode: str | None
    charge: int | None
    charge_currency: str | None
    provider_charge: int | None
    provider_charge_currency: str | None
    link: str | None
    start_count: int | None
    quantity: int | None
    service_id: str | None
    service_type: str | None
    service_name: str | None
    provider: str | None
    status: str
    status_raw: str
    remains: int | None
    is_autocomplete: bool | None
    created_at: datetime | None
    last_update_at: datetime | None


class Service(msgspec.Struct, frozen=True, gc=False):
    """One line of the catalogue. `rate` is per 1000, in units of 10^-scale(panel's currency)."""

    id: str
    name: str
    type: str | None
    category: str | None
    rate: int | None
    min: int | None
    max: int | None
    refill: bool | None
    cancel: bool | None


class User(msgspec.Struct, frozen=True, gc=False):
    """One customer. `custom_rates` is JSON: a list of {service_id, service_name, rate, percent}, the rate as it was written."""

    id: str
    username: str
    email: str | None
    balance: int | None
    balance_currency: str | None
    spent: int | None
    spent_currency: str | None
    status: str
    status_raw: str
    discount: str | None
    custom_rates: str | None
    created_at: datetime | None
    last_auth_at: datetime | None


class Payment(msgspec.Struct, frozen=True, gc=False):
    """One payment. `balance` is the payer's afterwards, where the panel tells it; amounts are in units of 10^-scale(currency)."""

    id: str
    user: str | None
    user_id: str | None
    amount: int | None
    amount_currency: str | None
    balance: int | None
    balance_currency: str | None
    method: str | None
    status: str
    status_raw: str
    memo: str | None
    fraud_risk: str | None
    mode: str | None
    created_at: datetime | None
    updated_at: datetime | None


class Ticket(msgspec.Struct, frozen=True, gc=False):
    """One ticket without its messages."""

    id: str
    user: str | None
    user_id: str | None
    subject: str | None
    status: str
    status_raw: str
    assignee: str | None
    is_read: bool | None
    created_at: datetime | None
    last_update_at: datetime | None


class Message(msgspec.Struct, frozen=True, gc=False):
    """One message of a ticket, as far as it tells itself apart: upstreams give none an id (see sync.threads). `body` is hostile HTML;
    `files` is JSON: a list of {name, size, url}."""

    sender: str | None
    is_staff: bool
    is_unread: bool | None
    body: str
    files: str | None
    created_at: datetime | None


Record = Order | Service | User | Payment | Ticket
RECORDS: dict[str, type[Record]] = {
    "orders": Order,
    "users": User,
    "payments": Payment,
    "tickets": Ticket,
    "services": Service,
}
"""The kind of record of each stream, but for messages, which belong to a ticket."""


@lru_cache(maxsize=1024)
def folded(status: str) -> str:
    """`In progress`, `In Progress` and `in_progress` are one status; `Cancelled` is `canceled`."""
    word = "_".join(status.strip().lower().replace("-", " ").split())
    return SPELLINGS.get(word, word)
