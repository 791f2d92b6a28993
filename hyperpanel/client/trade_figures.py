"""Answers of the reports about money and providers: what orders bring, who delivers them, and who is inferred to be down."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from hyperpanel.client.figure_parts import Amount, Answer, Natural


class MarginRow(Struct, frozen=True, kw_only=True):
    """By what it was asked by: `panel`, `service` (with `name`), `user`, `provider` or `day`."""

    panel: str | UnsetType = UNSET
    service_id: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    user: str | UnsetType | None = UNSET
    provider: str | UnsetType | None = UNSET
    day: str | UnsetType | None = UNSET
    currency: str
    orders: Natural
    revenue: Amount | None
    returned: Amount | None
    net: Amount | None
    cost: Amount | None
    margin: Amount | None
    margin_percent: float | None
    orders_of_margin: int


class Margins(Answer, frozen=True, kw_only=True):
    """Each currency has rows of its own."""

    by: str
    time_zone: str
    rows: Sequence[MarginRow]


class Deliveries(Struct, frozen=True):
    """Since an outage was first seen: those that `came`, those that were `due`, and those of other providers on the same panels."""

    came: Natural
    due: float
    of_others: Natural


class Outage(Struct, frozen=True):
    """A provider that is inferred to be down. `at_risk`: what the orders that wait cost, by currency."""

    provider: str
    confidence: Annotated[float, Meta(ge=0, le=1)]
    first_seen: datetime
    panels: Sequence[str]
    services: Natural
    orders: Natural
    at_risk: Mapping[str, Amount]
    deliveries: Deliveries


class ProviderRow(Struct, frozen=True):
    provider: str
    state: Annotated[str, Meta(description="down, struggling, silent, works or few.")]
    stuck: Natural
    newly_stuck: Natural
    oldest_stuck: datetime | None
    slow: Natural
    rated: Natural
    finished: Natural
    unobserved: Natural
    services: Natural
    panels: Natural
    at_risk: Mapping[str, Amount]


class Providers(Answer, frozen=True, kw_only=True):
    """Always as of now."""

    outages: Sequence[Outage]
    rows: Sequence[ProviderRow]
