"""Perfect Panel: Admin API v2, and the user API v2, with a key of its own, for the catalogue.

Awkward facts: a bad path answers 200 with error_code 100, a bot check answers HTML with 200 or 403, unknown filters are ignored in
silence or refused, `data.count` may be the page's length, and `*/pull` marks rows as taken, so it is never called.
"""

import msgspec
from msgspec import UNSET
from xxhash import xxh3_64_intdigest as hashed

from sync import http
from sync.connectors import excerpts, looks, thread
from sync.connectors.answers import as_listed, catalogue, listed, more, single
from sync.connectors.base import Access, Ask, Looking, Page, Probe, Stream
from sync.connectors.columns import columns, one_by_one
from sync.connectors.order_wire import order
from sync.connectors.payment_wire import payment
from sync.connectors.queries import address, params
from sync.connectors.service_wire import service
from sync.connectors.ticket_wire import message, ticket
from sync.connectors.user_wire import user
from sync.records import Message, Record
from sync.verdicts import Trouble

IDS_AT_ONCE = 100
MOST_ROWS = 2000
PLANS = ("head", "refresh", "backfill", "sweep")
STREAMS = (
    Stream("orders", ("watch", *PLANS), by_created=True, by_ids=IDS_AT_ONCE, alone=True, by_user=True),
    Stream("users", PLANS, by_ids=IDS_AT_ONCE, by_user=True, ageless=True),
    Stream("payments", PLANS, by_user=True),
    Stream("tickets", PLANS, alone=True, by_user=True),
    Stream("messages", PLANS),
)
SERVICES = Stream("services", ("head",))
VERSION = 2
"""Of the decoding. A connector's own version holds the panel's currency and zone too: amounts and times depend on them, so that under
others no record counts as known."""


class PerfectPanel:
    """Keeps its connections and its access, and nothing about what was read."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.version = hashed(f"{VERSION}|{access.currency}|{access.zone.key}".encode())
        self.client = http.new_client(access.private)

    def streams(self) -> tuple[Stream, ...]:
        return (*STREAMS, SERVICES) if self.access.services_key else STREAMS

    async def close(self) -> None:
        await self.client.aclose()

    async def page(self, ask: Ask) -> Page:
        """Raises Trouble, with the panel's name in it."""
        try:
            return await self.asked(ask)
        except Trouble as trouble:
            raise trouble.of(self.access.panel) from None
        except RecursionError:  # JSON nested deeper than any answer is
            raise Trouble("not_json", panel=self.access.panel) from None

    async def asked(self, ask: Ask) -> Page:
        if ask.stream == "services":
            return await self.services()
        if ask.stream == "messages":
            return await self.messages(ask.ids[0])
        return await (self.alone(ask.stream, ask.ids[0]) if ask.alone else self.rows(ask))

    async def rows(self, ask: Ask) -> Page:
        answer = await self.get(f"/{ask.stream}", params(ask))
        found = listed(answer, ask.stream)
        rows = found.data.list
        if found.as_of is not UNSET:  # copies, which would count as of now: that kind tells how old they are
            raise Trouble("console")
        if len(rows) > max(2 * ask.limit, MOST_ROWS):
            raise Trouble("too_many", rows=len(rows), limit=ask.limit)
        page = columns(ask.stream, answer.body, rows, self.access.zone, self.version)
        page.more = more(found.pagination)
        page.upstream_now = answer.date
        return page

    async def alone(self, stream: str, key: str) -> Page:
        answer = await self.get(address(stream, key), {})
        found = single(answer)
        if found is None:
            return gone(answer)
        page = one_by_one(stream, [as_listed(found)], self.access.zone, self.version)
        for came in (*page.keys, *(unread.key for unread in page.unread)):
            if came != key:
                raise Trouble("shape", detail=f"of {stream}, {key} was asked for and {came} came")
        page.more, page.upstream_now = False, answer.date
        return page

    async def messages(self, key: str) -> Page:
        answer = await self.get(address("tickets", key), {})
        found = single(answer)
        if found is None:
            return gone(answer)
        page = thread.page(found, key, self.access.zone, self.version)
        page.upstream_now = answer.date
        return page

    async def services(self) -> Page:
        if not self.access.services_key:
            raise Trouble("no_services_key")
        fields = {"key": self.access.services_key, "action": "services"}
        answer = await http.fetch(self.client, http.form(self.client, f"{self.access.url}/api/v2", fields))
        page = one_by_one("services", catalogue(answer), self.access.zone, self.version)
        page.more, page.whole, page.upstream_now = False, True, answer.date
        return page

    async def get(self, path: str, query: dict[str, str], accept: str = "application/json") -> http.Answer:
        if not self.access.admin_key.isascii():
            raise Trouble("auth")  # such a key cannot even be sent
        headers = {"X-Api-Key": self.access.admin_key, "Accept": accept}
        return await http.fetch(
            self.client, http.query(self.client, f"{self.access.url}/adminapi/v2{path}", query, headers)
        )

    def decode(self, stream: str, raw: msgspec.Raw) -> Record:
        currency, zone = self.access.currency, self.access.zone
        match stream:
            case "orders":
                return order(raw, currency, zone)
            case "users":
                return user(raw, currency, zone)
            case "payments":
                return payment(raw, currency, zone)
            case "tickets":
                return ticket(raw, zone)
            case "services":
                return service(raw, currency)
            case _:
                raise ValueError(f"no records of the stream {stream}")

    def message(self, raw: msgspec.Raw) -> Message:
        return message(raw, self.access.zone)

    def values(self, stream: str, raw: msgspec.Raw) -> str | None:
        return excerpts.values(stream, raw)

    async def probe(self, looking: Looking) -> list[Probe]:
        return await looks.look(self, self.access, looking)


def gone(answer: http.Answer) -> Page:
    return Page([], [], [], [], more=False, gone=True, upstream_now=answer.date)
