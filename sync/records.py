"""What is kept of an upstream's record: whitelisted, typed, in UTC. Everything else is left where it was.

External ids are text. `status` is folded to one spelling and `status_raw` is what the upstream wrote.
"""

from datetime import datetime
from functools import lru_cache

import msgspec

FINAL = frozenset({"completed", "partial", "canceled", "refunded"})
"""Statuses an order does not leave by itself. Everything else, unknown words too, is read again."""

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


Record = Order | Service


@lru_cache(maxsize=1024)
def folded(status: str) -> str:
    """`In progress`, `In Progress` and `in_progress` are one status; `Cancelled` is `canceled`."""
    word = "_".join(status.strip().lower().replace("-", " ").split())
    return SPELLINGS.get(word, word)
