"""A worker at work beside the pages: it commits pages of orders of which some have changed, through the engine's own store.

As many as a worker is allowed, unless it is told otherwise: four requests a second to each panel, a thousand orders each. What changed is
among the newest, where it is looked at.
"""

import asyncio
import time
from dataclasses import dataclass, field
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
from sync.budget import rank
from sync.clocks import Clock
from sync.pacing import Pace
from sync.records import Order
from sync.store import Batch, Caller, Claim, FeedKey, Fresh

PAGE, CHANGED = 1000, 100
A_SECOND = 4
HOLDER = "bench:0:writer"


@dataclass
class Held:
    """A feed that is held, and its newest orders, which change again and again."""

    claim: Claim
    newest: list[Order]
    changed: int = CHANGED
    version: int = 0

    def page(self, number: int, now: Any) -> Batch:
        self.version += 1
        first = self.version * self.changed % PAGE
        some = self.newest[first : first + self.changed]
        moved = [Fresh(changed(order, self.version), self.version, self.version) for order in some]
        return Batch(number, now, PAGE, moved, keys=[order.id for order in self.newest])


def changed(order: Order, version: int) -> Order:
    """A report says the same of it: what was delivered of a partial order stays as it is."""
    name = "start_count" if order.status == "partial" else "remains"
    return msgspec.structs.replace(order, **{name: version})


@dataclass(frozen=True)
class Habit:
    """How many orders of a page have changed, and how many pages come in a second; None means as many as all panels allow."""

    changed: int = CHANGED
    a_second: float | None = None
    clock: Clock = field(default_factory=SystemClock)


async def write(folder: Path, busy: Any, pages: Any, habit: Habit) -> None:
    """While `busy` is set; `pages` counts what was committed."""
    found = await opened(load(folder / "config.toml", {}), folder)
    clock = habit.clock
    store = DatabaseStore(found.database, clock, Pace({}), found.vault)
    await store.release(HOLDER)
    feeds = [await held(store, panel.id, habit) for panel in await found.database.read(panels_of)]
    out: dict[int, int] = {}
    rest = 1 / (habit.a_second or A_SECOND * len(feeds))
    for feed in cycle(feeds):
        while not busy.is_set():  # noqa: ASYNC110 -- another process sets it
            await asyncio.sleep(0.05)
        begun = time.monotonic()
        panel_id = feed.claim.feed.panel_id
        turn = await store.turn(panel_id, Caller(HOLDER, rank("orders", "head"), landed=out.get(panel_id)))
        out[panel_id] = turn.number
        await store.known(feed.claim.feed, [order.id for order in feed.newest])
        await store.commit(feed.claim, feed.page(turn.number, clock.now()), feed.claim.cursor, feed.claim.manners)
        pages.value += 1
        await asyncio.sleep(max(0.0, begun + rest - time.monotonic()))


def panels_of(connection: Any) -> list[panels.Panel]:
    return list(panels.all_of(connection, EVERYTHING))


async def held(store: DatabaseStore, panel_id: int, habit: Habit) -> Held:
    columns = (orders.c[name] for name in Order.__struct_fields__)
    asked = EVERYTHING.select(*columns).where(orders.c.panel_id == panel_id, orders.c.gone_at.is_(None))
    asked = asked.order_by(orders.c.created_at.desc()).limit(PAGE)
    rows = await store.database.read(lambda connection: connection.execute(asked).all())
    claim = await store.claim(FeedKey(panel_id, "orders"), "head", HOLDER)
    if claim is None:
        raise RuntimeError("the feed of orders is held by somebody else, or paused")
    return Held(claim, [Order(*row) for row in rows], habit.changed)


def work(folder: str, busy: Any, pages: Any, habit: Habit | None = None) -> None:
    asyncio.run(write(Path(folder), busy, pages, habit or Habit()))
