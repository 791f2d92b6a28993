"""Holds: where the engine would have to believe something that only a person can know, it stops and asks.

Kind `deletes`: a sweep no longer found so many records. Kind `fields`: a field that many records had is sent no more. A decision is made
once; what follows from it is done in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import troubles
from hyperpanel.db.absences import agree, dismiss
from hyperpanel.db.schema import absences, holds, pauses, plans
from hyperpanel.db.scope import Scope
from sync.store import FeedKey

DELETES, FIELDS = "deletes", "fields"
ACCEPT, REFUSE = "accept", "refuse"
OFTEN = 2
"""Proven sweeps that a record must be absent from before it counts."""


@dataclass(frozen=True)
class Hold:
    """`rows` of `of_rows` records of a stream are concerned; `what` names the field, and is empty for deletes."""

    panel_id: int
    id: str
    stream: str
    kind: str
    what: str
    rows: int
    of_rows: int
    at: datetime
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None


KEPT = tuple(holds.c[name] for name in Hold.__dataclass_fields__)


def waiting(connection: Connection, scope: Scope) -> list[Hold]:
    """Those that nobody has decided, the oldest first."""
    return [Hold(*row) for row in connection.execute(asking(scope))]


@lru_cache(maxsize=256)
def asking(scope: Scope) -> Select[Any]:
    return scope.select(*KEPT).where(holds.c.decision.is_(None)).order_by(holds.c.at, holds.c.panel_id, holds.c.id)


def one(connection: Connection, scope: Scope, panel_id: int, hold_id: str) -> Hold | None:
    row = connection.execute(
        scope.select(*KEPT).where(holds.c.panel_id == panel_id, holds.c.id == hold_id)
    ).one_or_none()
    return Hold(*row) if row else None


def samples(connection: Connection, scope: Scope, most: int) -> dict[tuple[int, str], list[str]]:
    """By feed, a few of the records that a person is asked about."""
    found: dict[tuple[int, str], list[str]] = {}
    for panel_id, stream, record_id in connection.execute(sampling(scope, most)):
        found.setdefault((panel_id, stream), []).append(record_id)
    return found


@lru_cache(maxsize=256)
def sampling(scope: Scope, most: int) -> Select[Any]:
    feed = (absences.c.panel_id, absences.c.stream)
    place = func.row_number().over(partition_by=feed, order_by=absences.c.record_id)
    asked = scope.select(*feed, absences.c.record_id, place.label("place")).where(
        holds.c.panel_id == absences.c.panel_id,
        holds.c.stream == absences.c.stream,
        holds.c.kind == DELETES,
        holds.c.decision.is_(None),
        absences.c.times >= OFTEN,
        scope.allows(holds),
    )
    some = asked.subquery()
    told = select(some.c.panel_id, some.c.stream, some.c.record_id).where(some.c.place <= most)
    return told.order_by(some.c.panel_id, some.c.stream, some.c.place).execution_options(scoped=True)


async def decide(connection: AsyncConnection, hold: Hold, decision: str, by: str, now: datetime) -> bool:
    """False where somebody was first: then nothing is done."""
    decided = update(holds).where(holds.c.panel_id == hold.panel_id, holds.c.id == hold.id, holds.c.decision.is_(None))
    values = {"decision": decision, "decided_by": by, "decided_at": now}
    if (await connection.execute(decided.values(**values))).rowcount != 1:
        return False
    if hold.kind == DELETES:
        feed = FeedKey(hold.panel_id, hold.stream)
        await connection.run_sync(agree if decision == ACCEPT else dismiss, feed)
        if decision == ACCEPT:
            await sweep_now(connection, feed, now)
    elif decision == ACCEPT:
        await go_on(connection, hold, by, now)
    return True


async def sweep_now(connection: AsyncConnection, feed: FeedKey, now: datetime) -> None:
    """It looks for each of them once more before it takes them to be gone."""
    plan = "head" if feed.stream == "services" else "sweep"
    due = update(plans).where(plans.c.panel_id == feed.panel_id, plans.c.stream == feed.stream, plans.c.plan == plan)
    await connection.execute(due.values(due_at=now))


async def go_on(connection: AsyncConnection, hold: Hold, by: str, now: datetime) -> None:
    """The engine's own pause ends with the last field that it asked about; pauses by people stay."""
    mine = (holds.c.panel_id == hold.panel_id, holds.c.stream == hold.stream, holds.c.kind == FIELDS)
    others = select(func.count()).where(*mine, holds.c.decision.is_(None))
    if await connection.scalar(others):
        return
    running = select(pauses.c.id, pauses.c.trouble).where(
        pauses.c.panel_id == hold.panel_id, pauses.c.stream == hold.stream, pauses.c.ended_at.is_(None)
    )
    vanished = [row.id for row in await connection.execute(running) if is_vanished(row.trouble)]
    ended = update(pauses).where(pauses.c.panel_id == hold.panel_id, pauses.c.id.in_(vanished))
    await connection.execute(ended.values(ended_at=now, ended_by=by))
    due = update(plans).where(plans.c.panel_id == hold.panel_id, plans.c.stream == hold.stream)
    await connection.execute(due.values(due_at=now))


def is_vanished(trouble: str | None) -> bool:
    found = troubles.load(trouble)
    return found is not None and found.code == "vanished"
