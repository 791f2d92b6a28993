"""Conversations that a report lacks, read at once because a person waits for them: kept like any other, within each panel's budget.

The feed of a panel's messages is held by one reader at a time. A worker gives it back after a few requests, so whoever clicks waits that long
at most; what it has read by then is not read again. Progress lives in the process that reads: it is gone with it, and what was read stays.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hyperpanel.db import thread_dues
from hyperpanel.db.opening import Installation
from hyperpanel.db.panels import Panel
from hyperpanel.db.store import DatabaseStore, new_holder
from hyperpanel.support.sync_settings import pace
from hyperpanel.support.upstreams import Connectors
from sync import engine
from sync.budget import Gate
from sync.clocks import Clock
from sync.store import Claim, ClaimLost, FeedKey, Tally
from sync.verdicts import Trouble

AT_MOST = 80
"""Tickets of one request (SPEC F106)."""

PATIENCE = timedelta(seconds=60)
"""For a feed that another reader holds."""

LOOK = 0.1
STREAM = "messages"


@dataclass
class Progress:
    """One request. By panel, `done`: tickets that were asked for; `set_aside`: those with something that could not be read; `troubles`: what
    stopped it."""

    wanted: Mapping[int, Sequence[str]]
    begun_at: datetime
    done: dict[int, int] = field(default_factory=dict)
    set_aside: dict[int, int] = field(default_factory=dict)
    troubles: dict[int, Trouble] = field(default_factory=dict)
    ended_at: datetime | None = None

    @property
    def in_all(self) -> int:
        return sum(map(len, self.wanted.values()))

    @property
    def so_far(self) -> int:
        return sum(self.done.values())

    @property
    def unreadable(self) -> int:
        return sum(self.set_aside.values())


@dataclass
class Fetches:
    """The last request of each person, in this process."""

    of: dict[int, Progress] = field(default_factory=dict)

    def running(self, person_id: int) -> Progress | None:
        found = self.of.get(person_id)
        return found if found is not None and found.ended_at is None else None

    def begin(self, person_id: int, missing: Sequence[tuple[int, str]], now: datetime) -> Progress:
        self.of[person_id] = Progress(by_panel(missing), now)
        return self.of[person_id]


def by_panel(missing: Sequence[tuple[int, str]]) -> dict[int, list[str]]:
    wanted: dict[int, list[str]] = {}
    for panel_id, ticket in missing[:AT_MOST]:
        wanted.setdefault(panel_id, []).append(ticket)
    return wanted


@dataclass
class Fetching:
    """`panels` are those of `progress.wanted`."""

    installation: Installation
    clock: Clock
    progress: Progress

    def __post_init__(self) -> None:
        found = self.installation
        self.store = DatabaseStore(found.database, self.clock, pace(found.settings.sync), found.vault)
        self.connectors = Connectors(found)
        self.holder = new_holder()

    async def run(self, panels: Sequence[Panel]) -> None:
        """Panels beside each other; what stops one does not stop another."""
        try:
            done = await asyncio.gather(*(self.panel(panel) for panel in panels), return_exceptions=True)
        finally:
            self.progress.ended_at = self.clock.now()
            await self.connectors.close()
            await self.store.release(self.holder)
        for bug in done:
            if isinstance(bug, BaseException):
                raise bug

    async def panel(self, panel: Panel) -> None:
        try:
            trouble = await self.read(panel)
        except Exception:
            self.progress.troubles[panel.id] = Trouble("bug", panel=panel.name, number="–")
            raise
        if trouble is not None:
            self.progress.troubles[panel.id] = trouble

    async def read(self, panel: Panel) -> Trouble | None:
        claim = await self.claim(FeedKey(panel.id, STREAM))
        if isinstance(claim, Trouble):
            return claim.of(panel.name)
        wanted = self.progress.wanted[panel.id]
        due = await self.installation.database.read(
            lambda connection: thread_dues.of_tickets(connection, panel.id, wanted)
        )
        said = telling(self.progress, panel.id, len(wanted) - len(due))
        said(Tally())
        gate = Gate(self.store, self.clock, panel.id)
        connector = await self.connectors.connect(panel.id)
        try:
            outcome = await engine.read_threads(claim, connector, self.store, gate, self.clock, due, said)
        except ClaimLost:
            return Trouble("held", panel=panel.name)
        return outcome.trouble.of(panel.name) if outcome.trouble else None

    async def claim(self, feed: FeedKey) -> Claim | Trouble:
        until = self.clock.now() + PATIENCE
        while True:
            claim = await self.store.claim(feed, "head", self.holder)
            if claim is not None:
                return claim
            why = await self.store.paused_because(feed)
            if why is not None:
                return Trouble("paused", detail=why)
            if self.clock.now() > until:
                return Trouble("held")
            await self.clock.sleep(LOOK)


def telling(progress: Progress, panel_id: int, known: int) -> Callable[[Tally], None]:
    """What comes of it is told of each ticket by itself, whose messages may have been set aside one by one."""
    records = 0

    def said(tally: Tally) -> None:
        nonlocal records
        progress.done[panel_id] = known + tally.calls
        progress.set_aside[panel_id] = progress.set_aside.get(panel_id, 0) + (tally.set_aside > records)
        records = tally.set_aside

    return said
