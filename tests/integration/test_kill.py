"""A sync killed outright goes on at its page: the real command, in a process of its own, and SIGKILL."""

import asyncio
import os
import signal
import sys

from hyperpanel.paths import ROOT
from tests.support.attached import attached, differences, settled


async def sync_command(database_url: str, folder, *more: str) -> asyncio.subprocess.Process:
    environment = {**os.environ, "HYPERPANEL_DATABASE__URL": database_url, "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-P", "-m", "hyperpanel", "sync", "--stream", "orders", "--since", "400d", *more)
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment, stdout=quiet, stderr=quiet)


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
