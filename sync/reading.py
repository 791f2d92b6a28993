"""One request of a run: asked for in its turn, held against what is known, and committed with the position after it.

Most of what is read again is unchanged, so a record whose digest equals its live row's is neither decoded nor written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import xxhash

from sync import ages
from sync.budget import Gate, rank
from sync.clocks import Clock
from sync.connectors.base import Ask, Connector, Page, Stream, Unread
from sync.cursors import Backfill, Cursor, Manners
from sync.records import Record
from sync.store import Batch, Caller, Claim, Fresh, Store, Tally, Turn
from sync.verdicts import Trouble, UnreadableRecord

DRIFT_SHARE = 0.05
DRIFT_LEAST = 2
DRIFT_ROWS = 20
DRIFT_LEAST_ROWS = 5
ENCODER = msgspec.msgpack.Encoder()
NEVER_SEEN: tuple[int | None, int | None] = (None, None)
AHEAD = timedelta(seconds=2)
"""More than an answer's whole seconds and its way here can make of two clocks that agree."""

TOGETHER = 10
WAITS = 0.25
"""Seconds a page that was read waits for others to be committed with."""

Said = Callable[[Tally], None]


@dataclass(frozen=True)
class Limits:
    """How a run asks, and how much of it is done at a time. `since`: how far back a backfill goes."""

    per_fetch: int = 1000
    pages: int | None = None
    since: timedelta = timedelta(days=90)


@dataclass
class Run:
    """The parts of a run that every step needs."""

    claim: Claim
    connector: Connector
    store: Store
    gate: Gate
    clock: Clock
    limits: Limits
    said: Said
    tally: Tally
    manners: Manners
    turn: Turn | None = None
    nameless: bool = False
    """Whether a record without an id was met: it can only be found by reading its span again."""
    rank: int | None = None
    """Where it is another than that of its plan."""
    landed: int | None = None
    took: float | None = None
    """The last call, until the budget was told of it."""
    answered: bool = False

    @property
    def stream(self) -> str:
        return self.claim.feed.stream

    def caller(self) -> Caller:
        """Who asks for the next turn; with it the budget is told of the last call, once."""
        first = rank(self.stream, self.claim.plan) if self.rank is None else self.rank
        landed, took = self.landed, self.took
        self.landed = self.took = None
        return Caller(f"{self.claim.holder}/{self.claim.run}", first, self.claim.run, landed, took)

    async def ask(self, ask: Ask) -> tuple[int, datetime, Page]:
        """One request in its turn: its number, and when it was sent. Raises Trouble."""
        turn, self.turn = self.turn, None
        number = await self.gate.take(self.caller(), turn)
        at, begun = self.clock.now(), self.clock.monotonic()
        self.tally.calls += 1
        self.landed = number
        page = await self.connector.page(ask)
        page.as_of = by_our_clock(page, self.clock.now())
        self.took = self.clock.monotonic() - begun
        self.answered = True
        return number, at, page


def by_our_clock(page: Page, now: datetime) -> datetime | None:
    """To when copies are right, which their holder says by its own clock: where that runs ahead, they are older than it says."""
    if page.as_of is None or page.upstream_now is None or page.upstream_now - now < AHEAD:
        return page.as_of
    return page.as_of - (page.upstream_now - now)


async def fetch(work: Run, ask: Ask) -> tuple[Batch, Page]:
    """One request and what of it is news. Raises Trouble."""
    number, at, page = await work.ask(ask)
    known = await work.store.known(work.claim.feed, page.keys)
    fresh, unread, empty = news(work, page, known, bool(ask.ids))
    if ask.ids:  # the very ones that were set aside may be among them, and those that come to their end together
        empty = ()
    else:
        refuse_drift(len(page), len(unread))
    work.nameless = work.nameless or any(item.key.startswith("?") for item in unread)
    return Batch(number, at, len(page), fresh, unread, keys=page.keys, empty=empty, as_of=page.as_of), page


def news(
    work: Run, page: Page, known: Mapping[str, tuple[int, int]], asked_by_id: bool
) -> tuple[list[Fresh], list[Unread], Sequence[str]]:
    """Decode what differs from its live row. A record whose bytes differ and whose whitelisted fields do not is no news; nor is one that is
    too old, unless it was asked for."""
    fresh: dict[str, Fresh] = {}
    again: list[Record] = []
    unread, floor = list(page.unread), datetime.fromtimestamp(held_from(work), UTC)
    rows = zip(page.keys, page.raws, page.digests, strict=True)
    for key, raw, digest in [row for row in rows if known.get(row[0], NEVER_SEEN)[0] != row[2]]:
        live = known.get(key)
        try:
            record = work.connector.decode(work.stream, raw)
        except UnreadableRecord as problem:
            unread.append(Unread(key, str(problem), work.connector.values(work.stream, raw)))
            continue
        if live is not None:
            again.append(record)
        elif not asked_by_id and ages.outlived(record, floor):
            continue
        fields = fingerprint(record, work.connector.version)
        if live is None or live[1] != fields:
            fresh[key] = Fresh(record, digest, fields)
    return list(fresh.values()), unread, emptied(again, len(page))


def emptied(again: Sequence[Record], rows: int) -> Sequence[str]:
    """Fields that none of many known records has a value for any more. A field that an upstream drops or renames changes all its records'
    bytes; whether it had values before, the Store knows."""
    if len(again) < DRIFT_LEAST_ROWS or 2 * len(again) < rows:
        return ()
    return [name for name in again[0].__struct_fields__ if all(getattr(record, name) is None for record in again)]


def fingerprint(record: Record, version: int) -> int:
    value = xxhash.xxh3_64_intdigest(ENCODER.encode(record), version)
    return value - 2**64 if value >= 2**63 else value


def refuse_drift(rows: int, bad: int) -> None:
    """Many unreadable records at once are a change of format: nothing of the page is kept, so no known value is blanked."""
    if bad >= DRIFT_LEAST and (bad == rows or (rows >= DRIFT_ROWS and bad > rows * DRIFT_SHARE)):
        raise Trouble("drift", bad=bad, rows=rows)


async def commit(work: Run, batch: Batch, cursor: Cursor, onward: bool = False) -> None:
    done = await work.store.commit(work.claim, batch, cursor, work.manners, work.caller() if onward else None)
    work.turn = done.turn
    tally = work.tally
    tally.read += batch.read
    tally.new += done.new
    tally.changed += done.changed
    tally.set_aside += len(batch.unread)
    tally.missing += batch.missing
    work.said(tally)
    if done.again:
        await read_again(work, done.again, cursor)


async def read_again(work: Run, keys: Sequence[str], cursor: Cursor) -> None:
    """Rows that a later request has overtaken: asked for anew, so that what is written is the newest there is."""
    at_once = ids_at_once(work)
    for start in range(0, len(keys) if at_once else 0, at_once or 1):
        ids = keys[start : start + at_once]
        batch, _ = await fetch(work, Ask(work.stream, limit=at_once, ids=ids))
        await commit(work, batch, cursor)


def idle(work: Run) -> Batch:
    """A commit that moves the position alone."""
    return Batch(number=0, at=work.clock.now(), read=0)


def panel_now(work: Run, page: Page) -> float:
    return (page.upstream_now or work.clock.now()).timestamp()


@dataclass
class Waiting:
    """Pages read and not committed yet. At the rates that panels allow each is committed by itself; where pages come faster than four a
    second (a panel of one's own), those of a backfill go together, since half the cost of a first load is the commit."""

    work: Run
    batches: list[Batch] = field(default_factory=list)
    cursor: Cursor | None = None
    since: float = 0.0

    async def add(self, batch: Batch, cursor: Cursor, last: bool) -> None:
        if batch.empty:  # a field that vanished from one page would not show beside others
            await self.commit()
        now = self.work.clock.monotonic()
        self.since = self.since if self.batches else now
        self.batches.append(batch)
        self.cursor = cursor
        patient = isinstance(cursor, Backfill) and not batch.empty and len(self.batches) < TOGETHER
        patient = patient and now - self.since < WAITS
        if last or not patient or (len(self.batches) == 1 and self.work.gate.spacing >= WAITS):
            await self.commit(onward=not last)

    async def commit(self, onward: bool = False) -> None:
        if self.batches and self.cursor is not None:
            await commit(self.work, merged(self.batches), self.cursor, onward)
            self.batches = []


def merged(batches: Sequence[Batch]) -> Batch:
    """Several answers as one: as of the first, which is the truth about all of them; what came twice counts once, as it came last."""
    if len(batches) == 1:
        return batches[0]
    return Batch(
        number=batches[0].number,
        at=batches[0].at,
        read=sum(batch.read for batch in batches),
        fresh=list({item.record.id: item for batch in batches for item in batch.fresh}.values()),
        unread=[unread for batch in batches for unread in batch.unread],
        missing=sum(batch.missing for batch in batches),
        keys=[key for batch in batches for key in batch.keys],
        calls=len(batches),
        as_of=min((batch.as_of for batch in batches if batch.as_of is not None), default=None),
    )


def ids_at_once(work: Run) -> int:
    """How many ids a request may name; 0 where the upstream has no such filter, or ignores it."""
    return spec(work).by_ids if work.manners.by_ids else 0


def spec(work: Run) -> Stream:
    """What the connector can do with this stream; nothing, for one that it has no longer."""
    return next((stream for stream in work.connector.streams() if stream.name == work.stream), Stream(work.stream, ()))


def doubt(work: Run, manners: Manners) -> None:
    """What the upstream was seen not to do is tried again a day later by our own clock: a panel's may be a day behind."""
    work.manners = msgspec.structs.replace(manners, doubted=int(work.clock.now().timestamp()))


def learn(work: Run, manners: Manners) -> None:
    """What a page has shown of its upstream."""
    beliefs = ("seek", "by_ids", "by_user", "touched")
    if any(getattr(manners, name) != getattr(work.manners, name) for name in beliefs):
        doubt(work, manners)
    else:
        work.manners = manners


def held_from(work: Run) -> int:
    """The floor of what is kept, in unix seconds."""
    return 0 if spec(work).ageless else int((work.clock.now() - work.limits.since).timestamp())
