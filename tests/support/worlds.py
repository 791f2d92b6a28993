"""The real engine and database over one upstream in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import Connection, update

from hyperpanel.db import absences
from hyperpanel.db.schema import MIRRORED, holds
from sync import engine
from sync.budget import Gate
from sync.connectors.base import Connector
from sync.engine import Limits
from sync.store import Outcome
from tests.support.kits import Kit, kit_over

S = TypeVar("S", bound=Connector)


@dataclass
class World(Generic[S]):
    """`kit` claims the stream that is read; `kept`: how long its records are."""

    kit: Kit
    source: S
    kept: timedelta = timedelta(days=400)

    def of(self, stream: str) -> "World[S]":
        return World(self.kit.of(stream), self.source, self.kept)

    async def run(self, plan: str, pages: int | None = None, holder: str = "host:1:a") -> Outcome:
        """One claim: the whole plan, or so many pages of it."""
        claim = await self.kit.claim(plan, holder)
        gate = Gate(self.kit.store, self.kit.clock, self.kit.feed.panel_id)
        limits = Limits(per_fetch=1000, pages=pages, since=self.kept)
        return await engine.run(claim, self.source, self.kit.store, gate, self.kit.clock, limits)

    async def whole(self, plan: str, pages: int | None = None) -> Outcome:
        """Slice after slice until it is over."""
        while True:
            outcome = await self.run(plan, pages)
            if outcome.done or outcome.trouble:
                return outcome

    async def agree(self) -> None:
        """What a person says who is asked whether so many are gone."""

        def decide(connection: Connection) -> None:
            if connection.execute(update(holds).where(holds.c.decision.is_(None)).values(decision="accept")).rowcount:
                absences.agree(connection, self.kit.feed)

        await self.kit.change(decide)

    async def held(self) -> tuple[dict[str, str], set[str]]:
        """Statuses of the live rows by id, and the ids of those that are gone."""
        rows = await self.kit.rows(MIRRORED[self.kit.feed.stream])
        return {row.id: row.status for row in rows if row.gone_at is None}, {row.id for row in rows if row.gone_at}


@asynccontextmanager
async def world_of(url: str, folder: Path, source: S, stream: str) -> AsyncIterator[World[S]]:
    async with kit_over(url, folder, stream, source.streams(), rate=1000.0) as kit:
        yield World(kit, source)
