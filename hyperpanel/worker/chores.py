"""What is done by the clock, in one list. Each job is claimed by a row, so of several workers one does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import (
    ai_calls,
    ai_reports,
    allotting,
    api_uses,
    changes,
    housekeeping,
    leases,
    notes,
    run_keeping,
    service_scores,
    sync_rules,
)
from hyperpanel.db.opening import Installation
from hyperpanel.support import (
    audit_watch,
    export_files,
    outage_watch,
    retention,
    schedules,
    scoring,
    search_upkeep,
    snoozing,
    staff_seen,
    sync_settings,
)
from sync.clocks import Clock

log = structlog.get_logger()
OFTEN = timedelta(minutes=1)
"""What runs more often than that tells only what it did."""


@dataclass(frozen=True)
class Schedule:
    """`job` runs in a transaction of its own and returns the rows it touched."""

    name: str
    every: timedelta
    job: Callable[[AsyncConnection, datetime], Awaitable[int]]


@dataclass(frozen=True)
class Errand:
    """A job that takes longer than a transaction may: it makes its own ones. Broken off, it is done again at its next time."""

    name: str
    every: timedelta
    job: Callable[[Installation, datetime], Awaitable[int]]


async def write_scores_down(installation: Installation, now: datetime) -> int:
    return await scoring.write_down(installation.database, installation.settings.sync, now)


async def wake_snoozes(installation: Installation, now: datetime) -> int:
    return await snoozing.wake_up(installation.database, installation.settings.sync, now)


async def write_reports(installation: Installation, now: datetime) -> int:
    return await schedules.run_due(installation, now)


async def look_for_outages(installation: Installation, now: datetime) -> int:
    return await outage_watch.look(installation.database, now)


async def follow_the_audit(installation: Installation, now: datetime) -> int:
    return await audit_watch.look(installation.database, now)


async def index_texts(installation: Installation, _: datetime) -> int:
    return await search_upkeep.catch_up(installation.database)


async def see_who_answers(installation: Installation, now: datetime) -> int:
    return await staff_seen.look(installation.database, now)


async def forget_runs(installation: Installation, now: datetime) -> int:
    return await run_keeping.forget(installation.database, now)


async def forget_changes(installation: Installation, now: datetime) -> int:
    return await changes.forget(installation.database, now, timedelta(days=installation.settings.api.changes_days))


async def forget_exports(installation: Installation, now: datetime) -> int:
    return await export_files.forget(installation.database, installation.settings.web, now)


async def give_calls_out(installation: Installation, now: datetime) -> int:
    usual = sync_settings.pace(installation.settings.sync)
    rules = await installation.database.read(lambda connection: sync_rules.load(connection, usual))
    return await allotting.give_out(installation.database, rules, now)


SCHEDULES: tuple[Schedule | Errand, ...] = (
    Errand("forget runs", timedelta(hours=6), forget_runs),
    Schedule("forget sweeps", timedelta(hours=6), housekeeping.forget_sweeps),
    Schedule("forget decisions", timedelta(hours=6), housekeeping.forget_holds),
    Schedule("forget set-aside records", timedelta(hours=6), housekeeping.forget_set_aside),
    Schedule("forget news", timedelta(minutes=5), housekeeping.forget_news),
    Errand("forget changes", timedelta(hours=1), forget_changes),
    Schedule("forget sign-ins", timedelta(hours=6), housekeeping.forget_sign_ins),
    Schedule("forget uses of keys", timedelta(hours=1), api_uses.forget),
    Schedule("forget sessions", timedelta(hours=1), housekeeping.forget_sessions),
    Schedule("forget deleted notes", timedelta(minutes=10), notes.forget),
    Errand("forget exports", timedelta(minutes=10), forget_exports),
    Schedule("forget reports by AI", timedelta(hours=6), ai_reports.forget),
    Schedule("forget scores", timedelta(hours=6), service_scores.forget),
    Errand("erase what is too old", timedelta(minutes=1), retention.erase),
    Errand("forget answers of AI", timedelta(hours=6), retention.forget_answers),
    Schedule("settle lost calls of AI", timedelta(minutes=1), ai_calls.settle_lost),
    Schedule("forget calls of AI", timedelta(hours=6), ai_calls.forget),
    Errand("give calls out", timedelta(minutes=1), give_calls_out),
    Errand("write scores down", timedelta(hours=1), write_scores_down),
    Errand("wake snoozes", timedelta(minutes=5), wake_snoozes),
    Errand("look for outages", timedelta(minutes=2), look_for_outages),
    Errand("follow the audit", timedelta(minutes=10), follow_the_audit),
    Errand("index texts", timedelta(seconds=5), index_texts),
    Errand("see who answers", timedelta(hours=1), see_who_answers),
    Errand("write reports", timedelta(minutes=1), write_reports),
)


def scheduler(installation: Installation, holder: str, clock: Clock) -> AsyncIOScheduler:
    """Ready to be started. A worker that was away does each job once, not as often as it missed it."""
    made = AsyncIOScheduler(timezone="UTC")
    for schedule in SCHEDULES:
        made.add_job(
            perform,
            "interval",
            args=(schedule, installation, holder, clock),
            seconds=schedule.every.total_seconds(),
            next_run_time=clock.now() + timedelta(seconds=30),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=3600,
        )
    return made


async def perform(schedule: Schedule | Errand, installation: Installation, holder: str, clock: Clock) -> bool:
    """Whether it was ours to do; the lease ends a little before the next time, so that the next claim succeeds."""
    now = clock.now()
    async with installation.database.write() as connection:
        if not await leases.claim(connection, f"schedule:{schedule.name}", holder, now, schedule.every * 0.9):
            return False
        if isinstance(schedule, Schedule):
            rows = await schedule.job(connection, now)
    if isinstance(schedule, Errand):
        rows = await schedule.job(installation, now)
    if rows or schedule.every >= OFTEN:
        log.info("scheduled job done", job=schedule.name, rows=rows)
    return True
