"""Perfect Panel: Admin API v2 for orders, and the user API v2, with a key of its own, for the catalogue.

Awkward facts: a bad path answers 200 with error_code 100, a bot check answers HTML with 200 or 403, unknown filters are ignored in
silence, `data.count` may be the page's length, and `*/pull` marks rows as taken, so it is never called.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from xxhash import xxh3_64_hexdigest
from xxhash import xxh3_64_intdigest as hashed

from sync import http
from sync.connectors import wire
from sync.connectors.answers import catalogue, listed, more
from sync.connectors.base import Access, Ask, Page, Probe, Stream, Unread
from sync.records import Record
from sync.verdicts import Trouble, UnreadableRecord

IDS_AT_ONCE = 100
SKEW_TOLD = 120.0
HALF = 2**63
MOST_ROWS = 2000


class Keys(msgspec.Struct):
    list: list[wire.WireKey]


class Keyed(msgspec.Struct):
    data: Keys


class ServiceKey(msgspec.Struct):
    service: wire.Id


KEYED = msgspec.json.Decoder(Keyed)
KEY = msgspec.json.Decoder(wire.WireKey)
SERVICE_KEY = msgspec.json.Decoder(ServiceKey)


class PerfectPanel:
    """Keeps its connections and its access, and nothing about what was read."""

    version = 1

    def __init__(self, access: Access) -> None:
        self.access = access
        self.client = http.new_client(access.private)

    def streams(self) -> tuple[Stream, ...]:
        orders = Stream("orders", ("head", "refresh", "backfill"), by_created=True, by_ids=IDS_AT_ONCE)
        return (orders, Stream("services", ("head",))) if self.access.services_key else (orders,)

    async def close(self) -> None:
        await self.client.aclose()

    async def page(self, ask: Ask) -> Page:
        """Raises Trouble, with the panel's name in it."""
        try:
            return await (self.services() if ask.stream == "services" else self.orders(ask))
        except Trouble as trouble:
            raise trouble.of(self.access.panel) from None
        except RecursionError:  # JSON nested deeper than any answer is
            raise Trouble("not_json", panel=self.access.panel) from None

    def decode(self, stream: str, raw: msgspec.Raw) -> Record:
        if stream == "services":
            return wire.service(raw, self.access.currency)
        return wire.order(raw, self.access.currency, self.access.zone)

    async def orders(self, ask: Ask) -> Page:
        answer = await self.get("/orders", params(ask))
        found = listed(answer)
        if len(found.data.list) > max(2 * ask.limit, MOST_ROWS):
            raise Trouble("too_many", rows=len(found.data.list), limit=ask.limit)
        page = self.columns(answer.body, found.data.list)
        page.more = more(found.pagination)
        page.upstream_now = answer.date
        return page

    async def services(self) -> Page:
        if not self.access.services_key:
            raise Trouble("no_services_key")
        fields = {"key": self.access.services_key, "action": "services"}
        answer = await http.fetch(self.client, http.form(self.client, f"{self.access.url}/api/v2", fields))
        raws = catalogue(answer)
        page = Page([], [], [], [], more=False, whole=True, upstream_now=answer.date)
        for raw in raws:
            try:
                page.keys.append(wire.key(SERVICE_KEY.decode(raw).service))
            except (msgspec.MsgspecError, UnreadableRecord) as problem:
                page.unread.append(nameless(raw, problem))
                continue
            page.created.append(None)
            page.raws.append(raw)
            page.digests.append(digests([raw], self.version)[0])
        return page

    async def get(self, path: str, query: dict[str, str]) -> http.Answer:
        if not self.access.admin_key.isascii():
            raise Trouble("auth")  # such a key cannot even be sent
        headers = {"X-Api-Key": self.access.admin_key}
        return await http.fetch(
            self.client, http.query(self.client, f"{self.access.url}/adminapi/v2{path}", query, headers)
        )

    def columns(self, body: bytes, raws: list[msgspec.Raw]) -> Page:
        """Ids and times of all records at once; one by one only where some record is not of the usual form."""
        try:
            found = KEYED.decode(body).data.list
        except msgspec.MsgspecError:
            return self.one_by_one([one_key(raw) for raw in raws], raws)
        keys: list[Any] = [key.id for key in found]
        stamps: list[Any] = [key.created_timestamp for key in found]
        if usual(keys) and usual(stamps):
            return Page([str(key) for key in keys], stamps, raws, digests(raws, self.version))
        return self.one_by_one(found, raws)

    def one_by_one(self, found: Sequence[wire.WireKey | UnreadableRecord], raws: list[msgspec.Raw]) -> Page:
        page = Page([], [], [], [])
        vague = [index for key, raw in zip(found, raws, strict=True) if (index := self.add(page, key, raw)) is not None]
        settle_times(page, vague)
        page.digests = digests(page.raws, self.version)
        return page

    def add(self, page: Page, found: wire.WireKey | UnreadableRecord, raw: msgspec.Raw) -> int | None:
        """Returns the row's index where its time is a wall clock's only."""
        if isinstance(found, UnreadableRecord):
            page.unread.append(nameless(raw, found))
            return None
        try:
            identity = wire.key(found.id)
            created = wire.epoch(found.created_timestamp, found.created, self.access.zone)
        except UnreadableRecord as problem:
            page.unread.append(nameless(raw, problem))
            return None
        page.keys.append(identity)
        page.created.append(created)
        page.raws.append(raw)
        vague = not found.created_timestamp and created is not None
        return len(page.keys) - 1 if vague else None

    async def probe(self) -> list[Probe]:
        """Both doors, and what their answers tell: the clock, the currency."""
        found = [await self.tried("admin key", self.probe_orders)]
        if self.access.services_key:
            found.append(await self.tried("services key", self.probe_services))
        return found

    async def tried(self, door: str, look: Callable[[], "object"]) -> Probe:
        try:
            notes = await look()  # type: ignore[misc]
        except Trouble as trouble:
            named = trouble.of(self.access.panel)
            return Probe(named.code, f"{door}: {named}")
        return Probe("ok", f"{door}: accepted", notes)

    async def probe_orders(self) -> tuple[str, ...]:
        page = await self.orders(Ask("orders", limit=1))
        notes = [skew_note(page.upstream_now)]
        for raw in page.raws:
            try:
                order = wire.order(raw, self.access.currency, self.access.zone)
            except UnreadableRecord as problem:
                raise Trouble("unreadable", detail=str(problem)) from None
            if order.charge_currency and order.charge_currency != self.access.currency:
                notes.append(
                    f"Orders are charged in {order.charge_currency}, but the panel is set to {self.access.currency}."
                )
        return tuple(filter(None, notes))

    async def probe_services(self) -> tuple[str, ...]:
        return (f"{len(await self.services())} services in the catalogue.",)


def settle_times(page: Page, vague: list[int]) -> None:
    """A few wall-clock times among exact ones are left out of paging; where they are the rule, the page says so."""
    page.exact_times = len(vague) * 2 <= len(page.keys)
    if page.exact_times:
        for index in vague:
            page.created[index] = None


def params(ask: Ask) -> dict[str, str]:
    """The query of 1.2 in the protocol notes; times are unix seconds, inclusive."""
    query = {"limit": str(ask.limit), "sort": "date-desc"}
    if ask.ids:
        query["ids"] = ",".join(ask.ids)
    if ask.offset:
        query["offset"] = str(ask.offset)
    if ask.created_from:
        query["created_from"] = str(int(ask.created_from.timestamp()))
    if ask.created_to:
        query["created_to"] = str(int(ask.created_to.timestamp()))
    return query


def one_key(raw: msgspec.Raw) -> "wire.WireKey | UnreadableRecord":
    try:
        return KEY.decode(raw)
    except msgspec.MsgspecError as problem:
        return UnreadableRecord(str(problem))


def nameless(raw: msgspec.Raw, problem: Exception) -> Unread:
    """A record without an id is told apart by its bytes."""
    return Unread(f"?{xxh3_64_hexdigest(raw)}", str(problem))


def usual(numbers: Sequence[Any]) -> bool:
    """Whole numbers, none of them zero, negative or beyond the year 10 000 in seconds."""
    return set(map(type, numbers)) <= {int} and (not numbers or 0 < min(numbers) <= max(numbers) < wire.BEYOND)


def digests(raws: Sequence[msgspec.Raw], version: int) -> list[int]:
    """64 bits of each record's own bytes and the connector's version, as the signed integer databases hold."""
    return [value if (value := hashed(raw, version)) < HALF else value - 2 * HALF for raw in raws]


def skew_note(upstream_now: datetime | None) -> str:
    if upstream_now is None:
        return ""
    skew = (datetime.now(UTC) - upstream_now).total_seconds()
    return f"Its clock differs from this machine's by {skew:+.0f} s." if abs(skew) > SKEW_TOLD else ""
