"""The engine's Store on both databases. Everything here acts for the engine, on the panel that a claim or a turn names.

A feed is held by whoever's conditional UPDATE changed its row; the fence rises with each claim, and no page is written under an old one.
"""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    union,
    update,
)

from hyperpanel.db import pages, troubles
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import (
    MIRRORED,
    OPEN,
    budgets,
    feeds,
    order_flips,
    orders,
    panels,
    pauses,
    plans,
    runs,
    set_aside,
)
from sync import cursors
from sync.budget import SPACING
from sync.clocks import Clock
from sync.cursors import Cursor, Manners
from sync.pacing import PRIORITY, Pace
from sync.store import Batch, Claim, ClaimLost, Committed, FeedKey, Outcome, Turn
from sync.verdicts import Trouble, Verdict

LEASE = timedelta(seconds=90)
"""Longer than a request may take; every page renews it."""

GRACE = timedelta(seconds=2)
"""A head goes before a refresh that has waited less than this longer; so every plan's turn comes."""

SLOWEST = 0.1
RECOVERY = 1.1
RECOVERS_AFTER = timedelta(seconds=30)
LONGEST_WAIT = 900.0
NO_SLOT_BEYOND = timedelta(minutes=20)
STOPS_ONE_STREAM = frozenset({"drift", "shape", "no_services_key"})


@dataclass(frozen=True)
class Due:
    """A plan whose time has come."""

    feed: FeedKey
    plan: str


def new_holder() -> str:
    """Who holds a claim: machine, process, and a part that no other process shares."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


class DatabaseStore:
    def __init__(self, database: Database, clock: Clock, pace: Pace) -> None:
        self.database, self.clock, self.pace = database, clock, pace

    async def due(self) -> list[Due]:
        """What may run now, the most urgent first: heads before refreshes before backfills, but nothing waits for ever."""
        now = self.clock.now()
        statement = (
            select(plans.c.panel_id, plans.c.stream, plans.c.plan, plans.c.due_at)
            .join(feeds, and_(feeds.c.panel_id == plans.c.panel_id, feeds.c.stream == plans.c.stream))
            .where(plans.c.due_at <= now, free(now), ~paused())
        )
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        rows = sorted(rows, key=lambda row: row.due_at + GRACE * PRIORITY.get(row.plan, len(PRIORITY)))
        return [Due(FeedKey(row.panel_id, row.stream), row.plan) for row in rows]

    async def claim(self, feed: FeedKey, plan: str, holder: str, lease: timedelta = LEASE) -> Claim | None:
        now = self.clock.now()
        return await self.database.commit(lambda connection: take(connection, feed, plan, holder, now, now + lease))

    async def turn(self, panel_id: int) -> Turn:
        now = self.clock.now()
        return await self.database.commit(lambda connection: slot(connection, panel_id, now))

    async def slow_down(self, panel_id: int, retry_after: float | None) -> None:
        """Half the pace, and nothing before Retry-After (at most 15 minutes) has passed."""
        now = self.clock.now()
        wait = timedelta(seconds=min(retry_after if retry_after is not None else 1.0, LONGEST_WAIT))
        async with self.database.write() as connection:
            row = (await connection.execute(allowance(panel_id))).one()
            await connection.execute(
                update(budgets)
                .where(budgets.c.panel_id == panel_id)
                .values(pace=max(row.pace / 2, SLOWEST), slowed_at=now, free_at=max(row.free_at, now + wait))
            )

    async def known(self, feed: FeedKey, keys: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        if not keys:
            return {}
        table = MIRRORED[feed.stream]
        return await self.database.read(lambda connection: pages.digests(connection, table, feed.panel_id, keys))

    async def open_ids(self, feed: FeedKey, after: str | None, limit: int) -> Sequence[str]:
        """With what was set aside, so far as its id is known: it may be readable by now."""
        unfinished = select(orders.c.id).where(orders.c.panel_id == feed.panel_id, OPEN)
        unfinished = unfinished.with_hint(orders, "INDEXED BY ix_orders_open", "sqlite")
        apart = select(set_aside.c.record_id).where(aside(feed), ~set_aside.c.record_id.startswith("?"))
        if after is not None:
            unfinished, apart = unfinished.where(orders.c.id > after), apart.where(set_aside.c.record_id > after)
        first = unfinished.order_by(orders.c.id).limit(limit).subquery()
        both = union(select(first.c.id), apart).subquery()
        statement = select(both.c[0]).order_by(both.c[0]).limit(limit)
        return await self.database.read(lambda connection: connection.scalars(statement).all())

    async def open_since(self, feed: FeedKey) -> datetime | None:
        statement = select(func.min(orders.c.created_at)).where(orders.c.panel_id == feed.panel_id, OPEN)
        statement = statement.with_hint(orders, "INDEXED BY ix_orders_open", "sqlite")
        return await self.database.read(lambda connection: connection.scalar(statement))

    async def commit(self, claim: Claim, batch: Batch, cursor: Cursor, manners: Manners) -> Committed:
        until = self.clock.now() + LEASE
        return await self.database.commit(lambda connection: keep(connection, claim, batch, cursor, manners, until))

    async def finish(self, claim: Claim, outcome: Outcome) -> None:
        now = self.clock.now()
        await self.database.commit(lambda connection: end(connection, claim, outcome, self.pace, now))

    async def feeds(self, panel_id: int) -> list[FeedKey]:
        statement = select(feeds.c.stream).where(feeds.c.panel_id == panel_id).order_by(feeds.c.stream)
        streams = await self.database.read(lambda connection: connection.scalars(statement).all())
        return [FeedKey(panel_id, stream) for stream in streams]

    async def has_plan(self, feed: FeedKey, plan: str) -> bool:
        statement = select(plans.c.plan).where(of_plan(feed, plan))
        return await self.database.read(lambda connection: connection.scalar(statement)) is not None

    async def paused_because(self, feed: FeedKey) -> str | None:
        """Why nothing may be read, where that is so."""
        statement = select(pauses.c.why).where(
            pauses.c.panel_id == feed.panel_id,
            pauses.c.ended_at.is_(None),
            or_(pauses.c.stream.is_(None), pauses.c.stream == feed.stream),
        )
        return await self.database.read(lambda connection: connection.scalar(statement))

    async def release(self, *holders: str) -> None:
        """Give back whatever these processes still hold; their runs end where they stood."""
        async with self.database.write() as connection:
            await connection.execute(
                update(feeds).where(feeds.c.holder.in_(holders)).values(holder=None, leased_until=None)
            )
            broken_off = update(runs).where(runs.c.holder.in_(holders), runs.c.ended_at.is_(None))
            await connection.execute(broken_off.values(ended_at=self.clock.now(), done=False))

    async def release_dead(self) -> None:
        """Feeds held by processes of this machine that are gone need not wait for their lease to run out."""
        ours = f"{socket.gethostname()}:"
        held = select(feeds.c.holder).where(feeds.c.holder.startswith(ours, autoescape=True))
        running = select(runs.c.holder).where(
            runs.c.ended_at.is_(None), runs.c.holder.startswith(ours, autoescape=True)
        )
        holders = await self.database.read(lambda connection: connection.scalars(union(held, running)).all())
        dead = [holder for holder in holders if not alive(holder)]
        if dead:
            await self.release(*dead)


def alive(holder: str) -> bool:
    try:
        os.kill(int(holder.split(":")[1]), 0)
    except (ProcessLookupError, ValueError, IndexError):
        return False
    except PermissionError:
        return True
    return True


def this(feed: FeedKey) -> ColumnElement[bool]:
    return and_(feeds.c.panel_id == feed.panel_id, feeds.c.stream == feed.stream)


def held_by(claim: Claim) -> ColumnElement[bool]:
    return and_(this(claim.feed), feeds.c.fence == claim.fence, feeds.c.holder == claim.holder)


def of_plan(feed: FeedKey, plan: str) -> ColumnElement[bool]:
    return and_(plans.c.panel_id == feed.panel_id, plans.c.stream == feed.stream, plans.c.plan == plan)


def of_run(claim: Claim) -> ColumnElement[bool]:
    return and_(runs.c.panel_id == claim.feed.panel_id, runs.c.number == claim.run)


def free(now: datetime) -> ColumnElement[bool]:
    return or_(feeds.c.leased_until.is_(None), feeds.c.leased_until < now)


def paused() -> ColumnElement[bool]:
    """Whether the feed of the outer statement, or its whole panel, is paused."""
    return exists().where(
        pauses.c.panel_id == feeds.c.panel_id,
        pauses.c.ended_at.is_(None),
        or_(pauses.c.stream.is_(None), pauses.c.stream == feeds.c.stream),
    )


def take(connection: Connection, feed: FeedKey, plan: str, holder: str, now: datetime, until: datetime) -> Claim | None:
    held = connection.execute(
        update(feeds)
        .where(this(feed), free(now), ~paused())
        .values(holder=holder, fence=feeds.c.fence + 1, leased_until=until)
        .returning(feeds.c.fence, feeds.c.manners)
    ).one_or_none()
    if held is None:
        return None
    cursor = cursors.load(plan, connection.scalar(select(plans.c.cursor).where(of_plan(feed, plan))))
    number = begin(connection, feed, plan, holder, now, resumed=cursors.under_way(cursor))
    return Claim(feed, plan, holder, held.fence, number, cursor, cursors.manners(held.manners))


def begin(connection: Connection, feed: FeedKey, plan: str, holder: str, now: datetime, resumed: bool) -> int:
    """A run's row; its number is an observation number of the panel, so that runs and rows can be laid side by side."""
    number = connection.execute(
        update(budgets)
        .where(budgets.c.panel_id == feed.panel_id)
        .values(number=budgets.c.number + 1)
        .returning(budgets.c.number)
    ).scalar_one()
    connection.execute(
        insert(runs).values(
            panel_id=feed.panel_id, number=number, stream=feed.stream, plan=plan, holder=holder, started_at=now
        )
    )
    if not resumed:
        connection.execute(update(plans).where(of_plan(feed, plan)).values(started_at=now))
    return int(number)


def slot(connection: Connection, panel_id: int, now: datetime) -> Turn:
    """Slots are spaced by the panel's present pace; one left far in the future by a clock that ran back is forgotten."""
    row = connection.execute(allowance(panel_id)).one()
    at = max(row.free_at, now) if row.free_at - now < NO_SLOT_BEYOND else now
    pace, slowed_at = recovered(row, now)
    connection.execute(
        update(budgets)
        .where(budgets.c.panel_id == panel_id)
        .values(number=row.number + 1, free_at=at + timedelta(seconds=SPACING / pace), pace=pace, slowed_at=slowed_at)
    )
    return Turn(at, row.number + 1)


def keep(
    connection: Connection, claim: Claim, batch: Batch, cursor: Cursor, manners: Manners, until: datetime
) -> Committed:
    """A page, the position after it and the counts, in one transaction, if the claim still holds."""
    latest = connection.execute(
        update(feeds)
        .where(held_by(claim))
        .values(
            leased_until=until,
            manners=cursors.dump(manners),
            committed=case((feeds.c.committed < batch.number, batch.number), else_=feeds.c.committed),
            fetched_at=batch.at if batch.number else feeds.c.fetched_at,
        )
        .returning(feeds.c.committed)
    ).scalar_one_or_none()
    if latest is None:
        raise ClaimLost(claim.feed)
    overtaken = batch.number and batch.number < latest
    done = Committed(again=[item.record.id for item in batch.fresh]) if overtaken else apply(connection, claim, batch)
    connection.execute(update(plans).where(of_plan(claim.feed, claim.plan)).values(cursor=cursors.dump(cursor)))
    count(connection, claim, batch, done)
    return done


def apply(connection: Connection, claim: Claim, batch: Batch) -> Committed:
    """The records themselves, their flips, and what could not be read."""
    feed, table = claim.feed, MIRRORED[claim.feed.stream]
    put_aside(connection, feed, batch)
    if not batch.fresh:
        return Committed()
    live = pages.live_rows(connection, table, feed.panel_id, [item.record.id for item in batch.fresh])
    if table is orders:
        write_flips(connection, feed, batch, live)
    pages.write(connection, table, feed.panel_id, batch.fresh, batch.number, batch.at)
    new = len(batch.fresh) - len(live)
    if new:
        connection.execute(update(feeds).where(held_by(claim)).values(cached=feeds.c.cached + new))
    return Committed(new=new, changed=len(live))


def count(connection: Connection, claim: Claim, batch: Batch, done: Committed) -> None:
    connection.execute(
        update(runs)
        .where(of_run(claim))
        .values(
            calls=runs.c.calls + (1 if batch.number else 0),
            read=runs.c.read + batch.read,
            new=runs.c.new + done.new,
            changed=runs.c.changed + done.changed,
            set_aside=runs.c.set_aside + len(batch.unread),
            missing=runs.c.missing + batch.missing,
        )
    )


def end(connection: Connection, claim: Claim, outcome: Outcome, pace: Pace, now: datetime) -> None:
    """The run is over, its feed is free, and its plan is due again when the pace says so."""
    trouble = troubles.dump(outcome.trouble)
    ended = {"ended_at": now, "done": outcome.done, "proven": outcome.proven, "calls": outcome.tally.calls}
    connection.execute(update(runs).where(of_run(claim)).values(**ended, trouble=trouble))
    row = connection.execute(select(feeds.c.failures, feeds.c.failing_since).where(held_by(claim))).one_or_none()
    if row is None:
        return
    failures = row.failures + 1 if outcome.trouble else 0
    since = (row.failing_since or now) if outcome.trouble else None
    freed = {"holder": None, "leased_until": None, "failures": failures, "failing_since": since, "trouble": trouble}
    connection.execute(update(feeds).where(held_by(claim)).values(**freed))
    wait = pace.after(claim.feed.stream, claim.plan, outcome, failures)
    finished = {"as_of": plans.c.started_at, "proven": outcome.proven} if outcome.done else {}
    connection.execute(update(plans).where(of_plan(claim.feed, claim.plan)).values(due_at=now + wait, **finished))
    if outcome.trouble and outcome.trouble.verdict is Verdict.PAUSE:
        pause_for(connection, claim.feed, outcome.trouble, now)


def allowance(panel_id: int) -> Select[Any]:
    """The panel's bucket and the rate that its owner allows."""
    return (
        select(budgets.c.pace, budgets.c.free_at, budgets.c.number, budgets.c.slowed_at, panels.c.rate)
        .join(panels, panels.c.id == budgets.c.panel_id)
        .where(budgets.c.panel_id == panel_id)
        .with_for_update(of=budgets)
    )


def recovered(
    row: Row[tuple[float, datetime, int, datetime | None, float]], now: datetime
) -> tuple[float, datetime | None]:
    """A tenth faster every half minute without complaint, up to the panel's rate; an owner's lower rate holds at once."""
    if row.pace >= row.rate:
        return row.rate, None
    if row.slowed_at is None or now - row.slowed_at >= RECOVERS_AFTER:
        return min(row.pace * RECOVERY, row.rate), now
    return row.pace, row.slowed_at


def pause_for(connection: Connection, feed: FeedKey, trouble: Trouble, now: datetime) -> None:
    """What only a person can mend stops the panel (or the one stream it concerns) instead of being tried again and again."""
    alone = feed.stream == "services" or trouble.code in STOPS_ONE_STREAM
    connection.execute(
        insert(pauses).values(
            panel_id=feed.panel_id,
            id=uuid4().hex,
            stream=feed.stream if alone else None,
            by="engine",
            why=str(trouble),
            trouble=troubles.dump(trouble),
            at=now,
        )
    )


def put_aside(connection: Connection, feed: FeedKey, batch: Batch) -> None:
    """One row a record, however often it is met; a record that can be read again leaves it."""
    mended = [item.record.id for item in batch.fresh]
    if mended and connection.scalar(select(set_aside.c.record_id).where(aside(feed)).limit(1)) is not None:
        connection.execute(delete(set_aside).where(aside(feed), set_aside.c.record_id.in_(mended)))
    for item in {item.key: item for item in batch.unread}.values():
        seen = {"reason": item.reason[:500], "number": batch.number, "at": batch.at}
        again = connection.execute(
            update(set_aside).where(aside(feed), set_aside.c.record_id == item.key).values(**seen)
        )
        if again.rowcount == 0:
            named = {"panel_id": feed.panel_id, "stream": feed.stream, "record_id": item.key}
            connection.execute(insert(set_aside).values(**named, first_at=batch.at, **seen))


def aside(feed: FeedKey) -> ColumnElement[bool]:
    return and_(set_aside.c.panel_id == feed.panel_id, set_aside.c.stream == feed.stream)


def write_flips(connection: Connection, feed: FeedKey, batch: Batch, live: Mapping[str, pages.Live]) -> None:
    """Where a status moved: between when the old one was last seen and when the new one was first seen."""
    moved = [(item.record, live[item.record.id]) for item in batch.fresh if item.record.id in live]
    moved = [(record, row) for record, row in moved if record.status != row.status]  # type: ignore[union-attr]
    if not moved:
        return
    swept = connection.scalar(select(plans.c.as_of).where(of_plan(feed, "refresh")))
    connection.execute(
        insert(order_flips),
        [
            {
                "panel_id": feed.panel_id,
                "order_id": record.id,
                "number": batch.number,
                "was": row.status,
                "now": record.status,  # type: ignore[union-attr]
                "not_before": last_seen(row, swept),
                "not_after": batch.at,
            }
            for record, row in moved
        ],
    )


def last_seen(row: pages.Live, swept: datetime | None) -> datetime:
    """An unchanged re-read leaves no mark on the row; the last finished refresh has seen every open order known when it began."""
    return max(row.seen_at, swept) if swept is not None and row.first_seen_at <= swept else row.seen_at
