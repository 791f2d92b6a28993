"""Keeping a page: records, flips, what could not be read, the position after it and the counts, in one transaction under a claim."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import BigInteger, Connection, bindparam, case, func, or_, update

from hyperpanel.db import (
    aside,
    blanks,
    changes,
    finishes,
    hints,
    histories,
    news,
    pages,
    search_queue,
    tallies,
    thread_keeping,
)
from hyperpanel.db.absences import accuse, acquit, bury
from hyperpanel.db.aside import Seal
from hyperpanel.db.claims import LEASE, held_by
from hyperpanel.db.schema import MIRRORED, feeds, plans, runs
from hyperpanel.db.thread_keeping import Kept
from hyperpanel.db.types import Moment
from sync import cursors
from sync.cursors import Cursor, Manners
from sync.store import Batch, Claim, ClaimLost, Committed, FeedKey

NUMBER = bindparam("number", type_=BigInteger)
SOURCE = bindparam("source", type_=Moment)

# Made once: to build and bind a statement anew costs more than to run it, and these run with every page.
HOLD = (
    update(feeds)
    .where(
        feeds.c.panel_id == bindparam("of_panel"),
        feeds.c.stream == bindparam("of_stream"),
        feeds.c.fence == bindparam("of_fence"),
        feeds.c.holder == bindparam("of_holder"),
    )
    .values(
        leased_until=bindparam("until"),
        manners=bindparam("learned"),
        committed=case((feeds.c.committed < NUMBER, NUMBER), else_=feeds.c.committed),
        fetched_at=func.coalesce(bindparam("heard_at", type_=Moment), feeds.c.fetched_at),
    )
    .returning(feeds.c.committed)
)
MOVE = (
    update(plans)
    .where(
        plans.c.panel_id == bindparam("of_panel"),
        plans.c.stream == bindparam("of_stream"),
        plans.c.plan == bindparam("of_plan"),
    )
    .values(
        cursor=bindparam("position"),
        source_as_of=case(
            (or_(plans.c.source_as_of.is_(None), plans.c.source_as_of > SOURCE), SOURCE), else_=plans.c.source_as_of
        ),
    )
)
"""Of copies the run is as of the oldest that it was given."""

COUNTED = ("calls", "read", "new", "changed", "set_aside", "missing")
COUNT = (
    update(runs)
    .where(runs.c.panel_id == bindparam("of_panel"), runs.c.number == bindparam("of_run"))
    .values({runs.c[name]: runs.c[name] + bindparam(f"more_{name}", type_=BigInteger) for name in COUNTED})
)


def keep(
    connection: Connection, claim: Claim, batch: Batch, cursor: Cursor, manners: Manners, now: datetime, seal: Seal
) -> Committed:
    """A page, the position after it and the counts, in one transaction, if the claim still holds."""
    feed = {"of_panel": claim.feed.panel_id, "of_stream": claim.feed.stream}
    learned = {"until": now + LEASE, "learned": cursors.dump(manners), "number": batch.number}
    ours = {"of_fence": claim.fence, "of_holder": claim.holder, "heard_at": batch.at if batch.number else None}
    latest = connection.execute(HOLD, {**feed, **ours, **learned}).scalar_one_or_none()
    if latest is None:
        raise ClaimLost(claim.feed)
    overtaken = batch.number and batch.number < latest
    again = Committed(again=[item.record.id for item in batch.fresh])
    done = again if overtaken else apply(connection, claim, batch, now, seal)
    source = batch.as_of if batch.thread is None else None  # one thread's age is not that of all
    moved = {"of_plan": claim.plan, "position": cursors.dump(cursor), "source": source}
    connection.execute(MOVE, {**feed, **moved})
    more = (batch.calls if batch.number else 0, batch.read, done.new, done.changed, len(batch.unread), batch.missing)
    counts = {f"more_{name}": value for name, value in zip(COUNTED, more, strict=True)}
    connection.execute(COUNT, {"of_panel": claim.feed.panel_id, "of_run": claim.run, **counts})
    return done


def apply(connection: Connection, claim: Claim, batch: Batch, now: datetime, seal: Seal) -> Committed:
    """The records themselves, their history, what could not be read, and what a sweep makes of who came and who did not."""
    feed = claim.feed
    aside.put(connection, feed, batch, seal)
    hints.answered(connection, feed.panel_id, batch.heard)
    if feed.stream == "messages":
        kept = thread_keeping.keep(connection, feed.panel_id, batch)
        changes.note(connection, feed, kept.touched, now)
        return counted(connection, claim, kept, now)
    acquit(connection, feed, [*batch.keys, *(item.key for item in batch.unread)])
    done = write(connection, claim, batch)
    if batch.window is not None:
        accuse(connection, feed, batch, batch.window)
    if batch.gone:
        gone = bury(connection, claim, batch)
        search_queue.note(connection, feed, batch.gone if gone else ())
        done = replace(done, cached=done.cached - gone, touched=[*done.touched, *(batch.gone if gone else ())])
    tell(connection, feed, batch, done, now)
    return counted(connection, claim, done, now)


def tell(connection: Connection, feed: FeedKey, batch: Batch, done: Kept, now: datetime) -> None:
    """Messages come and go with their ticket."""
    came = [item.record.id for item in batch.fresh]
    changes.note(connection, feed, [*dict.fromkeys([*came, *done.touched])], now)
    if feed.stream == "tickets":
        held = {*done.touched} - {*done.back, *batch.gone}
        moved = [key for key in dict.fromkeys([*came, *done.touched]) if key not in held]
        changes.note(connection, FeedKey(feed.panel_id, "messages"), moved, now)


def write(connection: Connection, claim: Claim, batch: Batch) -> Kept:
    feed, table = claim.feed, MIRRORED[claim.feed.stream]
    if not batch.fresh:
        return Kept()
    live = pages.live_rows(connection, table, feed.panel_id, [item.record.id for item in batch.fresh])
    blanks.refuse(connection, feed, batch, live)
    histories.write(connection, feed, batch, live)
    ended = finishes.of(connection, feed, batch, live)
    pages.write(connection, table, feed.panel_id, batch.fresh, batch.number, batch.so_at, ended)
    tallies.keep(connection, feed, tallies.moves(feed.stream, batch.fresh, live))
    search_queue.written(connection, feed, batch, live)
    if claim.plan in ("head", "watch", "refresh"):
        hints.give(connection, feed.panel_id, batch)
    new, back = len(batch.fresh) - len(live), [key for key, row in live.items() if row.is_gone]
    return Kept(new, len(live), new + len(back), touched=tuple(live), revived=len(back), back=back)


def counted(connection: Connection, claim: Claim, done: Kept, now: datetime) -> Committed:
    if done.is_news:
        news.note(connection, claim, done, now)
    if done.cached:
        connection.execute(update(feeds).where(held_by(claim)).values(cached=feeds.c.cached + done.cached))
    return Committed(new=done.new, changed=done.changed)
