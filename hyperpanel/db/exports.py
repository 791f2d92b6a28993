"""Large exports: who wants which list as a file, how far it has come, and who is making it. The files are hyperpanel.web.export_runs' business.

One is made by whoever's conditional UPDATE changed its row. Its maker says every second or so that it is still there; after a while of
silence anybody takes it up again, from the beginning.
"""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import staff
from hyperpanel.db.schema import exports
from hyperpanel.db.schema import staff as people
from hyperpanel.db.staff import COLUMNS, Person

SILENT = timedelta(seconds=60)
"""One whose maker said nothing for so long is free again."""

MOST_OPEN = 3
"""Waiting or under way, of one person."""

MOST_TRIES = 3
"""Makers that fell silent over one export: it may be what ends them."""

SHOWN = 50
WAITING, RUNNING, DONE, FAILED, STOPPED = "waiting", "running", "done", "failed", "stopped"
OPEN = (WAITING, RUNNING)


@dataclass(frozen=True)
class Export:
    """`query`: that part of the list's address. `panel_ids` and `permissions`: what its person must still be allowed. `problem`: rights,
    shorter or broken."""

    id: str
    staff_id: int
    noun: str
    query: str
    panel_ids: frozenset[int]
    permissions: frozenset[str]
    format: str
    language: str
    time_zone: str
    state: str
    rows: int
    of_rows: int | None
    size: int | None
    holder: str | None
    problem: str | None
    at: datetime
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


KEPT = {"panel_ids": exports.c.panels, "permissions": exports.c.permissions}
NAMED = [KEPT[name] if name in KEPT else exports.c[name] for name in Export.__dataclass_fields__]


def export(row: Any) -> Export:
    told = dict(zip(Export.__dataclass_fields__, row, strict=True))
    return Export(**told | {name: frozenset(json.loads(told[name])) for name in KEPT})


def of(connection: Connection, staff_id: int) -> list[Export]:
    """Somebody's own, the latest first."""
    asked = select(*NAMED).where(exports.c.staff_id == staff_id)
    rows = connection.execute(asked.order_by(exports.c.at.desc(), exports.c.id).limit(SHOWN))
    return [export(row) for row in rows]


def one(connection: Connection, export_id: str, staff_id: int) -> Export | None:
    asked = select(*NAMED).where(exports.c.id == export_id, exports.c.staff_id == staff_id)
    row = connection.execute(asked).one_or_none()
    return export(row) if row else None


def person(connection: Connection, staff_id: int) -> Person | None:
    """As they are now; None for somebody who was disabled."""
    asked = select(*COLUMNS, people.c.all_panels).where(people.c.id == staff_id, people.c.disabled_at.is_(None))
    row = connection.execute(asked).one_or_none()
    return staff.person(connection, row) if row else None


def username(connection: Connection, staff_id: int) -> str:
    return connection.scalar(select(people.c.username).where(people.c.id == staff_id)) or ""


def free(now: datetime) -> ColumnElement[bool]:
    silent = or_(exports.c.seen_at.is_(None), exports.c.seen_at <= now - SILENT)
    return or_(exports.c.state == WAITING, and_(exports.c.state == RUNNING, silent))


def is_any_free(connection: Connection, now: datetime) -> bool:
    return connection.scalar(select(exports.c.id).where(free(now)).limit(1)) is not None


async def add(
    connection: AsyncConnection, staff_id: int, panel_ids: Collection[int], permissions: Collection[str], **values: Any
) -> str | None:
    """Its id; None where this person has as many under way as anybody may."""
    # One after another: two that count at the same time would both find room.
    await connection.execute(select(people.c.id).where(people.c.id == staff_id).with_for_update())
    mine = select(func.count(exports.c.id)).where(exports.c.staff_id == staff_id, exports.c.state.in_(OPEN))
    if (await connection.scalar(mine) or 0) >= MOST_OPEN:
        return None
    made = secrets.token_hex(12)
    told = {"panels": json.dumps(sorted(panel_ids)), "permissions": json.dumps(sorted(permissions))}
    await connection.execute(insert(exports).values(id=made, staff_id=staff_id, state=WAITING, **told, **values))
    return made


async def claim(connection: AsyncConnection, holder: str, now: datetime) -> Export | None:
    """The one that waits longest, if there is any: from now on it is this holder's."""
    found = (
        await connection.execute(select(*NAMED).where(free(now)).order_by(exports.c.at, exports.c.id).limit(1))
    ).one_or_none()
    if found is None:
        return None
    mine = update(exports).where(exports.c.id == found[0], free(now))
    tried = exports.c.tries + 1
    if (await connection.scalar(select(exports.c.tries).where(exports.c.id == found[0])) or 0) >= MOST_TRIES:
        await connection.execute(mine.values(state=FAILED, problem="broken", holder=None, ended_at=now))
        return None
    told = {"state": RUNNING, "holder": holder, "seen_at": now, "rows": 0, "of_rows": None, "tries": tried}
    taken = await connection.execute(mine.values(told))
    return export(found) if taken.rowcount == 1 else None


def held(export_id: str, holder: str) -> ColumnElement[bool]:
    return and_(exports.c.id == export_id, exports.c.holder == holder, exports.c.state == RUNNING)


async def go_on(
    connection: AsyncConnection, export_id: str, holder: str, rows: int, of_rows: int | None, now: datetime
) -> bool:
    """Whether it is still this holder's to make: it may have been stopped, or taken up by another."""
    told = update(exports).where(held(export_id, holder)).values(rows=rows, of_rows=of_rows, seen_at=now)
    return (await connection.execute(told)).rowcount == 1


async def end(
    connection: AsyncConnection, export_id: str, holder: str, state: str, now: datetime, **values: Any
) -> bool:
    ended = update(exports).where(held(export_id, holder)).values(state=state, holder=None, ended_at=now, **values)
    return (await connection.execute(ended)).rowcount == 1


async def give_back(connection: AsyncConnection, export_id: str, holder: str) -> None:
    """Its maker ends: anybody may take it up at once."""
    again = {"state": WAITING, "holder": None, "rows": 0, "tries": exports.c.tries - 1}
    await connection.execute(update(exports).where(held(export_id, holder)).values(again))


async def stop(connection: AsyncConnection, export_id: str, now: datetime) -> bool:
    """Whether it was still under way."""
    mine = update(exports).where(exports.c.id == export_id, exports.c.state.in_(OPEN))
    return (await connection.execute(mine.values(state=STOPPED, holder=None, ended_at=now))).rowcount == 1


async def forget(connection: AsyncConnection, export_ids: Collection[str]) -> None:
    await connection.execute(delete(exports).where(exports.c.id.in_(export_ids), exports.c.state.not_in(OPEN)))


async def forget_panel(connection: AsyncConnection, panel_id: int) -> None:
    """Whatever was made of a panel that is removed: who makes one of them finds it gone, and the files go with the next sweep."""
    rows = await connection.execute(select(exports.c.id, exports.c.panels))
    gone = [row.id for row in rows if panel_id in json.loads(row.panels)]
    await connection.execute(delete(exports).where(exports.c.id.in_(gone)))


def all_ids(connection: Connection) -> set[str]:
    return set(connection.scalars(select(exports.c.id)))


def old(connection: Connection, before: datetime) -> list[str]:
    """Those that ended before this moment."""
    return list(connection.scalars(select(exports.c.id).where(exports.c.ended_at < before)))
