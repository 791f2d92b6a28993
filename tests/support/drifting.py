"""A panel in this process whose lists change with every request, and the real engine and database over it.

One world goes on through many sweeps. A sweep must see what was there, and as it was, from its beginning to its end; what was deleted
has to be found gone, and what is there must never be.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, update
from xxhash import xxh3_64_intdigest

from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings
from hyperpanel.db import absences, panels
from hyperpanel.db.opening import Installation, opened
from hyperpanel.db.panels import Panel
from hyperpanel.db.schema import MIRRORED, holds
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.store import DatabaseStore
from sync import engine
from sync.budget import Gate
from sync.connectors.base import Ask, Looking, Page, Probe, Stream
from sync.engine import Limits
from sync.pacing import Pace
from sync.records import Message, Record
from sync.store import FeedKey, Outcome
from tests.support import records
from tests.support.clocks import Hand

START = int(records.NOON.timestamp()) - 86400 * 30
BUILDERS = {"orders": records.order, "users": records.user, "payments": records.payment, "tickets": records.ticket}
STREAMS = {
    "orders": Stream("orders", ("sweep",), by_created=True, by_ids=100),
    "users": Stream("users", ("sweep",), by_ids=100, ageless=True),
    "payments": Stream("payments", ("sweep",)),
    "tickets": Stream("tickets", ("sweep",), alone=True),
}


@dataclass(frozen=True)
class Mix:
    """What happens between two requests, and in which order the list comes."""

    stream: str
    inserts: int = 0
    moves: int = 0
    deletes: float = 0.0
    order: str = "created"
    unstable_ties: bool = False
    per_second: int = 1


@dataclass
class Row:
    created: int
    touched: int
    version: int = 0


@dataclass
class Moving:
    """The lists of one upstream: a Connector."""

    mix: Mix
    chance: random.Random
    rows: dict[int, Row]
    cap: int = 100
    version: int = 1
    still: bool = False
    now: int = START + 86400 * 20
    top: int = field(init=False)

    def __post_init__(self) -> None:
        self.top = max(self.rows)

    def streams(self) -> tuple[Stream, ...]:
        return (STREAMS[self.mix.stream],)

    async def page(self, ask: Ask) -> Page:
        if ask.ids:
            part = [key for key in map(int, ask.ids) if key in self.rows]
            return self.answer(part, more=False)
        places = self.listed(ask)
        part = places[ask.offset : ask.offset + min(ask.limit, self.cap)]
        page = self.answer(part, more=len(places) > ask.offset + len(part))
        self.mutate()
        return page

    def listed(self, ask: Ask) -> list[int]:
        low = ask.created_from.timestamp() if ask.created_from else 0
        high = ask.created_to.timestamp() if ask.created_to else 2**62
        inside = [key for key, row in self.rows.items() if low <= row.created <= high]
        tie = {key: self.chance.random() if self.mix.unstable_ties else key for key in inside}
        column = "touched" if self.mix.order == "touched" else "created"
        inside.sort(key=lambda key: (getattr(self.rows[key], column), tie[key]), reverse=self.mix.order != "ascending")
        return inside

    def answer(self, part: Sequence[int], more: bool) -> Page:
        raws = [self.raw(key) for key in part]
        digests = [xxh3_64_intdigest(raw) >> 1 for raw in raws]
        created: list[int | None] = [self.rows[key].created for key in part]
        touched: list[int | None] = [self.rows[key].touched for key in part] if self.mix.stream == "tickets" else []
        return Page([str(key) for key in part], created, raws, digests, more=more, touched=touched, gone=not part)

    def raw(self, key: int) -> msgspec.Raw:
        row = self.rows[key]
        return msgspec.Raw(msgspec.json.encode([str(key), row.created, row.touched, f"word-{row.version}"]))

    def decode(self, stream: str, raw: msgspec.Raw) -> Record:
        key, created, touched, word = msgspec.json.decode(raw)
        changes: dict[str, Any] = {"status": word, "status_raw": word, "created_at": at(created)}
        if stream == "tickets":
            changes["last_update_at"] = at(touched)
        return BUILDERS[stream](key, **changes)

    def mutate(self) -> None:
        if self.still:
            return
        self.now += self.chance.randrange(3)
        for _ in range(self.mix.inserts):
            self.top += 1
            self.rows[self.top] = Row(self.now, self.now)
        for key in self.some(self.mix.moves):
            self.rows[key].version += 1
            self.rows[key].touched = self.now
        whole, part = divmod(self.mix.deletes, 1)
        for key in self.some(int(whole) + (self.chance.random() < part)):
            del self.rows[key]

    def is_open(self, key: int) -> bool:
        """A move closes a record, or opens it again."""
        return self.rows[key].version % 2 == 0

    def some(self, count: int) -> list[int]:
        return self.chance.sample(sorted(self.rows), min(count, len(self.rows)))

    def message(self, raw: msgspec.Raw) -> Message:
        raise NotImplementedError

    def values(self, stream: str, raw: msgspec.Raw) -> str | None:
        return None

    async def probe(self, looking: Looking) -> list[Probe]:
        return []

    async def close(self) -> None:
        return None


def at(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)


def moving(mix: Mix, seed: int, count: int = 700) -> Moving:
    rows = {}
    for number in range(count):
        created = START + number // mix.per_second
        rows[1000 + number] = Row(created, created)
    return Moving(mix, random.Random(seed), rows)


@dataclass
class World:
    """An upstream, and a console's database that reads it by sweeps alone."""

    source: Moving
    installation: Installation
    store: DatabaseStore
    clock: Hand
    feed: FeedKey

    async def sweep(self, pages: int | None = None) -> Outcome:
        while True:
            claim = await self.store.claim(self.feed, "sweep", "host:1:a")
            assert claim is not None
            gate = Gate(self.store, self.clock, self.feed.panel_id)
            limits = Limits(per_fetch=1000, pages=pages, since=timedelta(days=400))
            outcome = await engine.run(claim, self.source, self.store, gate, self.clock, limits)
            if outcome.done or outcome.trouble:
                return outcome

    async def agree(self) -> None:
        """What a person says who is asked whether so many are gone."""

        def decide(connection: Connection) -> None:
            if connection.execute(update(holds).where(holds.c.decision.is_(None)).values(decision="accept")).rowcount:
                absences.agree(connection, self.feed)

        await self.installation.database.commit(decide)

    async def held(self) -> tuple[dict[str, str], set[str]]:
        """Statuses of the live rows by id, and the ids of those that are gone."""
        table = MIRRORED[self.feed.stream]
        asked = EVERYTHING.select(table.c.id, table.c.status, table.c.gone_at)
        rows = await self.installation.database.read(lambda connection: connection.execute(asked).all())
        return {row.id: row.status for row in rows if row.gone_at is None}, {row.id for row in rows if row.gone_at}

    def there(self) -> Mapping[str, str]:
        return {str(key): f"word-{row.version}" for key, row in self.source.rows.items()}


async def world(folder: Path, url: str, source: Moving) -> World:
    installation = await opened(Settings(database=DatabaseSettings(url=url)), folder)
    clock = Hand()
    async with installation.database.write() as connection:
        panel = Panel(0, "eu-1", "perfect_panel", "https://panel.example", "USD", "UTC", 1000.0, False)
        made = panels.add(connection, panel, {"admin_key": "k"}, source.streams(), installation.vault, clock.now())
        panel_id = await made
    store = DatabaseStore(installation.database, clock, Pace({}), installation.vault)
    return World(source, installation, store, clock, FeedKey(panel_id, source.mix.stream))


async def naive(source: Moving) -> set[int]:
    """What plain offsets over the records that are still open see, which is how one would first read them."""
    seen: set[int] = set()
    offset = 0
    while part := [key for key in source.listed(Ask(source.mix.stream)) if source.is_open(key)][offset : offset + 100]:
        seen.update(part)
        offset += 100
        source.mutate()
    return seen
