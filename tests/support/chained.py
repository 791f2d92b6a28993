"""A chain over real HTTP: a fleet of simulated panels, console A that reads it, and console B that reads A by its admin API."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from hyperpanel.app import create_app
from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings
from hyperpanel.db import erasing, feeds, outlived
from hyperpanel.db.audit import Act
from hyperpanel.db.opening import Installation, opened
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import api_keys, attaching, consoles, feed_ages
from hyperpanel.support.api_key_fields import Wanted
from hyperpanel.worker import once
from hyperpanel.worker.once import Result
from sync.store import FeedKey
from tests.support import truths
from tests.support.attached import ALL_HISTORY, SWEEP, Attached, attached, differences
from tests.support.databases import prepared
from tests.support.lives import DAY, SWEEPS_TO_BE_SURE
from tests.support.server import served
from tests.support.truths import STREAMS

PEOPLE = (120, 90, 60)
READING = frozenset(
    {"panels:read", "orders:read", "users:read", "payments:read", "tickets:read", "services:read", "providers:read"}
)
"""The scopes of a key that another console reads everything with."""

OFTEN = 600_000
NEWS = {
    "orders/new": 30, "orders/move": 20, "orders/delete": 2, "users/new": 4, "users/move": 4, "users/rename": 3,
    "users/delete": 1, "payments/new": 5, "payments/move": 5, "payments/delete": 2, "tickets/new": 4, "tickets/reply": 3,
    "tickets/edit-message": 2, "tickets/move": 3, "tickets/delete": 1, "services/change": 3,
}  # fmt: skip


@dataclass
class Chained:
    """`first`: console A with the truth behind it; `url`: its address; `panels`: those of console B, by the names that they have at A."""

    first: Attached
    url: str
    second: Installation
    panels: dict[str, Panel]
    key: str = ""

    async def make_key(self, panels: Sequence[Panel] | None = None, scopes: frozenset[str] = READING) -> str:
        """One for these panels of A, or for all."""
        found = self.first.installation
        seen = None if panels is None else frozenset(panel.id for panel in panels)
        name = f"chain {len(self.key)} {len(scopes)}"
        wanted = Wanted(name, scopes, seen, (), OFTEN, timedelta(days=1))
        async with found.database.write() as transaction:
            secret = await api_keys.make(transaction, api_keys.Hand(by_hand), wanted, datetime.now(UTC))
        return secret.text

    async def attach(self, key: str, name: str = "far", url: str = "") -> None:
        """As `panel add --kind hyperpanel` does, with the whole of the key's calls."""
        url = url or self.url
        console = await consoles.asked(url, key, private=True)
        there = consoles.found(console, name, url, [])
        made = consoles.panels(there, 500.0, private=True, group=None, known=[])
        made = [replace(panel, rate=50.0) for panel in made]
        new = await attaching.offered([(panel, {"admin_key": key}) for panel in made])
        async with self.second.database.write() as connection:
            ids = await attaching.attach(connection, self.second.vault, new, by_hand, datetime.now(UTC))
        both = zip(there, made, ids, strict=True)
        self.panels |= {one.line.name: replace(panel, id=panel_id) for one, panel, panel_id in both}
        self.key = key

    async def sync(self, **how: Any) -> list[Result]:
        """A reads the panels, then B reads A."""
        troubles = [result for result in await self.first.sync(**how) if result.trouble]
        return [*troubles, *await self.read(**how)]

    async def live(self) -> None:
        """A day on which records come, move, are renamed, answered and deleted."""
        await self.first.lever("clock", DAY)
        for panel in self.first.panels:
            for path, count in NEWS.items():
                await self.first.lever(f"{panel.name}/{path}", {"count": count})

    async def let_go(self, stream: str, kept: timedelta) -> set[str]:
        """What A erases of its first panel, which keeps this stream for so long from now on."""
        [first, *_], now = self.first.panels, datetime.now(UTC)
        feed = FeedKey(first.id, stream)

        def erase(connection: Connection) -> set[str]:
            old = outlived.some(connection, feed, now - kept, OFTEN)
            return set(erasing.erase(connection, feed, old, now - kept, now))

        return await self.first.installation.database.commit(erase)

    async def sweep(self, kept: timedelta, times: int = SWEEPS_TO_BE_SURE) -> None:
        """Of orders alone, which A keeps for so long."""
        how: dict[str, Any] = {"streams": ["orders"], "plans": SWEEP}
        for _ in range(times):
            await once.sync(self.first.installation, self.first.panels, since=kept, **how)
            await self.first.agree()
        for _ in range(times):
            await self.read(**how)
            await agree(self.second)

    async def read(self, **how: Any) -> list[Result]:
        """B alone."""
        return await once.sync(self.second, list(self.panels.values()), since=ALL_HISTORY, **how)

    async def swept(self, times: int = SWEEPS_TO_BE_SURE) -> None:
        """Both look for what is gone; a person says yes where that is much."""
        for _ in range(times):
            await self.first.sync(plans=SWEEP, streams=STREAMS)
            await self.first.agree()
        await self.first.sync(plans=SWEEP, streams=["messages"])
        for _ in range(times):
            await self.read(plans=SWEEP, streams=STREAMS)
            await agree(self.second)
        await self.read(plans=SWEEP, streams=["messages"])

    async def services(self) -> tuple[list[Any], list[Any]]:
        """Of the first panel, as A holds them and as B does."""
        [first, *_] = self.first.panels
        held = await self.first.held_services(first)
        far = replace(self.first, installation=self.second)
        return sorted(held.items()), sorted((await far.held_services(self.panels[first.name])).items())

    async def wrong(self) -> list[str]:
        """Every field in which B differs from what the panels truly have."""
        found = []
        for name, panel in self.panels.items():
            for stream in STREAMS:
                truth = await self.first.truth(name, stream)
                lines = differences(truth, await held(self.second, panel, stream))
                found += [f"{name} {stream} {line}" for line in lines]
        return found

    async def as_of(self, installation: Installation, panel: Panel) -> dict[str, datetime | None]:
        """To when each feed of a panel is right."""
        now, settings = datetime.now(UTC), installation.settings.sync
        known = await installation.database.read(lambda connection: feeds.all_of(connection, EVERYTHING, now))
        mine = [feed for feed in known if feed.panel_id == panel.id]
        return {feed.stream: feed_ages.promise(feed, settings).as_of for feed in mine}


async def agree(installation: Installation) -> None:
    await Attached(installation, None, "", []).agree()  # type: ignore[arg-type]  # no panel is asked


async def held(installation: Installation, panel: Panel, stream: str) -> truths.Rows:
    return await installation.database.read(lambda connection: truths.held(connection, panel.id, stream))


def by_hand(action: str, target: str = "", panel_id: int | None = None, **details: object) -> Act:
    return Act("command line", action, target, panel_id, details)


@asynccontextmanager
async def chained(
    first_url: str, second_url: str, folder: Path, *, panel_count: int = 2, order_count: int = 400
) -> AsyncIterator[Chained]:
    """The panels' clock stands still; B has nothing to read until it is attached."""
    yesterday = datetime.now(UTC) - timedelta(days=1, minutes=5)
    for name in ("a", "b"):
        (folder / name).mkdir()
    async with attached(
        first_url, folder / "a", panel_count=panel_count, order_count=order_count, people=PEOPLE, now=yesterday
    ) as first:
        settings = Settings(database=DatabaseSettings(url=prepared(second_url)))
        second = await opened(settings, folder / "b")
        app = create_app(first.installation.settings, vault=first.installation.vault)
        try:
            with served(app) as url:
                yield Chained(first, url, second, {})
        finally:
            await second.database.close()
