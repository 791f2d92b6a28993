"""hyperpanel: another console, which makes each of its panels look like a Perfect Panel at https://console.example/p/PANEL.

What it tells are copies: they are as old as it says, not as young as the request. Each row carries the time at which it was right, which
moves without any change of the record, so only what is kept of a record counts for its digest. The catalogue comes with the same key.
"""

from datetime import datetime
from typing import Any

from sync.connectors import answers, console_looks, consoles, copies, thread
from sync.connectors.base import Ask, Looking, Page, Probe, Stream
from sync.connectors.columns import columns, one_by_one
from sync.connectors.perfect_panel import IDS_AT_ONCE, MOST_ROWS, PLANS, PerfectPanel, gone
from sync.connectors.queries import BY_USER, SORTS, address
from sync.verdicts import Trouble

ALIKE: dict[str, Any] = {"by_ids": IDS_AT_ONCE, "by_user": True, "copies": True}
STREAMS = (
    Stream("orders", ("watch", *PLANS), by_created=True, **ALIKE),
    Stream("users", PLANS, by_created=True, ageless=True, **ALIKE),
    Stream("payments", PLANS, by_created=True, **ALIKE),
    Stream("tickets", PLANS, **ALIKE),
    Stream("messages", PLANS, copies=True),
    Stream("services", ("head",), copies=True),
)
"""Tickets come in the order of their last updates, by which what is new in an old one is found, and are not read by their creation."""

LINES = "application/x-ndjson"


class Hyperpanel(PerfectPanel):
    """One panel of a console."""

    def streams(self) -> tuple[Stream, ...]:
        return STREAMS

    async def asked(self, ask: Ask) -> Page:
        try:
            return await self.copied(ask)
        except Trouble as trouble:
            raise consoles.scoped(trouble, ask.stream) from None

    async def copied(self, ask: Ask) -> Page:
        """Raises Trouble, also where the console has not read anything itself yet: then its empty list says nothing. A single thread that it
        has not read yet lags behind its ticket."""
        page = await self.one_of(ask)
        if page.as_of is None and not page.gone and not page.behind:
            raise Trouble("unread")
        return page

    async def one_of(self, ask: Ask) -> Page:
        match ask.stream:
            case "services":
                return await self.services()
            case "messages" if not ask.ids:
                return await self.silence()
            case "messages":
                return await self.messages(ask.ids[0])
            case _:
                return await self.rows(ask)

    async def rows(self, ask: Ask) -> Page:
        answer = await self.get(f"/{ask.stream}", params(ask))
        found = answers.listed(answer, ask.stream)
        if len(found.data.list) > max(2 * ask.limit, MOST_ROWS):
            raise Trouble("too_many", rows=len(found.data.list), limit=ask.limit)
        kept = [copies.whitelisted(ask.stream, row) for row in found.data.list]
        page = columns(ask.stream, answer.body, kept, self.access.zone, self.version)
        page.more, page.upstream_now = answers.more(found.pagination), answer.date
        told = copies.told(answer.body)
        page.as_of, page.held_since = told.as_of, told.held_since
        return page

    async def services(self) -> Page:
        """All of them in one answer, a line each: a catalogue is longer than any page."""
        answer = await self.get("/services", {}, LINES)
        both = [copies.offered(row) for row in copies.whole(answer)]
        page = one_by_one("services", [row for row, _ in both], self.access.zone, self.version)
        page.more, page.whole, page.upstream_now = False, True, answer.date
        page.as_of = (
            min((as_of for _, as_of in both if as_of), default=None) if both else await self.read_at("services")
        )
        return page

    async def messages(self, key: str) -> Page:
        answer = await self.get(address("tickets", key), {})
        found = answers.single(answer, by_words=False)
        if found is None:
            # A panel that the key does not see any more is answered alike; then this is refused too.
            answers.enveloped(await self.get("/key", {}))
            return gone(answer)
        page, copy = thread.page(found, key, self.access.zone, self.version), copies.thread(found)
        page.upstream_now, page.as_of, page.behind = answer.date, copy.messages_as_of, not copy.is_current
        page.unread += copy.lacking()
        return page

    async def silence(self) -> Page:
        """To when the messages were read, where none is asked for."""
        return Page([], [], [], [], more=False, as_of=await self.read_at("messages"))

    async def read_at(self, stream: str) -> datetime | None:
        """To when the console has read it; None where it has not."""
        try:
            found = consoles.lines(await self.get("/panels", {}))
        except Trouble as trouble:
            raise consoles.scoped(trouble, "panels") from None
        moments = [one.as_of for line in found for one in line.streams if one.stream == stream]
        return moments[0] if len(moments) == 1 else None

    async def probe(self, looking: Looking) -> list[Probe]:
        access = self.access
        try:
            console = await consoles.told(self.client, access.url, access.admin_key, looking.before_call)
        except Trouble as trouble:
            return await console_looks.look(self, access, looking, trouble)
        return await console_looks.look(self, access, looking, console)


def params(ask: Ask) -> dict[str, str]:
    """As of a panel, but that more can be asked for. One without a time of creation is in no span of times."""
    query = {"limit": str(ask.limit)}
    if ask.stream in SORTS:
        query["sort"] = SORTS[ask.stream]
    if ask.ids:
        query["ids"] = ",".join(ask.ids)
    if ask.offset:
        query["offset"] = str(ask.offset)
    if ask.created_from and ask.created_from.timestamp() > 0:
        query["created_from"] = str(int(ask.created_from.timestamp()))
    if ask.created_to:
        query["created_to"] = str(int(ask.created_to.timestamp()))
    if ask.user is not None:
        query[BY_USER[ask.stream]] = ask.user
    return query
