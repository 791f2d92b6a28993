"""A worker at work beside the pages: it commits pages of orders of which some have changed, through the engine's own store.

As many as a worker is allowed: four requests a second to each panel, a thousand orders each. What changed is among the newest, where it is
looked at.
"""

import asyncio
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec

import hyperpanel  # noqa: F401 -- the safe SQLite first
from hyperpanel.clock import SystemClock
from hyperpanel.config import load
from hyperpanel.db import panels
from hyperpanel.db.opening import opened
from hyperpanel.db.schema import orders
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.store import DatabaseStore
from sync.pacing import Pace
from sync.records import Order
from sync.store import Batch, Claim, FeedKey, Fresh

PAGE, CHANGED = 1000, 100
A_SECOND = 4
HOLDER = "bench:0:writer"


@dataclass
class Held:
    """A feed that is held, and its newest orders, which change again and again."""

    claim: Claim
    newest: list[Order]
    version: int = 0

    def page(self, number: int, now: Any) -> Batch:
        self.version += 1
        first = self.version * CHANGED % PAGE
        moved = [
            Fresh(msgspec.structs.replace(order, remains=self.version), self.version, self.version)
            for order in self.newest[first : first + CHANGED]
        ]
        return Batch(number, now, PAGE, moved, keys=[order.id for order in self.newest])


async def write(folder: Path, busy: Any, pages: Any) -> None:
    """While `busy` is set; `pages` counts what was committed."""
    found = await opened(load(folder / "config.toml", {}), folder)
    clock = SystemClock()
    store = DatabaseStore(found.database, clock, Pace({}), found.vault)
    await store.release(HOLDER)
    feeds = [await held(store, panel.id) for panel in await found.database.read(panels_of)]
    for feed in cycle(feeds):
        while not busy.is_set():  # noqa: ASYNC110 -- another process sets it
            await asyncio.sleep(0.05)
        begun = time.monotonic()
        turn = await store.turn(feed.claim.feed.panel_id)
        await store.known(feed.claim.feed, [order.id for order in feed.newest])
        await store.commit(feed.claim, feed.page(turn.number, clock.now()), feed.claim.cursor, feed.claim.manners)
        pages.value += 1
        await asyncio.sleep(max(0.0, begun + 1 / (A_SECOND * len(feeds)) - time.monotonic()))


def panels_of(connection: Any) -> list[panels.Panel]:
    return list(panels.all_of(connection, EVERYTHING))


async def held(store: DatabaseStore, panel_id: int) -> Held:
    columns = (orders.c[name] for name in Order.__struct_fields__)
    asked = EVERYTHING.select(*columns).where(orders.c.panel_id == panel_id, orders.c.gone_at.is_(None))
    asked = asked.order_by(orders.c.created_at.desc()).limit(PAGE)
    rows = await store.database.read(lambda connection: connection.execute(asked).all())
    claim = await store.claim(FeedKey(panel_id, "orders"), "head", HOLDER)
    if claim is None:
        raise RuntimeError("the feed of orders is held by somebody else, or paused")
    return Held(claim, [Order(*row) for row in rows])


def work(folder: str, busy: Any, pages: Any) -> None:
    asyncio.run(write(Path(folder), busy, pages))
