"""Scheduled reports made into files: what is due is claimed, made in the reader process, written beside its predecessors, and noted.

A schedule sees what its person sees when it runs. Once that person was disabled it stops; every other trouble is told, and the next time may
bring a file again. A window ends when the report was due, however late the worker was; one as long as its rhythm begins when the report was due
before, whatever the clocks did between. What was missed while no worker ran is made afterwards, the oldest first, as far back as files are kept.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import structlog
from sqlalchemy import Connection

from hyperpanel.db import panels, schedules, staff
from hyperpanel.db.opening import Installation
from hyperpanel.db.panels import Panel
from hyperpanel.db.reader import ReaderFailed
from hyperpanel.db.schedules import KEPT, File, Schedule
from hyperpanel.db.staff import Person
from hyperpanel.errors import HyperpanelError, Missing
from hyperpanel.support import feed_ages, profiles, reports, roles
from hyperpanel.support.feed_ages import Standing
from hyperpanel.support.report_files import Table, csv_of, json_of
from hyperpanel.support.reports import REPORTS, Wanted
from hyperpanel.support.schedule_times import first_missed, following, window_of
from hyperpanel.support.wanted import N_

log = structlog.get_logger()
DISABLED, ROLE, PANELS, PROFILE, FAILED, UNWRITTEN = "disabled", "role", "panels", "profile", "failed", "unwritten"
TROUBLES = {
    DISABLED: N_("It stopped: whoever made it can no longer sign in."),
    ROLE: N_("The role of whoever made it no longer allows this report."),
    PANELS: N_("Whoever made it sees no panel."),
    PROFILE: N_("Its profile was deleted."),
    FAILED: N_("The report could not be made. The worker’s log says why; it is tried again the next time."),
    UNWRITTEN: N_("The file could not be written. Look at the folder that reports.folder of the settings names."),
}


class Settings(msgspec.Struct, frozen=True):
    """Of a schedule. `by`: of volume and margin."""

    hours: float = 24
    profile: str = ""
    by: str = "panel"


class Trouble(Exception):
    """One of TROUBLES."""


@dataclass(frozen=True)
class Order:
    """What there is to make: the report with all that it is asked, and how its panels stand."""

    schedule: Schedule
    wanted: Wanted
    panels: Mapping[int, Panel]
    standings: Mapping[int, Standing]

    @property
    def at(self) -> datetime:
        return self.wanted.window.until


def settings_of(schedule: Schedule) -> Settings:
    return msgspec.json.decode(schedule.settings, type=Settings)


def place(folder: str, file: File) -> Path:
    """Nothing of it was typed by anybody."""
    return Path(folder) / file.schedule_id / f"{file.at:%Y%m%dT%H%M%SZ}.{file.format}"


async def run_due(installation: Installation, now: datetime) -> int:
    """How many files were to be made. Each is claimed by its schedule's row, so of several workers one makes it."""
    count = 0
    while some := await installation.database.read(lambda connection: schedules.due(connection, now)):
        for schedule in some:
            async with installation.database.write() as connection:
                is_mine = await schedules.claim(connection, schedule, now)
            if is_mine:
                await run(installation, schedule, now)
                count += 1
    return count


async def run(installation: Installation, schedule: Schedule, now: datetime) -> None:
    """The first that was missed. What is wrong with one schedule stops no other."""
    trouble, file = "", None
    try:
        schedule = replace(schedule, due_at=first_missed(schedule, now))
        file = await make(installation, schedule, now)
    except Trouble as problem:
        trouble = str(problem)
    except OSError as problem:
        log.error("a scheduled report could not be written", schedule=schedule.name, problem=str(problem))
        trouble = UNWRITTEN
    except (HyperpanelError, ReaderFailed) as problem:
        log.error("a scheduled report failed", schedule=schedule.name, problem=str(problem))
        trouble = FAILED
    except Exception:
        log.exception("a scheduled report failed", schedule=schedule.name)
        trouble = FAILED
    await note(installation, schedule, now, file, trouble)


async def note(installation: Installation, schedule: Schedule, now: datetime, file: File | None, trouble: str) -> None:
    """Of a schedule that was deleted meanwhile no file stays."""
    async with installation.database.write() as connection:
        is_there = await schedules.ran(connection, schedule, now, following(schedule, now), trouble)
        if file is not None and is_there:
            await schedules.keep(connection, file)
        if trouble == DISABLED:
            await schedules.stop(connection, schedule.id)
    if file is not None and is_there:
        await tidy(installation, schedule)
    elif file is not None:
        place(installation.settings.reports.folder, file).unlink(missing_ok=True)


async def make(installation: Installation, schedule: Schedule, now: datetime) -> File:
    order = await installation.database.read(lambda connection: ordered(connection, installation, schedule, now))
    table = await installation.database.reader.ask(reports.made, schedule.report, order.wanted)
    body = csv_of(table) if schedule.format == "csv" else json_of(table, about(order))
    file = noted(order, table, len(body))
    await asyncio.to_thread(write, place(installation.settings.reports.folder, file), body)
    return file


def ordered(connection: Connection, installation: Installation, schedule: Schedule, now: datetime) -> Order:
    """Raises Trouble where it cannot be."""
    report, settings = REPORTS[schedule.report], settings_of(schedule)
    person = owner(connection, schedule)
    if not roles.may(person.role, report.permission):
        raise Trouble(ROLE)
    seen = {panel.id: panel for panel in panels.all_of(connection, person.scope)}
    if not seen:
        raise Trouble(PANELS)
    scope = person.scope.narrowed(seen)
    window, zone = window_of(schedule, settings.hours), ZoneInfo(schedule.time_zone)
    wanted = Wanted(scope, window, zone, settings=installation.settings.reports, by=settings.by)
    standings = feed_ages.standings(connection, scope, report.streams, installation.settings.sync, now)
    return Order(schedule, profiled(connection, wanted, report.profile, settings.profile), seen, standings)


def owner(connection: Connection, schedule: Schedule) -> Person:
    found = next((one for one in staff.all_of(connection) if one.id == schedule.staff_id), None)
    if found is None or found.disabled_at is not None:
        raise Trouble(DISABLED)
    return found


def profiled(connection: Connection, wanted: Wanted, kind: str, profile_id: str) -> Wanted:
    if not profile_id or not kind:
        return wanted
    try:
        found = profiles.one(connection, kind, profile_id)
    except Missing:
        raise Trouble(PROFILE) from None
    return replace(wanted, services=found.services, users=found.users)


def about(order: Order) -> dict[str, object]:
    window = order.wanted.window
    file = noted(order, Table((), ()), 0)
    return {
        "report": order.schedule.report,
        "schedule": order.schedule.name,
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "as_of": file.as_of.isoformat() if file.as_of else None,
        "panels_on_time": file.on_time,
        "panels_in_all": len(order.panels),
        "panels": [told(panel, order.standings.get(panel.id)) for panel in order.panels.values()],
    }


def told(panel: Panel, standing: Standing | None) -> dict[str, str | None]:
    as_of = standing.as_of if standing else None
    state = standing.state if standing else "never"
    return {"panel": panel.name, "state": state, "as_of": as_of.isoformat() if as_of else None}


def noted(order: Order, table: Table, size: int) -> File:
    ages = [one.as_of for one in order.standings.values() if one.as_of is not None]
    return File(
        schedule_id=order.schedule.id,
        at=order.at,
        format=order.schedule.format,
        panel_ids=frozenset(order.panels),
        as_of=min(ages, default=None),
        on_time=sum(one.state == "on_time" for one in order.standings.values()),
        rows=len(table.rows),
        size=size,
    )


def write(place: Path, body: bytes) -> None:
    """All of it or nothing, for whoever reads meanwhile."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place.with_suffix(f"{place.suffix}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place)


async def tidy(installation: Installation, schedule: Schedule) -> None:
    """The last ones stay."""
    found = await installation.database.read(lambda connection: schedules.files(connection, [schedule.id]))
    for old in found[KEPT:]:
        place(installation.settings.reports.folder, old).unlink(missing_ok=True)
        async with installation.database.write() as connection:
            await schedules.forget(connection, old)
