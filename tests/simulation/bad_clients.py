"""Clients that are wrong on purpose, each by one seam of the real one: the auditor that finds nothing must find these, or it looks at nothing.

Each has the worlds in which its mistake matters: a plan made by hand from a seed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace as struct_replace
from sqlalchemy import Connection

from hyperpanel.db import pages
from hyperpanel.db.schema import MIRRORED
from hyperpanel.db.store import DatabaseStore
from sync import pagers
from sync.budget import Gate
from sync.connectors.base import Ask, Page
from sync.cursors import Cursor, Manners, Walk, newest
from sync.store import Batch, Caller, Claim, Committed, FeedKey
from tests.simulation import seeds
from tests.simulation.plans import Event, Plan, plan
from tests.simulation.world import Result

LARGE = (2, 8, 14, 20)
"""Two panels with many orders, as these worlds go."""


class OlderOverNewer(DatabaseStore):
    """Writes what it has queued after what has overtaken it: the page before the last once more, as if it were the newest."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.late: dict[FeedKey, Batch] = {}

    async def commit(
        self, claim: Claim, batch: Batch, cursor: Cursor, manners: Manners, onward: Caller | None = None
    ) -> Committed:
        done = await super().commit(claim, batch, cursor, manners, onward)
        late = self.late.get(claim.feed)
        if batch.fresh:
            self.late[claim.feed] = batch
        if late is not None and late.fresh and batch.number:
            await self.database.commit(lambda connection: self.write(connection, claim, late, batch))
        return done

    def write(self, connection: Connection, claim: Claim, late: Batch, batch: Batch) -> None:
        table, keys = MIRRORED[claim.feed.stream], [item.record.id for item in late.fresh]
        live = pages.live_rows(connection, table, claim.feed.panel_id, keys)
        known = [item for item in late.fresh if item.record.id in live]
        extra = {key: row.extra for key, row in live.items()}
        pages.write(connection, table, claim.feed.panel_id, known, batch.number, late.at, extra)


class DeletesOnEmpty(DatabaseStore):
    """Takes an empty page for what it seems to say: that nothing is there."""

    async def commit(
        self, claim: Claim, batch: Batch, cursor: Cursor, manners: Manners, onward: Caller | None = None
    ) -> Committed:
        done = await super().commit(claim, batch, cursor, manners, onward)
        if batch.number and not batch.read and claim.plan in ("head", "backfill", "sweep"):
            table = MIRRORED[claim.feed.stream]
            gone = table.update().where(table.c.panel_id == claim.feed.panel_id, table.c.gone_at.is_(None))
            await self.database.commit(lambda connection: connection.execute(gone.values(gone_at=batch.at)))
        return done


class NeverWaits(DatabaseStore):
    """Hears a 429 and goes on as before."""

    async def slow_down(self, panel_id: int, retry_after: float | None) -> None:
        return None


@contextmanager
def naive_pager() -> Iterator[None]:
    """Plain offsets, and a page that is shorter than the one before is the last."""
    ask, after = pagers.ask, pagers.after

    def asked(walk: Walk, stream: str, limit: int, manners: Manners) -> Ask:
        return Ask(stream, limit, offset=walk.offset)

    def naively(walk: Walk, page: Page, limit: int, manners: Manners, now: float) -> pagers.Step:
        longest, known = max(walk.longest, len(page)), pagers.dated(page, manners)
        top = newest(walk.top, known, now)
        if len(page) < longest or not known or (walk.floor is not None and min(known) < walk.floor):
            return pagers.Step(None, manners, top, proven=True)
        onward = struct_replace(walk, offset=walk.offset + len(page), longest=longest, top=top, pages=walk.pages + 1)
        return pagers.Step(onward, manners, top, proven=True)

    pagers.ask, pagers.after = asked, naively
    try:
        yield
    finally:
        pagers.ask, pagers.after = ask, after


@contextmanager
def never_held() -> Iterator[None]:
    """The part of a 429 that a process keeps to itself is forgotten too."""
    hold = Gate.hold
    Gate.hold = lambda self, seconds: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        Gate.hold = hold  # type: ignore[method-assign]


def quiet(seed: int, **changes: Any) -> Plan:
    """A world in which nothing goes wrong but what is added."""
    drawn = plan(seed)
    usual = tuple({"page_cap": 15, "retry_after": "seconds"} for _ in range(2))
    return replace(
        drawn,
        **{
            "fleet": LARGE[seed % len(LARGE)],
            "streams": ("orders",),
            "switches": usual,
            "lasts": 90.0,
            "events": (),
            "sweeps": 0,
            "slowness": 0.3,
            **changes,
        },
    )


def shrinking(seed: int) -> Plan:
    """Rows vanish while the history is read page by page."""
    chance = Random(seed)
    given = (("delete", chance.choice((3, 4))), ("move", 1))
    return quiet(seed, events=tuple(Event(0.0, "between", panel, "orders", 60.0, given) for panel in (0, 1)))


def changing(seed: int) -> Plan:
    """The same few orders move again and again."""
    chance = Random(seed)
    new = [Event(float(panel), "lever", panel, "orders/new", 0, (("count", 6),)) for panel in (0, 1)]
    moves = [
        Event(chance.uniform(5, 240), "lever", panel, "orders/move", 0, (("count", 8),))
        for panel in (0, 1)
        for _ in range(8)
    ]
    return quiet(seed, events=tuple(sorted([*new, *moves])), pace=0.7, lasts=250.0)


def emptied(seed: int) -> Plan:
    chance = Random(seed)
    given = (("every", 2), ("path", "orders"))
    begins = chance.uniform(10, 30)
    return quiet(seed, events=(Event(begins, "fault", 0, "empty_page", 50.0, given),), pace=0.7)


def refusing(seed: int) -> Plan:
    chance = Random(seed)
    given = (("every", 1), ("retry_after", "seconds"), ("seconds", 40.0), ("times", 2))
    return quiet(seed, events=(Event(chance.uniform(0, 30), "fault", 0, "429", 60.0, given),), pace=0.7)


def blamed(result: Result) -> set[str]:
    return {found.invariant for found in result.auditor.findings}


def found(seed: int, made: Callable[[int], Plan], run: Path | None = None, **how: Any) -> set[str]:
    return blamed(seeds.live(made(seed), run, **how))
