"""Who looks at every commit and every call, and says what must never be: the invariants of a mirror that is read by any means.

It knows the truth from the sandbox, and what was shown from the answers themselves; of the engine it believes nothing. Its findings name
the invariant: I1 the mirror is not the truth, I2 a row was missed, I3 a tombstone is wrong, I4 a position is ahead of what is held, I5 older
overwrote newer, I7 a row claims to be as of a moment at which it was not so, I8 the panel was called too often or too early.
"""

import traceback
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from hyperpanel.db.store import DatabaseStore
from hyperpanel.db.types import from_micros
from hyperpanel.sandbox import truth
from hyperpanel.sandbox.panel import Panel
from sync.connectors.base import Ask, Page
from sync.cursors import HEAD_OVERLAP, Cursor, Head
from sync.store import Batch, Claim, Committed
from tests.simulation import calls, inline
from tests.simulation.line import Way
from tests.simulation.plans import CUTS
from tests.support import truths

MIRRORED = ("orders", "users", "payments", "tickets")
BACKDATED = 180
"""Seconds by which a panel may show a record later than it says it was made, in these worlds."""


class Finding(NamedTuple):
    invariant: str
    words: str
    at: float


class Departure(NamedTuple):
    number: int
    wall: datetime


@dataclass
class Sighting:
    """One version of a record: the first and the last request that showed it, and when that last one left, by the machine's clock."""

    first: int
    last: int
    wall: datetime


@dataclass
class Auditor:
    now: Callable[[], float]
    wall: Callable[[], datetime]
    panels: dict[int, Panel]
    streams: Sequence[str]
    retention: float = 400 * 86400
    findings: list[Finding] = field(default_factory=list)
    departures: int = 0
    seen: dict[tuple[int, str, str], dict[int, Sighting]] = field(default_factory=lambda: defaultdict(dict))
    trace: Callable[[str], None] | None = None
    commits: int = 0

    def blame(self, invariant: str, words: str, bug: BaseException | None = None) -> None:
        self.findings.append(Finding(invariant, words, self.now()))
        self.tell(f"!! {invariant} {words}")
        if bug is not None and self.trace is not None:
            self.tell("".join(traceback.format_exception(bug)))

    def tell(self, words: str) -> None:
        if self.trace is not None:
            self.trace(f"{self.now():10.3f} {words}")

    # What was shown

    def departure(self) -> Departure:
        self.departures += 1
        return Departure(self.departures, self.wall())

    def sighted(self, panel_id: int, ask: Ask, page: Page, left: Departure) -> None:
        if ask.stream not in MIRRORED:
            return
        for key, digest in zip(page.keys, page.digests, strict=True):
            versions = self.seen[panel_id, ask.stream, key]
            known = versions.get(digest)
            if known is None:
                versions[digest] = Sighting(left.number, left.number, left.wall)
            else:
                known.first, known.last = min(known.first, left.number), max(known.last, left.number)
                known.wall = max(known.wall, left.wall)

    # What was kept

    def watch(self, store: DatabaseStore) -> DatabaseStore:
        """The store, whose commits are looked at as they are made."""
        commit, finish = store.commit, store.finish

        async def watched(claim: Claim, batch: Batch, cursor: Cursor, *rest: Any, **more: Any) -> Committed:
            done = await commit(claim, batch, cursor, *rest, **more)
            self.commits += 1
            self.tell(f"{name(claim)} kept {batch.read} rows, {done.new} new, {done.changed} changed: {cursor}")
            self.held_up_to(claim, cursor)
            return done

        async def finished(claim: Claim, outcome: Any) -> None:
            self.tell(f"{name(claim)} ends {outcome}")
            await finish(claim, outcome)

        store.commit, store.finish = watched, finished  # type: ignore[method-assign]
        return store

    def changed(self, stream: str, panel_id: int, key: str, was: int, now: int) -> None:
        """A row was written over: what it says now must not have been last shown before what it said was first shown."""
        versions = self.seen.get((panel_id, stream, key), {})
        older, newer = versions.get(now), versions.get(was)
        if older is None:
            self.blame("I7", f"{panel_id}/{stream}/{key} holds what was never shown")
        elif newer is not None and older.last < newer.first:
            self.blame("I5", f"{panel_id}/{stream}/{key}: shown last by request {older.last}, over {newer.first}")

    def held_up_to(self, claim: Claim, cursor: Cursor) -> None:
        """I4, where the past has been read: what is older than the head's mark is held, or set aside."""
        stream, panel_id = claim.feed.stream, claim.feed.panel_id
        if stream not in MIRRORED or not isinstance(cursor, Head) or not claim.backfilled:
            return
        if cursor.mark is None or cursor.walk is not None or self.commits % 3:
            return
        if any(self.panels[panel_id].faults.struck[kind] for kind in CUTS):
            return
        mark = cursor.mark - HEAD_OVERLAP
        there = {key for key, made in created(self.panels[panel_id], stream).items() if made <= mark - BACKDATED}
        held = self.keys(panel_id, stream) | self.aside(panel_id, stream)
        for key in sorted(there - held):
            self.blame("I4", f"{panel_id}/{stream}/{key} is not held, and the mark is at {cursor.mark}")

    # What is held

    def keys(self, panel_id: int, stream: str, gone: bool = False) -> set[str]:
        is_gone = "NOT NULL" if gone else "NULL"
        asked = f"SELECT id FROM {stream} WHERE panel_id = ? AND gone_at IS {is_gone}"
        return {row[0] for row in rows(asked, panel_id)}

    def aside(self, panel_id: int, stream: str) -> set[str]:
        return {
            row[0]
            for row in rows("SELECT record_id FROM set_aside WHERE panel_id = ? AND stream = ?", panel_id, stream)
        }

    def look(self) -> None:
        """At any moment: no tombstone for a living record, and every row was once shown as it is, no earlier than it says."""
        for panel_id, panel in self.panels.items():
            for stream in MIRRORED:
                if stream in self.streams:
                    self.tombstones(panel_id, panel, stream)
                    self.moments(panel_id, stream)

    def tombstones(self, panel_id: int, panel: Panel, stream: str) -> None:
        gone = self.keys(panel_id, stream, gone=True)
        if gone:
            for key in sorted(gone & created(panel, stream).keys()):
                self.blame("I3", f"{panel_id}/{stream}/{key} is there, and was taken to be gone")

    def moments(self, panel_id: int, stream: str) -> None:
        asked = f"SELECT id, digest, seen_at FROM {stream} WHERE panel_id = ? AND gone_at IS NULL"
        for key, digest, seen_at in rows(asked, panel_id):
            shown = self.seen.get((panel_id, stream, key), {}).get(digest)
            if shown is None:
                self.blame("I7", f"{panel_id}/{stream}/{key} holds what was never shown")
            elif shown.wall < from_micros(seen_at):
                self.blame("I7", f"{panel_id}/{stream}/{key} is as of {from_micros(seen_at)}, last shown {shown.wall}")

    def compare(self, deleted_too: bool) -> None:
        """I1, I2, I3: field for field. Before a sweep a record that was deleted may still be held."""
        for panel_id, panel in self.panels.items():
            for stream in MIRRORED:
                if stream in self.streams:
                    there = {row["id"]: truths.told(row) for row in truth.rows(panel, stream)}
                    held = truths.held(inline.CONNECTION, panel_id, stream)
                    if stream == "tickets" and "messages" not in self.streams:
                        for row in (*there.values(), *held.values()):
                            row["messages"] = []
                    self.differ((panel_id, stream), there, held, deleted_too)

    def differ(self, feed: tuple[int, str], there: truths.Rows, held: truths.Rows, deleted_too: bool) -> None:
        """A walk that could not see all says so itself (more rows of one second than a page holds, in no order): it has missed nothing
        in silence, and a sweep of that kind accuses nobody."""
        where, is_whole = f"{feed[0]}/{feed[1]}", proven(READ, feed)
        for line in sorted(truths.differences(there, held)):
            if line.endswith(": not held"):
                if is_whole:
                    self.blame("I2", f"{where} {line}")
            elif not line.endswith(": not there"):
                self.blame("I1", f"{where} {line}")
            elif deleted_too and proven(SWEPT, feed):
                self.blame("I3", f"{where} {line} any more")

    def called(self, way: Way, rate: int, jumps: Sequence[float] = ()) -> None:
        for words in calls.wrong(way, rate, jumps):
            self.blame("I8", words)


def name(claim: Claim) -> str:
    return f"{claim.holder} {claim.feed.panel_id}/{claim.feed.stream}/{claim.plan}#{claim.fence}"


def created(panel: Panel, stream: str) -> dict[str, int]:
    """When each record that is there now was made, by the panel's own word."""
    store = getattr(panel, stream)
    return {str(store.ids[place]): store.created[place] for place in truth.STREAMS[stream].places(panel)}


READ = (
    "SELECT proven, max(number) FROM runs WHERE panel_id = ? AND stream = ? AND done AND \"plan\" IN ('head', 'backfill') "
    'AND calls > 0 GROUP BY "plan"'
)
SWEPT = "SELECT proven FROM sweeps WHERE panel_id = ? AND stream = ? ORDER BY number DESC LIMIT 3"


def proven(asked: str, feed: tuple[int, str]) -> bool:
    """Whether the last walks of a feed say that they have seen all."""
    return all(row[0] for row in rows(asked, *feed))


def rows(statement: str, *values: Any) -> list[Any]:
    return list(inline.RAW.execute(statement, values))
