"""A sync worker put together: the loop, its connectors, and the row that says it is alive.

Several processes may run it: each feed is claimed by a row, so they share the work.
"""

import asyncio
from datetime import timedelta
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError

from hyperpanel.clock import SystemClock
from hyperpanel.db import leases
from hyperpanel.db.claims import LEASE
from hyperpanel.db.opening import Installation
from hyperpanel.db.store import DatabaseStore, new_holder
from hyperpanel.support.sync_settings import limits, pace
from hyperpanel.support.upstreams import Connectors
from hyperpanel.worker.chores import scheduler
from sync.clocks import Clock
from sync.loop import Loop
from sync.store import FeedKey
from sync.verdicts import Trouble

log = structlog.get_logger()
ALIVE_EVERY = 3.0
ALIVE_FOR = timedelta(seconds=10)


async def work(installation: Installation, stop: asyncio.Event, clock: Clock | None = None) -> None:
    """Read every panel until `stop`."""
    clock = clock or SystemClock()
    settings = installation.settings.sync
    store = DatabaseStore(installation.database, clock, pace(settings), installation.vault)
    await store.release_dead()
    connectors = Connectors(installation)
    loop = Loop(
        store=store,
        clock=clock,
        holder=new_holder(),
        lease=LEASE,
        connect=connectors.connect,
        limits=lambda feed: limits(settings, store.rules, feed),
        failed=report_bug,
        stumbled=report_stumble,
        at_once=settings.at_once,
    )
    alive = asyncio.create_task(stay_alive(installation, loop.holder, clock))
    by_the_clock = scheduler(installation, loop.holder, clock)
    by_the_clock.start()
    try:
        await loop.run(stop)
    finally:
        by_the_clock.shutdown(wait=False)
        alive.cancel()
        await asyncio.gather(alive, return_exceptions=True)
        await connectors.close()
        await store.release(loop.holder)
        async with installation.database.write() as connection:
            await leases.end(connection, name(loop.holder))


async def stay_alive(installation: Installation, holder: str, clock: Clock) -> None:
    """A locked or restarting database is waited out: a worker that lives must not look dead for good."""
    while True:
        try:
            async with installation.database.write() as connection:
                await leases.renew(connection, name(holder), holder, clock.now(), ALIVE_FOR)
        except DBAPIError as problem:
            log.warning("the sign of life could not be written", problem=str(problem.orig))
        await clock.sleep(ALIVE_EVERY)


def name(holder: str) -> str:
    return f"worker:{holder}"


def report_stumble(problem: Exception) -> None:
    log.error("what is due could not be read; it is tried again", exc_info=problem)


def report_bug(feed: FeedKey, bug: Exception) -> Trouble:
    """With the number under which the log holds the traceback."""
    number = uuid4().hex[:8]
    log.error(
        "sync run failed by a fault of this program or its database",
        error=number,
        panel_id=feed.panel_id,
        stream=feed.stream,
        exc_info=bug,
    )
    return Trouble("database" if isinstance(bug, OperationalError) else "bug", number=number)
