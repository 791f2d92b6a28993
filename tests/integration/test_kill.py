"""A sync killed outright goes on at its page, and a worker that is asked to end gives all of it back: the real commands, and signals."""

import asyncio
import os
import signal
import sys

from hyperpanel.paths import ROOT
from tests.support import survivals
from tests.support.attached import attached, differences, settled
from tests.support.forks import environment


async def sync_command(database_url: str, folder, *more: str) -> asyncio.subprocess.Process:
    told = {**os.environ, "HYPERPANEL_DATABASE__URL": database_url, "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-P", "-m", "hyperpanel", "sync", "--stream", "orders", "--since", "400d", *more)
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*command, cwd=folder, env=told, stdout=quiet, stderr=quiet)


async def work_command(database_url: str, folder) -> asyncio.subprocess.Process:
    command = (sys.executable, "-P", "-m", "hyperpanel", "work")
    quiet = asyncio.subprocess.DEVNULL
    told = environment(database_url)
    return await asyncio.create_subprocess_exec(*command, cwd=folder, env=told, stdout=quiet, stderr=quiet)


async def paths(found) -> list[str]:
    return [row["path"] for row in await found.lever("eu-1/log") if "/orders" in row["path"]]


async def test_a_killed_sync_resumes_at_its_page(database_url, tmp_path):
    async with attached(database_url, tmp_path, order_count=3000, rate=4.0) as found:
        await found.lever("eu-1/switches", {"page_cap": 100})
        process = await sync_command(database_url, tmp_path)

        async def far_enough() -> bool:
            return len(await paths(found)) >= 12

        await settled(far_enough, 60)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        before = await paths(found)
        held = await found.held(found.panels[0])
        again = await sync_command(database_url, tmp_path, "--plan", "backfill")
        assert await again.wait() == 0
        after = (await paths(found))[len(before) :]
        assert len(held) >= 900
        assert "created_to" in after[0]
        assert len(after) <= 32 - 10  # the pages that were left, and the one that was under way
        assert differences(await found.truth("eu-1"), await found.held(found.panels[0])) == []


async def test_a_worker_asked_to_end_gives_its_feeds_back(database_url, tmp_path):
    """In the middle of pages that its panel lets it read four of a second."""
    async with attached(database_url, tmp_path, order_count=3000, rate=4.0) as found:
        await found.lever("eu-1/switches", {"page_cap": 100})
        process = await work_command(database_url, tmp_path)

        async def under_way() -> bool:
            return len(await paths(found)) >= 3

        await settled(under_way, 60)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
        left = await found.installation.database.read(lambda read: survivals.unfinished(read, process.pid))
        assert left == []
