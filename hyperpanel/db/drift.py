"""What the sweeps found: how far what is held had drifted from the upstream; and how many threads are held of the tickets there are."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func

from hyperpanel.db.schema import feeds, sweeps, threads, tickets
from hyperpanel.db.scope import Scope


@dataclass(frozen=True)
class Sweep:
    """One whole reading of a feed: `missed` rows were not held, `differed` were held otherwise, `absent` did not come, and `gone` were
    taken to be deleted. What an unproven one did not see proves nothing."""

    ended_at: datetime
    proven: bool
    read: int
    missed: int
    differed: int
    absent: int
    gone: int


@dataclass(frozen=True)
class Coverage:
    """Of `tickets`, the messages of `threads` are held; of these, `outdated` were read before the ticket last changed."""

    tickets: int
    threads: int
    outdated: int


def last_sweeps(connection: Connection, scope: Scope, proven: bool = False) -> dict[tuple[int, str], Sweep]:
    """The last of each feed, or the last that is proven."""
    return {(row[0], row[1]): Sweep(*row[2:]) for row in connection.execute(last(scope, proven))}


@lru_cache(maxsize=256)
def last(scope: Scope, proven: bool) -> Select[Any]:
    """One look into the index for each feed, however long its history."""
    others = sweeps.alias()
    number = scope.select(func.max(others.c.number)).where(
        others.c.panel_id == feeds.c.panel_id, others.c.stream == feeds.c.stream
    )
    if proven:
        number = number.where(others.c.proven)
    told = (sweeps.c[name] for name in Sweep.__dataclass_fields__)
    return scope.select(feeds.c.panel_id, feeds.c.stream, *told).where(
        sweeps.c.panel_id == feeds.c.panel_id,
        sweeps.c.stream == feeds.c.stream,
        sweeps.c.number == number.scalar_subquery(),
        scope.allows(sweeps),
    )


def coverage(connection: Connection, scope: Scope) -> dict[int, Coverage]:
    """By panel. It looks at every ticket: for the panels that somebody looks at, and not for a whole fleet."""
    return {row[0]: Coverage(*map(int, row[1:])) for row in connection.execute(covering(scope))}


@lru_cache(maxsize=256)
def covering(scope: Scope) -> Select[Any]:
    read = threads.alias()
    is_read = (read.c.panel_id == tickets.c.panel_id) & (read.c.ticket_id == tickets.c.id)
    outdated = func.count(read.c.ticket_id).filter(read.c.read_for.is_distinct_from(tickets.c.fields))
    asked = scope.select(tickets.c.panel_id, func.count(), func.count(read.c.ticket_id), outdated)
    asked = asked.select_from(tickets.outerjoin(read, is_read)).where(tickets.c.gone_at.is_(None))
    return asked.group_by(tickets.c.panel_id)
