"""What open pages are told of: one task looks at the news and at the feeds, however many pages are open, and while none is it sleeps.

A page costs a queue and what is written to it. The worker is often another process, so all comes by way of the database.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from hyperpanel.db import feeds, news, sessions
from hyperpanel.db.engine import Database
from hyperpanel.db.feeds import Feed
from hyperpanel.db.news import Item
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.errors import HyperpanelError
from hyperpanel.web import tidings
from hyperpanel.web.listeners import Listener
from reports import freshness
from sync.clocks import Clock

LOG = structlog.get_logger("hyperpanel.web")
EVERY = 0.8
WHOLE_EVERY = 4.0
"""Seconds between looks at the news and at who is still signed in, so that whoever is disabled is gone from there within one; and between those
at the feeds."""

QUIET = 15.0
"""After so many seconds without a word a proxy may take a connection to be dead."""

AT_ONCE = 2000
BACK = 64
"""How many numbers before the last one a commit on PostgreSQL may still appear under."""

MOST, MOST_EACH = 600, 20
"""Open pages in all, and of one person."""


class Crowded(HyperpanelError):
    status = 429


@dataclass(frozen=True)
class Look:
    """What one look found; `feeds` is None between the whole ones."""

    items: Sequence[Item]
    people: dict[bytes, sessions.Rights]
    feeds: Sequence[Feed] | None = None


@dataclass(eq=False)
class Hub:
    """`promise`: what the report on freshness knows of a feed."""

    database: Database
    clock: Clock
    idle: timedelta
    promise: Callable[[Feed], freshness.Feed]
    every: float = EVERY
    listeners: set[Listener] = field(default_factory=set)
    last: int = 0
    told: set[int] = field(default_factory=set)
    whole_at: float = 0.0
    words_at: float = 0.0
    closed: bool = False
    task: asyncio.Task[None] | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def back(self) -> int:
        return 0 if self.database.is_sqlite else BACK

    def refuse_crowd(self, person: int) -> None:
        """Raises Crowded."""
        mine = sum(listener.session.person.id == person for listener in self.listeners)
        if len(self.listeners) >= MOST or mine >= MOST_EACH:
            raise Crowded("too many open pages")

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        self.listeners.add(listener)
        if self.closed:
            listener.end()
        elif self.task is None or self.task.done():
            self.begun.clear()
            self.task = asyncio.create_task(self.run())
            self.task.add_done_callback(self.ended)
        try:
            yield
        finally:
            self.listeners.discard(listener)

    async def run(self) -> None:
        while self.listeners and not self.closed:
            try:
                await (self.beat() if self.begun.is_set() else self.begin())
            except SQLAlchemyError as problem:
                LOG.warning("the news could not be read; they are tried again", problem=type(problem).__name__)
            await asyncio.sleep(self.every)

    def ended(self, task: asyncio.Task[None]) -> None:
        """Pages do not wait for news that nobody reads: they come again, and with the first of them it begins anew."""
        if not task.cancelled() and (problem := task.exception()):
            LOG.error("the news are no longer read", exc_info=problem)
            self.dismiss()

    async def begin(self) -> None:
        """From here on: what was before, each page asks for by itself."""
        self.last, self.told = await self.database.read(self.standing)
        self.begun.set()

    def standing(self, connection: Connection) -> tuple[int, set[int]]:
        last = news.last(connection)
        told = news.since(connection, last - self.back, AT_ONCE) if self.back else ()
        return last, {item.number for item in told}

    async def beat(self) -> None:
        now = self.clock.monotonic()
        is_whole = now >= self.whole_at
        tokens = {listener.session.token_hash for listener in self.listeners}
        found = await self.database.read(lambda connection: self.look(connection, tokens, is_whole))
        self.expel(tokens, found.people)
        self.hand_out([item for item in found.items if item.number not in self.told], len(found.items) >= AT_ONCE)
        if found.feeds is not None:
            self.whole_at = now + WHOLE_EVERY
            self.tell_ages(found.feeds, self.clock.now())
        self.end_old(now)

    def look(self, connection: Connection, tokens: Collection[bytes], is_whole: bool) -> Look:
        now = self.clock.now()
        items = news.since(connection, self.last - self.back, AT_ONCE)
        people = sessions.rights(connection, tokens, self.idle, now)
        return Look(items, people, feeds.all_of(connection, EVERYTHING, now) if is_whole else None)

    def hand_out(self, items: Sequence[Item], are_too_many: bool) -> None:
        """Each piece of news is put into words once, whoever hears it."""
        if not items:
            return
        self.last = max(self.last, items[-1].number)
        self.told = {number for number in self.told if number > self.last - self.back}
        self.told |= {item.number for item in items if item.number > self.last - self.back}
        words: dict[tuple[int, str], bytes] = {}
        told = tidings.together(items)
        for listener in self.listeners:
            if are_too_many:
                listener.lose(self.last)
                continue
            for item in told:
                if listener.concerns(item) and (self.back or item.number > listener.heard):
                    key = (item.panel_id, item.stream)
                    words.setdefault(key, tidings.news(item, listener.panels[item.panel_id]))
                    listener.tell(words[key], self.last)

    def expel(self, asked: Collection[bytes], people: dict[bytes, sessions.Rights]) -> None:
        """Whoever signed out, or was disabled, is told to leave. Whoever may see other panels by now comes again, and is looked at anew. One
        who came while the database was asked is looked at next time."""
        for listener in self.listeners:
            token = listener.session.token_hash
            if token in asked and token not in people:
                listener.leave(self.last)
            elif token in asked and people[token] != listener.rights:
                listener.end()

    def tell_ages(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Once for all pages that are about the same."""
        promises = [(feed.panel_id, feed.stream, self.promise(feed)) for feed in feeds]
        words: dict[object, bytes] = {}
        for listener in self.listeners:
            if listener.about not in words:
                mine = [one for panel, stream, one in promises if (panel, stream) in listener]
                words[listener.about] = tidings.ages(mine, now)
            if listener.ages != words[listener.about]:
                listener.ages = words[listener.about]
                listener.tell(tidings.numbered(listener.ages, self.last), self.last)

    def end_old(self, now: float) -> None:
        for listener in self.listeners:
            if now >= listener.until:
                listener.end()
        if now >= self.words_at:
            self.words_at = now + QUIET
            for listener in self.listeners:
                listener.tell(tidings.numbered(tidings.ALIVE, self.last), self.last)

    def close(self) -> None:
        """The process ends: nobody waits for a page that would stay for minutes."""
        self.closed = True
        self.dismiss()

    def dismiss(self) -> None:
        """Those too that wait for the first look, which a database that is down never gives."""
        for listener in self.listeners:
            listener.end()
        self.begun.set()

    async def settle(self) -> None:
        self.close()
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
