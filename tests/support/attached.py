"""A console's database attached to a sandbox fleet over real HTTP, and both sides of the comparison: the truth and what is held."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import msgspec
import pytest
from sqlalchemy import Connection, update

from hyperpanel.clock import SystemClock
from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings, Sync
from hyperpanel.db import absences, panels
from hyperpanel.db.opening import Installation, opened
from hyperpanel.db.panels import Panel
from hyperpanel.db.schema import holds, services
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.server import background
from hyperpanel.worker import once, work
from hyperpanel.worker.once import Result
from sync.connectors.base import Access, Stream
from sync.connectors.perfect_panel import PerfectPanel
from sync.store import FeedKey
from tests.support import truths
from tests.support.databases import prepared
from tests.support.truths import STREAMS, Rows, differences

ORDERS = (Stream("orders", ("head", "refresh", "backfill", "sweep")), Stream("services", ("head",)))
"""Where a test is about orders alone, the other feeds would only cost it time."""

QUICK = Sync(
    head_seconds=0.3,
    refresh_seconds=0.3,
    users_seconds=0.3,
    payments_seconds=0.3,
    tickets_seconds=0.3,
    threads_seconds=0.3,
    walk_seconds=0.3,
    services_seconds=60,
    retention_days=400,
)
ALL_HISTORY = timedelta(days=400)
SWEEP = ("sweep",)

__all__ = ["ORDERS", "QUICK", "SWEEP", "Attached", "attached", "differences", "hurry", "settled", "working"]


@dataclass
class Attached:
    installation: Installation
    fleet: Fleet
    url: str
    panels: list[Panel]

    async def sync(self, **how: Any) -> list[Result]:
        return await once.sync(self.installation, self.panels, since=ALL_HISTORY, **how)

    async def lever(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Read or pull one of the sandbox's `/_truth` levers."""
        async with httpx2.AsyncClient(timeout=60, verify=False) as client:
            url = f"{self.url}/_truth/{path}"
            answer = await (client.get(url) if body is None else client.post(url, json=body))
            answer.raise_for_status()
            return answer.json()

    async def truth(self, panel: str, stream: str = "orders") -> Rows:
        async with httpx2.AsyncClient(timeout=120, verify=False) as client:
            answer = await client.get(f"{self.url}/_truth/{panel}/{stream}")
        rows = (truths.told(msgspec.json.decode(line)) for line in answer.content.splitlines() if line)
        return {row["id"]: row for row in rows}

    async def held(self, panel: Panel, stream: str = "orders") -> Rows:
        """The cached rows, written the way the truth writes them."""
        return await self.installation.database.read(lambda connection: truths.held(connection, panel.id, stream))

    async def wrong(self, *streams: str) -> list[str]:
        """Every difference between what the panels have and what is held of it."""
        found = []
        for panel in self.panels:
            for stream in streams or STREAMS:
                lines = differences(await self.truth(panel.name, stream), await self.held(panel, stream))
                found += [f"{panel.name} {stream} {line}" for line in lines]
        return found

    async def agree(self) -> None:
        """What a person says who is asked whether so many are gone."""

        def decide(connection: Connection) -> None:
            asked = connection.execute(EVERYTHING.select(holds).where(holds.c.decision.is_(None))).all()
            for row in asked:
                connection.execute(update(holds).where(holds.c.id == row.id).values(decision="accept"))
                absences.agree(connection, FeedKey(row.panel_id, row.stream))

        await self.installation.database.commit(decide)

    async def held_services(self, panel: Panel) -> dict[str, dict[str, Any]]:
        names = ("id", "name", "type", "category", "rate", "min", "max", "refill", "cancel")
        statement = EVERYTHING.select(*(services.c[name] for name in names)).where(services.c.panel_id == panel.id)
        rows = await self.installation.database.read(lambda connection: connection.execute(statement).all())
        return {row.id: dict(row._mapping) for row in rows}


@asynccontextmanager
async def attached(
    database_url: str,
    folder: Path,
    *,
    panel_count: int = 1,
    order_count: int = 2000,
    rate: float = 500.0,
    seed: int = 7,
    stopped: bool = True,
    people: tuple[int, int, int] | None = None,
    now: datetime | None = None,
) -> AsyncIterator[Attached]:
    """`rate` is allowed on both sides alike; with 4.0 the sandbox keeps to its five a second. `people`: users, payments and tickets of
    each panel, whose feeds are attached then too. `now`: what the panels' clock shows, while it is stopped."""
    limit = 5 if rate <= 5 else int(rate * 4)
    users, payments, tickets = people or (None, None, None)
    fleet = Fleet(
        seed=seed,
        panels=panel_count,
        orders=order_count,
        now=now,
        rate_limit=limit,
        users=users,
        payments=payments,
        tickets=tickets,
    )
    installation = await opened(Settings(database=DatabaseSettings(url=prepared(database_url))), folder)
    with background(fleet) as url:
        try:
            found = Attached(installation, fleet, url, [])
            if stopped:
                await found.lever("clock", {"stopped": True})
            streams = ORDERS if people is None else None
            found.panels = [await attach(found, panel, rate, streams) for panel in fleet.panels]
            yield found
        finally:
            await installation.database.close()


async def attach(found: Attached, panel: Any, rate: float, streams: Sequence[Stream] | None = None) -> Panel:
    """With all the streams its connector has, unless some are named."""
    made = Panel(
        0, panel.name, "perfect_panel", f"{found.url}/{panel.name}", panel.currency, panel.time_zone, rate, True
    )
    secrets = {"admin_key": panel.admin_key, "services_key": panel.services_key}
    access = Access(made.name, made.url, made.currency, ZoneInfo(made.time_zone), panel.admin_key, panel.services_key)
    if streams is None:
        streams = PerfectPanel(access).streams()
    async with found.installation.database.write() as connection:
        panel_id = await panels.add(connection, made, secrets, streams, found.installation.vault, datetime.now(UTC))
    return replace(made, id=panel_id)


class Hurried(SystemClock):
    """Waits are over nearly at once."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.02))


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is asked for again at once: how long a panel would be left alone is no matter of these tests."""
    monkeypatch.setattr(once, "SystemClock", Hurried)


@asynccontextmanager
async def working(found: Attached) -> AsyncIterator[None]:
    """A worker in a hurry beside whatever the test does."""
    settings = msgspec.structs.replace(found.installation.settings, sync=QUICK)
    stop = asyncio.Event()
    task = asyncio.create_task(work(replace(found.installation, settings=settings), stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def settled(condition: Any, seconds: float = 60.0) -> None:
    """Wait until an awaited condition holds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 -- what is waited for is another process's doing
            await asyncio.sleep(0.05)
