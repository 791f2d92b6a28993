"""A worker as one process: the product's loop over the shared database; it may be ended between any two of its steps, or told to stop."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from sqlalchemy.exc import DBAPIError

from hyperpanel.db.claims import LEASE
from hyperpanel.db.store import DatabaseStore
from hyperpanel.vault import Vault
from sync.connectors.base import Access, Ask, Page
from sync.connectors.perfect_panel import PerfectPanel
from sync.engine import Limits
from sync.loop import Loop
from sync.pacing import Pace
from sync.store import FeedKey
from sync.verdicts import Trouble
from tests.simulation.auditor import Auditor
from tests.simulation.inline import Ailing, InlineDatabase
from tests.simulation.line import Way, client
from tests.simulation.virtual import VirtualClock

ALL_HISTORY = timedelta(days=400)
VAULT = Vault(bytes(32))


EVERY: Mapping[tuple[str, str], float] = {
    ("orders", "head"): 30,
    ("orders", "refresh"): 60,
    ("users", "head"): 90,
    ("users", "refresh"): 60,
    ("payments", "head"): 45,
    ("payments", "refresh"): 120,
    ("tickets", "head"): 30,
    ("tickets", "refresh"): 120,
    ("messages", "head"): 30,
    ("messages", "refresh"): 300,
    ("services", "head"): 600,
    ("orders", "sweep"): 86400,
}


def pace(factor: float) -> Pace:
    return Pace({feed: timedelta(seconds=seconds * factor) for feed, seconds in EVERY.items()})


class Watched(PerfectPanel):
    """The connector, whose answers the auditor sees as well."""

    def __init__(self, panel_id: int, access: Access, auditor: Auditor) -> None:
        super().__init__(access)
        self.panel_id, self.auditor = panel_id, auditor

    async def page(self, ask: Ask) -> Page:
        left = self.auditor.departure()
        page = await super().page(ask)
        self.auditor.sighted(self.panel_id, ask, page, left)
        return page


class Process:
    """`ends_after`: so many more steps (of the database, of the line), and it is as if the machine had lost power."""

    def __init__(
        self,
        name: str,
        clock: VirtualClock,
        ailing: Ailing,
        ways: Mapping[int, Way],
        accesses: Mapping[int, Access],
        auditor: Auditor,
        pace: Pace,
        store: type[DatabaseStore] = DatabaseStore,
        per_fetch: int = 1000,
    ) -> None:
        self.is_dead = False
        self.ends_after: int | None = None
        self.auditor, self.clock = auditor, clock
        self.database = InlineDatabase(ailing, self.alive)
        self.store = store(self.database, clock, pace, VAULT)
        self.connectors = {id: Watched(id, access, auditor) for id, access in accesses.items()}
        for id, connector in self.connectors.items():
            connector.client = client(ways[id], self.alive)
        self.loop = Loop(
            store=self.auditor.watch(self.store),
            clock=clock,
            holder=name,
            lease=LEASE,
            connect=self.connect,
            limits=lambda feed: Limits(per_fetch=per_fetch, since=ALL_HISTORY),
            failed=self.failed,
            stumbled=self.stumbled,
        )
        self.stop = asyncio.Event()
        self.task = asyncio.get_running_loop().create_task(self.loop.run(self.stop), name=name)

    async def connect(self, panel_id: int) -> Watched:
        return self.connectors[panel_id]

    def alive(self) -> None:
        """Raises where this process has ended: whatever it still wanted to do is not done."""
        if self.ends_after is not None:
            self.ends_after -= 1
            if self.ends_after <= 0:
                self.kill()
        if self.is_dead:
            raise asyncio.CancelledError

    def kill(self) -> None:
        if not self.is_dead:
            self.is_dead = True
            self.task.cancel()
            for task in self.loop.running.values():
                task.cancel()

    async def end(self) -> None:
        """As on SIGTERM: it gives back what it holds."""
        self.ends_after = None
        self.stop.set()
        await asyncio.gather(self.task, return_exceptions=True)
        if not self.is_dead:
            with suppress(DBAPIError):
                await self.store.release(self.loop.holder)
        self.is_dead = True

    def wake(self) -> None:
        self.loop.ended.set()

    def failed(self, feed: FeedKey, bug: Exception) -> Trouble:
        if not isinstance(bug, DBAPIError) or not self.database.ailing.refused:
            self.auditor.blame("bug", f"{feed.panel_id}/{feed.stream}: {bug!r}", bug)
        return Trouble("bug", number=uuid4().hex[:8])

    def stumbled(self, problem: Exception) -> None:
        if not isinstance(problem, DBAPIError):
            self.auditor.blame("bug", f"due: {problem!r}", problem)
