"""Tickets as a Perfect Panel tells them, and one with its messages, whose bodies are as hostile as they came."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter
from sqlalchemy import Connection

from hyperpanel.api import parameters
from hyperpanel.api.callers import Caller, Calling
from hyperpanel.api.listing import Asking
from hyperpanel.api.mirrored import (
    MOST_IDS,
    Kind,
    Question,
    View,
    detailed,
    given,
    listed,
    since,
    statuses,
    until,
    words,
)
from hyperpanel.api.parameters import FROM_ZERO, LAST_SECOND, CreatedFrom, CreatedTo, Ids, OnePanel
from hyperpanel.api.payments import customer
from hyperpanel.api.wording import local, number
from hyperpanel.client.envelopes import Detail, Listed
from hyperpanel.client.records import File, Message, Ticket, TicketDetail
from hyperpanel.db import message_threads, tickets
from hyperpanel.db.message_threads import Told
from hyperpanel.db.tickets import Record

MOST_MESSAGES = 500
FILES = msgspec.json.Decoder(list[File])

Status = Annotated[str | None, parameters.statuses("pending, answered, closed, locked, open")]
UpdatedFrom = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=LAST_SECOND,
        schema_extra=FROM_ZERO,
        description="Last touched in this second or later: seconds since 1970.",
    ),
]
UpdatedTo = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=LAST_SECOND,
        schema_extra=FROM_ZERO,
        description="Last touched in this second or earlier: seconds since 1970.",
    ),
]
Sort = Annotated[
    Literal["last-update-desc", "last-update-asc", "created-at-desc", "created-at-asc"],
    QueryParameter(
        description="By when they were touched last, or made. One that is touched while pages are read moves past them, and so lines of all "
        "tickets come by when they were made, unless asked otherwise."
    ),
]
WHOLE: Literal["created-at-desc"] = "created-at-desc"
SORTS = {
    "last-update-desc": ("updated", True),
    "last-update-asc": ("updated", False),
    "created-at-desc": ("created", True),
    "created-at-asc": ("created", False),
}


def row(view: View, one: Record) -> Ticket:
    zone = view.zones[one.panel_id]
    created, updated = local(one.created_at, zone), local(one.last_update_at, zone)
    return Ticket(
        number(one.id),
        view.names[one.panel_id],
        view.as_of(one.panel_id),
        customer(one.user, one.user_id),
        one.subject,
        one.status_raw,
        one.status,
        one.assignee,
        one.is_read,
        *created,
        *updated,
    )


KIND: Kind[Ticket] = Kind("tickets", tickets.ASKED, SORTS, row)


@get("/tickets", name="tickets.index", opt={"scope": "tickets:read"})
async def index(
    caller: Calling,
    asked: Asking,
    sort: Sort = "last-update-desc",
    user: parameters.Username = None,
    status: Status = None,
    ids: Ids = None,
    created_from: CreatedFrom = None,
    created_to: CreatedTo = None,
    updated_from: UpdatedFrom = None,
    updated_to: UpdatedTo = None,
) -> Listed[Ticket]:
    """Tickets, the last touched first."""
    if asked.limit is None and all(name != "sort" for name, _ in asked.pairs):
        sort = WHOLE
    filters = given(
        number=words(ids, "ids", MOST_IDS),
        user=user,
        status=statuses(status, "status"),
        created_from=since(created_from),
        created_to=until(created_to),
        updated_from=since(updated_from),
        updated_to=until(updated_to),
    )
    return await listed(caller, asked, Question(KIND, filters, sort))


@get("/tickets/{ticket_id:str}", name="tickets.show", opt={"scope": "tickets:read"})
async def show(caller: Calling, ticket_id: FromPath[str], panel: OnePanel = "") -> Detail[TicketDetail]:
    """One ticket with its messages, the oldest first. A message is HTML as somebody sent it: hostile until it is cleaned."""

    def read(connection: Connection, view: View, panel_id: int) -> TicketDetail | None:
        return detail(connection, caller, view, panel_id, ticket_id)

    return await detailed(caller, panel, KIND, ticket_id, read)


def detail(connection: Connection, caller: Caller, view: View, panel_id: int, ticket_id: str) -> TicketDetail | None:
    one = tickets.one(connection, caller.scope, panel_id, ticket_id)
    if one is None:
        return None
    told: dict[str, Any] = msgspec.structs.asdict(row(view, one))
    reading = tickets.reading(connection, caller.scope, panel_id, ticket_id)
    thread = message_threads.last(connection, caller.scope, panel_id, ticket_id, MOST_MESSAGES)
    return TicketDetail(
        **told,
        messages=[message(said, view.zones[panel_id]) for said in thread.messages],
        messages_before=thread.before,
        messages_as_of=reading.read_at if reading else None,
        messages_are_current=reading is not None and reading.read_for == one.fields,
    )


def message(said: Told, zone: ZoneInfo) -> Message:
    created, stamp = local(said.created_at, zone)
    is_cut = said.size > len(said.body)
    return Message(said.body, said.sender, said.is_staff, said.is_unread, created, stamp, files(said.files), is_cut)


def files(kept: str | None) -> Sequence[File]:
    return FILES.decode(kept) if kept else ()
