"""Tickets: the list, live, and one ticket with its conversation, beside the list or as a page of its own. They are only read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import customers, feeds, panels, statuses, tickets, users
from hyperpanel.db.lists import Filters
from hyperpanel.db.panels import Panel
from hyperpanel.db.schema import tickets as table
from hyperpanel.db.tickets import OURS, THEIRS, Line
from hyperpanel.errors import Missing
from hyperpanel.web import ages, ai_analysis_views, customer_cards, list_filters, list_looks, list_views, ticket_facts
from hyperpanel.web.ai_analysis_views import Analysis
from hyperpanel.web.customer_cards import Card
from hyperpanel.web.empties import no_rows
from hyperpanel.web.facts import Fact
from hyperpanel.web.frame import AsOf, Frame, frame
from hyperpanel.web.languages import N_, NN_
from hyperpanel.web.list_filters import Asked, Field
from hyperpanel.web.list_kinds import Column, Kind, ListKind
from hyperpanel.web.list_looks import Looked
from hyperpanel.web.list_views import Listed
from hyperpanel.web.panel_choice import CHOICE, named
from hyperpanel.web.render import render, wanted_block
from hyperpanel.web.thread_views import Thread
from hyperpanel.web.ticket_rows import ASSIGNED, READ, STATUSES, WAITING, TicketRow, row
from hyperpanel.web.visits import Visit, visit_of

STREAMS = ("tickets", "messages")
BESIDE = {"users": "users:read", "orders": "orders:read", "payments": "payments:read"}
"""Streams of which the card beside a conversation tells, to those who may read them."""

WAITS_FOR = {"us": OURS, "customer": THEIRS}
FIELDS = (
    Field("number", N_("Ticket number"), "numbers", main=True),
    Field("user", N_("User"), "text", main=True),
    Field("status", N_("Status"), "some", {word: label for word, (label, _) in STATUSES.items()}, main=True),
    Field("waiting", N_("Waits for"), "some", WAITING, main=True),
    Field("subject", N_("Subject contains"), "part"),
    Field("assignee", N_("Assignee"), "text"),
    Field("assigned", N_("Assigned to"), "one", ASSIGNED),
    Field("read", N_("Read by staff"), "one", READ),
    Field("updated_from", N_("Updated from"), "moment", hint="2026-01-31 09:00"),
    Field("updated_to", N_("Updated before"), "moment", hint="2026-01-31 17:00", after="updated_from"),
    Field("created_from", N_("Created from"), "moment", hint="2026-01-31 09:00"),
    Field("created_to", N_("Created before"), "moment", hint="2026-01-31 17:00", after="created_from"),
)
KIND = Kind(
    name="tickets",
    stream="tickets",
    label=N_("Tickets"),
    counted=NN_("%(total)s ticket", "%(total)s tickets"),
    columns=(
        Column("id", N_("ID")),
        Column("panel", N_("Panel"), many_panels=True),
        Column("user", N_("User")),
        Column("subject", N_("Subject")),
        Column("status", N_("Status")),
        Column("assignee", N_("Assignee")),
        Column("created", N_("Created"), sort="created"),
        Column("updated", N_("Last update"), sort="updated"),
    ),
)
NONE = ("",)
"""A status that no ticket has."""


@dataclass(frozen=True)
class Index:
    list: Listed
    rows: Sequence[TicketRow]


@dataclass(frozen=True)
class Show:
    """`live_href`: the same part of the conversation again."""

    ticket: TicketRow
    is_gone: bool
    facts: Sequence[Fact]
    thread: Thread
    card: Card | None
    analysis: Analysis | None
    back_href: str
    live_href: str


@dataclass(frozen=True)
class Found:
    """With what the form offers."""

    looked: Looked
    statuses: Sequence[str] = ()


@get("/tickets", name="tickets.index", opt={"permission": "tickets:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    asked = list_filters.read(visit, FIELDS)
    has_form = wanted_block(request, {"rows"}) is None
    found = await visit.read(lambda connection: look(connection, visit, asked, has_form))
    as_of = ages.as_of(visit, found.looked.chosen, found.looked.feeds)
    around = frame(visit, "tickets.index", visit.say("Tickets"), found.looked.panels, found.looked.chosen, as_of)
    status = 422 if asked.errors else 200
    return render(request, around, "tickets/index.html", listed(visit, asked, found, as_of), {"rows"}, status)


def look(connection: Connection, visit: Visit, asked: Asked, has_form: bool) -> Found:
    looked = list_looks.look(connection, visit, LIST, asked)
    return Found(looked, statuses.present(connection, visit.scope, looked.panel_ids, table) if has_form else ())


def spelled(connection: Connection, visit: Visit, ids: Sequence[int], filters: Filters) -> Filters:
    return users.spelled(connection, visit.scope, ids, narrowed(filters))


def drawn(_: Connection, visit: Visit, some: Sequence[Panel], lines: Sequence[Line]) -> list[TicketRow]:
    names = {panel.id: panel.name for panel in some}
    return [row(ticket, names[ticket.panel_id], visit.language) for ticket in lines]


LIST = ListKind(
    kind=KIND,
    listing=tickets.LISTING,
    fields=FIELDS,
    path="/tickets",
    permission="tickets:read",
    filters=spelled,
    rows=drawn,
)


def narrowed(filters: Filters) -> Filters:
    """For whom a ticket waits is told by its status: of those that are asked for, those that say so."""
    made: dict[str, tuple[Any, ...]] = dict(filters)
    if waiting := made.pop("waiting", ()):
        saying = [status for whom in waiting for status in WAITS_FOR.get(whom, ())]
        wanted = made.get("status") or saying
        made["status"] = tuple(status for status in wanted if status in saying) or NONE
    return made


def listed(visit: Visit, asked: Asked, found: Found, as_of: AsOf | None) -> Index:
    page, rows = found.looked.page, found.looked.rows
    assignees = {one.assignee: one.assignee for one in sorted(rows, key=lambda one: one.assignee or "") if one.assignee}
    form = list_filters.form(visit, asked, {"status": found.statuses}, {"assignee": assignees})
    none_match, none_read = visit.say("No ticket matches these filters."), visit.say("No tickets have been read yet.")
    empty = no_rows(visit, bool(found.looked.panels), asked, page, none_match, none_read)
    many = len(found.looked.chosen) > 1
    return Index(list_views.listed(visit, KIND, tickets.LISTING, page, form, many, empty, as_of), rows)


@get("/tickets/{panel:str}/{ticket_id:str}", name="tickets.show", opt={"permission": "tickets:read"})
async def show(request: HTMXRequest, panel: FromPath[str], ticket_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    around, view = await visit.read(lambda connection: one(connection, visit, panel, ticket_id))
    return render(request, around, "tickets/show.html", view, {"drawer"})


def one(connection: Connection, visit: Visit, panel_name: str, ticket_id: str) -> tuple[Frame, Show]:
    known = panels.all_of(connection, visit.scope)
    panel = named(known, panel_name)
    ticket = tickets.one(connection, visit.scope, panel.id, ticket_id)
    if ticket is None:
        raise Missing("ticket")
    shown = row(ticket, panel.name, visit.language)
    customer = customers.one(connection, visit.scope, panel.id, ticket.user_id, ticket.user, ticket.created_at)
    view = Show(
        ticket=shown,
        is_gone=ticket.gone_at is not None,
        facts=ticket_facts.facts(visit, ticket, shown),
        thread=ticket_facts.thread(connection, visit, panel, ticket, customer),
        card=customer_cards.card(connection, visit, panel, ticket, customer),
        analysis=ai_analysis_views.analysis(connection, visit, panel, ticket, customer),
        back_href=str(visit.url.only(CHOICE, "/tickets")),
        live_href=str(visit.url),
    )
    shows = {*STREAMS, *(stream for stream, permission in BESIDE.items() if view.card and visit.may(permission))}
    told = [
        feed for feed in feeds.all_of(connection, visit.scope.narrowed([panel.id]), visit.now) if feed.stream in shows
    ]
    title = visit.say("Ticket %(id)s", id=shown.id)
    return frame(visit, "tickets.show", title, (), (), ages.as_of(visit, [panel], told)), view
