"""Processes that stay, side by side in one loop, until Ctrl-C (exit 130) or SIGTERM (exit 0)."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog

from hyperpanel.cli import logs
from hyperpanel.cli.frame import INTERRUPTED, Place, run
from hyperpanel.config import Settings
from hyperpanel.db.engine import unsafe_sqlite
from hyperpanel.db.opening import Installation, opened

Work = Coroutine[Any, Any, None]
Process = Callable[[Installation, asyncio.Event], Work]
log = structlog.get_logger()


class Ending:
    """`stop` is set by the first signal. A second Ctrl-C ends at once, for whoever has no patience."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.signal: signal.Signals | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self.end, number)

    def end(self, number: signal.Signals) -> None:
        if self.signal is number is signal.SIGINT:
            raise KeyboardInterrupt
        self.signal = self.signal or number
        self.stop.set()


def stay(place: Place, settings: Settings, processes: Sequence[Process]) -> None:
    logs.set_up(settings.log)
    with logs.kept():
        leave(run(together(place, settings, processes)))


def leave(ended_by: signal.Signals | None) -> None:
    if ended_by is signal.SIGINT:
        sys.exit(INTERRUPTED)


async def together(place: Place, settings: Settings, processes: Sequence[Process]) -> signal.Signals | None:
    ending = Ending()
    found = await opened(settings, place.folder)
    try:
        if found.database.is_sqlite and (unsafe := unsafe_sqlite()):
            log.warning(unsafe)
        await side_by_side([process(found, ending.stop) for process in processes], ending.stop)
    finally:
        await found.database.close()
    log.info("ended", by=ending.signal.name if ending.signal else "itself")
    return ending.signal


async def console(found: Installation, stop: asyncio.Event) -> None:
    from hyperpanel.serving import serve

    def told(address: str) -> None:
        log.info("the console answers", address=address)

    await serve(found.settings, found.database, stop, told, found.vault)


async def worker(found: Installation, stop: asyncio.Event) -> None:
    from hyperpanel.worker import work

    log.info("the worker reads the panels")
    await work(found, stop)


async def side_by_side(work: Sequence[Work], stop: asyncio.Event) -> None:
    """Until all have ended: the first that ends, well or badly, asks the others to. Raises what the first one raised."""
    tasks = [asyncio.create_task(one) for one in work]
    for task in tasks:
        task.add_done_callback(lambda _: stop.set())
    try:
        done = await asyncio.gather(*tasks, return_exceptions=True)
    except asyncio.CancelledError:
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    for outcome in done:
        if isinstance(outcome, BaseException):
            raise outcome
