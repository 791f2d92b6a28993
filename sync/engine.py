"""The plans of a feed, each run page by page until it is done: head walk, watch, refresh, backfill; the sweep has a module of its own.

Troubles end up in the Outcome; whatever else is raised is our bug.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import assert_never

import msgspec

from sync import pagers, people, sweeping, threads
from sync.budget import CLICK, Gate
from sync.clocks import Clock
from sync.connectors.base import Ask, Connector
from sync.cursors import FUTURE, HEAD_OVERLAP, Again, Backfill, Cursor, Head, Manners, Refresh, Sweep, Walk, under_way
from sync.reading import (
    Limits,
    Run,
    Said,
    Waiting,
    commit,
    doubt,
    fetch,
    held_from,
    idle,
    ids_at_once,
    learn,
    panel_now,
    spec,
)
from sync.store import Claim, ClaimLost, DueThread, Outcome, Store, Tally
from sync.verdicts import Trouble

__all__ = ["Limits", "read_threads", "run"]

BELIEVED = 8
"""Failures in a row, each waiting twice as long up to five minutes: a quarter of an hour."""

ENDLESS = 200_000
"""Pages after which a walk is taken to go in circles, and begins anew."""

Following = Callable[[pagers.Step, float], tuple[Cursor, Walk | None]]


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
    work = Run(claim, connector, store, gate, clock, limits, said, Tally(), believed(claim, clock))
    work.manners = msgspec.structs.replace(work.manners, seek=work.manners.seek and spec(work).by_created)
    return await finished(work, plan(work))


async def read_threads(
    claim: Claim, connector: Connector, store: Store, gate: Gate, clock: Clock, due: Sequence[DueThread], said: Said
) -> Outcome:
    """The messages of these tickets now, under a claim on the head of the panel's messages; as `run`."""
    work = Run(claim, connector, store, gate, clock, Limits(), said, Tally(), believed(claim, clock), rank=CLICK)
    return await finished(work, threads.these(work, due))


async def finished(work: Run, doing: Awaitable[Outcome]) -> Outcome:
    try:
        outcome = await doing
    except Trouble as trouble:
        if trouble.code == "rate":
            work.gate.hold(trouble.retry_after)
            await work.store.slow_down(work.claim.feed.panel_id, trouble.retry_after)
        outcome = Outcome(work.tally, done=False, trouble=trouble)
    except ClaimLost:  # the feed is another's; the call that was out is still ours to give back
        await work.store.finish(work.claim, Outcome(work.tally, done=False, answered=work.answered))
        raise
    outcome = replace(outcome, answered=work.answered)
    await work.store.finish(work.claim, outcome)
    return outcome


def believed(claim: Claim, clock: Clock) -> Manners:
    """Not in the middle of a walk: a position by offset means nothing to one by time."""
    return claim.manners if under_way(claim.cursor) else claim.manners.renewed(clock.now().timestamp())


async def plan(work: Run) -> Outcome:
    cursor = work.claim.cursor
    if work.stream == "messages":
        return await threads.read(work)
    match cursor:
        case Head():
            return await (sweeping.catalogue(work) if work.stream == "services" else head(work, cursor))
        case Backfill():
            return await backfill(work, cursor)
        case Refresh():
            return await (watch(work) if work.claim.plan == "watch" else refresh(work, cursor))
        case Sweep():
            return await sweeping.sweep(work, cursor)
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
        if step.walk is None or (first_ever and step.top is not None and not step.walk.unsorted):
            risen = max(filter(None, (mark, step.top)), default=None)
            return Head(mark=risen), None
        return Head(mark=mark, walk=step.walk), step.walk

    return await descend(work, walk, following)


async def backfill(work: Run, cursor: Backfill) -> Outcome:
    """A span of the past, resumable; a floor lower than the last one goes on from where that ended. An unproven one begins anew. What
    somebody asked to have read once more goes first."""
    if cursor.again is not None:
        return await once_more(work, cursor, cursor.again)
    floor = held_from(work)
    reached = cursor.reached
    walk = cursor.walk
    if walk is None:
        if cursor.done and cursor.floor is not None and cursor.floor <= floor + 86400:
            return Outcome(work.tally)
        walk = Walk(floor=floor, to=reached)
    floor = floor if walk.floor is None else max(walk.floor, floor)
    walk = msgspec.structs.replace(walk, floor=floor)
    is_fresh = from_the_top(walk)

    def following(step: pagers.Step, now: float) -> tuple[Backfill, Walk | None]:
        if step.walk is None:
            if is_fresh and step.top is None and not work.tally.read and knows_better(work, reached, floor):
                raise Trouble("empty")
            held = step.proven and not work.nameless
            return Backfill(reached=floor, floor=floor, done=True) if held else Backfill(), None
        return Backfill(reached=reached, floor=floor, walk=step.walk), step.walk

    return await descend(work, walk, following)


def from_the_top(walk: Walk) -> bool:
    """Whether it has seen nothing yet, and asks for the newest there is."""
    return walk.to is None and not walk.offset and not walk.longest


def knows_better(work: Run, reached: int | None, floor: int) -> bool:
    """Whether a list from the newest down cannot be empty: a head walk has seen a record of this span, and records are held. One that is
    empty for many minutes is believed: all of it may have been deleted, which sweeps find out."""
    mark, failures = work.claim.mark, work.claim.failures
    is_known = reached is None and mark is not None and mark >= floor and work.claim.cached > 0
    return is_known and failures < BELIEVED


async def once_more(work: Run, cursor: Backfill, again: Again) -> Outcome:
    """From the newest down to where a person said. Nothing that is held counts as less held meanwhile, and what lies further back than it
    is held from then on, if no row can have slipped through."""
    floor = max(again.since, held_from(work))
    walk = again.walk if again.walk is not None and again.walk.pages < ENDLESS else Walk(floor=floor)
    walk = msgspec.structs.replace(walk, floor=floor)

    def following(step: pagers.Step, now: float) -> tuple[Backfill, Walk | None]:
        nonlocal cursor
        nothing = step.walk is None and step.top is None and from_the_top(walk) and not work.tally.read
        if nothing and knows_better(work, None, floor):
            raise Trouble("empty")
        going = msgspec.structs.replace(again, walk=step.walk) if step.walk is not None else None
        held = step.walk is None and step.proven and not work.nameless
        cursor = msgspec.structs.replace(cursor.read_down_to(floor) if held else cursor, again=going)
        return cursor, step.walk

    outcome = await descend(work, walk, following)
    return outcome if cursor.again is not None or cursor.done else await backfill(work, cursor)


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
        learn(work, step.manners)
        cursor, onward = following(step, now)
        pages += 1
        endless = onward is not None and onward.pages >= ENDLESS
        if endless:
            cursor = msgspec.structs.replace(cursor, walk=None)
        last = onward is None or endless or pages == work.limits.pages
        await waiting.add(batch, cursor, last)
        if onward is None:
            return Outcome(work.tally, proven=step.proven and not work.nameless)
        if endless:
            raise Trouble("paging")
        if last:
            return Outcome(work.tally, done=False, proven=step.proven)
        walk = onward


async def refresh(work: Run, cursor: Refresh) -> Outcome:
    """Everything not final once more: by ids, or by walking down to the oldest of them where ids cannot be asked for. Users are never
    final: those are read again who occur in what changed."""
    cursor = msgspec.structs.replace(cursor, started=cursor.started or work.clock.now().timestamp())
    pages = 0
    if work.stream == "users" and (broken_off := await people.occurring(work)) is not None:
        return broken_off
    while at_once := ids_at_once(work):
        ids = await work.store.open_ids(work.claim.feed, cursor.after, at_once)
        if not ids:
            return await covered(work, cursor)
        if work.limits.pages is not None and pages >= work.limits.pages:
            return Outcome(work.tally, done=False)
        cursor = msgspec.structs.replace(await reread(work, cursor, ids), whole=cursor.whole and seen_all(work))
        pages += 1
    return await (refresh_by_walk(work, cursor) if work.stream != "users" else covered(work, cursor))


async def watch(work: Run) -> Outcome:
    """What somebody is being asked about, ahead of everything else that is open: a single request, if there is any."""
    at_once = ids_at_once(work)
    ids = await work.store.watched(work.claim.feed, at_once) if at_once else ()
    if ids:
        batch, _ = await fetch(work, Ask(work.stream, limit=len(ids), ids=ids))
        await commit(work, batch, Refresh())
    return Outcome(work.tally, proven=seen_all(work))


async def covered(work: Run, cursor: Refresh) -> Outcome:
    await commit(work, idle(work), Refresh(covered=cursor.started))
    return Outcome(work.tally, proven=cursor.whole and seen_all(work))


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
            doubt(work, msgspec.structs.replace(work.manners, by_ids=False))
            await commit(work, batch, cursor)
            return cursor
        wanted = [key for key in wanted if key not in came]
        fruitless += not came
        done = not wanted or fruitless > (1 if len(wanted) == len(ids) else 0)
        cursor = msgspec.structs.replace(cursor, after=ids[-1]) if done else cursor
        await commit(work, replace(batch, missing=len(wanted) if done else 0), cursor)
        if done:
            return cursor


async def refresh_by_walk(work: Run, cursor: Refresh) -> Outcome:
    """One that is open and has no time may be anywhere among what is held; one that is older than that is looked for where it was."""
    touched = work.stream == "tickets" and work.manners.touched
    oldest = await work.store.open_since(work.claim.feed, touched)
    if oldest is None and cursor.walk is None:
        return await covered(work, cursor)
    known = int(oldest.timestamp()) if oldest else 0
    floor = known or held_from(work)
    walk = cursor.walk or Walk(floor=floor)

    def following(step: pagers.Step, now: float) -> tuple[Refresh, Walk | None]:
        if step.walk is None:
            return Refresh(covered=cursor.started), None
        return Refresh(started=cursor.started, walk=step.walk), step.walk

    return await descend(work, walk, following)
