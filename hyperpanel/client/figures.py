"""Reports as the console answers them: the rows with every term, what each figure means, how many orders it is of, and how old the data is.

Amounts are decimal texts: a number of JSON would be read as a float. Windows are half-open, in UTC.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from hyperpanel.client.figure_parts import Age, Amount, Answer, Figure, Natural, PanelState
from hyperpanel.client.ticket_figures import ServiceTicketsRow, StaffRow, TicketsByService, TicketsByStaff
from hyperpanel.client.trade_figures import MarginRow, Margins, Outage, ProviderRow, Providers

__all__ = [
    "Age",
    "Answer",
    "Figure",
    "MarginRow",
    "Margins",
    "Outage",
    "ProviderRow",
    "Providers",
    "ServiceHealth",
    "ServiceHealthRow",
    "ServiceTicketsRow",
    "StaffRow",
    "TicketsByService",
    "TicketsByStaff",
    "UserFigures",
    "UserRow",
]


class ScoreTerms(Struct, frozen=True):
    """Their sum is the raw score."""

    whole: float
    stuck: float
    slow: float


class SnoozedNow(Struct, frozen=True):
    by: str
    why: str
    wakes: str
    until: datetime | None


class ServiceHealthRow(Struct, frozen=True):
    panel: str
    panel_state: PanelState
    service: str
    name: str
    band: Annotated[str, Meta(description="critical, stalled, warning, healthy, or few: set apart.")]
    score: Annotated[float, Meta(ge=0, le=100)] | None
    raw_score: float | None
    terms: ScoreTerms
    stuck: Natural
    oldest_stuck: datetime | None
    slow: Natural
    rated: Natural
    finished: Natural
    unobserved: Natural
    speed_per_day: Natural | None
    speed_from: Annotated[str, Meta(description="name, set or none.")]
    speed_in_name: str | None
    snoozed: SnoozedNow | None


class ServiceMeasure(Struct, frozen=True):
    stuck_after_hours: float
    slow_multiplier: float
    min_orders: int


class Bands(Struct, frozen=True):
    """Services by band; `snoozed` ones are among them."""

    critical: Natural
    stalled: Natural
    warning: Natural
    healthy: Natural
    few: Natural
    snoozed: Natural


class ServiceHealth(Answer, frozen=True, kw_only=True):
    profile: str | None
    measure: ServiceMeasure
    totals: Bands
    orders_without_service: Natural
    rows: Sequence[ServiceHealthRow]


class Summed(Struct, frozen=True):
    count: Natural
    amount: Amount


class UserTerms(Struct, frozen=True):
    """What of the spend was lost with orders that were not delivered as a whole."""

    canceled: Summed
    refunded: Summed
    partial: Summed


class Lifetime(Struct, frozen=True):
    amount: Amount
    currency: str


class UsedService(Struct, frozen=True):
    service: str
    name: str
    orders: Natural


class UserRow(Struct, frozen=True):
    """`user` is null where nobody held has the name. `email` is there for a key with users:read."""

    panel: str
    panel_state: PanelState
    user: str | None
    username: str
    created_at: datetime | None
    new: bool
    spend: Summed
    terms: UserTerms
    net: Amount
    paid: Summed
    hand: Summed
    bonus: Summed
    lifetime: Lifetime | None
    services: Sequence[UsedService]
    email: str | UnsetType | None = UNSET


class CurrencyOrders(Struct, frozen=True):
    currency: str
    orders: Natural


class UserTotals(Struct, frozen=True):
    """Of all customers that the window has, shown or not."""

    customers: Natural
    spend: Summed
    paid: Summed
    hand: Summed
    bonus: Summed


class UserFigures(Answer, frozen=True, kw_only=True):
    """One currency at a time: amounts of two are never added up."""

    profile: str | None
    currencies: Sequence[CurrencyOrders]
    currency: str
    totals: UserTotals
    rows: Sequence[UserRow]
