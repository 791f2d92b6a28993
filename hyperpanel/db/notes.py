"""Personal notes: each is its author's alone, so nothing here reads or changes one without saying whose.

A note names a row of a panel by keys alone. Whether its author may see that row, now, is asked of the scope each time that it is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.folding import contains, fold
from hyperpanel.db.schema import notes, orders, services, tickets, users
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import MICROSECOND

PAGE = 100
KEPT = timedelta(hours=1)
"""How long a deleted note can be brought back."""

ALONE = "alone"
LABELS = {"orders": orders.c.id, "users": users.c.username, "tickets": tickets.c.subject, "services": services.c.name}
"""By noun what a row is called. Each of the tables has panel_id and id."""


@dataclass(frozen=True)
class About:
    """The row that a note is about."""

    panel_id: int
    noun: str
    record_id: str


@dataclass(frozen=True)
class Note:
    """`panel_id` is None for a note by itself, and where the panel was removed."""

    id: int
    panel_id: int | None
    noun: str | None
    record_id: str | None
    body: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None

    @property
    def about(self) -> About | None:
        known = self.panel_id is not None and self.noun and self.record_id
        return About(self.panel_id or 0, self.noun or "", self.record_id or "") if known else None

    @property
    def version(self) -> datetime:
        """When it was last touched: two who change it have not seen the same unless they saw this."""
        return self.deleted_at or self.updated_at


@dataclass(frozen=True)
class Place:
    """Of a note in its author's list, which has what changed last at the top."""

    at: datetime
    id: int


COLUMNS = tuple(notes.c[name] for name in Note.__dataclass_fields__)


def some(connection: Connection, staff_id: int, noun: str, words: str, after: Place | None) -> list[Note]:
    """The newest first, one more than a page has if there are more. `noun`: "" for any, ALONE for those about nothing."""
    asked = select(*COLUMNS).where(*standing(staff_id), *of_noun(noun), *holding(words), *below(after))
    asked = asked.order_by(notes.c.updated_at.desc(), notes.c.id.desc()).limit(PAGE + 1)
    return [Note(*row) for row in connection.execute(asked)]


def standing(staff_id: int) -> list[ColumnElement[bool]]:
    return [notes.c.staff_id == staff_id, notes.c.deleted_at.is_(None)]


def of_noun(noun: str) -> list[ColumnElement[bool]]:
    if not noun:
        return []
    return [notes.c.noun.is_(None) if noun == ALONE else notes.c.noun == noun]


def holding(words: str) -> list[ColumnElement[bool]]:
    """Every word, letters and digits folded."""
    return [contains(notes.c.body, literal(word)) for word in fold(words).split()]


def below(after: Place | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    older = or_(notes.c.updated_at < after.at, notes.c.id < after.id)
    return [and_(notes.c.updated_at <= after.at, older)]


def about(connection: Connection, staff_id: int, row: About) -> list[Note]:
    """Those of this person about one row, the newest first."""
    same = [notes.c.panel_id == row.panel_id, notes.c.noun == row.noun, notes.c.record_id == row.record_id]
    asked = select(*COLUMNS).where(*standing(staff_id), *same)
    found = connection.execute(asked.order_by(notes.c.updated_at.desc(), notes.c.id.desc()).limit(PAGE))
    return [Note(*one) for one in found]


def one(connection: Connection, staff_id: int, note_id: int) -> Note | None:
    """Deleted or not."""
    asked = select(*COLUMNS).where(notes.c.staff_id == staff_id, notes.c.id == note_id)
    row = connection.execute(asked).one_or_none()
    return Note(*row) if row else None


def called(connection: Connection, scope: Scope, rows: Iterable[About]) -> Mapping[About, str]:
    """What the rows are called that are held and in this scope: one statement for each noun."""
    found: dict[About, str] = {}
    wanted: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        wanted.setdefault(row.noun, []).append((row.panel_id, row.record_id))
    for noun, keys in wanted.items():
        found |= labelled(connection, scope, noun, LABELS[noun], keys)
    return found


def labelled(
    connection: Connection, scope: Scope, noun: str, label: Column[str], keys: Sequence[tuple[int, str]]
) -> dict[About, str]:
    table = label.table
    asked = scope.select(table.c.panel_id, table.c.id, label.label("called"))
    held = connection.execute(asked.where(tuple_(table.c.panel_id, table.c.id).in_(keys)))
    return {About(panel_id, noun, row_id): called or "" for panel_id, row_id, called in held}


async def add(connection: AsyncConnection, staff_id: int, row: About | None, body: str, now: datetime) -> int:
    keys = {"panel_id": row.panel_id, "noun": row.noun, "record_id": row.record_id} if row else {}
    values = {"staff_id": staff_id, "body": body, "created_at": now, "updated_at": now, **keys}
    return int((await connection.execute(insert(notes).values(**values).returning(notes.c.id))).scalar_one())


async def change(
    connection: AsyncConnection, staff_id: int, note_id: int, body: str, seen: datetime, now: datetime
) -> bool:
    """Whether it still was the version that somebody saw. One that they saw deleted comes back."""
    version = func.coalesce(notes.c.deleted_at, notes.c.updated_at)
    same = (notes.c.staff_id == staff_id, notes.c.id == note_id, version == seen)
    values = {"body": body, "updated_at": max(now, seen + MICROSECOND), "deleted_at": None}
    return (await connection.execute(update(notes).where(*same).values(**values))).rowcount == 1


async def remove(connection: AsyncConnection, staff_id: int, note_id: int, now: datetime) -> bool:
    """Out of every list; `forget` takes it away."""
    mine = (*standing(staff_id), notes.c.id == note_id)
    return (await connection.execute(update(notes).where(*mine).values(deleted_at=now))).rowcount == 1


async def restore(connection: AsyncConnection, staff_id: int, note_id: int) -> bool:
    mine = (notes.c.staff_id == staff_id, notes.c.id == note_id, notes.c.deleted_at.is_not(None))
    return (await connection.execute(update(notes).where(*mine).values(deleted_at=None))).rowcount == 1


async def forget(connection: AsyncConnection, now: datetime) -> int:
    """What was deleted longer ago than it can be brought back."""
    return (await connection.execute(delete(notes).where(notes.c.deleted_at < now - KEPT))).rowcount
