"""Snoozes: services that nobody wants to be told about for now, with who, why, until when, and what may wake them earlier.

One at a time of a service, for everyone (SPEC D12). Nothing is deleted: what ended, by whom or by what, stays to be read.
Callers write the audit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, bindparam, insert, or_, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import snoozes
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment

TIME, RECOVERED, WORSE = "time", "recovered", "worse"
WAKES = (TIME, RECOVERED, WORSE)
UNDONE, REPLACED = "undone", "replaced"
"""Further reasons why one ends: a person ended it, or set another in its place."""

ADVISORY_LOCK = 0x68_70_73_6E
AT_ONCE = 200
HISTORY = 50


@dataclass(frozen=True)
class New:
    """One that is to be set. `hours`, `stuck_after` (hours), `multiplier` and `min_orders` are those of the report that it is set in; `score`
    (unbounded; None where that gave none) and `stuck` what that said."""

    panel_id: int
    service_id: str
    by: str
    why: str
    until: datetime | None
    wakes: str
    hours: float
    stuck_after: float
    multiplier: float
    min_orders: int
    score: float | None
    stuck: int


@dataclass(frozen=True)
class Snooze(New):
    """As it is kept. `ended_why`: time, recovered, worse, undone or replaced; `ended_score` and `ended_stuck` are of the report that woke it."""

    id: str
    at: datetime
    ended_at: datetime | None
    ended_by: str | None
    ended_why: str | None
    ended_score: float | None
    ended_stuck: int | None

    @property
    def service(self) -> tuple[int, str]:
        return self.panel_id, self.service_id

    def ran(self, at: datetime) -> bool:
        """At a moment that may have passed. Its time ends it whenever a worker comes to write that down."""
        ends = [end for end in (self.until, self.ended_at) if end is not None]
        return self.at <= at and all(at < end for end in ends)


KEPT = tuple(snoozes.c[name] for name in Snooze.__dataclass_fields__)


def running(connection: Connection, scope: Scope, now: datetime | None = None) -> list[Snooze]:
    """The newest first. With `now` only those whose time has not passed: to end them is a worker's task, but nobody waits for it."""
    found = [Snooze(*row) for row in connection.execute(asking(scope))]
    return [one for one in found if now is None or one.until is None or one.until > now]


@lru_cache(maxsize=256)
def asking(scope: Scope) -> Select[Any]:
    return scope.select(*KEPT).where(snoozes.c.ended_at.is_(None)).order_by(snoozes.c.at.desc(), snoozes.c.id)


def past(connection: Connection, scope: Scope, at: datetime) -> list[Snooze]:
    """Those that ran at a moment, the newest first, whatever became of them since."""
    found = [Snooze(*row) for row in connection.execute(recalling(scope), {"moment": at})]
    return [one for one in found if one.ran(at)]


@lru_cache(maxsize=256)
def recalling(scope: Scope) -> Select[Any]:
    moment = bindparam("moment", type_=Moment)
    lasted = or_(snoozes.c.ended_at.is_(None), snoozes.c.ended_at > moment)
    return scope.select(*KEPT).where(snoozes.c.at <= moment, lasted).order_by(snoozes.c.at.desc(), snoozes.c.id)


def woken(connection: Connection, scope: Scope, since: datetime) -> list[Snooze]:
    """Those that ended by themselves since then, the last first: a person's own ending needs no telling."""
    return [Snooze(*row) for row in connection.execute(waking(scope), {"since": since})]


@lru_cache(maxsize=256)
def waking(scope: Scope) -> Select[Any]:
    asked = scope.select(*KEPT).where(
        snoozes.c.ended_at >= bindparam("since", type_=Moment), snoozes.c.ended_why.in_(WAKES)
    )
    return asked.order_by(snoozes.c.ended_at.desc(), snoozes.c.id)


def history(connection: Connection, scope: Scope, panel_id: int, service_id: str, most: int = HISTORY) -> list[Snooze]:
    """Of one service, the newest first; one that is running stands first."""
    mine = (snoozes.c.panel_id == panel_id, snoozes.c.service_id == service_id)
    asked = scope.select(*KEPT).where(*mine).order_by(snoozes.c.at.desc(), snoozes.c.id).limit(most)
    return [Snooze(*row) for row in connection.execute(asked)]


def one(connection: Connection, scope: Scope, panel_id: int, service_id: str) -> Snooze | None:
    """That which is running, if any."""
    mine = (snoozes.c.panel_id == panel_id, snoozes.c.service_id == service_id, snoozes.c.ended_at.is_(None))
    row = connection.execute(scope.select(*KEPT).where(*mine)).one_or_none()
    return Snooze(*row) if row else None


async def put(connection: AsyncConnection, new: Sequence[New], now: datetime) -> list[str]:
    """Their ids, in this order. One that a service has already ends as replaced. The caller has found the services in its scope."""
    await alone(connection)
    rows = [{**vars(one), "id": uuid4().hex, "at": now} for one in new]
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        same = tuple_(snoozes.c.panel_id, snoozes.c.service_id).in_(
            [(one["panel_id"], one["service_id"]) for one in some]
        )
        by = some[0]["by"]
        former = update(snoozes).where(snoozes.c.ended_at.is_(None), same)
        await connection.execute(former.values(ended_at=now, ended_by=by, ended_why=REPLACED))
        await connection.execute(insert(snoozes), some)
    return [one["id"] for one in rows]


async def alone(connection: AsyncConnection) -> None:
    """On PostgreSQL two people who snooze the same service would each find none to replace. Until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


async def end(
    connection: AsyncConnection, scope: Scope, services: Iterable[tuple[int, str]], by: str, now: datetime
) -> int:
    """A person ends those of these services that run and that the scope holds: how many they were."""
    wanted = sorted(set(services))
    ended = 0
    for start in range(0, len(wanted), AT_ONCE):
        mine = tuple_(snoozes.c.panel_id, snoozes.c.service_id).in_(wanted[start : start + AT_ONCE])
        ended += await close(connection, (mine, scope.allows(snoozes)), now, by, UNDONE)
    return ended


async def wake(
    connection: AsyncConnection, snooze: Snooze, why: str, score: float | None, stuck: int | None, now: datetime
) -> bool:
    """By the clock. Whether it was still asleep."""
    mine = (snoozes.c.panel_id == snooze.panel_id, snoozes.c.id == snooze.id)
    return await close(connection, mine, now, None, why, ended_score=score, ended_stuck=stuck) == 1


async def close(
    connection: AsyncConnection,
    which: tuple[ColumnElement[bool], ...],
    now: datetime,
    by: str | None,
    why: str,
    **told: Any,
) -> int:
    await alone(connection)
    changed = update(snoozes).where(snoozes.c.ended_at.is_(None), *which)
    return (await connection.execute(changed.values(ended_at=now, ended_by=by, ended_why=why, **told))).rowcount
