"""Services that somebody reported, and how that was resolved: each report is one person's words about one service, under the name it had then.

A service may have several open ones, since two people may see two things wrong. People write them, so there are thousands at the most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import service_reports, services
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment, micros

PAGE = 100
OPEN, RESOLVED = "open", "resolved"
STATES = (OPEN, RESOLVED)
LOOKED_AT = 1000
"""So many of the newest reports are looked at for the names of those who report."""

ADVISORY_LOCK = 0x68_70_73_72
Service = tuple[int, str]


@dataclass(frozen=True)
class New:
    """A report that is to be kept. `service_name`: what the service is called at that time."""

    panel_id: int
    service_id: str
    service_name: str
    reason: str
    by: str


@dataclass(frozen=True)
class Report(New):
    """As it is kept. All that tells of its resolution is None while it is open; `resolution`: words, or none."""

    id: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def service(self) -> Service:
        return self.panel_id, self.service_id

    @property
    def stamp(self) -> str:
        """Tells this resolution from a later one; empty while it is open."""
        return str(micros(self.resolved_at)) if self.resolved_at else ""

    @property
    def key(self) -> "Key":
        return Key(self.at, self.panel_id, self.id)


@dataclass(frozen=True)
class Key:
    """A place in the list."""

    at: datetime
    panel_id: int
    id: str


@dataclass(frozen=True)
class Place:
    """The list from its top, or beyond `key`, or `backwards` from there towards the top."""

    key: Key | None = None
    backwards: bool = False


@dataclass(frozen=True)
class Filters:
    """`state`: open or resolved, None for both. `by`: who reported."""

    state: str | None = None
    service_id: str | None = None
    by: str | None = None


@dataclass(frozen=True)
class Named:
    """A service as its panel's catalogue has it now."""

    name: str
    gone_at: datetime | None


r = service_reports.c
KEPT = tuple(r[name] for name in Report.__dataclass_fields__)
ORDER = (r.at, r.panel_id, r.id)
IS_OPEN = r.resolved_at.is_(None)
BY_TIME, OPEN_ONES = "ix_service_reports_at_panel_id_id", "ix_service_reports_open"
OF_STATE = {OPEN: IS_OPEN, RESOLVED: r.resolved_at.is_not(None)}


def page(connection: Connection, scope: Scope, filters: Filters, place: Place, limit: int = PAGE) -> list[Report]:
    """The newest first. Ask for one more to know whether there are any beyond."""
    there = {f"at_{name}": value for name, value in vars(place.key).items()} if place.key else {}
    asked = listing(scope, filters.state, frozenset(given(filters)), place.key is not None, place.backwards)
    found = [Report(*row) for row in connection.execute(asked, {**given(filters), **there, "rows": limit})]
    return found[::-1] if place.backwards else found


@lru_cache(maxsize=256)
def listing(
    scope: Scope, state: str | None, sought: frozenset[str], is_bounded: bool, is_backwards: bool
) -> Select[Any]:
    asked = scope.select(*KEPT).where(*narrowed(sought))
    if state:
        asked = asked.where(OF_STATE[state])
    index = OPEN_ONES if state == OPEN else None if "of_service" in sought else BY_TIME
    asked = pinned(asked, service_reports, index) if index else asked
    if is_bounded:
        here, there = tuple_(*ORDER), tuple_(*(bindparam(f"at_{one.name}", type_=one.type) for one in ORDER))
        asked = asked.where(here > there if is_backwards else here < there)
    order = [column.asc() if is_backwards else column.desc() for column in ORDER]
    return asked.order_by(*order).limit(bindparam("rows"))


def given(filters: Filters) -> dict[str, str]:
    found = {"of_service": filters.service_id, "of_by": filters.by}
    return {name: value for name, value in found.items() if value}


def narrowed(sought: frozenset[str]) -> list[ColumnElement[bool]]:
    columns = {"of_service": r.service_id, "of_by": r.by}
    return [columns[name] == bindparam(name) for name in sorted(sought)]


def counts(connection: Connection, scope: Scope, filters: Filters) -> dict[str, int]:
    """How many are open and how many resolved, whichever of them is looked at."""
    values, sought = given(filters), frozenset(given(filters))
    every, still = (int(connection.scalar(counting(scope, sought, of), values) or 0) for of in (None, OPEN))
    return {OPEN: still, RESOLVED: every - still}


@lru_cache(maxsize=256)
def counting(scope: Scope, sought: frozenset[str], state: str | None) -> Select[Any]:
    """Of what is open and of all: indexes have both, and neither says what is resolved."""
    asked = scope.select(func.count(r.id)).where(*narrowed(sought))
    return pinned(asked.where(IS_OPEN), service_reports, OPEN_ONES) if state else asked


def reporters(connection: Connection, scope: Scope) -> list[str]:
    """Who reported lately."""
    by_time = pinned(scope.select(r.by), service_reports, BY_TIME)
    newest = by_time.order_by(*(column.desc() for column in ORDER)).limit(LOOKED_AT).subquery()
    asked = select(newest.c.by).distinct().order_by(newest.c.by)
    return list(connection.scalars(asked.execution_options(scoped=True)))


def one(connection: Connection, scope: Scope, panel_id: int, report_id: str) -> Report | None:
    row = connection.execute(scope.select(*KEPT).where(r.panel_id == panel_id, r.id == report_id)).one_or_none()
    return Report(*row) if row else None


def open_of(connection: Connection, scope: Scope, service: Service, most: int) -> list[Report]:
    """Of one service, the newest first."""
    return [Report(*row) for row in connection.execute(opened(scope, service, most))]


def opened(scope: Scope, service: Service, most: int) -> Select[Any]:
    mine = (r.panel_id == service[0], r.service_id == service[1], IS_OPEN)
    return scope.select(*KEPT).where(*mine).order_by(r.at.desc(), r.id.desc()).limit(most)


def marks(connection: Connection, scope: Scope) -> dict[Service, int]:
    """How many open ones each service has that has any: one statement, however many services a page shows."""
    return {(row[0], row[1]): int(row[2]) for row in connection.execute(marking(scope))}


@lru_cache(maxsize=256)
def marking(scope: Scope) -> Select[Any]:
    asked = scope.select(r.panel_id, r.service_id, func.count(r.id)).where(IS_OPEN)
    return pinned(asked, service_reports, OPEN_ONES).group_by(r.panel_id, r.service_id)


def waiting(connection: Connection, scope: Scope) -> tuple[int, datetime | None]:
    """How many are open, and since when the oldest is."""
    row = connection.execute(weighing(scope)).one()
    return int(row[0]), row[1]


@lru_cache(maxsize=256)
def weighing(scope: Scope) -> Select[Any]:
    asked = scope.select(func.count(r.id), func.min(r.at, type_=Moment)).where(IS_OPEN)
    return pinned(asked, service_reports, OPEN_ONES)


def named(connection: Connection, scope: Scope, wanted: Iterable[Service]) -> Mapping[Service, Named]:
    """These services as they are now, those of them that a catalogue has or had."""
    s, keys = services.c, sorted(set(wanted))
    asked = scope.select(s.panel_id, s.id, s.name, s.gone_at).where(tuple_(s.panel_id, s.id).in_(keys))
    return {(row.panel_id, row.id): Named(row.name, row.gone_at) for row in connection.execute(asked)}


async def alone(connection: AsyncConnection) -> None:
    """On PostgreSQL two people who report the same service at once would each see none. Until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


async def unseen(connection: AsyncConnection, scope: Scope, service: Service, seen: str, most: int) -> Sequence[Report]:
    """The open ones of a service, unless the newest of them is the one that was seen."""
    found = [Report(*row) for row in await connection.execute(opened(scope, service, most))]
    return [] if found and found[0].id == seen else found


async def add(connection: AsyncConnection, new: New, now: datetime) -> str:
    """Its id. The caller has found the service in its scope."""
    made = uuid4().hex
    await connection.execute(insert(service_reports).values(**vars(new), id=made, at=now))
    return made


async def resolve(connection: AsyncConnection, report: Report, by: str, words: str | None, now: datetime) -> bool:
    """False for whoever comes second."""
    told = {"resolved_at": now, "resolved_by": by, "resolution": words}
    return await change(connection, report, IS_OPEN, told)


async def reopen(connection: AsyncConnection, report: Report) -> bool:
    """Its resolution as it was read is taken back; False where that stands no more."""
    nothing = {"resolved_at": None, "resolved_by": None, "resolution": None}
    return await change(connection, report, r.resolved_at == report.resolved_at, nothing)


async def change(
    connection: AsyncConnection, report: Report, still: ColumnElement[bool], values: Mapping[str, Any]
) -> bool:
    mine = (r.panel_id == report.panel_id, r.id == report.id, still)
    return (await connection.execute(update(service_reports).where(*mine).values(**values))).rowcount == 1
