"""kill -9 at whatever moment, again and again, while panels change: nothing that was seen committed is lost, and nothing is told twice.

The moments come from a seed. A third may fall before the worker has begun, the others into its pages, commits and ends; on every
other kill no other connection is open, so that the file is also recovered from its log alone.
"""

import asyncio
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Connection, select

from hyperpanel.db.schema import feeds
from tests.support import survivals
from tests.support.attached import Attached, attached
from tests.support.forks import Nursery, nursery

KILLS = {"sqlite": 50, "postgresql": 25}
FULL, FULL_SEEDS = 500, range(2, 12)
CHANGES = {"orders/new": 40, "orders/move": 40, "tickets/reply": 3, "payments/new": 1}
PEOPLE = (60, 60, 30)
LATEST = 0.6
"""Seconds after its start at which a worker is killed at the latest: to begin takes it a fifth of that, and then each page a hundredth."""


@dataclass
class Killing:
    found: Attached
    worker: Nursery
    chance: random.Random
    client: httpx2.AsyncClient
    met: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    last: int = 0

    async def once(self, number: int) -> None:
        self.worker.start()
        changing = asyncio.create_task(self.change())
        if number % 5 == 4:
            await self.at_rest()
        elif number % 3:
            await self.begun()
        await asyncio.sleep(0 if number % 5 == 4 else self.chance.uniform(0, LATEST / 2 if number % 3 else LATEST))
        before, held = await self.found.installation.database.read(committed)
        if number % 2 and self.found.installation.database.is_sqlite:
            self.found.installation.database.reading.dispose()
        assert self.worker.end(signal.SIGKILL) == -signal.SIGKILL
        after, left = await self.found.installation.database.read(committed)
        self.met.update(grown=len(before) > self.last, held=left > 0, idle=left == 0, running=held > 0)
        self.last = len(after)
        self.wrong += [f"kill {number}: {key} is lost" for key in survivals.lost(before, after)]
        await changing

    async def begun(self) -> None:
        """On a slow machine a worker would mostly be killed before it reads anything."""
        ours = select(feeds.c.holder).where(feeds.c.holder.contains(f":{self.worker.child}:"))
        async with asyncio.timeout(30):
            while await self.found.installation.database.read(lambda read: read.scalar(ours)) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def at_rest(self) -> None:
        """When a new worker has given back what the one before had held, and holds nothing yet."""
        ends = asyncio.get_running_loop().time() + 3
        while asyncio.get_running_loop().time() < ends:
            if not (await self.found.installation.database.read(committed))[1]:
                return
            await asyncio.sleep(0.002)

    async def change(self) -> None:
        """What a panel's customers do meanwhile. A client for each lever would take longer than a life."""
        for panel in self.found.panels:
            for lever, most in CHANGES.items():
                body = {"count": self.chance.randint(1, most)}
                (await self.client.post(f"{self.found.url}/_truth/{panel.name}/{lever}", json=body)).raise_for_status()


def committed(connection: Connection) -> tuple[survivals.Seen, int]:
    """And how many feeds are held."""
    held = connection.scalars(select(feeds.c.holder).where(feeds.c.holder.is_not(None))).all()
    return survivals.seen(connection), len(held)


async def killed(database_url: str, folder: Path, kills: int, seed: int) -> Killing:
    """A worker killed so many times, then one that is left to end its work, and ended as `kill` ends it."""
    async with (
        attached(database_url, folder, panel_count=2, order_count=900, people=PEOPLE, rate=100.0) as found,
        httpx2.AsyncClient(timeout=60) as client,
    ):
        for panel in found.panels:
            await found.lever(f"{panel.name}/switches", {"page_cap": 100})
        with nursery(database_url, folder) as worker:
            told = Killing(found, worker, random.Random(seed), client)
            for number in range(kills):
                await told.once(number)
            worker.start()
            await true(found)
            assert worker.end(signal.SIGTERM) == 0
        told.wrong += await found.installation.database.read(lambda read: amiss(read, worker.child))
    return told


async def true(found: Attached) -> None:
    """To compare everything takes as long as to read it: not at every moment."""
    async with asyncio.timeout(90):
        while await found.wrong():  # noqa: ASYNC110 -- what is waited for is another process's doing
            await asyncio.sleep(0.5)


def amiss(connection: Connection, process: int) -> list[str]:
    left = survivals.unfinished(connection, process)
    return [*survivals.doubled(connection), *left, *survivals.unsound(connection)]


def system(database_url: str) -> str:
    return database_url.partition(":")[0]


async def test_a_worker_killed_at_any_moment_loses_nothing_and_tells_nothing_twice(database_url, tmp_path):
    kills = KILLS[system(database_url)]
    told = await killed(database_url, tmp_path, kills, seed=1)
    assert told.wrong == []
    assert told.met["held"] >= kills // 4  # the moments were no idle ones
    assert told.met["idle"] >= 1


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", FULL_SEEDS)
async def test_five_hundred_kills_lose_nothing(database_url, tmp_path, seed):
    told = await killed(database_url, tmp_path, FULL // len(FULL_SEEDS), seed)
    assert told.wrong == []
