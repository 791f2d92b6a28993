"""The requests of a look at a panel, and what their answers show; what that means is for sync.connectors.looks to say.

Few and small, but for one page as large as reading asks for. Where the first door stays shut the others would only say so again, so
nothing more is asked. None of it changes anything there: `*/pull` is never called.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec

from sync.connectors.base import Access, Ask, Connector, Looking, Page
from sync.records import Record, Ticket
from sync.verdicts import Trouble, UnreadableRecord

FEW = {"orders": 5, "users": 1, "payments": 1, "tickets": 5}
THREADS = 2
REFUSED = frozenset({"auth", "forbidden", "refused", "not_found", "scope"})
"""Troubles that, once the orders were read, say what the key may not do."""
ONE_RIGHT = frozenset({"forbidden", "scope"})
ON_A_LARGE_PAGE = frozenset({"timeout", "too_large", "cut"})


class Row(NamedTuple):
    stream: str
    raw: msgspec.Raw
    record: Record


class Clocks(NamedTuple):
    """What this machine's clock said as an answer came, and what the panel's did."""

    ours: datetime
    theirs: datetime | None


class Took(NamedTuple):
    seconds: float
    records: int


@dataclass
class Seen:
    """What the answers of one look told."""

    connector: Connector
    access: Access
    looking: Looking
    rows: list[Row] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)
    """Streams with the reasons why records of theirs could not be read."""
    refused: dict[str, Trouble] = field(default_factory=dict)
    clocks: list[Clocks] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    staff: dict[str, None] = field(default_factory=dict)
    """The names of staff, in the order met."""
    services: int | Trouble | None = None
    page: Took | Trouble | None = None
    """What a whole page took, or why it did not come."""
    ended: Trouble | None = None
    """What ended the look before everything was asked."""

    def of(self, stream: str) -> list[Record]:
        return [row.record for row in self.rows if row.stream == stream]


async def see(connector: Connector, access: Access, looking: Looking) -> Seen:
    """Ask for all of it; never raises Trouble."""
    seen = Seen(connector, access, looking)
    try:
        for stream in FEW:
            await few(seen, stream)
        if all(trouble.code == "forbidden" for trouble in seen.refused.values()) and len(seen.refused) == len(FEW):
            raise seen.refused["orders"]
        await threads(seen)
        await whole_page(seen)
        await second_door(seen)
    except Trouble as trouble:
        seen.ended = trouble.of(access.panel)
    return seen


async def few(seen: Seen, stream: str) -> None:
    """The newest of a stream. A key that is refused for the first one is refused for all; a right may be missing for one alone."""
    try:
        page = await called(seen, Ask(stream, limit=FEW[stream]))
    except Trouble as trouble:
        if trouble.code == "unread":
            return
        if trouble.code not in REFUSED or (stream == "orders" and trouble.code not in ONE_RIGHT):
            raise
        seen.refused[stream] = trouble
        return
    seen.unread[stream] = [unread.reason for unread in page.unread]
    for raw in page.raws:
        try:
            seen.rows.append(Row(stream, raw, seen.connector.decode(stream, raw)))
        except UnreadableRecord as problem:
            seen.unread[stream].append(str(problem))


async def called(seen: Seen, ask: Ask) -> Page:
    clock = seen.looking.clock
    await seen.looking.before_call()
    began = clock.monotonic()
    page = await seen.connector.page(ask)
    seen.seconds.append(clock.monotonic() - began)
    seen.clocks.append(Clocks(clock.now(), page.upstream_now))
    return page


async def threads(seen: Seen) -> None:
    """Who writes as staff: in tickets that they have answered, if there are such."""
    tickets = [record for record in seen.of("tickets") if isinstance(record, Ticket)]
    tickets.sort(key=lambda ticket: ticket.status != "answered")
    for ticket in tickets[:THREADS]:
        try:
            page = await called(seen, Ask("messages", ids=(ticket.id,)))
        except Trouble as trouble:
            if trouble.code not in REFUSED:
                raise
            if trouble.code != "not_found":  # deleted since the list was read
                seen.refused["messages"] = trouble
            continue
        for raw in page.raws:
            note_staff(seen, raw)


def note_staff(seen: Seen, raw: msgspec.Raw) -> None:
    try:
        message = seen.connector.message(raw)
    except UnreadableRecord:
        return
    if message.is_staff and message.sender:
        seen.staff[message.sender] = None


async def whole_page(seen: Seen) -> None:
    """As large as reading will ask for, where there are so many orders that size can matter."""
    limit = seen.looking.per_fetch
    if limit <= FEW["orders"] or len(seen.of("orders")) < FEW["orders"]:
        return
    try:
        came = await called(seen, Ask("orders", limit=limit))
        seen.page = Took(seen.seconds[-1], len(came))
    except Trouble as trouble:
        if trouble.code not in ON_A_LARGE_PAGE:
            raise
        seen.page = trouble


async def second_door(seen: Seen) -> None:
    if seen.access.services_key is None:
        return
    try:
        seen.services = len(await called(seen, Ask("services")))
    except Trouble as trouble:
        seen.services = trouble.of(seen.access.panel)
