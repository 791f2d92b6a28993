"""The ledger: every attempt that leaves for a provider, written down before it leaves, with what it may spend of the day's budgets.

While an attempt is under way its reservation counts as spent; afterwards what it really took does. Whoever reserves holds the row of the
settings (SQLite has one writer anyway), or fifty at once would each find the same room.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import ai_calls as calls
from hyperpanel.db.schema import ai_settings, panels
from hyperpanel.db.scope import Scope

ASKING, DONE, FAILED = "asking", "done", "failed"
INTERRUPTED = "interrupted"
"""The problem of an attempt whose process ended before its answer."""

UNDER_WAY = text("state = 'asking'")
"""In the very words of the partial index, or the planners do not see that it answers."""

LOST_AFTER = timedelta(minutes=10)
"""No attempt lasts so long."""

KEPT = timedelta(days=400)


@dataclass(frozen=True)
class Spent:
    """Of a day so far, with what is reserved. `cost` in US dollars scaled to 8 decimals."""

    tokens: int
    cost: int


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt. Without token counts nothing is known to have been used."""

    state: str
    problem: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    is_estimated: bool = False
    cost: int | None = None
    first_ms: int | None = None
    ms: int | None = None
    request_id: str | None = None


def panel_name(connection: Connection, scope: Scope) -> str:
    """Of a scope of one panel; empty for a panel that is no longer there."""
    return connection.scalar(scope.select(panels.c.name)) or ""


def hold(connection: Connection) -> None:
    """Until the transaction ends nobody else reserves."""
    connection.execute(select(ai_settings.c.id).with_for_update())


def spent(
    connection: Connection, since: datetime, until: datetime, panel_id: int | None = None, staff_id: int | None = None
) -> Spent:
    """From `since` up to and without `until`: by all, for one panel, or by one person."""
    used = func.coalesce(calls.c.tokens_in, 0) + func.coalesce(calls.c.tokens_out, 0)
    under_way = calls.c.state == ASKING
    tokens = func.coalesce(func.sum(case((under_way, calls.c.reserved), else_=used)), 0)
    cost = func.coalesce(func.sum(case((under_way, calls.c.reserved_cost), else_=calls.c.cost)), 0)
    asked = select(tokens, cost).where(calls.c.at >= since, calls.c.at < until, *of(panel_id, staff_id))
    row = connection.execute(asked).one()
    return Spent(int(row[0]), int(row[1]))


def of(panel_id: int | None, staff_id: int | None) -> list[ColumnElement[bool]]:
    wanted = {calls.c.panel_id: panel_id, calls.c.staff_id: staff_id}
    return [column == value for column, value in wanted.items() if value is not None]


def begin(connection: Connection, now: datetime, row: Mapping[str, Any]) -> int:
    """The number of its row."""
    made = insert(calls).values(at=now, state=ASKING, is_estimated=False, **row).returning(calls.c.id)
    return int(connection.execute(made).scalar_one())


def settle(connection: Connection, call_id: int, outcome: Outcome) -> None:
    """One that was given up for lost in between is settled all the same: what really was is known now."""
    connection.execute(update(calls).where(calls.c.id == call_id).values(**vars(outcome)))


async def settle_lost(connection: AsyncConnection, now: datetime) -> int:
    """Attempts whose process ended: what they had reserved stays counted, since the provider may well have charged for it."""
    lost = update(calls).where(UNDER_WAY, calls.c.at < now - LOST_AFTER)
    taken = {"tokens_in": calls.c.reserved, "tokens_out": 0, "cost": calls.c.reserved_cost}
    held = {"state": FAILED, "problem": INTERRUPTED, "is_estimated": True}
    return (await connection.execute(lost.values(**held, **taken))).rowcount


async def forget(connection: AsyncConnection, now: datetime) -> int:
    return (await connection.execute(delete(calls).where(calls.c.at < now - KEPT))).rowcount
