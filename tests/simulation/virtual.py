"""Time that passes only when nothing else can happen: an event loop whose waits are over at once, and the wall clock over it.

The same callbacks run in the same order on every machine, so that whatever goes wrong goes wrong again from its seed.
"""

import asyncio
import random
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sync import loop as sync_loop
from sync.connectors import answers

T = TypeVar("T")
BEGINNING = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class Stuck(Exception):
    """Everybody waits for somebody, and no timer will ever ring."""


class Waiting:
    """Where a loop would ask the system for sockets that are ready: here it is only told how long it may sleep."""

    def __init__(self) -> None:
        self.time = 0.0

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise Stuck("nothing is left to happen")
        self.time += max(timeout, 0.0)
        return []

    def close(self) -> None:
        return None


class VirtualLoop(asyncio.BaseEventLoop):
    """Without sockets and threads; `time` is the sum of all that was slept."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = Waiting()
        self._clock_resolution = 1e-9
        self.unhandled: list[str] = []
        self.set_exception_handler(self.note)

    def time(self) -> float:
        return self._selector.time

    def note(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        problem = context.get("exception")
        if problem is None and context.get("task") is not None:
            return  # what a process waited for that was ended in the middle
        self.unhandled.append(f"{context.get('message')}: {problem!r}")

    def _process_events(self, event_list: list[Any]) -> None:
        return None

    def _write_to_self(self) -> None:
        return None


class VirtualClock:
    """The machine's clock, which can be set wrong; monotonic time cannot."""

    def __init__(self, loop: VirtualLoop, beginning: datetime = BEGINNING) -> None:
        self.loop, self.beginning = loop, beginning
        self.off = 0.0

    def now(self) -> datetime:
        return self.beginning + timedelta(seconds=self.loop.time() + self.off)

    def monotonic(self) -> float:
        return self.loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0))

    def jump(self, seconds: float) -> None:
        self.off += seconds


class TimeOfDay:
    """What the connector asks for the time, of a refusal whose panel does not tell its own."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock

    def now(self, _: object) -> datetime:
        return self.clock.now()


@contextmanager
def in_its_time(clock: VirtualClock, seed: int, looks_every: float) -> Iterator[None]:
    """What the product takes from its surroundings comes from the seed: jitter, the time of day, how often it looks around."""
    random.seed(seed)
    idle, sync_loop.IDLE = sync_loop.IDLE, looks_every
    answers.datetime = TimeOfDay(clock)  # type: ignore[assignment, attr-defined]
    try:
        yield
    finally:
        sync_loop.IDLE, answers.datetime = idle, datetime  # type: ignore[attr-defined]


def run(loop: VirtualLoop, main: Coroutine[Any, Any, T]) -> T:
    """To its end; what is still under way then is ended too."""
    try:
        return loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
