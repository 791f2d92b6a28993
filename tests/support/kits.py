"""A Store over a fresh database with one panel: short ways to claim, to commit what tests make up, and to look at the rows."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings
from hyperpanel.db import panels
from hyperpanel.db.opening import Installation, opened
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.store import DatabaseStore
from sync.connectors.base import Stream
from sync.cursors import CURSORS, Cursor, Manners
from sync.pacing import Pace
from sync.store import Batch, Claim, Committed, FeedKey, Outcome
from tests.support.clocks import Hand
from tests.support.databases import prepared
from tests.support.records import NOON

T = TypeVar("T")
PLANS = ("head", "refresh", "backfill", "sweep")
ALL = (
    *(Stream(name, PLANS) for name in ("orders", "users", "payments", "tickets", "messages")),
    Stream("services", ("head",)),
)
PACE = Pace({("orders", "head"): timedelta(seconds=30)})


class Kit:
    """`stream` is the one that is claimed and committed."""

    def __init__(self, installation: Installation, clock: Hand, panel_id: int, stream: str) -> None:
        self.installation, self.database, self.clock = installation, installation.database, clock
        self.store = DatabaseStore(installation.database, clock, PACE, installation.vault)
        self.feed = FeedKey(panel_id, stream)

    def of(self, stream: str) -> "Kit":
        """The same with another stream."""
        return Kit(self.installation, self.clock, self.feed.panel_id, stream)

    async def claim(self, plan: str = "head", holder: str = "host:1:a") -> Claim:
        claim = await self.store.claim(self.feed, plan, holder)
        assert claim is not None
        return claim

    async def commit(self, claim: Claim, page: Batch, cursor: Cursor | None = None) -> Committed:
        return await self.store.commit(claim, page, cursor or CURSORS[claim.plan](), Manners())

    async def read(self, *pages: Batch, plan: str = "head") -> Committed:
        """A whole run; returns what its last page came to."""
        claim, done = await self.claim(plan), Committed()
        for page in pages:
            done = await self.commit(claim, page)
        await self.store.finish(claim, Outcome())
        return done

    async def rows(self, table: Table, **where: Any) -> Sequence[Any]:
        """In the order of their keys."""
        statement = EVERYTHING.select(table).where(*(table.c[name] == value for name, value in where.items()))
        ordered = statement.order_by(*table.primary_key.columns)
        return await self.database.read(lambda connection: connection.execute(ordered).all())

    async def change(self, work: Callable[[Connection], T]) -> T:
        return await self.database.commit(work)


@asynccontextmanager
async def kit_over(
    url: str, folder: Path, stream: str = "orders", streams: Sequence[Stream] = ALL, rate: float = 4.0
) -> AsyncIterator[Kit]:
    installation = await opened(Settings(database=DatabaseSettings(url=prepared(url))), folder)
    async with installation.database.write() as connection:
        panel = Panel(0, "eu-1", "perfect_panel", "https://panel.example", "USD", "UTC", rate, False)
        panel_id = await panels.add(connection, panel, {"admin_key": "k"}, streams, installation.vault, NOON)
    yield Kit(installation, Hand(), panel_id, stream)
    await installation.database.close()
