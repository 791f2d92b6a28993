"""News for open pages: one row for each commit that changed records, written with them, forgotten after some minutes.

On PostgreSQL a commit can become visible after one with a higher number, so whoever follows reads a little back each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert

from hyperpanel.db.schema import news
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.thread_keeping import Kept
from sync.store import Claim

MOST_IDS = 200
"""Of rows in one commit. Beyond that, whoever shows rows of this panel looks again."""

NOTE = insert(news).values({name: bindparam(name) for name in ("panel_id", "stream", "at", "arrived", "ids")})
OF_THE_PAST = frozenset({"backfill"})


@dataclass(frozen=True)
class Item:
    """`ids`: rows that were held before and are another now, or gone; None where they are many. `arrived`: how many came that a list which
    begins with the newest may show first. Both are empty where the past was read: that concerns only who shows it."""

    number: int
    panel_id: int
    stream: str
    at: datetime
    arrived: int
    ids: Sequence[str] | None


def note(connection: Connection, claim: Claim, done: Kept, now: datetime) -> None:
    """Messages are told as their ticket's. What a backfill brings is older than anybody's first page."""
    is_old = claim.plan in OF_THE_PAST or claim.feed.stream == "messages"
    connection.execute(
        NOTE,
        {
            "panel_id": claim.feed.panel_id,
            "stream": claim.feed.stream,
            "at": now,
            "arrived": 0 if is_old else done.new + done.revived,
            "ids": msgspec.json.encode(done.touched).decode() if len(done.touched) <= MOST_IDS else None,
        },
    )


SINCE = (
    EVERYTHING.select(*(news.c[name] for name in Item.__dataclass_fields__))
    .where(news.c.number > bindparam("number"))
    .order_by(news.c.number)
    .limit(bindparam("rows"))
)
LAST = EVERYTHING.select(news.c.number).order_by(news.c.number.desc()).limit(1)
FIRST = EVERYTHING.select(news.c.number).order_by(news.c.number).limit(1)


def last(connection: Connection) -> int:
    """As of which number this snapshot is. Of all panels alike: it says nothing of any."""
    return connection.scalar(LAST) or 0


def reach(connection: Connection) -> int:
    """The number from which on nothing has been forgotten."""
    first = connection.scalar(FIRST)
    return 0 if first is None else first - 1


def since(connection: Connection, number: int, rows: int, scope: Scope = EVERYTHING) -> list[Item]:
    """At most `rows`, in their order. The hub reads everybody's and tells each page what is its own."""
    statement = SINCE if scope is EVERYTHING else SINCE.where(scope.allows(news))
    return [item(row) for row in connection.execute(statement, {"number": number, "rows": rows})]


def item(row: Any) -> Item:
    number, panel_id, stream, at, arrived, ids = row
    return Item(number, panel_id, stream, at, arrived, None if ids is None else msgspec.json.decode(ids))
