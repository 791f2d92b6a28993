"""What is done by the clock, in one list. Each job is claimed by a row, so of several workers one does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import housekeeping, leases
from hyperpanel.db.opening import Installation
from sync.clocks import Clock

log = structlog.get_logger()


@dataclass(frozen=True)
class Schedule:
    """`job` runs in a transaction of its own and returns the rows it touched."""

    name: str
    every: timedelta
    job: Callable[[AsyncConnection, datetime], Awaitable[int]]


SCHEDULES = (
    Schedule("forget runs", timedelta(hours=6), housekeeping.forget_runs),
    Schedule("forget sweeps", timedelta(hours=6), housekeeping.forget_sweeps),
    Schedule("forget decisions", timedelta(hours=6), housekeeping.forget_holds),
    Schedule("forget set-aside records", timedelta(hours=6), housekeeping.forget_set_aside),
    Schedule("forget news", timedelta(minutes=5), housekeeping.forget_news),
    Schedule("forget sign-ins", timedelta(hours=6), housekeeping.forget_sign_ins),
    Schedule("forget sessions", timedelta(hours=1), housekeeping.forget_sessions),
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


async def perform(schedule: Schedule, installation: Installation, holder: str, clock: Clock) -> bool:
    """Whether it was ours to do; the lease ends a little before the next time, so that the next claim succeeds."""
    now = clock.now()
    async with installation.database.write() as connection:
        if not await leases.claim(connection, f"schedule:{schedule.name}", holder, now, schedule.every * 0.9):
            return False
        rows = await schedule.job(connection, now)
    log.info("scheduled job done", job=schedule.name, rows=rows)
    return True
