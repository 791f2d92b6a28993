"""One run of one plan of one feed: ask, look up digests, decode what differs, commit with the position, until the plan is done.

Most of what is read again is unchanged, so a record whose digest equals its live row's is neither decoded nor written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import assert_never

import msgspec
import xxhash

from sync import pagers
from sync.budget import Gate
from sync.clocks import Clock
from sync.connectors.base import Ask, Connector, Page, Unread
from sync.cursors import FUTURE, HEAD_OVERLAP, Backfill, Cursor, Head, Manners, Refresh, Walk
from sync.records import Record
from sync.store import Batch, Claim, Fresh, Outcome, Store, Tally, Turn
from sync.verdicts import Trouble, UnreadableRecord

DRIFT_SHARE = 0.05
DRIFT_LEAST = 2
DRIFT_ROWS = 20
ENCODER = msgspec.msgpack.Encoder()
NEVER_SEEN: tuple[int | None, int | None] = (None, None)
TOGETHER = 10
WAITS = 0.25
"""Seconds a page that was read waits for others to be committed with."""

ENDLESS = 200_000
"""Pages after which a walk is taken to go in circles."""

Said = Callable[[Tally], None]
Following = Callable[[pagers.Step, float], tuple[Cursor, Walk | None]]


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

    @property
    def stream(self) -> str:
        return self.claim.feed.stream


async def run(
    claim: Claim,
    connector: Connector,
    store: Store,
    gate: Gate,
    clock: Clock,
    limits: Limits,
    said: Said = lambda tally: None,
) -> Outcome:
    """Do (a slice of) a plan and finish the claim. Troubles end up in the Outcome; anything else is a bug and is raised."""
    work = Run(
        claim, connector, store, gate, clock, limits, said, Tally(), claim.manners.renewed(clock.now().timestamp())
    )
    try:
        outcome = await plan(work)
    except Trouble as trouble:
        if trouble.code == "rate":
            gate.hold(trouble.retry_after)
            await store.slow_down(claim.feed.panel_id, trouble.retry_after)
        outcome = Outcome(work.tally, done=False, trouble=trouble)
    await store.finish(claim, outcome)
    return outcome


async def plan(work: Run) -> Outcome:
    cursor = work.claim.cursor
    match cursor:
        case Head():
            return await (catalogue(work) if work.stream == "services" else head(work, cursor))
        case Backfill():
            return await backfill(work, cursor)
        case Refresh():
            return await refresh(work, cursor)
        case _:
            assert_never(cursor)


async def head(work: Run, cursor: Head) -> Outcome:
    """From the newest down to a little before the mark. At first one page is enough: older spans are the backfill's.

    A mark that is lost, or later than the panel's own clock (which ran back, or the cursor was damaged), is no mark: once the past
    has been read, nobody else would fill the gap, so everything that is held is walked through again.
    """
    mark, first_ever = cursor.mark, cursor.mark is None and not work.claim.backfilled
    walk = cursor.walk or Walk(floor=held_from(work) if mark is None else mark - HEAD_OVERLAP)

    def following(step: pagers.Step, now: float) -> tuple[Head, Walk | None]:
        nonlocal mark
        if mark is not None and mark > now + FUTURE:
            mark = None
            anew = Walk(floor=held_from(work))
            return Head(mark=None, walk=anew), anew
        if step.walk is None or (first_ever and work.manners.seek and step.top is not None):
            risen = max(filter(None, (mark, step.top)), default=None)
            return Head(mark=risen), None
        return Head(mark=mark, walk=step.walk), step.walk

    return await descend(work, walk, following)


def held_from(work: Run) -> int:
    """The floor of what is kept, in unix seconds."""
    return int((work.clock.now() - work.limits.since).timestamp())


async def backfill(work: Run, cursor: Backfill) -> Outcome:
    """A span of the past, resumable; a floor lower than the last one goes on from where that ended. An unproven one begins anew."""
    floor = held_from(work)
    reached = cursor.reached
    walk = cursor.walk
    if walk is None:
        if cursor.done and cursor.floor is not None and cursor.floor <= floor + 86400:
            return Outcome(work.tally)
        walk = Walk(floor=floor, to=reached)
    floor = walk.floor if walk.floor is not None else floor

    def following(step: pagers.Step, now: float) -> tuple[Backfill, Walk | None]:
        if step.walk is None:
            held = step.proven and not work.nameless and step.top is not None
            return Backfill(reached=floor, floor=floor, done=True) if held else Backfill(), None
        return Backfill(reached=reached, floor=floor, walk=step.walk), step.walk

    return await descend(work, walk, following)


async def descend(work: Run, walk: Walk, following: Following) -> Outcome:
    """Page after page from new to old; `following` says what is kept as the position after each."""
    pages, waiting = 0, Waiting(work)
    while True:
        question = pagers.ask(walk, work.stream, work.limits.per_fetch, work.manners)
        try:
            batch, page = await fetch(work, question)
        except Trouble:
            await waiting.commit()
            raise
        now = panel_now(work, page)
        step = pagers.after(walk, page, question.limit, work.manners, now)
        work.manners = step.manners
        cursor, onward = following(step, now)
        pages += 1
        last = onward is None or pages == work.limits.pages
        await waiting.add(batch, cursor, last)
        if onward is None:
            return Outcome(work.tally, proven=step.proven and not work.nameless)
        if pages >= ENDLESS:
            raise Trouble("paging")
        if last:
            return Outcome(work.tally, done=False, proven=step.proven)
        walk = onward


@dataclass
class Waiting:
    """Pages read and not committed yet. At the rates that panels allow each is committed by itself; where pages come faster than four a
    second (a panel of one's own), those of a backfill go together, since half the cost of a first load is the commit."""

    work: Run
    batches: list[Batch] = field(default_factory=list)
    cursor: Cursor | None = None
    since: float = 0.0

    async def add(self, batch: Batch, cursor: Cursor, last: bool) -> None:
        now = self.work.clock.monotonic()
        self.since = self.since if self.batches else now
        self.batches.append(batch)
        self.cursor = cursor
        patient = isinstance(cursor, Backfill) and len(self.batches) < TOGETHER and now - self.since < WAITS
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
    )


async def catalogue(work: Run) -> Outcome:
    """A stream that comes whole in one answer."""
    batch, _ = await fetch(work, Ask(work.stream))
    await commit(work, batch, Head())
    return Outcome(work.tally)


async def refresh(work: Run, cursor: Refresh) -> Outcome:
    """Everything not final once more: by ids, or by walking down to the oldest of them where ids cannot be asked for."""
    cursor = msgspec.structs.replace(cursor, started=cursor.started or work.clock.now().timestamp())
    pages = 0
    while at_once := ids_at_once(work):
        ids = await work.store.open_ids(work.claim.feed, cursor.after, at_once)
        if not ids:
            await commit(work, idle(work), Refresh(covered=cursor.started))
            return Outcome(work.tally, proven=cursor.whole and seen_all(work))
        if work.limits.pages is not None and pages >= work.limits.pages:
            return Outcome(work.tally, done=False)
        cursor = msgspec.structs.replace(await reread(work, cursor, ids), whole=cursor.whole and seen_all(work))
        pages += 1
    return await refresh_by_walk(work, cursor)


def seen_all(work: Run) -> bool:
    """Whether each record asked for so far came, and could be read."""
    return not (work.tally.missing or work.tally.set_aside)


async def reread(work: Run, cursor: Refresh, ids: Sequence[str]) -> Refresh:
    """A batch of ids; those that did not come are asked for again: a panel may look at the first few alone, or answer nothing for once."""
    wanted, fruitless = list(ids), 0
    while True:
        batch, page = await fetch(work, Ask(work.stream, limit=len(wanted), ids=wanted))
        came = {*page.keys, *(unread.key for unread in page.unread)}
        if set(page.keys) - set(wanted):
            work.manners = msgspec.structs.replace(work.manners, by_ids=False, doubted=int(panel_now(work, page)))
            await commit(work, batch, cursor)
            return cursor
        wanted = [key for key in wanted if key not in came]
        fruitless += not came
        done = not wanted or fruitless > (1 if len(wanted) == len(ids) else 0)
        cursor = msgspec.structs.replace(cursor, after=ids[-1]) if done else cursor
        await commit(work, replace(batch, missing=len(wanted) if done else 0), cursor)
        if done:
            return cursor


def ids_at_once(work: Run) -> int:
    """How many ids a request may name; 0 where the upstream has no such filter, or ignores it."""
    if not work.manners.by_ids:
        return 0
    return next((stream.by_ids for stream in work.connector.streams() if stream.name == work.stream), 0)


async def refresh_by_walk(work: Run, cursor: Refresh) -> Outcome:
    oldest = await work.store.open_since(work.claim.feed)
    if oldest is None and cursor.walk is None:
        await commit(work, idle(work), Refresh(covered=cursor.started))
        return Outcome(work.tally)
    walk = cursor.walk or Walk(floor=int(oldest.timestamp()) if oldest else None)

    def following(step: pagers.Step, now: float) -> tuple[Refresh, Walk | None]:
        if step.walk is None:
            return Refresh(covered=cursor.started), None
        return Refresh(started=cursor.started, walk=step.walk), step.walk

    return await descend(work, walk, following)


async def fetch(work: Run, ask: Ask) -> tuple[Batch, Page]:
    """One request and what of it is news. Raises Trouble."""
    number = await work.gate.take(work.turn)
    work.turn = None
    at = work.clock.now()
    work.tally.calls += 1
    page = await work.connector.page(ask)
    known = await work.store.known(work.claim.feed, page.keys)
    fresh, unread = news(work, page, known)
    if not ask.ids:  # those named by id may be the very ones that were set aside
        refuse_drift(len(page), len(unread))
    work.nameless = work.nameless or any(item.key.startswith("?") for item in unread)
    return Batch(number, at, len(page), fresh, unread, keys=page.keys), page


def news(work: Run, page: Page, known: Mapping[str, tuple[int, int]]) -> tuple[list[Fresh], list[Unread]]:
    """Decode what differs from its live row. A record whose bytes differ and whose whitelisted fields do not is no news."""
    fresh: dict[str, Fresh] = {}
    unread = list(page.unread)
    rows = zip(page.keys, page.raws, page.digests, strict=True)
    for key, raw, digest in [row for row in rows if known.get(row[0], NEVER_SEEN)[0] != row[2]]:
        live = known.get(key)
        try:
            record = work.connector.decode(work.stream, raw)
        except UnreadableRecord as problem:
            unread.append(Unread(key, str(problem)))
            continue
        fields = fingerprint(record, work.connector.version)
        if live is None or live[1] != fields:
            fresh[key] = Fresh(record, digest, fields)
    return list(fresh.values()), unread


def fingerprint(record: Record, version: int) -> int:
    value = xxhash.xxh3_64_intdigest(ENCODER.encode(record), version)
    return value - 2**64 if value >= 2**63 else value


def refuse_drift(rows: int, bad: int) -> None:
    """Many unreadable records at once are a change of format: nothing of the page is kept, so no known value is blanked."""
    if bad >= DRIFT_LEAST and (bad == rows or (rows >= DRIFT_ROWS and bad > rows * DRIFT_SHARE)):
        raise Trouble("drift", bad=bad, rows=rows)


async def commit(work: Run, batch: Batch, cursor: Cursor, onward: bool = False) -> None:
    done = await work.store.commit(work.claim, batch, cursor, work.manners, onward)
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
