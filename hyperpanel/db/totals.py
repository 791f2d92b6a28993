"""What the dashboard shows beside the tallies: how many came on each day, and since when something waits.

Days are those of a person's zone, so they cannot be kept once for all. What lies behind is counted by an index and remembered for as long as
nothing but today's records came or went; today is counted with each look.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Cast,
    Connection,
    Select,
    Table,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders, panels, payments, set_aside, tickets, users
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment

Feed = tuple[int, str]
"""A panel's id and a stream."""

Bounds = tuple[datetime, ...]
"""Where days begin, and last where the last of them ends."""

TABLES = {"orders": orders, "tickets": tickets, "users": users, "payments": payments}
WAITING = {"orders": orders.c.created_at, "tickets": tickets.c.last_update_at}
"""Since when a record of the stream waits."""

BY_TIME = {"orders": "ix_orders_panel_id_created_at_id_gone_at"}
"""The index of a stream by time, where it is called otherwise than by its columns."""

AGAIN = timedelta(minutes=1)
LONGEST = timedelta(minutes=30)
"""A past that goes on changing, as while history is read, is counted anew so often; one that seems not to have, after this at the latest."""

ZONES = 24


@dataclass(frozen=True)
class Past:
    """The days before today. `older`: how many records were held then that are not of today."""

    days: tuple[int, ...]
    older: int
    at: datetime


@dataclass
class Lines:
    """By stream and days; one for each process. Several threads may count the same at once, and come to the same."""

    pasts: dict[tuple[Bounds, str], dict[int, Past]] = field(default_factory=dict)

    def of(
        self, connection: Connection, scope: Scope, held: Mapping[Feed, int], bounds: Bounds, now: datetime
    ) -> dict[Feed, tuple[int, ...]]:
        """Of these feeds, with how many records each holds, how many came on each day."""
        streams = sorted({stream for _, stream in held})
        today = days(connection, scope.narrowed(panel_id for panel_id, _ in held), streams, bounds[-2:])
        older = {feed: number - today[feed][0] for feed, number in held.items()}
        known = {feed: self.pasts.get((bounds, feed[1]), {}).get(feed[0]) for feed in held}
        due = {feed for feed, past in known.items() if past is None or is_due(past, older[feed], now)}
        counted: dict[Feed, Past] = {}
        if due:
            counted = self.count(connection, scope.narrowed(panel_id for panel_id, _ in due), due, older, bounds, now)
        pasts = {feed: past for feed, past in known.items() if past is not None} | counted
        return {feed: (*pasts[feed].days, *today[feed]) for feed in held}

    def count(
        self,
        connection: Connection,
        scope: Scope,
        due: Iterable[Feed],
        older: Mapping[Feed, int],
        bounds: Bounds,
        now: datetime,
    ) -> dict[Feed, Past]:
        found = days(connection, scope, sorted({stream for _, stream in due}), bounds[:-1])
        if len(self.pasts) > ZONES * len(TABLES):
            for key in [key for key in list(self.pasts) if key[0][-1] <= now]:  # days that are over
                self.pasts.pop(key, None)
        made = {feed: Past(found[feed], older[feed], now) for feed in due}
        for feed, past in made.items():
            self.pasts.setdefault((bounds, feed[1]), {})[feed[0]] = past
        return made


def is_due(past: Past, older: int, now: datetime) -> bool:
    age = now - past.at
    return age >= LONGEST or age < timedelta(0) or (past.older != older and age >= AGAIN)


def days(connection: Connection, scope: Scope, streams: Sequence[str], bounds: Bounds) -> dict[Feed, tuple[int, ...]]:
    """How many of those that are held were created on each day."""
    found: dict[Feed, list[int]] = {}
    ends = {f"end_{place}": bound for place, bound in enumerate(bounds)}
    rows = connection.execute(dated(scope, tuple(streams), len(bounds)), ends) if streams else ()
    for panel_id, stream, _, number in rows:
        found.setdefault((panel_id, stream), []).append(number)
    return {feed: tuple(numbers) for feed, numbers in found.items()}


@lru_cache(maxsize=256)
def dated(scope: Scope, streams: tuple[str, ...], bounds: int) -> CompoundSelect[Any]:
    """For each panel and day one span of an index. Days are parameters: a statement with VALUES in it is compiled anew each time."""
    spans = [(literal(place).label("place"), *map(end, (place, place + 1))) for place in range(bounds - 1)]
    day = union_all(*(select(place, begins.label("begins"), ends.label("ends")) for place, begins, ends in spans)).cte(
        "days"
    )
    arms = [of_day(scope, TABLES[stream], stream, day) for stream in streams]
    return union_all(*arms).order_by("panel_id", "stream", "place").execution_options(scoped=True)


def end(place: int) -> Cast[datetime]:
    return cast(bindparam(f"end_{place}", type_=Moment), Moment)


def of_day(scope: Scope, table: Table, stream: str, day: Any) -> Select[Any]:
    created = table.c.created_at
    number = (
        pinned(select(func.count()), table, BY_TIME.get(table.name, f"ix_{table.name}_panel_id_created_at_id_gone_at"))
        .where(
            table.c.panel_id == panels.c.id, created >= day.c.begins, created < day.c.ends, table.c.gone_at.is_(None)
        )
        .correlate(panels, day)
    )
    told = (panels.c.id.label("panel_id"), literal(stream).label("stream"), day.c.place, number.scalar_subquery())
    return scope.select(*told).select_from(panels.join(day, true())).where(scope.allows(panels))


def waiting_since(connection: Connection, scope: Scope, stream: str, statuses: Sequence[str]) -> datetime | None:
    """Of those in these statuses, the time of the one that has waited longest."""
    given = {f"status_{n}": status for n, status in enumerate(statuses)}
    found = [at for at in connection.scalars(waiting(scope, stream, len(statuses)), given) if at is not None]
    return min(found, default=None)


@lru_cache(maxsize=256)
def waiting(scope: Scope, stream: str, statuses: int) -> CompoundSelect[Any]:
    """One look into an index for each panel and status."""
    table, since = TABLES[stream], WAITING[stream]
    index = f"ix_{stream}_panel_id_status_{since.name}_id_gone_at"

    def arm(n: int) -> Select[Any]:
        mine = (table.c.panel_id == panels.c.id, table.c.status == bindparam(f"status_{n}"))
        first = pinned(select(since), table, index).where(*mine, table.c.gone_at.is_(None), since.is_not(None))
        return scope.select(first.order_by(since).limit(1).correlate(panels).scalar_subquery().label("at")).where(
            scope.allows(panels)
        )

    return union_all(*map(arm, range(statuses))).execution_options(scoped=True)


def set_aside_since(connection: Connection, scope: Scope) -> datetime | None:
    """When the first of those that are set aside, and that nobody dismissed, could not be read."""
    first: datetime | None = connection.scalar(first_set_aside(scope))
    return first


@lru_cache(maxsize=256)
def first_set_aside(scope: Scope) -> Select[Any]:
    return scope.select(func.min(set_aside.c.first_at)).where(set_aside.c.dismissed_at.is_(None))
