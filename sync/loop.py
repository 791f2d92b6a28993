"""The worker's loop: whatever is due, the most urgent first, at most two runs in flight for one panel and a few dozen in all.

A panel's trouble stays its own: each run is a task of its own, and what it raises ends that run alone.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from sync import engine
from sync.budget import Gate
from sync.clocks import Clock
from sync.connectors.base import Connector
from sync.engine import Limits
from sync.store import Claim, ClaimLost, FeedKey, Outcome, Store
from sync.verdicts import Trouble

PER_PANEL = 2
IDLE = 0.5
STUMBLE = 2.0
SLICE = 10
SLICE_SECONDS = 5.0
"""Requests of a plan at a time, so that newer things get their turn; but a head walk is what is newest, except over hundreds of threads."""


class DuePlan(Protocol):
    @property
    def feed(self) -> FeedKey: ...

    @property
    def plan(self) -> str: ...


class Due(Protocol):
    async def due(self) -> Sequence[DuePlan]:
        """What may run now, the most urgent first."""


class WorkStore(Store, Due, Protocol):
    """A Store that also knows what is due."""


@dataclass
class Loop:
    """`connect` makes a panel's connector, `limits` say how a panel is read; `failed` is told what was our bug, or the database's, and words
    it."""

    store: WorkStore
    clock: Clock
    holder: str
    lease: timedelta
    connect: Callable[[int], Awaitable[Connector]]
    limits: Callable[[FeedKey], Limits]
    failed: Callable[[FeedKey, Exception], Trouble]
    stumbled: Callable[[Exception], None]
    at_once: int = 20
    gates: dict[int, Gate] = field(default_factory=dict)
    running: dict[FeedKey, asyncio.Task[None]] = field(default_factory=dict)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then the runs under way are cancelled between two commits, and their leases run out or are released."""
        try:
            while not stop.is_set():
                self.ended.clear()
                await self.round()
                await first(stop.wait(), self.ended.wait(), self.clock.sleep(IDLE))
        finally:
            for task in self.running.values():
                task.cancel()
            await asyncio.gather(*self.running.values(), return_exceptions=True)

    async def round(self) -> None:
        """One look at what is due; a database that is away for a moment costs a round, not the worker."""
        try:
            self.start(await self.store.due())
        except Exception as problem:
            self.stumbled(problem)
            await self.clock.sleep(STUMBLE)

    def start(self, due: Sequence[DuePlan]) -> None:
        busy = Counter(feed.panel_id for feed in self.running)
        for one in due:
            if len(self.running) >= self.at_once:
                return
            if one.feed in self.running or busy[one.feed.panel_id] >= PER_PANEL:
                continue
            busy[one.feed.panel_id] += 1
            task = asyncio.create_task(
                self.attempt(one.feed, one.plan), name=f"{one.feed.panel_id}/{one.feed.stream}/{one.plan}"
            )
            self.running[one.feed] = task
            task.add_done_callback(partial(self.forget, one.feed))

    def forget(self, feed: FeedKey, _: asyncio.Task[None]) -> None:
        self.running.pop(feed, None)
        self.ended.set()

    async def attempt(self, feed: FeedKey, plan: str) -> None:
        try:
            claim = await self.store.claim(feed, plan, self.holder, self.lease)
        except Exception as bug:  # a database that refuses at once must not be asked without a pause
            self.failed(feed, bug)
            await self.clock.sleep(STUMBLE)
            return
        if claim is not None:
            await self.slice(claim)

    async def slice(self, claim: Claim) -> None:
        """What is our bug is told on the feed like any trouble, and tried again later: other feeds go on."""
        try:
            await self.read(claim)
        except ClaimLost:
            return
        except Exception as bug:
            await self.give_back(claim, Outcome(done=False, trouble=self.failed(claim.feed, bug)))

    async def give_back(self, claim: Claim, outcome: Outcome) -> None:
        """Until it is written: a feed that is held in name alone nobody reads before its lease is over."""
        while True:
            try:
                return await self.store.finish(claim, outcome)
            except Exception as problem:
                self.stumbled(problem)
                await self.clock.sleep(STUMBLE)

    async def read(self, claim: Claim) -> Outcome:
        limits = self.limits(claim.feed)
        if claim.plan != "head" or claim.feed.stream == "messages":
            limits = replace(limits, pages=self.slice_of(claim.feed.panel_id))
        connector = await self.connect(claim.feed.panel_id)
        return await engine.run(claim, connector, self.store, self.gate(claim.feed.panel_id), self.clock, limits)

    def slice_of(self, panel_id: int) -> int:
        """Fewer requests where each has to wait long."""
        spacing = self.gate(panel_id).spacing
        return SLICE if spacing * SLICE <= SLICE_SECONDS else max(1, int(SLICE_SECONDS / spacing))

    def gate(self, panel_id: int) -> Gate:
        if panel_id not in self.gates:
            self.gates[panel_id] = Gate(self.store, self.clock, panel_id)
        return self.gates[panel_id]


async def first(*waits: Awaitable[object]) -> None:
    """Until one of them ends; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
