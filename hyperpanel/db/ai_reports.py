"""Reports of what tickets complain about, found by a model: who wanted which, how far it has come, and who is making it.

One is made by whoever's conditional UPDATE changed its row. Its maker says every few seconds that it is still there; after a while of silence
anybody takes it up, and goes on after the services that are done. It is shown to whoever may see every one of its panels.
"""

import json
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import ai_report_services as services
from hyperpanel.db.schema import ai_reports as reports
from hyperpanel.db.schema import staff as people
from hyperpanel.db.scope import Scope

SILENT = timedelta(seconds=60)
"""One whose maker said nothing for so long is free again."""

MOST_OPEN = 2
"""Waiting or under way, of one person."""

MOST_TRIES = 3
"""Makers that fell silent over one report: it may be what ends them."""

KEPT = timedelta(days=180)
SHOWN = 50
"""Of everybody, and of one's own beside."""

LOOKED_AT = 500
"""At once."""

WAITING, RUNNING, DONE, PARTLY, FAILED, STOPPED = "waiting", "running", "done", "partly", "failed", "stopped"
OPEN = (WAITING, RUNNING)
UNFINISHED = (PARTLY, FAILED, STOPPED)
"""Such a one can be gone on with."""


@dataclass(frozen=True)
class Report:
    """`problem`: rights, or a kind of hyperpanel.ai.asks.KINDS. `prompt_id` None: the built-in one."""

    id: str
    staff_id: int
    by: str
    panel_ids: tuple[int, ...]
    since: datetime
    until: datetime
    least: int
    language: str
    prompt_id: int | None
    prompt_version: int
    prompt_title: str
    state: str
    tickets: int | None
    covered: int | None
    problem: str | None
    holder: str | None
    at: datetime
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def as_of(self) -> datetime:
        return self.ended_at or self.at


NAMED = [reports.c["panels" if name == "panel_ids" else name] for name in Report.__dataclass_fields__]


def report(row: Any) -> Report:
    told = dict(zip(Report.__dataclass_fields__, row, strict=True))
    return Report(**told | {"panel_ids": tuple(json.loads(told["panel_ids"]))})


def may_see(scope: Scope, found: Report) -> bool:
    return bool(found.panel_ids) and all(scope.holds(panel_id) for panel_id in found.panel_ids)


def of(connection: Connection, scope: Scope, staff_id: int | None = None) -> list[Report]:
    """The latest first. Those of this person do not go missing behind newer ones of others."""
    found = list(islice(seen(connection, scope, "at"), SHOWN))
    if staff_id is not None:
        own = islice(seen(connection, scope, "at", reports.c.staff_id == staff_id), SHOWN)
        found += [one for one in own if one not in found]
    return sorted(sorted(found, key=lambda one: one.id), key=lambda one: one.at, reverse=True)


def seen(connection: Connection, scope: Scope, by: str, *where: ColumnElement[bool]) -> Iterator[Report]:
    """Whose panels may all be seen, the latest first. No index knows that, so they are looked through until whoever asks has enough."""
    at = reports.c[by]
    asked = select(*NAMED).where(*where).order_by(at.desc(), reports.c.id).limit(LOOKED_AT)
    found = [report(row) for row in connection.execute(asked)]
    while found:
        yield from (one for one in found if may_see(scope, one))
        last, before = found[-1], getattr(found[-1], by)
        rest = asked.where(at <= before, or_(at < before, reports.c.id > last.id))
        found = [report(row) for row in connection.execute(rest)] if len(found) == LOOKED_AT else []


def one(connection: Connection, scope: Scope, report_id: str) -> Report | None:
    row = connection.execute(select(*NAMED).where(reports.c.id == report_id)).one_or_none()
    found = report(row) if row else None
    return found if found and may_see(scope, found) else None


def covering(
    connection: Connection, scope: Scope, panel_ids: Collection[int], since: datetime, until: datetime
) -> Report | None:
    """The latest with a result, about any of these panels and at least half of this time."""
    is_near = reports.c.until > since, reports.c.since < until
    # The state is looked at here: in the query it would draw a database away from the index that has the order.
    ended = seen(connection, scope, "ended_at", reports.c.ended_at.is_not(None), *is_near)
    found = (one for one in ended if one.state in (DONE, PARTLY) and set(panel_ids) & set(one.panel_ids))
    return next((one for one in found if is_half(one, since, until)), None)


def is_half(found: Report, since: datetime, until: datetime) -> bool:
    return 2 * (min(found.until, until) - max(found.since, since)) >= until - since


def free(now: datetime) -> ColumnElement[bool]:
    silent = or_(reports.c.seen_at.is_(None), reports.c.seen_at <= now - SILENT)
    return or_(reports.c.state == WAITING, and_(reports.c.state == RUNNING, silent))


def is_any_free(connection: Connection, now: datetime) -> bool:
    return connection.scalar(select(reports.c.id).where(free(now)).limit(1)) is not None


async def add(connection: AsyncConnection, staff_id: int, panel_ids: Sequence[int], **values: Any) -> str | None:
    """Its id; None where this person has as many under way as anybody may."""
    if await has_most(connection, staff_id):
        return None
    made = secrets.token_hex(12)
    told = {"id": made, "staff_id": staff_id, "panels": json.dumps(sorted(panel_ids)), "state": WAITING}
    await connection.execute(insert(reports).values(**told, **values))
    return made


async def has_most(connection: AsyncConnection, staff_id: int) -> bool:
    # One after another: two that count at the same time would both find room.
    await connection.execute(select(people.c.id).where(people.c.id == staff_id).with_for_update())
    mine = select(func.count(reports.c.id)).where(reports.c.staff_id == staff_id, reports.c.state.in_(OPEN))
    return (await connection.scalar(mine) or 0) >= MOST_OPEN


async def claim(connection: AsyncConnection, holder: str, now: datetime) -> Report | None:
    """The one that waits longest, if there is any: from now on it is this holder's."""
    first = select(*NAMED, reports.c.tries).where(free(now)).order_by(reports.c.at, reports.c.id).limit(1)
    found = (await connection.execute(first)).one_or_none()
    if found is None:
        return None
    mine = update(reports).where(reports.c.id == found[0], free(now))
    if found[-1] >= MOST_TRIES:
        await connection.execute(mine.values(state=FAILED, problem="broken", holder=None, ended_at=now))
        return None
    told = {"state": RUNNING, "holder": holder, "seen_at": now, "tries": reports.c.tries + 1}
    taken = await connection.execute(mine.values(told))
    return report(found[:-1]) if taken.rowcount == 1 else None


def held(report_id: str, holder: str) -> ColumnElement[bool]:
    return and_(reports.c.id == report_id, reports.c.holder == holder, reports.c.state == RUNNING)


async def go_on(connection: AsyncConnection, report_id: str, holder: str, now: datetime, **values: Any) -> bool:
    """Whether it is still this holder's to make: it may have been stopped, or taken up by another."""
    told = update(reports).where(held(report_id, holder)).values(seen_at=now, **values)
    return (await connection.execute(told)).rowcount == 1


async def end(
    connection: AsyncConnection, report_id: str, holder: str, state: str, problem: str | None, now: datetime
) -> bool:
    told = {"state": state, "problem": problem, "holder": None, "ended_at": now}
    return (await connection.execute(update(reports).where(held(report_id, holder)).values(told))).rowcount == 1


async def give_back(connection: AsyncConnection, report_id: str, holder: str) -> None:
    """Its maker ends: anybody may take it up at once."""
    again = {"state": WAITING, "holder": None, "tries": reports.c.tries - 1}
    await connection.execute(update(reports).where(held(report_id, holder)).values(again))


async def stop(connection: AsyncConnection, report_id: str, now: datetime) -> bool:
    """Whether it was still under way."""
    mine = update(reports).where(reports.c.id == report_id, reports.c.state.in_(OPEN))
    return (await connection.execute(mine.values(state=STOPPED, holder=None, ended_at=now))).rowcount == 1


async def resume(connection: AsyncConnection, report_id: str) -> bool:
    """Whether it was there to be gone on with."""
    again = {"state": WAITING, "problem": None, "ended_at": None, "tries": 0}
    mine = update(reports).where(reports.c.id == report_id, reports.c.state.in_(UNFINISHED))
    return (await connection.execute(mine.values(again))).rowcount == 1


async def remove(connection: AsyncConnection, report_ids: Collection[str]) -> None:
    """With its services. One under way is stopped first."""
    await connection.execute(delete(services).where(services.c.report_id.in_(report_ids)))
    await connection.execute(delete(reports).where(reports.c.id.in_(report_ids)))


async def forget(connection: AsyncConnection, now: datetime) -> int:
    """Those that ended long ago."""
    old = select(reports.c.id).where(reports.c.ended_at < now - KEPT, reports.c.state.not_in(OPEN))
    gone = list((await connection.scalars(old)).all())
    if gone:
        await remove(connection, gone)
    return len(gone)


async def forget_panel(connection: AsyncConnection, panel_id: int) -> None:
    """A panel that is removed has left the reports, its services before it: one about no other goes, one under way ends."""
    for row in (await connection.execute(select(reports.c.id, reports.c.panels))).all():
        named = json.loads(row.panels)
        if panel_id in named:
            mine, left = reports.c.id == row.id, [one for one in named if one != panel_id]
            if left:
                ended = {"state": STOPPED, "holder": None, "ended_at": reports.c.at}
                await connection.execute(update(reports).where(mine, reports.c.state.in_(OPEN)).values(ended))
                await connection.execute(update(reports).where(mine).values(panels=json.dumps(left)))
            else:
                await connection.execute(delete(reports).where(mine))
