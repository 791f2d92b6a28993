"""Tracking → Tickets: how staff answer, one line each, and what tickets are about, one line for each service. One window for both.

People are listed by name and never ranked: a score says where to look, and its replies what to think. Who may not measure staff sees their own
line alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import ai_reports, disputes, feeds, panels
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.support import ticket_tracking
from hyperpanel.support.ticket_tracking import Asked
from hyperpanel.web import ages, report_windows, ticket_tracking_rows
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.render import render
from hyperpanel.web.report_windows import NAMES, Windowed
from hyperpanel.web.ticket_fetching import Coverage, coverage
from hyperpanel.web.ticket_tracking_rows import (
    AI_THEMES,
    REPLIES,
    SERVICES,
    STAFF,
    Reason,
    ServiceRow,
    StaffRow,
)
from hyperpanel.web.ticket_tracking_words import Leave, leaves, leaves_of, nothing, rules, totals, untimed, waiting
from hyperpanel.web.visits import Visit, visit_of
from reports import windows
from reports.ticket_staff import folded
from reports.windows import LONGEST

STREAMS = ("tickets", "messages")
ABOUT = (*STREAMS, "orders")
"""What is told by service is resolved through orders, and so as old as they are."""

KEPT = (*CHOICE, *NAMES, "leave")
PARTS = (
    (STAFF, N_("By staff"), "tracking:read"),
    (SERVICES, N_("By service"), "tracking:read"),
    (REPLIES, N_("Flagged replies"), "tracking:read"),
    (AI_THEMES, N_("Themes by AI"), "ai:report"),
)


@dataclass(frozen=True)
class Part:
    label: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Staff:
    """`is_own`: this person sees their own line alone. `waiting`: flags that somebody disputes and nobody decided."""

    parts: Sequence[Part]
    window: Windowed
    leaves: Sequence[Leave]
    rows: Sequence[StaffRow]
    totals: str
    is_own: bool
    waiting: str
    waiting_href: str | None
    rules: Sequence[str]
    untimed: str
    empty: Empty | None


@dataclass(frozen=True)
class Themes:
    """A kept report by AI about this time."""

    href: str
    at: datetime


@dataclass(frozen=True)
class Services:
    """`picked`: the one service of which all tickets are shown; `every_href` leads back to all services."""

    parts: Sequence[Part]
    window: Windowed
    coverage: Coverage
    rows: Sequence[ServiceRow]
    many_panels: bool
    totals: Sequence[tuple[str, str]]
    reasons: Sequence[Reason]
    picked: ServiceRow | None
    every_href: str
    themes: Themes | None
    empty: Empty | None


@dataclass(frozen=True)
class Base:
    """What both parts begin with."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed]
    waiting: int

    @property
    def names(self) -> dict[int, str]:
        return {panel.id: panel.name for panel in self.chosen}


def look(connection: Connection, visit: Visit, streams: Sequence[str] = STREAMS) -> Base:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope = visit.scope.narrowed([panel.id for panel in some])
    told = [feed for feed in feeds.all_of(connection, scope, visit.now) if feed.stream in streams]
    return Base(known, some, told, disputes.count_waiting(connection, scope))


def scope_of(visit: Visit, base: Base) -> Scope:
    return visit.scope.narrowed([panel.id for panel in base.chosen])


def window_of(visit: Visit, base: Base) -> Windowed:
    of_tickets = [feed for feed in base.feeds if feed.stream == "tickets"]
    return report_windows.windowed(visit, windows.TICKETS, feeds=of_tickets, panels=base.chosen)


def asked_of(visit: Visit, base: Base, window: Windowed) -> Asked:
    """Who may not measure staff asks for their own replies, whatever the address says."""
    measure = ticket_tracking.measure(visit.console.settings.reports, leaves_of(visit))
    return Asked(scope_of(visit, base), window.window, measure, None if visit.may("staff:measure") else own(visit))


def own(visit: Visit) -> str:
    return folded(visit.person.username) if visit.person else ""


def parts(visit: Visit, here: str) -> list[Part]:
    mine = [(path, label) for path, label, permission in PARTS if visit.may(permission)]
    return [Part(visit.say(label), str(visit.url.only(KEPT, path)), path == here) for path, label in mine]


@get(STAFF, name="ticket_tracking.staff", opt={"permission": "tracking:read"})
async def staff(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    base = await visit.read(partial(look, visit=visit))
    window = window_of(visit, base)
    asked = asked_of(visit, base, window)
    found = await visit.console.database.reader.ask(ticket_tracking.by_staff, asked)
    here = visit.url.only(KEPT, REPLIES)
    rows = [ticket_tracking_rows.staff_row(visit, here, row) for row in found.people.iter_rows(named=True)]
    number = visit.fmt.number
    view = Staff(
        parts=parts(visit, STAFF),
        window=window,
        leaves=leaves(visit),
        rows=rows,
        totals=totals(visit, found.people),
        is_own=asked.name is not None,
        waiting=waiting(visit, base.waiting),
        waiting_href=str(
            visit.url.only(CHOICE, REPLIES).having(hours=str(LONGEST // timedelta(hours=1)), flag="disputed")
        )
        if base.waiting
        else None,
        rules=rules(visit, asked),
        untimed=untimed(visit, found.untimed if asked.name is None else 0),
        empty=None if rows else nothing(visit, asked.name is not None, number(len(base.chosen))),
    )
    as_of = ages.as_of(visit, base.chosen, base.feeds)
    around = frame(visit, "ticket_tracking.staff", visit.say("Ticket tracking"), base.panels, base.chosen, as_of)
    return render(request, around, "ticket_tracking/staff.html", view, status=422 if window.is_wrong else 200)


@get(SERVICES, name="ticket_tracking.services", opt={"permission": "tracking:read"})
async def services(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    base = await visit.read(partial(look, visit=visit, streams=ABOUT))
    window = window_of(visit, base)
    picked = ticket_tracking_rows.picked(visit, {name: id for id, name in base.names.items()})
    asked = Asked(scope_of(visit, base), window.window, picked=picked)
    found = await visit.console.database.reader.ask(ticket_tracking.by_service, asked)
    here, about, number = visit.url.only(KEPT, SERVICES), found.about, visit.fmt.number
    rows = ticket_tracking_rows.service_rows(visit, here, base.names, found)
    view = Services(
        parts=parts(visit, SERVICES),
        window=window,
        coverage=coverage(visit, about, base.names),
        rows=rows,
        many_panels=len(base.chosen) > 1,
        totals=[
            (visit.say("Tickets opened"), number(about.tickets)),
            (visit.say("About an order"), number(about.resolved)),
            (visit.say("Unresolved"), number(about.tickets - about.resolved)),
            (visit.say("Orders named"), number(about.orders)),
        ],
        reasons=ticket_tracking_rows.reasons(visit, base.names, about.unresolved),
        picked=next((row for row in rows if row.samples), None) if picked else None,
        every_href=str(here),
        themes=await visit.read(partial(themes_of, visit=visit, base=base, window=window)),
        empty=None if about.tickets else Empty(visit.say("No ticket of this window is held."), None, ""),
    )
    as_of = ages.as_of(visit, base.chosen, base.feeds)
    around = frame(visit, "ticket_tracking.staff", visit.say("Ticket tracking"), base.panels, base.chosen, as_of)
    return render(request, around, "ticket_tracking/services.html", view, status=422 if window.is_wrong else 200)


def themes_of(connection: Connection, visit: Visit, base: Base, window: Windowed) -> Themes | None:
    """For who may read such reports."""
    span, ids = window.window, [panel.id for panel in base.chosen]
    found = (
        ai_reports.covering(connection, visit.scope, ids, span.since, span.until) if visit.may("ai:report") else None
    )
    return Themes(f"{AI_THEMES}/show?report={found.id}", found.as_of) if found else None
