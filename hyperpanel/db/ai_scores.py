"""Runs of the evaluation set: one at a time for the same prompt, provider, model and cases, with how far it is, and what it came to.

A run is held by the process that does it, which says so now and then; one that has been silent is nobody's, and another may begin.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import ai_scores as scores

SILENT = timedelta(seconds=150)
"""Longer than one answer may take, so that nobody under way is taken for gone."""

RUNNING, STOPPING, DONE, STOPPED, FAILED = "running", "stopping", "done", "stopped", "failed"
STATES = (RUNNING, STOPPING, DONE, STOPPED, FAILED)
UNDER_WAY = (RUNNING, STOPPING)


@dataclass(frozen=True)
class Of:
    """What a score belongs to. `prompt`: the digest of its texts; `cases`: the digest of the cases; `provider` and `model`: those asked."""

    purpose: str
    prompt: str
    provider: str
    model: str
    cases: str


@dataclass(frozen=True)
class Run:
    """`result`: JSON, as hyperpanel.ai.eval_scores reads it; `problem`: the kind of trouble that ended it early. One that was stopped, broken
    off, or met a budget, may have a result of fewer cases."""

    id: int
    of: Of
    state: str
    of_cases: int
    done: int
    result: str | None
    problem: str | None
    seen_at: datetime | None
    by: str
    at: datetime
    ended_at: datetime | None

    def is_under_way(self, now: datetime) -> bool:
        return self.state in UNDER_WAY and self.seen_at is not None and now - self.seen_at < SILENT


COLUMNS = tuple(scores.c[name] for name in ("purpose", "prompt", "provider", "model", "cases"))
REST = tuple(scores.c[name] for name in list(Run.__dataclass_fields__)[2:])


def asked() -> Select[Any]:
    return select(scores.c.id, *COLUMNS, *REST)


def made(row: Sequence[Any]) -> Run:
    return Run(row[0], Of(*row[1:6]), *row[6:])


def one(connection: Connection, run_id: int) -> Run | None:
    row = connection.execute(asked().where(scores.c.id == run_id)).one_or_none()
    return made(row) if row else None


def latest(connection: Connection, purpose: str, prompts: Collection[str], cases: str | None = None) -> dict[str, Run]:
    """Of each prompt its latest run that came to something, by its digest; over these cases where they are named.
    Results are long: one is read of each."""
    where = [scores.c.purpose == purpose, scores.c.prompt.in_(prompts), scores.c.result.is_not(None)]
    where += [scores.c.cases == cases] if cases else []
    newest = select(func.max(scores.c.id)).where(*where).group_by(scores.c.prompt)
    rows = connection.execute(asked().where(scores.c.id.in_(newest)))
    return {run.of.prompt: run for run in map(made, rows)}


def kept(connection: Connection, purpose: str, most: int = 50) -> list[Run]:
    """Those of a purpose that came to something, the latest first."""
    where = and_(scores.c.purpose == purpose, scores.c.result.is_not(None))
    rows = connection.execute(asked().where(where).order_by(scores.c.at.desc(), scores.c.id.desc()).limit(most))
    return [made(row) for row in rows]


def same(of: Of) -> Any:
    return and_(*(column == getattr(of, column.name) for column in COLUMNS))


def under_way(connection: Connection, of: Of, now: datetime) -> Run | None:
    rows = connection.execute(asked().where(same(of), scores.c.state.in_(UNDER_WAY)).order_by(scores.c.id.desc()))
    return next((run for run in map(made, rows) if run.is_under_way(now)), None)


async def begin(connection: AsyncConnection, of: Of, of_cases: int, by: str, holder: str, now: datetime) -> int | None:
    """Its id; None where the same is under way already. Runs begin one after another, so that each sees those before it."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE ai_scores IN SHARE ROW EXCLUSIVE MODE"))
    mine = update(scores).where(same(of), scores.c.state.in_(UNDER_WAY), scores.c.seen_at <= now - SILENT)
    await connection.execute(mine.values(state=FAILED, problem="interrupted", ended_at=now))
    if await connection.run_sync(lambda synchronous: under_way(synchronous, of, now)):
        return None
    row = {**vars(of), "state": RUNNING, "of_cases": of_cases, "done": 0, "holder": holder, "seen_at": now}
    new = insert(scores).values(**row, by=by, at=now).returning(scores.c.id)
    return int((await connection.execute(new)).scalar_one())


async def tell(connection: AsyncConnection, run_id: int, holder: str, done: int, now: datetime) -> bool:
    """How far it is: whether it should go on, which it should not once somebody has stopped it or it was taken for gone."""
    mine = update(scores).where(scores.c.id == run_id, scores.c.holder == holder, scores.c.state == RUNNING)
    return (await connection.execute(mine.values(done=done, seen_at=now))).rowcount == 1


async def stop(connection: AsyncConnection, run_id: int) -> bool:
    """Whoever does it ends it at the next case, with what it has."""
    going = update(scores).where(scores.c.id == run_id, scores.c.state == RUNNING)
    return (await connection.execute(going.values(state=STOPPING))).rowcount == 1


async def end(
    connection: AsyncConnection,
    run_id: int,
    holder: str,
    state: str,
    done: int,
    result: str | None,
    problem: str | None,
    now: datetime,
) -> None:
    mine = update(scores).where(scores.c.id == run_id, scores.c.holder == holder, scores.c.state.in_(UNDER_WAY))
    values = {"state": state, "done": done, "result": result, "problem": problem, "seen_at": now, "ended_at": now}
    await connection.execute(mine.values(**values))
