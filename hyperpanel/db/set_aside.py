"""Records that could not be read, as people go through them: a page by its place in the list, counts, and what is done about them.

There may be a hundred thousand: after a change of format all of a panel's records are. The list is read from one index over all panels,
and what changes many of them does so in parts, since SQLite has one writer and others wait for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import plans, set_aside
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment

PAGE = 100
AT_ONCE = 10_000
"""Rows changed in one transaction, which takes about a tenth of a second."""

BY_ID = frozenset({"orders", "users"})
"""Streams whose refresh asks for what is set aside, by its id; elsewhere a sweep meets it again, or the catalogue as a whole."""

NAMELESS = "?"
"""Begins the key of a record that came without a readable id: a digest follows."""


@dataclass(frozen=True)
class Filters:
    """What is asked for. `until`: only those first met no later. `dismissed_at`: those of that one dismissal, so that it can be undone.
    `named`: only those whose id is known."""

    stream: str | None = None
    record_id: str | None = None
    dismissed: bool = False
    until: datetime | None = None
    dismissed_at: datetime | None = None
    named: bool = False


@dataclass(frozen=True)
class Key:
    """A place in the list."""

    first_at: datetime
    panel_id: int
    stream: str
    record_id: str


@dataclass(frozen=True)
class Place:
    """The list from its top, or from `key` on (itself too, if `inclusive`), or `backwards` towards the top."""

    key: Key | None = None
    inclusive: bool = False
    backwards: bool = False


@dataclass(frozen=True)
class Line:
    """One record as the list shows it."""

    panel_id: int
    stream: str
    record_id: str
    reason: str
    first_at: datetime
    at: datetime
    dismissed_at: datetime | None
    dismissed_by: str | None

    @property
    def key(self) -> Key:
        return Key(self.first_at, self.panel_id, self.stream, self.record_id)


LISTED = tuple(set_aside.c[name] for name in Line.__dataclass_fields__)
ORDER = (set_aside.c.first_at, set_aside.c.panel_id, set_aside.c.stream, set_aside.c.record_id)
SOUGHT: Mapping[str, ColumnElement[bool]] = {
    "stream": set_aside.c.stream == bindparam("of_stream"),
    "record_id": set_aside.c.record_id == bindparam("of_record_id"),
    "until": set_aside.c.first_at <= bindparam("of_until", type_=Moment),
    "dismissed_at": set_aside.c.dismissed_at == bindparam("of_dismissed_at", type_=Moment),
    "named": ~set_aside.c.record_id.startswith(NAMELESS),
}


@dataclass(frozen=True)
class Shape:
    """All that a statement depends on but the values: statements are built once and kept, as building costs more than asking."""

    dismissed: bool
    given: frozenset[str]
    bounded: str = ""
    backwards: bool = False


def shape_of(filters: Filters, place: Place | None = None) -> Shape:
    place = place or Place()
    bounded = "" if place.key is None else "from" if place.inclusive else "beyond"
    return Shape(filters.dismissed, frozenset(given(filters)), bounded, place.backwards)


def given(filters: Filters) -> dict[str, Any]:
    return {name: value for name, value in vars(filters).items() if name in SOUGHT and value}


def parameters(filters: Filters, place: Place | None = None) -> dict[str, Any]:
    there = vars(place.key) if place and place.key else {}
    wanted = {f"of_{name}": value for name, value in given(filters).items()}
    return {**wanted, **{f"at_{name}": value for name, value in there.items()}}


def page(connection: Connection, scope: Scope, filters: Filters, place: Place, limit: int = PAGE) -> list[Line]:
    """The newest first. Ask for one more to know whether there are any beyond."""
    values = {**parameters(filters, place), "rows": limit}
    found = [Line(*row) for row in connection.execute(listing(scope, shape_of(filters, place)), values)]
    return found[::-1] if place.backwards else found


@lru_cache(maxsize=256)
def listing(scope: Scope, shape: Shape) -> Select[Any]:
    """Pinned on SQLite: its planner would rather sort a hundred thousand rows."""
    asked = pinned(scope.select(*LISTED), set_aside, "ix_set_aside_listed").where(*conditions(shape))
    if shape.bounded:
        here, there = tuple_(*ORDER), tuple_(*(bindparam(f"at_{column.name}", type_=column.type) for column in ORDER))
        further = here > there if shape.backwards else here < there
        asked = asked.where(here <= there if shape.bounded == "from" else further)
    order = [column.asc() if shape.backwards else column.desc() for column in ORDER]
    return asked.order_by(*order).limit(bindparam("rows"))


def conditions(shape: Shape) -> list[ColumnElement[bool]]:
    dismissed = set_aside.c.dismissed_at
    return [
        dismissed.is_not(None) if shape.dismissed else dismissed.is_(None),
        *(SOUGHT[name] for name in sorted(shape.given)),
    ]


def counts(connection: Connection, scope: Scope, filters: Filters | None = None) -> dict[tuple[int, str], int]:
    """How many of each feed."""
    wanted = filters or Filters()
    rows = connection.execute(counting(scope, shape_of(wanted)), parameters(wanted))
    return {(panel_id, stream): int(number) for panel_id, stream, number in rows}


@lru_cache(maxsize=256)
def counting(scope: Scope, shape: Shape) -> Select[Any]:
    asked = scope.select(set_aside.c.panel_id, set_aside.c.stream, func.count()).where(*conditions(shape))
    return by_index(asked, shape).group_by(set_aside.c.panel_id, set_aside.c.stream)


def by_index(asked: Select[Any], shape: Shape) -> Select[Any]:
    """Pinned on SQLite to the index that has all that is asked: its planner would rather read the rows themselves, values and all."""
    if "record_id" in shape.given:
        return asked
    if shape.given & {"until", "dismissed_at", "named"}:
        return pinned(asked, set_aside, "ix_set_aside_listed")
    return pinned(asked, set_aside, "ix_set_aside_dismissed" if shape.dismissed else "ix_set_aside_open")


def newer(connection: Connection, scope: Scope, filters: Filters, than: Key, most: int) -> int:
    """How many stand before this one in the list, as far as `most`."""
    return len(page(connection, scope, replace(filters, until=None), Place(than, backwards=True), most))


def one(
    connection: Connection, scope: Scope, panel_id: int, stream: str, record_id: str
) -> tuple[Line, bytes | None] | None:
    """With its values, as they are sealed."""
    asked = scope.select(*LISTED, set_aside.c.sealed).where(
        set_aside.c.panel_id == panel_id, set_aside.c.stream == stream, set_aside.c.record_id == record_id
    )
    row = connection.execute(asked).one_or_none()
    return None if row is None else (Line(*row[:-1]), None if row.sealed is None else bytes(row.sealed))


def askable(connection: Connection, scope: Scope, filters: Filters) -> dict[tuple[int, str], int]:
    """How many of each feed can be asked for again."""
    every, named = counts(connection, scope, filters), counts(connection, scope, replace(filters, named=True))
    return {
        feed: number for feed, all_of in every.items() if (number := named.get(feed, 0) if feed[1] in BY_ID else all_of)
    }


async def dismiss(connection: AsyncConnection, scope: Scope, filters: Filters, by: str, now: datetime) -> int:
    """Some of those that match: call it again until none is left. A record that is met again for another reason comes back by itself."""
    return await change(connection, scope, filters, {"dismissed_at": now, "dismissed_by": by})


async def restore(connection: AsyncConnection, scope: Scope, filters: Filters) -> int:
    """Some of those that match, as `dismiss`."""
    return await change(
        connection, scope, replace(filters, dismissed=True), {"dismissed_at": None, "dismissed_by": None}
    )


async def change(connection: AsyncConnection, scope: Scope, filters: Filters, values: Mapping[str, Any]) -> int:
    keys = tuple(set_aside.primary_key.columns)
    some = by_index(scope.select(*keys).where(*conditions(shape_of(filters))), shape_of(filters)).limit(AT_ONCE)
    changed = update(set_aside).where(tuple_(*keys).in_(some)).values(**values)
    return (await connection.execute(changed, parameters(filters))).rowcount


async def retry(connection: AsyncConnection, feeds: Sequence[tuple[int, str]], now: datetime) -> None:
    """These feeds' set-aside records are asked for at once."""
    for panel_id, stream in feeds:
        plan = "refresh" if stream in BY_ID else "head" if stream == "services" else "sweep"
        mine = and_(plans.c.panel_id == panel_id, plans.c.stream == stream, plans.c.plan == plan)
        await connection.execute(update(plans).where(mine, plans.c.due_at > now).values(due_at=now))
