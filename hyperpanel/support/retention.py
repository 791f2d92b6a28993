"""How long records are kept: what a shorter time would let go of, and the errand that erases what has grown too old.

The errand never holds the database long: each deletion is as large as the last ones were quick, and between two of them pages are committed.
Each looks anew at how long the feed is kept, so to keep it longer stops an erasure at once.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.config import Sync
from hyperpanel.db import ai_answers, backfills, erasing, outlived, sync_rules
from hyperpanel.db.engine import Database
from hyperpanel.db.erasing import Erasure, Shortening
from hyperpanel.db.opening import Installation
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.sync_rules import Rules
from hyperpanel.support.sync_settings import pace, retention
from sync.store import FeedKey

__all__ = [
    "Erasure",
    "Shortening",
    "carry_out",
    "erase",
    "forget_answers",
    "lengthened",
    "let_go",
    "progress",
    "shortened",
]

progress = erasing.progress

AT_ONCE, LEAST, MOST = 50, 10, 500
WANTED = 0.02
"""Rows in one deletion: at first, and at least and at most; and the seconds that its statements should take. To commit comes on top of that,
however few they are."""

BREATH = 0.01
AHEAD = 2000
LONGEST = 45.0
"""Seconds between two deletions at least, ids looked for at once, and seconds after which the rest waits for the errand's next time."""

TOLD_EVERY = 2.0


def shortened(
    connection: Connection, scope: Scope, before: Rules, after: Rules, settings: Sync, now: datetime
) -> list[Shortening]:
    """The feeds that would be kept shorter, with what of them would go."""
    found = []
    for feed in erasing.ageing(connection, scope):
        kept = retention(settings, after, feed)
        if kept < retention(settings, before, feed):
            lost = outlived.count(connection, scope, feed, now - kept)
            found.append(Shortening(feed.panel_id, feed.stream, now - kept, lost.rows, lost.history))
    return found


async def let_go(connection: AsyncConnection, found: Iterable[Shortening], by: str, now: datetime) -> None:
    """A person has agreed. The rules themselves are saved by the caller in this transaction: they are what the errand goes by."""
    await erasing.begin(connection, found, by, now)


async def lengthened(connection: AsyncConnection, found: Iterable[FeedKey], now: datetime) -> None:
    """What these feeds are to hold from now on is read at once, not when a finished backfill would have looked again."""
    for feed in found:
        await backfills.wake(connection, feed, now)


@dataclass
class Stride:
    """How many rows go at once."""

    rows: float = AT_ONCE

    def took(self, seconds: float) -> None:
        """The quicker, the more the next time; much less after one that was slow."""
        self.rows = min(max(self.rows * min(max(WANTED / max(seconds, 1e-6), 0.25), 1.5), LEAST), MOST)

    def end(self, weights: Sequence[int], start: int) -> int:
        """One record at least, however much hangs on it."""
        end, rows = start + 1, weights[start]
        while end < len(weights) and rows + weights[end] <= self.rows:
            rows += weights[end]
            end += 1
        return end


@dataclass
class Erasing:
    """One errand's work. `untold`: feeds of which rows went that open pages have not been told of, and when they were told last."""

    database: Database
    settings: Sync
    now: datetime
    until: float
    strides: dict[str, Stride] = field(default_factory=lambda: {stream: Stride() for stream in outlived.STREAMS})
    told: dict[FeedKey, float] = field(default_factory=dict)
    untold: set[FeedKey] = field(default_factory=set)

    async def all(self) -> int:
        """The feeds in turn, so that a large one keeps none waiting."""
        waiting, erased = deque(await self.database.read(erasing.ageing)), 0
        waited = {FeedKey(one.panel_id, one.stream) for one in await self.database.read(everybodys)}
        while waiting and monotonic() < self.until:
            feed = waiting.popleft()
            gone, is_whole = await self.some(feed)
            erased += gone
            if not is_whole:
                waiting.append(feed)
            if feed in self.untold or (is_whole and feed in waited):
                await self.rest(feed, is_whole)
        return erased

    def bound(self, connection: Connection, feed: FeedKey) -> datetime:
        return self.now - retention(self.settings, sync_rules.load(connection, pace(self.settings)), feed)

    def look(self, connection: Connection, feed: FeedKey) -> list[tuple[str, int]]:
        ids = outlived.some(connection, feed, self.bound(connection, feed), AHEAD)
        weights = outlived.weights(connection, feed, ids) if ids else {}
        return [(key, weights.get(key, 1)) for key in ids]

    async def some(self, feed: FeedKey) -> tuple[int, bool]:
        """How many went, and whether none is left that may go."""
        found = await self.database.read(lambda connection: self.look(connection, feed))
        if found and feed.stream == "tickets":
            await self.stray(feed)
        ids, weights, stride = [key for key, _ in found], [weight for _, weight in found], self.strides[feed.stream]
        erased = start = 0
        while start < len(ids) and monotonic() < self.until:
            end = stride.end(weights, start)
            erased += await self.step(feed, ids[start:end], stride)
            start = end
        return erased, start == len(ids) and (len(ids) < AHEAD or not erased)

    async def step(self, feed: FeedKey, ids: Sequence[str], stride: Stride) -> int:
        begun = ended = 0.0

        def work(connection: Connection) -> int:
            nonlocal begun, ended
            begun = monotonic()
            gone = erasing.erase(connection, feed, ids, self.bound(connection, feed), self.now)
            if gone:
                self.tell(connection, feed, gone)
            ended = monotonic()
            return len(gone)

        erased = await self.database.commit(work)
        stride.took(ended - begun)
        await asyncio.sleep(max(monotonic() - begun, BREATH))
        return erased

    def tell(self, connection: Connection, feed: FeedKey, gone: Sequence[str]) -> None:
        """Not with each deletion: pages would look again ten times a second."""
        if monotonic() - self.told.get(feed, 0.0) < TOLD_EVERY:
            self.untold.add(feed)
            return
        erasing.tell(connection, feed, None if feed in self.untold else gone, self.now)
        self.told[feed] = monotonic()
        self.untold.discard(feed)

    async def rest(self, feed: FeedKey, is_whole: bool) -> None:
        def work(connection: Connection) -> None:
            if feed in self.untold:
                erasing.tell(connection, feed, None, self.now)
            if is_whole:
                erasing.ended(connection, feed, self.now)

        await self.database.commit(work)
        self.untold.discard(feed)

    async def stray(self, feed: FeedKey) -> None:
        found = await self.database.read(lambda connection: erasing.strays(connection, feed.panel_id, LEAST))
        if found:
            await self.database.commit(lambda connection: erasing.forget_strays(connection, feed.panel_id, found))


def everybodys(connection: Connection) -> list[Erasure]:
    return erasing.progress(connection, EVERYTHING)


async def erase(installation: Installation, now: datetime) -> int:
    """How many records went. What time is too short for, the next errand goes on with."""
    return await carry_out(installation.database, installation.settings.sync, now)


async def carry_out(database: Database, settings: Sync, now: datetime) -> int:
    """The same by whoever has agreed to it: nobody need wait for a worker. Two at once do each other no harm."""
    return await Erasing(database, settings, now, monotonic() + LONGEST).all()


async def forget_answers(installation: Installation, now: datetime) -> int:
    """What models answered and nobody has asked for again for as long as the panel's tickets are kept. What they answered about a ticket that is
    erased goes with it."""
    database, settings, forgotten = installation.database, installation.settings.sync, 0
    rules = await database.read(lambda connection: sync_rules.load(connection, pace(settings)))
    for feed in [one for one in await database.read(erasing.ageing) if one.stream == "tickets"]:
        async with database.write() as connection:
            bound = now - retention(settings, rules, feed)
            forgotten += await ai_answers.forget(connection, feed.panel_id, bound)
    return forgotten
