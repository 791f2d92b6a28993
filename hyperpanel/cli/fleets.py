"""The demo's simulated panels: a process of their own, so that the console stays quick, and one that cannot outlive this one."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TextIO

import msgspec

from hyperpanel.cli.keepsakes import Kept, free_port
from hyperpanel.cli.sandbox import HOST
from hyperpanel.errors import HyperpanelError, Unusable
from hyperpanel.paths import ROOT

PATIENCE = 10.0
BEGINNING = 120.0


class Simulated(msgspec.Struct, frozen=True):
    """One panel as the sandbox announces it."""

    name: str
    url: str
    currency: str
    time_zone: str
    admin_key: str
    services_key: str


@dataclass(frozen=True)
class Fleet:
    panels: Sequence[Simulated]
    process: asyncio.subprocess.Process

    async def watch(self, stop: asyncio.Event) -> None:
        """Until `stop`; raises where the panels are gone before."""
        ended, told = asyncio.create_task(self.process.wait()), asyncio.create_task(stop.wait())
        await asyncio.wait((ended, told), return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if ended.done() and not stop.is_set():
            raise HyperpanelError("The simulated panels ended by themselves; demo.log says why. Start the demo again.")
        ended.cancel()


@asynccontextmanager
async def running(kept: Kept, log: TextIO) -> AsyncIterator[asyncio.Task[Fleet]]:
    """What is handed out is to be awaited: the panels begin meanwhile."""
    require_free(kept.port)
    process = await asyncio.create_subprocess_exec(
        *command(kept),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=log,
        limit=2**20,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    coming = asyncio.create_task(announced(process))
    try:
        yield coming
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await end(process)


def require_free(port: int) -> None:
    if free_port(port) != port:
        raise Unusable(
            f"Port {port} on {HOST}, where this demo's panels answer, is in use: perhaps this demo runs already. "
            "End that one, or choose another folder with --dir."
        )


def command(kept: Kept) -> list[str]:
    options = {"--panels": kept.panels, "--port": kept.port, "--seed": kept.seed, "--orders": kept.orders}
    told = [text for name, value in options.items() for text in (name, str(value))]
    began = ["--since", kept.since.isoformat()]
    return [sys.executable, "-P", "-m", "hyperpanel", "sandbox", *told, *began, "--attached", "--json"]


async def announced(process: asyncio.subprocess.Process) -> Fleet:
    """One line, once the panels answer."""
    if process.stdout is None:
        raise TypeError("the sandbox was started without a pipe")
    try:
        async with asyncio.timeout(BEGINNING):
            line = await process.stdout.readline()
        return Fleet(msgspec.json.decode(line, type=list[Simulated]), process)
    except (TimeoutError, msgspec.MsgspecError):
        raise HyperpanelError("The simulated panels did not start; demo.log says why.") from None


async def end(process: asyncio.subprocess.Process) -> None:
    """It ends with its standard input; what does not is made to."""
    if process.stdin:
        process.stdin.close()
    for insist in (process.terminate, process.kill):
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await process.wait()
                return
        with suppress(ProcessLookupError):
            insist()
    await process.wait()
