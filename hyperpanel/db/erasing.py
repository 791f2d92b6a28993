"""Erasing what is older than its feed is kept (hyperpanel.db.outlived): looked for without a lock, then deleted by id, a few at a time.

Each deletion is a transaction of its own that takes along what hangs on its records and keeps the counts true, so an erasure can be broken off
between any two. What a shorter retention lets go of is a row that counts how much is done; what grows old by itself goes without one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import ceil
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import ColumnElement, Connection, Text, bindparam, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningDelete

from hyperpanel.db import aside, changes, news, outlived, tallies
from hyperpanel.db.claims import of_plan
from hyperpanel.db.outlived import PANEL, TABLES
from hyperpanel.db.pages import COUNTED
from hyperpanel.db.panels import REMOVAL
from hyperpanel.db.schema import (
    absences,
    ai_answers,
    disputes,
    erasures,
    feeds,
    message_versions,
    messages,
    order_flips,
    pauses,
    plans,
    set_aside,
    texts,
    threads,
    tickets,
)
from hyperpanel.db.scope import EVERYTHING, Scope
from sync import cursors
from sync.cursors import Backfill
from sync.store import FeedKey


@dataclass(frozen=True)
class Shortening:
    """What a shorter retention lets go of: `rows` records that were created `before`, with `history`, as outlived.Count has it."""

    panel_id: int
    stream: str
    before: datetime
    rows: int
    history: int


@dataclass(frozen=True)
class Erasure:
    """One that is under way. `rows`: how many a person was told of when they (`by`) agreed; `erased`: how many are gone already."""

    panel_id: int
    id: str
    stream: str
    before: datetime
    rows: int
    erased: int
    by: str
    at: datetime


# Made once: with hundreds of ids, to build a statement costs more than to run it.
IDS = bindparam("ids", type_=Text, expanding=True)
HELD = (
    select(feeds.c.stream)
    .where(feeds.c.panel_id == PANEL, feeds.c.stream.in_(bindparam("both", expanding=True)))
    .order_by(feeds.c.stream)
    .with_for_update()
)
NAMED = [
    delete(table).where(
        table.c.panel_id == PANEL, table.c.stream == bindparam("of_stream", type_=Text), table.c.record_id.in_(IDS)
    )
    for table in (absences, set_aside, texts)
]
FLIPS = delete(order_flips).where(order_flips.c.panel_id == PANEL, order_flips.c.order_id.in_(IDS))
KEPT = tuple(erasures.c[name] for name in Erasure.__dataclass_fields__)


def progress(connection: Connection, scope: Scope) -> list[Erasure]:
    asked = scope.select(*KEPT).where(erasures.c.ended_at.is_(None))
    return [Erasure(*row) for row in connection.execute(asked.order_by(erasures.c.at, erasures.c.panel_id))]


async def begin(connection: AsyncConnection, found: Iterable[Shortening], by: str, now: datetime) -> None:
    """One at a time of each feed: the one before ends."""
    for one in found:
        await connection.execute(update(erasures).where(*open_of(one)).values(ended_at=now))
        if one.rows:
            told = {"before": one.before, "rows": one.rows, "by": by, "at": now}
            made = insert(erasures).values(panel_id=one.panel_id, id=uuid4().hex, stream=one.stream, **told)
            await connection.execute(made)


def open_of(feed: FeedKey | Shortening) -> tuple[ColumnElement[bool], ...]:
    return erasures.c.panel_id == feed.panel_id, erasures.c.stream == feed.stream, erasures.c.ended_at.is_(None)


def ended(connection: Connection, feed: FeedKey, now: datetime) -> None:
    """Nothing is left that this feed is not to keep."""
    connection.execute(update(erasures).where(*open_of(feed)).values(ended_at=now))


def ageing(connection: Connection, scope: Scope = EVERYTHING) -> list[FeedKey]:
    """All feeds whose records grow too old, those first that a person waits for; none of a panel that is being removed."""
    removed = exists().where(pauses.c.panel_id == feeds.c.panel_id, pauses.c.id == REMOVAL)
    asked = scope.select(feeds.c.panel_id, feeds.c.stream).where(feeds.c.stream.in_(outlived.STREAMS), ~removed)
    found = [FeedKey(*row) for row in connection.execute(asked.order_by(feeds.c.panel_id, feeds.c.stream))]
    waited = {(one.panel_id, one.stream) for one in progress(connection, scope)}
    return sorted(found, key=lambda feed: (feed.panel_id, feed.stream) not in waited)


def erase(connection: Connection, feed: FeedKey, ids: Sequence[str], bound: datetime, now: datetime) -> list[str]:
    """Of these records those that are still too old, with all that hangs on them. Pages of this feed are committed before or after, not
    meanwhile: they hold its row too."""
    connection.execute(HELD, {"of_panel": feed.panel_id, "both": [feed.stream, "messages"]})
    values = {"of_panel": feed.panel_id, "ids": ids, "bound": bound}
    rows = connection.execute(deleting(feed.stream), values).all()
    gone = [row[0] for row in rows]
    if not gone:
        return []
    live = [row[2:] for row in rows if row[1] is None]
    tallies.keep(connection, feed, tallies.lost(feed.stream, live))
    fewer(connection, feed, len(live))
    forget(connection, feed, gone)
    changes.note(connection, feed, gone, now)
    if feed.stream == "tickets":
        changes.note(connection, FeedKey(feed.panel_id, "messages"), gone, now)
    moved(connection, feed, bound)
    connection.execute(update(erasures).where(*open_of(feed)).values(erased=erasures.c.erased + len(gone)))
    return gone


@cache
def deleting(stream: str) -> ReturningDelete[Any]:
    table = TABLES[stream]
    counted = [table.c[name] for name in COUNTED[stream]]
    mine = delete(table).where(table.c.panel_id == PANEL, table.c.id.in_(IDS), outlived.condition(stream))
    return mine.returning(table.c.id, table.c.gone_at, *counted)


def fewer(connection: Connection, feed: FeedKey, rows: int) -> None:
    if rows:
        held = update(feeds).where(feeds.c.panel_id == feed.panel_id, feeds.c.stream == feed.stream)
        connection.execute(held.values(cached=feeds.c.cached - rows))


def forget(connection: Connection, feed: FeedKey, ids: Sequence[str]) -> None:
    """What is remembered of records that are no longer held."""
    values = {"of_panel": feed.panel_id, "of_stream": feed.stream, "ids": ids}
    for statement in NAMED:
        connection.execute(statement, values)
    if feed.stream == "orders":
        connection.execute(FLIPS, values)
    if feed.stream == "tickets":
        forget_threads(connection, feed.panel_id, ids)


def forget_threads(connection: Connection, panel_id: int, ids: Sequence[str]) -> None:
    """What was said in these tickets, and about it."""
    said = FeedKey(panel_id, "messages")
    of_tickets = (messages.c.panel_id == panel_id, messages.c.ticket_id.in_(ids))
    lost = connection.scalars(delete(messages).where(*of_tickets).returning(messages.c.gone_at)).all()
    fewer(connection, said, sum(gone_at is None for gone_at in lost))
    for table in (threads, message_versions, disputes, ai_answers):
        connection.execute(delete(table).where(table.c.panel_id == panel_id, table.c.ticket_id.in_(ids)))
    apart = connection.scalars(select(set_aside.c.record_id).where(aside.of(said)).limit(aside.LISTED))
    theirs = sorted({key for key in apart if key.partition("/")[0] in set(ids)})
    if theirs:
        connection.execute(delete(set_aside).where(aside.of(said), set_aside.c.record_id.in_(theirs)))


def moved(connection: Connection, feed: FeedKey, bound: datetime) -> None:
    """Should this feed be kept longer one day, its past is read from here on."""
    plan = of_plan(feed, "backfill")
    before = cursors.load("backfill", connection.scalar(select(plans.c.cursor).where(plan)))
    if isinstance(before, Backfill) and (after := before.held_since(ceil(bound.timestamp()))) != before:
        connection.execute(update(plans).where(plan).values(cursor=cursors.dump(after)))


def strays(connection: Connection, panel_id: int, most: int) -> list[str]:
    """Threads without a ticket: they were being read when it was erased."""
    known = exists().where(tickets.c.panel_id == threads.c.panel_id, tickets.c.id == threads.c.ticket_id)
    asked = EVERYTHING.select(threads.c.ticket_id).where(threads.c.panel_id == panel_id, ~known)
    return list(connection.scalars(asked.limit(most)))


def forget_strays(connection: Connection, panel_id: int, ids: Sequence[str]) -> None:
    connection.execute(HELD, {"of_panel": panel_id, "both": ["messages"]})
    forget_threads(connection, panel_id, ids)


def tell(connection: Connection, feed: FeedKey, ids: Sequence[str] | None, now: datetime) -> None:
    """Open pages: these are gone, or (None) more than they are told one by one."""
    told = None if ids is None or len(ids) > news.MOST_IDS else msgspec.json.encode(ids).decode()
    values: dict[str, Any] = {"panel_id": feed.panel_id, "stream": feed.stream, "at": now, "arrived": 0, "ids": told}
    connection.execute(news.NOTE, values)
