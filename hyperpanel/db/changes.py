"""Changes: which records each commit made, changed or ended, written with them, for scripts that follow what is held.

Only the ids are kept: whoever follows is told the records as they are by then. On PostgreSQL a commit with a lower number can become visible
after one with a higher. So rows stand in the order of their transactions, and are read up to the oldest one that is still under way:
whatever appears later stands behind that. SQLite has one writer, and its numbers are that order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    bindparam,
    delete,
    insert,
    literal,
    literal_column,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.engine import Database
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import changes
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.types import EPOCH
from sync.store import FeedKey

STREAMS = ("orders", "users", "payments", "tickets", "messages", "services")
"""Messages are told by their ticket's id."""

MOST_IDS = 1000
"""In one row: a page of a panel has fewer."""

MOST_THREADS = 50
"""Of tickets' messages in one answer: each may have hundreds, all of which are told."""

PORTION, LOOKED_AT = 500, 10_000
"""Rows read at once, and rows gone through for one answer at most: of a panel that nobody may see, or of a stream that nobody asked for."""

MOST_LOOKED_AT = 100_000
"""Ids gone through for one answer, however often the same ones changed: nobody else waits for one follower."""

LATE = timedelta(minutes=5)
"""How much earlier a row may have been begun than the one before it: a commit waits for others."""

COLUMNS = (changes.c.written, changes.c.number, changes.c.panel_id, changes.c.stream, changes.c.at, changes.c.ids)
OURS = literal_column("pg_current_xact_id()::text::bigint", BigInteger)
OLDEST = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger)
NEXT = literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint", BigInteger)
GIVEN = {
    "sqlite": text("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").execution_options(scoped=True),
    "postgresql": text("SELECT last_value FROM changes_number_seq").execution_options(scoped=True),
}
NAMED: dict[str, Any] = {name: bindparam(name) for name in ("panel_id", "stream", "at", "ids")}
NOTES = {
    "sqlite": insert(changes).values(**NAMED, written=0),
    "postgresql": insert(changes).values(**NAMED, written=OURS),
}


class Item(NamedTuple):
    """A record that is another by now; `id` of messages is their ticket's."""

    stream: str
    panel_id: int
    id: str


@dataclass(frozen=True)
class Place:
    """Where a follower stands: behind this row, or behind so many of its ids (`taken`). Number 0: before all rows, as of `at`."""

    written: int
    number: int
    at: datetime
    taken: int | None = None


@dataclass(frozen=True)
class Told:
    """`items`: each once, with the time of a commit that touched it; `has_more`: there are rows beyond `place` already."""

    items: Mapping[Item, datetime]
    place: Place
    has_more: bool


def note(connection: Connection, feed: FeedKey, ids: Sequence[str], now: datetime) -> None:
    """In the transaction that writes these records."""
    for first in range(0, len(ids), MOST_IDS):
        some = msgspec.json.encode(ids[first : first + MOST_IDS]).decode()
        row = {"panel_id": feed.panel_id, "stream": feed.stream, "at": now, "ids": some}
        connection.execute(NOTES[connection.dialect.name], row)


async def tell(transaction: AsyncConnection, stream: str, keys: Iterable[tuple[int, str]], now: datetime) -> None:
    """The same of what people write beside a record and is told with it, by panel and id."""
    told: dict[int, list[str]] = {}
    for panel_id, record_id in keys:
        told.setdefault(panel_id, []).append(record_id)
    for panel_id, ids in told.items():
        await transaction.run_sync(note, FeedKey(panel_id, stream), ids, now)


def here(connection: Connection, now: datetime) -> Place:
    """The place of this moment: what this connection's snapshot does not show comes behind it."""
    newest = EVERYTHING.select(*COLUMNS[:2], changes.c.at).where(settled(connection))
    newest = newest.order_by(changes.c.written.desc(), changes.c.number.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return Place(0, 0, now) if row is None else Place(*row)


def settled(connection: Connection) -> ColumnElement[bool]:
    """Rows before which none can appear any more."""
    return changes.c.number > 0 if connection.dialect.name == "sqlite" else changes.c.written < OLDEST


def stands(connection: Connection, place: Place, now: datetime, kept: timedelta) -> bool:
    """Whether nothing behind this place was forgotten, and it is of this database: its row is there as it was. That row may have gone with
    its panel; then one before it is still there, and was not written later, as it would be in a database put back from a copy."""
    if connection.dialect.name != "sqlite" and place.written >= (connection.scalar(select(NEXT)) or 0):
        return False
    if place.number == 0:
        first = connection.scalar(EVERYTHING.select(changes.c.at).order_by(*COLUMNS[:2]).limit(1))
        return first is None or (first >= place.at - LATE and place.at >= now - kept)
    mine = EVERYTHING.select(changes.c.written, changes.c.at).where(changes.c.number == place.number)
    row = connection.execute(mine).one_or_none()
    if row is not None:
        return bool(row.written == place.written and row.at == place.at)
    if place.number > given(connection):
        return False
    before = EVERYTHING.select(changes.c.at).where(tuple_(*COLUMNS[:2]) < pair(place))
    last = connection.scalar(before.order_by(changes.c.written.desc(), changes.c.number.desc()).limit(1))
    return last is not None and last <= place.at + LATE


def given(connection: Connection) -> int:
    """The highest number that a row ever had here, whether or not it is still there."""
    asked = GIVEN["sqlite" if connection.dialect.name == "sqlite" else "postgresql"]
    return int(connection.scalar(asked) or 0)


def pair(place: Place) -> ColumnElement[Any]:
    return tuple_(literal(place.written, BigInteger), literal(place.number, BigInteger))


def since(connection: Connection, place: Place, now: datetime, scope: Scope, streams: Set[str], most: int) -> Told:
    """At most so many records, those that changed first before those that changed later."""
    found: dict[Item, datetime] = {}
    threads = gone_through = 0
    for looked_at, row in enumerate(beyond(connection, place, scope), 1):
        ids = msgspec.json.decode(row.ids) if scope.holds(row.panel_id) and row.stream in streams else []
        start = (place.taken or 0) if row.number == place.number else 0
        gone_through += len(ids)
        for index in range(start, len(ids)):
            item = Item(row.stream, row.panel_id, ids[index])
            if item not in found and (len(found) == most or (threads == MOST_THREADS and row.stream == "messages")):
                return Told(found, Place(row.written, row.number, row.at, index), has_more=True)
            threads += row.stream == "messages" and item not in found
            found[item] = row.at
        if looked_at == LOOKED_AT or gone_through >= MOST_LOOKED_AT:
            return Told(found, Place(row.written, row.number, row.at), has_more=True)
    return Told(found, here(connection, now), has_more=False)


def beyond(connection: Connection, place: Place, scope: Scope) -> Iterator[Any]:
    """In their order; of one panel by its own index, of several all rows, which the caller looks through."""
    panel_ids = scope.panel_ids
    only = scope if panel_ids is not None and len(panel_ids) == 1 else EVERYTHING
    inclusive = place.taken is not None
    while True:
        mark = tuple_(*COLUMNS[:2])
        asked = only.select(*COLUMNS).where(
            mark >= pair(place) if inclusive else mark > pair(place), settled(connection)
        )
        by = "ix_changes_written_number" if only is EVERYTHING else "ix_changes_panel_id_written_number"
        rows = connection.execute(pinned(asked.order_by(*COLUMNS[:2]).limit(PORTION), changes, by)).all()
        yield from rows
        if len(rows) < PORTION:
            return
        place, inclusive = Place(rows[-1].written, rows[-1].number, EPOCH), False


async def forget(database: Database, now: datetime, kept: timedelta) -> int:
    """In portions, so that no writer waits long. The last row stays, however old: followers stand behind it."""
    gone = 0
    while numbers := await database.read(lambda connection: outlived(connection, now - kept)):
        await database.commit(lambda connection, numbers=numbers: connection.execute(going(numbers)))  # type: ignore[misc]
        gone += len(numbers)
        if len(numbers) < PORTION:
            break
    return gone


def outlived(connection: Connection, before: datetime) -> list[int]:
    """The oldest. On PostgreSQL also what a copy of another server's has brought: its transactions lie ahead of ours, and would for ever."""
    if connection.dialect.name != "sqlite":
        foreign = EVERYTHING.select(changes.c.number).where(changes.c.written >= NEXT).limit(PORTION)
        if found := list(connection.scalars(foreign)):
            return found
    rows = connection.execute(
        EVERYTHING.select(changes.c.number, changes.c.at).order_by(*COLUMNS[:2]).limit(PORTION + 1)
    ).all()
    return [row.number for row in rows[:-1][:PORTION] if row.at < before]


def going(numbers: Sequence[int]) -> Any:
    return delete(changes).where(changes.c.number.in_(numbers))
