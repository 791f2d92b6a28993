"""A panel in this process that has what a test gives it, and answers as the test says that it does: a Connector."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from xxhash import xxh3_64_intdigest

from sync.connectors.base import Ask, Looking, Page, Probe, Stream, Unread
from sync.records import RECORDS, Message, Record
from sync.verdicts import Trouble, UnreadableRecord
from tests.support.kits import ALL, PLANS

ORDERS = Stream("orders", ("watch", *PLANS), by_created=True, by_ids=100, alone=True)
USERS = Stream("users", PLANS, by_ids=100, by_user=True, ageless=True)
PAYMENTS = Stream("payments", PLANS)
TICKETS = Stream("tickets", PLANS, alone=True)
SERVICES = Stream("services", ("head",))
Threads = dict[str, "list[Message] | Trouble"]


@dataclass
class Source:
    """`asked` is all it was asked. `ignores` names filters it does not obey: created, ids, user. `spoil` may bend an answer."""

    stream: Stream
    records: dict[str, Record] = field(default_factory=dict)
    threads: Threads = field(default_factory=dict)
    cap: int = 100
    ids_cap: int | None = None
    ignores: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    order: Callable[[Record], Any] = lambda record: (-stamp(getattr(record, "created_at", None)), record.id)
    spoil: Callable[[Ask, Page], Page] = lambda ask, page: page
    asked: list[Ask] = field(default_factory=list)
    version: int = 1

    def put(self, *records: Record) -> None:
        self.records |= {record.id: record for record in records}

    def streams(self) -> tuple[Stream, ...]:
        return (self.stream, *(stream for stream in ALL if stream.name != self.stream.name))

    async def page(self, ask: Ask) -> Page:
        self.asked.append(ask)
        if ask.stream == "messages":
            return self.thread(ask.ids[0])
        if ask.ids and (ask.alone or "ids" not in self.ignores):
            looked_at = ask.ids[: self.ids_cap]
            found = [record for key, record in self.records.items() if key in looked_at]
            return self.spoil(ask, replace(self.answer(found, more=False), gone=ask.alone and not found))
        found = sorted((record for record in self.records.values() if self.matches(ask, record)), key=self.order)
        part = found[ask.offset : ask.offset + min(ask.limit, self.cap)]
        return self.spoil(ask, self.answer(part, more=len(found) > ask.offset + len(part)))

    def matches(self, ask: Ask, record: Record) -> bool:
        if ask.user is not None and "user" not in self.ignores:
            return getattr(record, "username", None) == ask.user
        if "created" in self.ignores or not self.stream.by_created:
            return True
        low = stamp(ask.created_from) if ask.created_from else 0
        high = stamp(ask.created_to) if ask.created_to else 2**62
        return low <= stamp(getattr(record, "created_at", None)) <= high

    def answer(self, part: Sequence[Record], more: bool) -> Page:
        raws = [msgspec.Raw(msgspec.json.encode(record)) for record in part]
        created = [stamp(getattr(record, "created_at", None)) or None for record in part]
        is_touched = self.stream.name == "tickets"
        touched = [stamp(getattr(record, "last_update_at", None)) or None for record in part] if is_touched else []
        return Page([record.id for record in part], created, raws, digests(raws), more=more, touched=touched)

    def thread(self, ticket: str) -> Page:
        told = self.threads.get(ticket)
        if isinstance(told, Trouble):
            raise told
        raws = [msgspec.Raw(msgspec.json.encode(message)) for message in told or ()]
        keys = [str(place) for place in range(len(raws))]
        return Page(keys, [None] * len(raws), raws, digests(raws), more=False, whole=True, gone=told is None)

    def decode(self, stream: str, raw: msgspec.Raw) -> Record:
        record = msgspec.json.decode(raw, type=RECORDS[stream])
        if record.id in self.unreadable:
            raise UnreadableRecord("charge is no number")
        return record

    def message(self, raw: msgspec.Raw) -> Message:
        message = msgspec.json.decode(raw, type=Message)
        if message.body in self.unreadable:
            raise UnreadableRecord("body is no text")
        return message

    def values(self, stream: str, raw: msgspec.Raw) -> str | None:
        return None

    async def probe(self, looking: Looking) -> list[Probe]:
        return []

    async def close(self) -> None:
        return None


def stamp(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp())


def digests(raws: Sequence[msgspec.Raw]) -> list[int]:
    return [xxh3_64_intdigest(raw) >> 1 for raw in raws]


def nameless(page: Page, key: str) -> Page:
    """The same answer with one record's id missing."""
    place = page.keys.index(key)
    for column in (page.keys, page.created, page.raws, page.digests, page.touched):
        del column[place : place + 1]
    page.unread.append(Unread(f"?{key}", "no id"))
    return page
