"""A panel in this process whose lists change with every request.

One world goes on through many sweeps. A sweep must see what was there, and as it was, from its beginning to its end; what was deleted
has to be found gone, and what is there must never be.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from xxhash import xxh3_64_intdigest

from sync.connectors.base import Ask, Looking, Page, Probe, Stream
from sync.records import Message, Record
from sync.verdicts import UnreadableRecord
from tests.support import records

START = int(records.NOON.timestamp()) - 86400 * 30
BUILDERS: dict[str, Callable[..., Record]] = {
    "orders": records.order,
    "users": records.user,
    "payments": records.payment,
    "tickets": records.ticket,
}
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


class Killed(BaseException):
    """The process ended in the middle of a request."""


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
    left: int | None = None
    """Requests that it answers yet: whoever asks after that is killed."""
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
        if self.left is not None:
            if not self.left:
                raise Killed
            self.left -= 1
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
        raise UnreadableRecord("these lists have no messages")

    def values(self, stream: str, raw: msgspec.Raw) -> str | None:
        return None

    async def probe(self, looking: Looking) -> list[Probe]:
        return []

    async def close(self) -> None:
        return None

    def there(self) -> dict[str, str]:
        """Statuses by id, as they are now."""
        return {str(key): f"word-{row.version}" for key, row in self.rows.items()}


def at(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)


def moving(mix: Mix, seed: int, count: int = 700) -> Moving:
    rows = {}
    for number in range(count):
        created = START + number // mix.per_second
        rows[1000 + number] = Row(created, created)
    return Moving(mix, random.Random(seed), rows)


async def naive(source: Moving) -> set[int]:
    """What plain offsets over the records that are still open see, which is how one would first read them."""
    seen: set[int] = set()
    offset = 0
    while part := [key for key in source.listed(Ask(source.mix.stream)) if source.is_open(key)][offset : offset + 100]:
        seen.update(part)
        offset += 100
        source.mutate()
    return seen
