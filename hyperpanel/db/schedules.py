"""Reports by the clock: who wants which one when, what is due, and the files that came of it. hyperpanel.support.schedules does the work."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, ColumnElement, Connection, case, delete, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import schedule_files, schedules

AGAIN = timedelta(minutes=10)
"""One that was claimed and never finished is due again after this."""

KEPT = 30


@dataclass(frozen=True)
class Schedule:
    """`settings`: JSON, as hyperpanel.support.schedules reads it. `trouble`: why the last time brought no file; empty for none."""

    id: str
    name: str
    report: str
    settings: str
    staff_id: int
    every: str
    at_minute: int
    weekday: int | None
    time_zone: str
    format: str
    is_paused: bool
    created_at: datetime
    due_at: datetime
    ran_at: datetime | None
    trouble: str | None


@dataclass(frozen=True)
class File:
    """`panel_ids`: those whose rows are in it."""

    schedule_id: str
    at: datetime
    format: str
    panel_ids: frozenset[int]
    as_of: datetime | None
    on_time: int
    rows: int
    size: int


COLUMNS = tuple(schedules.c[name] for name in Schedule.__dataclass_fields__)


def all_of(connection: Connection, staff_id: int | None) -> list[Schedule]:
    """By name; somebody's own, or with None everybody's."""
    asked = select(*COLUMNS).order_by(schedules.c.name, schedules.c.id)
    mine = asked if staff_id is None else asked.where(schedules.c.staff_id == staff_id)
    return [Schedule(*row) for row in connection.execute(mine)]


def one(connection: Connection, schedule_id: str, staff_id: int | None) -> Schedule | None:
    asked = select(*COLUMNS).where(schedules.c.id == schedule_id)
    mine = asked if staff_id is None else asked.where(schedules.c.staff_id == staff_id)
    row = connection.execute(mine).one_or_none()
    return Schedule(*row) if row else None


def due(connection: Connection, now: datetime) -> list[Schedule]:
    asked = select(*COLUMNS).where(schedules.c.due_at <= now, *free(now))
    return [Schedule(*row) for row in connection.execute(asked.order_by(schedules.c.due_at, schedules.c.id))]


def free(now: datetime) -> list[ColumnElement[bool]]:
    until = schedules.c.claimed_until
    return [schedules.c.is_paused.is_(False), or_(until.is_(None), until <= now)]


async def claim(connection: AsyncConnection, schedule: Schedule, now: datetime) -> bool:
    """Whether it is ours to make now."""
    mine = (schedules.c.id == schedule.id, schedules.c.due_at == schedule.due_at, *free(now))
    return (await connection.execute(update(schedules).where(*mine).values(claimed_until=now + AGAIN))).rowcount == 1


async def ran(connection: AsyncConnection, schedule: Schedule, now: datetime, due_at: datetime, trouble: str) -> bool:
    """Whether it is still there. One that was paused and resumed meanwhile is due when that said."""
    values = {
        "ran_at": now,
        "due_at": newer(schedules.c.due_at, due_at),
        "claimed_until": None,
        "trouble": trouble or None,
    }
    done = await connection.execute(update(schedules).where(schedules.c.id == schedule.id).values(**values))
    return done.rowcount == 1


def newer(column: Column[datetime], moment: datetime) -> ColumnElement[datetime]:
    return case((column > moment, column), else_=literal(moment, column.type))


async def pause(connection: AsyncConnection, schedule_id: str, is_paused: bool, due_at: datetime) -> None:
    values = {"is_paused": is_paused, "due_at": due_at, "claimed_until": None, "trouble": None}
    await connection.execute(update(schedules).where(schedules.c.id == schedule_id).values(**values))


async def stop(connection: AsyncConnection, schedule_id: str) -> None:
    """It stays paused until somebody who may resumes it."""
    await connection.execute(update(schedules).where(schedules.c.id == schedule_id).values(is_paused=True))


async def add(connection: AsyncConnection, **values: Any) -> str:
    made = uuid4().hex
    await connection.execute(insert(schedules).values(id=made, is_paused=False, **values))
    return made


async def remove(connection: AsyncConnection, schedule_id: str) -> list[File]:
    """The files that it had, to be unlinked. The schedule goes first: who notes a file meanwhile has noted it by then, or finds it gone."""
    await connection.execute(delete(schedules).where(schedules.c.id == schedule_id))
    mine = schedule_files.c.schedule_id == schedule_id
    found = [file(row) for row in await connection.execute(select(schedule_files).where(mine))]
    await connection.execute(delete(schedule_files).where(mine))
    return found


async def keep(connection: AsyncConnection, file: File) -> None:
    """One made again for the same window takes the other's place."""
    same = (schedule_files.c.schedule_id == file.schedule_id, schedule_files.c.at == file.at)
    await connection.execute(delete(schedule_files).where(*same))
    values = {name: getattr(file, name) for name in File.__dataclass_fields__ if name != "panel_ids"}
    await connection.execute(insert(schedule_files).values(**values, panels=json.dumps(sorted(file.panel_ids))))


def files(connection: Connection, schedule_ids: Sequence[str]) -> list[File]:
    """The latest first."""
    asked = select(schedule_files).where(schedule_files.c.schedule_id.in_(schedule_ids))
    return [file(row) for row in connection.execute(asked.order_by(schedule_files.c.at.desc()))]


def file(row: Any) -> File:
    panels = frozenset(json.loads(row.panels))
    told = {name: getattr(row, name) for name in File.__dataclass_fields__ if name != "panel_ids"}
    return File(panel_ids=panels, **told)


async def forget(connection: AsyncConnection, file: File) -> None:
    same = (schedule_files.c.schedule_id == file.schedule_id, schedule_files.c.at == file.at)
    await connection.execute(delete(schedule_files).where(*same))
