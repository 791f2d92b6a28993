"""A disk without room: the worker says so and lives, pages are read, nothing is half written, and with room it goes on by itself.

On SQLite, whose disk is this machine's. Once by its own bound on the file's pages, under which small changes still go through and pages of
records do not; once by the kernel's bound on files, under which each write to the log fails in the middle.
"""

import asyncio
import resource
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from sqlalchemy import Engine, event

from hyperpanel.db.engine import Database
from hyperpanel.worker import work
from tests.support import databases, survivals
from tests.support.attached import QUICK, Attached, attached, settled
from tests.support.forks import nursery

TIMES, FULL = 5, 50
ALMOST_NONE = 64 * 1024
NO_BOUND = resource.RLIM_INFINITY
SPEED = 20


class Swift:
    """A minute in three seconds: what failed is tried again soon."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.start = datetime.now(UTC)

    def monotonic(self) -> float:
        return (time.monotonic() - self.begun) * SPEED

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


class Disk:
    """Room for so many pages of a database, for each of its connections that write."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.room = 0
        for engine in self.engines():
            event.listen(engine, "begin", self.bound)

    def engines(self) -> list[Engine]:
        return [self.database.committing, self.database.writing.sync_engine]

    def bound(self, connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {self.room or 2**30}")

    async def fill(self, room: int) -> None:
        """So that no more than `room` pages are left."""
        taken = await self.database.read(lambda read: read.exec_driver_sql("PRAGMA page_count").scalar_one())
        self.room = taken + room

    def clear(self) -> None:
        self.room = 0


@asynccontextmanager
async def worker(found: Attached, database: Database) -> AsyncIterator[list[Any]]:
    """In this process; what it says."""
    settings = msgspec.structs.replace(found.installation.settings, sync=QUICK)
    stop = asyncio.Event()
    with structlog.testing.capture_logs() as lines:
        task = asyncio.create_task(
            work(replace(found.installation, settings=settings, database=database), stop, Swift())
        )
        yield lines
        assert not task.done()
        stop.set()
        await task


def full(lines: list[Any]) -> int:
    """How often it was told that there is no room."""
    return sum("full" in str(line.get("exc_info") or line.get("problem")) for line in lines)


async def true(found: Attached) -> bool:
    return await found.wrong("orders") == []


async def sound(found: Attached) -> None:
    read = found.installation.database.read
    assert await read(survivals.doubled) + await read(survivals.unsound) == []


async def filled(run_folder: Path, folder: Path, times: int) -> None:
    url = databases.sqlite_copy(run_folder, folder, migrated=True)
    async with attached(url, folder, order_count=100) as found:
        own = Database(found.installation.database.url)
        disk = Disk(own)
        async with worker(found, own) as lines:
            await settled(lambda: true(found))
            for _ in range(times):
                await disk.fill(3)
                told = full(lines)
                await found.lever("eu-1/orders/new", {"count": 200})
                await settled(lambda before=told: more(lines, before))
                await sound(found)
                disk.clear()
                await settled(lambda: true(found))
        await own.close()
        await sound(found)


async def more(lines: list[Any], before: int) -> bool:
    return full(lines) > before


async def test_a_full_disk_costs_nothing_but_time(run_folder, tmp_path):
    await filled(run_folder, tmp_path, TIMES)


@pytest.mark.full
@pytest.mark.timeout(900)
async def test_a_disk_full_fifty_times_costs_nothing_but_time(run_folder, tmp_path):
    await filled(run_folder, tmp_path, FULL)


async def test_a_write_that_fails_in_the_middle_leaves_nothing_of_itself(run_folder, tmp_path):
    """The worker as a process: the kernel's bound is its alone."""
    url = databases.sqlite_copy(run_folder, tmp_path, migrated=True)
    async with attached(url, tmp_path, order_count=600) as found:
        with nursery(url, tmp_path) as process:
            process.start()
            await settled(lambda: true(found))
            resource.prlimit(process.child, resource.RLIMIT_FSIZE, (ALMOST_NONE, NO_BOUND))
            await found.lever("eu-1/orders/new", {"count": 100})
            await settled(lambda: written(tmp_path, "disk I/O error"))
            await sound(found)
            assert len(await found.held(found.panels[0])) == 600
            resource.prlimit(process.child, resource.RLIMIT_FSIZE, (NO_BOUND, NO_BOUND))
            await settled(lambda: true(found))
            assert process.end(signal.SIGTERM) == 0
        await sound(found)


async def written(folder: Path, words: str) -> bool:
    return words in (folder / "worker.log").read_text()
