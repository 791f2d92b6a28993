"""The rows of one answer as the columns of a Page: ids, times and digests, most of them in one pass over the body.

Payments carry their id under another name, and services too; what a list of tickets is ordered by is the time of the last update.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from xxhash import xxh3_64_hexdigest
from xxhash import xxh3_64_intdigest as hashed

from sync.connectors import wire
from sync.connectors.base import Page, Unread
from sync.connectors.excerpts import values
from sync.connectors.wire import Id, Number
from sync.verdicts import UnreadableRecord

HALF = 2**63


class Key(msgspec.Struct, gc=False, kw_only=True):
    """What paging needs of a record, and no more."""

    id: Id
    created_timestamp: Number = None
    created: str | None = None


class PaymentKey(Key, gc=False, kw_only=True, rename={"id": "payment_id"}):
    id: Id


class ServiceKey(Key, gc=False, kw_only=True, rename={"id": "service"}):
    id: Id


class TicketKey(Key, gc=False, kw_only=True):
    last_update_timestamp: Number = None
    last_update: str | None = None


class Bare(msgspec.Struct, gc=False):
    """The id of a record whose times are not readable."""

    id: Id


class BarePayment(Bare, gc=False, rename={"id": "payment_id"}):
    id: Id


class BareService(Bare, gc=False, rename={"id": "service"}):
    id: Id


KeyForm = TypeVar("KeyForm")


class Keys(msgspec.Struct, Generic[KeyForm]):
    list: list[KeyForm]


class Keyed(msgspec.Struct, Generic[KeyForm]):
    data: Keys[KeyForm]


@dataclass(frozen=True)
class Layout:
    """Where the rows of a stream have their id and times; the first form is the usual one."""

    body: msgspec.json.Decoder[Any]
    forms: tuple[msgspec.json.Decoder[Any], ...]
    ids: tuple[msgspec.json.Decoder[Any], ...]


JSON = msgspec.json.Decoder
ORDINARY = Layout(JSON(Keyed[Key]), (JSON(Key),), (JSON(Bare),))
LAYOUTS = {
    "orders": ORDINARY,
    "users": ORDINARY,
    "payments": Layout(JSON(Keyed[PaymentKey]), (JSON(PaymentKey), JSON(Key)), (JSON(BarePayment), JSON(Bare))),
    "tickets": Layout(JSON(Keyed[TicketKey]), (JSON(TicketKey),), (JSON(Bare),)),
    "services": Layout(JSON(Keyed[ServiceKey]), (JSON(ServiceKey),), (JSON(BareService),)),
}


def columns(stream: str, body: bytes, raws: list[msgspec.Raw], zone: ZoneInfo, version: int) -> Page:
    """Ids and times of all records at once; one by one only where some record is not of the usual form, or of no usual size."""
    if len(body) > wire.LARGEST_MENDED and any(memoryview(raw).nbytes > wire.LARGEST_RECORD for raw in raws):
        return one_by_one(stream, raws, zone, version)
    try:
        found = LAYOUTS[stream].body.decode(body).data.list
    except wire.UNREADABLE:
        return one_by_one(stream, raws, zone, version)
    keys: list[Any] = [key.id for key in found]
    stamps: list[Any] = [key.created_timestamp for key in found]
    touched: list[Any] = [key.last_update_timestamp for key in found] if stream == "tickets" else []
    if usual(keys) and usual(stamps) and usual(touched):
        return Page([str(key) for key in keys], stamps, raws, digests(raws, version), touched=touched)
    return one_by_one(stream, raws, zone, version)


def one_by_one(stream: str, raws: Sequence[msgspec.Raw], zone: ZoneInfo, version: int) -> Page:
    page = Page([], [], [], [])
    created, touched = Times(zone), Times(zone)
    for raw in raws:
        try:
            key = row_key(LAYOUTS[stream], raw)
            identity = wire.key(key.id)
            created.add(key.created_timestamp, key.created)
        except wire.UNREADABLE as problem:
            page.unread.append(unread(stream, raw, problem))
            continue
        page.keys.append(identity)
        page.raws.append(raw)
        if isinstance(key, TicketKey):
            touched.try_to_add(key.last_update_timestamp, key.last_update)
    page.created, page.digests = created.settled(), digests(page.raws, version)
    page.touched = touched.settled() if any(touched.stamps) else []
    page.exact_times = created.are_exact and touched.are_exact
    return page


class Times:
    """A column of times. A few wall clocks among exact times are left out of paging; where they are the rule, they stand and it is said."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.stamps: list[int | None] = []
        self.vague: list[int] = []

    @property
    def are_exact(self) -> bool:
        return len(self.vague) * 2 <= len(self.stamps)

    def add(self, seconds: Number, text: str | None) -> None:
        """Raises UnreadableRecord."""
        stamp = wire.epoch(seconds, text, self.zone)
        if stamp is not None and wire.exact(seconds) is None:
            self.vague.append(len(self.stamps))
        self.stamps.append(stamp)

    def try_to_add(self, seconds: Number, text: str | None) -> None:
        """A time that is none is told when the record is decoded."""
        try:
            self.add(seconds, text)
        except UnreadableRecord:
            self.stamps.append(None)

    def settled(self) -> list[int | None]:
        left_out = set(self.vague) if self.are_exact else set()
        return [None if index in left_out else stamp for index, stamp in enumerate(self.stamps)]


def row_key(where: Layout, raw: msgspec.Raw) -> Key:
    """Raises what the usual form says."""
    problems: list[Exception] = []
    for form in where.forms:
        try:
            key: Key = wire.decoded(form, wire.bounded(raw))
        except wire.UNREADABLE as problem:
            problems.append(problem)
        else:
            return key
    raise problems[0]


def unread(stream: str, raw: msgspec.Raw, problem: Exception) -> Unread:
    """By its id where that much is clear; a record without one is told apart by its bytes."""
    for form in LAYOUTS[stream].ids:
        try:
            return Unread(wire.key(wire.decoded(form, wire.bounded(raw)).id), str(problem), values(stream, raw))
        except wire.UNREADABLE:
            continue
    return Unread(f"?{xxh3_64_hexdigest(raw)}", str(problem), values(stream, raw))


def usual(numbers: Sequence[Any]) -> bool:
    """Whole numbers, none of them zero, negative or beyond the year 10 000 in seconds."""
    return set(map(type, numbers)) <= {int} and (not numbers or 0 < min(numbers) <= max(numbers) < wire.BEYOND)


def digests(raws: Sequence[msgspec.Raw], version: int) -> list[int]:
    """64 bits of each record's own bytes and the connector's version, as the signed integer databases hold."""
    return [value if (value := hashed(raw, version)) < HALF else value - 2 * HALF for raw in raws]
