"""The engine's Store on both databases. Everything here acts for the engine, on the panel that a claim or a turn names.

A feed is held by whoever's conditional UPDATE changed its row; the fence rises with each claim, and no page is written under an old one.
"""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Select, func, literal, or_, select, union, update

from hyperpanel.db import (
    absences,
    aside,
    blanks,
    budgets,
    claims,
    dues,
    hints,
    keeping,
    pages,
    sync_rules,
    thread_dues,
    watched,
)
from hyperpanel.db.claims import LEASE, of_plan
from hyperpanel.db.dues import Due
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import (
    MIRRORED,
    OPEN,
    OPEN_PAYMENT,
    OPEN_TICKET,
    feeds,
    orders,
    pauses,
    payments,
    plans,
    runs,
    set_aside,
    tickets,
)
from hyperpanel.db.sync_rules import Rules
from hyperpanel.db.types import EPOCH, Moment
from hyperpanel.vault import Vault
from sync.clocks import Clock
from sync.cursors import Cursor, Manners
from sync.pacing import Pace
from sync.store import Batch, Caller, Claim, ClaimLost, Committed, DueThread, FeedKey, Hint, Outcome, Swept, Turn
from sync.verdicts import Trouble


def new_holder() -> str:
    """Who holds a claim: machine, process, and a part that no other process shares."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


STILL_OPEN = {
    "orders": (orders, OPEN, "ix_orders_open"),
    "payments": (payments, OPEN_PAYMENT, "ix_payments_open"),
    "tickets": (tickets, OPEN_TICKET, "ix_tickets_open"),
}
"""Of each stream whose records come to an end: its table, the condition, and the index that holds to it."""


class DatabaseStore:
    """`vault` seals the values of what is set aside."""

    def __init__(self, database: Database, clock: Clock, pace: Pace, vault: Vault) -> None:
        self.database, self.clock, self.pace, self.vault = database, clock, pace, vault
        self.rules = Rules(pace)
        """As of the last look at what is due, or the last claim."""

    async def due(self) -> list[Due]:
        """What may run now, the most urgent first; also learns the rules as they are now."""
        self.rules, found = await self.database.read(
            lambda connection: dues.look(connection, self.pace, self.clock.now())
        )
        return found

    async def claim(self, feed: FeedKey, plan: str, holder: str, lease: timedelta = LEASE) -> Claim | None:
        now = self.clock.now()
        return await self.database.commit(
            lambda connection: claims.take(connection, feed, plan, holder, now, now + lease)
        )

    async def learn_rules(self) -> Rules:
        """For who does not ask what is due."""
        self.rules = await self.database.read(lambda connection: sync_rules.load(connection, self.pace))
        return self.rules

    async def turn(self, panel_id: int, caller: Caller) -> Turn:
        """A slot is of the moment at which the database is ours: a wait for it would make each too late to be used."""
        return await self.database.commit(
            lambda connection: budgets.slot(connection, panel_id, caller, self.clock.now())
        )

    async def allowed(self, panel_id: int) -> bool:
        now = self.clock.now()
        return await self.database.read(lambda connection: budgets.allowed(connection, panel_id, now))

    async def landed(self, panel_id: int, caller: Caller, trouble: Trouble | None) -> None:
        now = self.clock.now()

        def work(connection: Connection) -> None:
            if budgets.over(connection, panel_id, 0, caller.landed, trouble, now, was_heard=trouble is None):
                claims.hurry(connection, panel_id, now)

        await self.database.commit(work)

    async def slow_down(self, panel_id: int, retry_after: float | None) -> None:
        now = self.clock.now()
        await self.database.commit(lambda connection: budgets.slow(connection, panel_id, retry_after, now))

    async def known(self, feed: FeedKey, keys: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        if not keys:
            return {}
        table = MIRRORED[feed.stream]
        return await self.database.read(lambda connection: pages.digests(connection, table, feed.panel_id, keys))

    async def open_ids(self, feed: FeedKey, after: str | None, limit: int) -> Sequence[str]:
        """With what was set aside, so far as its id is known and nobody dismissed it: it may be readable by now."""
        apart = select(set_aside.c.record_id).where(
            aside.of(feed), ~set_aside.c.record_id.startswith("?"), set_aside.c.dismissed_at.is_(None)
        )
        apart = apart if after is None else apart.where(set_aside.c.record_id > after)
        statement = apart.order_by(set_aside.c.record_id).limit(limit)
        if feed.stream in STILL_OPEN:
            first = unfinished(feed, after).limit(limit).subquery()
            both = union(select(first.c.id), apart).subquery()
            statement = select(both.c[0]).order_by(both.c[0]).limit(limit)
        return await self.database.read(lambda connection: connection.scalars(statement).all())

    async def watched(self, feed: FeedKey, limit: int) -> Sequence[str]:
        return await self.database.read(lambda connection: watched.orders_asked_about(connection, feed.panel_id, limit))

    async def open_since(self, feed: FeedKey, touched: bool) -> datetime | None:
        table, is_open, index = STILL_OPEN[feed.stream]
        known = func.coalesce(table.c.last_update_at, table.c.created_at) if touched else table.c.created_at
        oldest = select(func.min(func.coalesce(known, literal(EPOCH, Moment)))).where(
            table.c.panel_id == feed.panel_id, is_open, table.c.gone_at.is_(None)
        )
        statement = oldest.with_hint(table, f"INDEXED BY {index}", "sqlite")
        return await self.database.read(lambda connection: connection.scalar(statement))

    async def hints(self, feed: FeedKey, limit: int) -> Sequence[Hint]:
        return await self.database.read(lambda connection: hints.waiting(connection, feed.panel_id, limit))

    async def due_threads(self, feed: FeedKey, plan: str, after: str | None, limit: int) -> Sequence[DueThread]:
        now = self.clock.now()
        return await self.database.read(
            lambda connection: thread_dues.due(connection, feed.panel_id, plan, after, limit, now)
        )

    async def swept(self, claim: Claim, swept: Swept) -> None:
        now = self.clock.now()

        def work(connection: Connection) -> None:
            if not claims.holds(connection, claim):
                raise ClaimLost(claim.feed)
            absences.judge(connection, claim.feed, swept, now)

        await self.database.commit(work)

    async def accused(self, feed: FeedKey, after: str | None, limit: int, times: int) -> Sequence[str]:
        return await self.database.read(lambda connection: absences.accused(connection, feed, after, limit, times))

    async def commit(
        self, claim: Claim, batch: Batch, cursor: Cursor, manners: Manners, onward: Caller | None = None
    ) -> Committed:
        now = self.clock.now()

        def work(connection: Connection) -> Committed:
            done = keeping.keep(connection, claim, batch, cursor, manners, now, self.vault.seal)
            if onward is None:
                return done
            turn = budgets.slot(connection, claim.feed.panel_id, onward, self.clock.now())
            return replace(done, turn=turn) if turn.granted else done

        try:
            return await self.database.commit(work)
        except Trouble as trouble:
            vanished = trouble
            await self.database.commit(lambda connection: blanks.ask(connection, claim.feed, vanished, now))
            raise

    async def finish(self, claim: Claim, outcome: Outcome) -> None:
        now = self.clock.now()
        await self.database.commit(lambda connection: claims.end(connection, claim, outcome, self.rules, now))

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
            ended = broken_off.values(ended_at=self.clock.now(), done=False).returning(runs.c.panel_id, runs.c.number)
            numbers: dict[int, set[int]] = {}
            for panel_id, number in await connection.execute(ended):
                numbers.setdefault(panel_id, set()).add(number)
            for panel_id in sorted(numbers):
                await connection.run_sync(budgets.abandoned, panel_id, numbers[panel_id])

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


def unfinished(feed: FeedKey, after: str | None) -> Select[Any]:
    """Ids of what may still change by itself, in their order."""
    table, is_open, index = STILL_OPEN[feed.stream]
    found = select(table.c.id).where(table.c.panel_id == feed.panel_id, is_open, table.c.gone_at.is_(None))
    found = found.with_hint(table, f"INDEXED BY {index}", "sqlite")
    return (found if after is None else found.where(table.c.id > after)).order_by(table.c.id)


def alive(holder: str) -> bool:
    try:
        os.kill(int(holder.split(":")[1]), 0)
    except (ProcessLookupError, ValueError, IndexError):
        return False
    except PermissionError:
        return True
    return True
