"""Records older than their feed is kept, counted and looked for: each condition reads one index, and the three of a stream share no record.

What was created before a bound and has ended: orders that do not run, payments that do not wait, tickets that are closed or that nobody has
touched since; and what is gone from its panel. What is still open stays until it ends, whatever its age. A record without a time of creation
goes by when it was first seen. Users and services are held whatever their age.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, and_, bindparam, func, or_

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import message_versions, messages, order_flips, orders, payments, threads, tickets
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.types import Moment
from sync.records import FINAL, FINAL_PAYMENT, FINAL_TICKET
from sync.store import FeedKey

TABLES = {"orders": orders, "payments": payments, "tickets": tickets}
STREAMS = tuple(TABLES)
FINALS = {"orders": FINAL, "payments": FINAL_PAYMENT, "tickets": FINAL_TICKET}
HISTORY = {
    "orders": ((order_flips, order_flips.c.order_id),),
    "payments": (),
    "tickets": ((messages, messages.c.ticket_id), (message_versions, message_versions.c.ticket_id)),
}
"""What hangs on the records of a stream, and by which column."""

PANEL = bindparam("of_panel", type_=Integer)
BOUND = bindparam("bound", type_=Moment)


@dataclass(frozen=True)
class Count:
    """`history`: changes of status, or messages with their former versions."""

    rows: int
    history: int


@cache
def arms(stream: str) -> tuple[tuple[ColumnElement[bool], str], ...]:
    """Conditions that exclude each other, with the index for each."""
    table = TABLES[stream]
    by_time = f"ix_{stream}_panel_id_created_at_id_gone_at"
    created, final = table.c.created_at, table.c.status.in_(sorted(FINALS[stream]))
    undated = and_(created.is_(None), table.c.first_seen_at < BOUND, or_(*over(table, final, table.c.first_seen_at)))
    if stream == "tickets":
        return (and_(created < BOUND, or_(*over(table, final, created))), by_time), (undated, by_time)
    gone = and_(created < BOUND, table.c.gone_at.is_not(None), ~final)
    ended = and_(final, created < BOUND)
    return (ended, f"ix_{stream}_panel_id_status_created_at_id_gone_at"), (gone, by_time), (undated, by_time)


def over(table: Table, final: ColumnElement[bool], begun: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """A ticket that waits for an answer since before the bound is over too: nobody is going to give it."""
    ended = [final, table.c.gone_at.is_not(None)]
    return [*ended, func.coalesce(table.c.last_update_at, begun) < BOUND] if table is tickets else ended


def condition(stream: str) -> ColumnElement[bool]:
    """All of them, for a statement that names the records by their ids."""
    return or_(*(arm for arm, _ in arms(stream)))


def some(connection: Connection, feed: FeedKey, bound: datetime, most: int) -> list[str]:
    """Ids of such records."""
    found: list[str] = []
    for place in range(len(arms(feed.stream))):
        values = {"of_panel": feed.panel_id, "bound": bound, "most": most - len(found)}
        found += connection.scalars(looking(feed.stream, place), values) if len(found) < most else ()
    return found


@lru_cache(maxsize=16)
def looking(stream: str, place: int) -> Select[Any]:
    table, (arm, index) = TABLES[stream], arms(stream)[place]
    found = EVERYTHING.select(table.c.id).where(table.c.panel_id == PANEL, arm).limit(bindparam("most"))
    return pinned(found, table, index)


def weights(connection: Connection, feed: FeedKey, ids: Sequence[str]) -> dict[str, int]:
    """How many rows go with each of them: a ticket may have a thousand messages."""
    if feed.stream != "tickets":
        return {}
    mine = (threads.c.panel_id == feed.panel_id, threads.c.ticket_id.in_(ids))
    asked = EVERYTHING.select(threads.c.ticket_id, threads.c.messages).where(*mine)
    return {row.ticket_id: 1 + row.messages for row in connection.execute(asked)}


def count(connection: Connection, scope: Scope, feed: FeedKey, bound: datetime) -> Count:
    """Exactly, as far as this scope reaches."""
    values = {"of_panel": feed.panel_id, "bound": bound}
    rows, *history = (
        sum(connection.scalar(statement, values) or 0 for statement in statements)
        for statements in counting(scope, feed.stream)
    )
    return Count(rows, sum(history))


@lru_cache(maxsize=256)
def counting(scope: Scope, stream: str) -> list[list[Select[Any]]]:
    """First for the records themselves, then for each table of their history."""
    table = TABLES[stream]
    mine = [pinned(scope.select(func.count(table.c.id)).where(table.c.panel_id == PANEL, arm), table, index)
            for arm, index in arms(stream)]  # fmt: skip
    return [mine, *([hanging(scope, table, *one, arm) for arm in arms(stream)] for one in HISTORY[stream])]


def hanging(
    scope: Scope, table: Table, history: Table, of_record: ColumnElement[str], arm: tuple[ColumnElement[bool], str]
) -> Select[Any]:
    condition, index = arm
    on = and_(history.c.panel_id == table.c.panel_id, of_record == table.c.id)
    counted = scope.select(func.count()).select_from(table.join(history, on)).where(table.c.panel_id == PANEL)
    return pinned(counted.where(condition, scope.allows(table)), table, index)
