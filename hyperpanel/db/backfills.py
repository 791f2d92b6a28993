"""The past of a feed read once more because a person asked, down to a date: as a part of the backfill's position (sync.cursors.Again).

What is held counts as held meanwhile. Whoever reads the past at this moment has lost the claim, or the next page would write the position over.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.claims import of_plan, this
from hyperpanel.db.schema import feeds, plans, runs, tickets
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment
from hyperpanel.errors import Conflict
from sync import cursors
from sync.cursors import Again, Backfill
from sync.store import FeedKey

NO_PAST = "The past of this resource is not read apart: each run reads all of it."
ASKED = '"again":{'
"""What stands in a position while that is so."""


@dataclass(frozen=True)
class Progress:
    """One that is under way. `reached`: everything newer has been read again, where the list is read by time; `share` of the way, from 0 to 1:
    of the time, else of the rows that are held; `read`: rows so far."""

    panel_id: int
    stream: str
    since: datetime
    reached: datetime | None
    share: float
    read: int
    begun_at: datetime
    by: str


async def ask(connection: AsyncConnection, panel_id: int, stream: str, since: datetime, by: str, now: datetime) -> None:
    """Another one that is under way ends with that. Raises Conflict where the stream has no past of its own."""
    feed = FeedKey(panel_id, stream)
    # A page's commit holds the feed's row before its plan's: the other way round PostgreSQL would find a deadlock.
    await connection.execute(select(feeds.c.fence).where(this(feed)).with_for_update())
    there = select(plans.c.cursor).where(of_plan(feed, "backfill")).with_for_update()
    row = (await connection.execute(there)).one_or_none()
    if row is None:
        raise Conflict(NO_PAST)
    before = cursors.load("backfill", row.cursor)
    again = Again(since=int(since.timestamp()), begun=now.timestamp(), by=by)
    after = msgspec.structs.replace(before if isinstance(before, Backfill) else Backfill(), again=again)
    moved = update(plans).where(of_plan(feed, "backfill"))
    await connection.execute(moved.values(cursor=cursors.dump(after), due_at=now, asked_at=now))
    await interrupt(connection, feed, now)


async def interrupt(connection: AsyncConnection, feed: FeedKey, now: datetime) -> None:
    """Only who reads the past: other plans of the feed have positions of their own."""
    under_way = (
        runs.c.panel_id == feed.panel_id,
        runs.c.stream == feed.stream,
        runs.c.plan == "backfill",
        runs.c.ended_at.is_(None),
    )
    freed = {"fence": feeds.c.fence + 1, "holder": None, "leased_until": None}
    of_them = exists().where(*under_way, runs.c.holder == feeds.c.holder)
    await connection.execute(update(feeds).where(this(feed), of_them).values(**freed))
    await connection.execute(update(runs).where(*under_way).values(ended_at=now, done=False))


async def wake(connection: AsyncConnection, feed: FeedKey, now: datetime) -> None:
    """A finished backfill looks now whether more is to be held."""
    later = (of_plan(feed, "backfill"), plans.c.due_at > now)
    await connection.execute(update(plans).where(*later).values(due_at=now))


def progress(connection: Connection, scope: Scope) -> dict[tuple[int, str], Progress]:
    """By feed."""
    rows = connection.execute(asking(scope)).all()
    found = (told(connection, scope, row) for row in rows)
    return {(one.panel_id, one.stream): one for one in found if one is not None}


@lru_cache(maxsize=256)
def asking(scope: Scope) -> Select[Any]:
    mine = (plans.c.plan == "backfill", plans.c.cursor.contains(ASKED, autoescape=True))
    held = (feeds.c.panel_id == plans.c.panel_id, feeds.c.stream == plans.c.stream)
    return scope.select(plans.c.panel_id, plans.c.stream, plans.c.cursor, feeds.c.cached).where(*mine, *held)


def told(connection: Connection, scope: Scope, row: Any) -> Progress | None:
    cursor = cursors.load("backfill", row.cursor)
    again = cursor.again if isinstance(cursor, Backfill) else None
    if again is None:
        return None
    begun = datetime.fromtimestamp(again.begun, UTC)
    reached = again.walk.to if again.walk is not None else None
    return Progress(
        panel_id=row.panel_id,
        stream=row.stream,
        since=datetime.fromtimestamp(again.since, UTC),
        reached=None if reached is None else datetime.fromtimestamp(reached, UTC),
        share=min(max(share(connection, scope, row, again), 0.0), 1.0),
        read=rows_since(connection, scope, row, begun),
        begun_at=begun,
        by=again.by,
    )


def rows_since(connection: Connection, scope: Scope, row: Any, begun: datetime) -> int:
    values = {"of_panel": row.panel_id, "of_stream": row.stream, "begun": begun}
    return int(connection.scalar(reading(scope), values) or 0)


@lru_cache(maxsize=256)
def reading(scope: Scope) -> Select[Any]:
    """Rows that came since then, over all runs."""
    mine = (runs.c.panel_id == bindparam("of_panel"), runs.c.stream == bindparam("of_stream"))
    since = (runs.c.plan == "backfill", runs.c.started_at >= bindparam("begun", type_=Moment))
    return scope.select(func.sum(runs.c.read)).where(*mine, *since)


def share(connection: Connection, scope: Scope, row: Any, again: Again) -> float:
    if again.after is not None:
        return of_tickets(connection, scope, row.panel_id, again.after)
    if again.walk is None:
        return 0.0
    if again.walk.to is not None:
        return (again.begun - again.walk.to) / max(again.begun - again.since, 1)
    return float(again.walk.offset / max(row.cached, 1))


def of_tickets(connection: Connection, scope: Scope, panel_id: int, after: str) -> float:
    """Threads are read in the order of their tickets' ids."""
    mine = (tickets.c.panel_id == panel_id, tickets.c.gone_at.is_(None))
    asked = scope.select(func.count(tickets.c.id), func.count(tickets.c.id).filter(tickets.c.id <= after))
    whole, read = connection.execute(asked.where(*mine)).one()
    return float(read / max(whole, 1))
