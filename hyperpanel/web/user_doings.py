"""What one customer did, gathered for their page: only what the person who looks may see is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Table

from hyperpanel.db import user_sums
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.db.schema import orders, payments, tickets
from hyperpanel.db.user_arms import Whose
from hyperpanel.db.user_names import Borne
from hyperpanel.db.user_sums import Asked, Ordered, Paid
from hyperpanel.db.users import User
from hyperpanel.web import spending
from hyperpanel.web.facts import Way
from hyperpanel.web.languages import N_
from hyperpanel.web.spending import Spending
from hyperpanel.web.user_facts import (
    Figure,
    Part,
    Share,
    figures,
    orders_part,
    payments_part,
    shares,
    tickets_part,
    ways,
    withheld,
)
from hyperpanel.web.user_rows import UserRow
from hyperpanel.web.visits import Visit

T = TypeVar("T")
LAST = 10
LABELS = {"orders": N_("Orders"), "payments": N_("Payments"), "tickets": N_("Tickets")}


@dataclass
class Doings:
    """`streams`: whose feeds say how old this is. `held_from`: older orders are not held, or too many to add up."""

    streams: list[str] = field(default_factory=lambda: ["users"])
    figures: Sequence[Figure] = ()
    shares: Sequence[Share] = ()
    ordered: int = 0
    first_order: datetime | None = None
    last_order: datetime | None = None
    held_from: datetime | None = None
    spending: Spending | None = None
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Asking:
    """Who asks about whom."""

    connection: Connection
    visit: Visit
    panel: Panel
    user: User
    row: UserRow
    borne: Sequence[Borne]
    feeds: Sequence[Feed]

    @property
    def whose(self) -> Whose:
        return Whose(self.panel.id, self.user.id, self.borne)

    def may(self, noun: str, found: Doings) -> bool:
        """Whether these may be seen; what may not is said to be so."""
        allowed = self.visit.may(f"{noun}:read")
        if allowed:
            found.streams.append(noun)
        else:
            found.parts.append(withheld(self.visit, noun, LABELS[noun]))
        return allowed

    def last(self, table: Table, kind: type[T]) -> list[T]:
        return user_sums.last(self.connection, self.visit.scope, self.whose, table, kind, LAST)

    def ways(self, noun: str, summed: Sequence[Ordered | Paid | Asked]) -> list[Way]:
        return ways(self.visit, noun, self.panel.name, self.borne, summed)


def doings(asking: Asking) -> Doings:
    found = Doings()
    summed = ordered(asking, found) if asking.may("orders", found) else None
    payments = paid(asking, found) if asking.may("payments", found) else None
    if asking.may("tickets", found):
        asked(asking, found)
    found.figures = figures(asking.visit, asking.row, summed, payments)
    return found


def ordered(asking: Asking, found: Doings) -> Sequence[Ordered]:
    connection, visit, whose = asking.connection, asking.visit, asking.whose
    since = user_sums.summed_from(connection, visit.scope, whose)
    summed = user_sums.ordered(connection, visit.scope, whose, since)
    latest = asking.last(orders, user_sums.Order)
    found.shares = shares(visit, summed)
    found.ordered = sum(one.count for one in summed)
    found.first_order = user_sums.first_order(connection, visit.scope, whose)
    found.last_order = latest[0].created_at if latest else None
    feed = next((feed for feed in asking.feeds if feed.stream == "orders"), None)
    found.held_from = max(filter(None, (since, feed.reached if feed else None)), default=None)
    found.spending = spent(asking, feed, since)
    found.parts.append(orders_part(visit, asking.panel.name, latest, asking.ways("orders", summed)))
    return summed


def spent(asking: Asking, feed: Feed | None, summed_from: datetime | None) -> Spending:
    connection, visit, whose = asking.connection, asking.visit, asking.whose
    window = spending.window(visit)
    since = max(filter(None, (window.since, summed_from)))
    parts = window.offsets(visit.zone, visit.now)
    by_day = user_sums.by_day(connection, visit.scope, whose, since, parts)
    used = user_sums.services_used(connection, visit.scope, whose, since)
    named = user_sums.service_names(connection, visit.scope, asking.panel.id, list(spending.most_used(used)))
    return Spending(
        choices=spending.choices(visit, window.days),
        charts=spending.charts(visit, window, by_day),
        services=spending.services(visit, asking.panel.name, asking.user.username, used, named),
        note=spending.note(visit, window, feed, summed_from),
    )


def paid(asking: Asking, found: Doings) -> Sequence[Paid]:
    summed = user_sums.paid(asking.connection, asking.visit.scope, asking.whose)
    latest = asking.last(payments, user_sums.Payment)
    found.parts.append(payments_part(asking.visit, asking.panel.name, latest, asking.ways("payments", summed)))
    return summed


def asked(asking: Asking, found: Doings) -> None:
    summed = user_sums.asked(asking.connection, asking.visit.scope, asking.whose)
    latest = asking.last(tickets, user_sums.Ticket)
    found.parts.append(tickets_part(asking.visit, asking.panel.name, latest, asking.ways("tickets", summed)))
