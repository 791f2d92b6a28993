"""Tracking → Tickets → Themes by AI: what customers complain about, by service, as a model reads their tickets: kept reports, and a new one.

To look asks nothing of a model. What a report takes at most is said before it is begun (hyperpanel.web.ai_report_acts); it is then made in the
background (hyperpanel.support.ai_report_runs). A report is for those who may see every panel in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai.asks import AiTrouble
from hyperpanel.db import ai_providers, ai_report_services, ai_report_tickets, ai_reports, panels
from hyperpanel.db.ai_report_services import Progress, Service
from hyperpanel.db.ai_reports import Report
from hyperpanel.db.panels import Panel
from hyperpanel.errors import Missing
from hyperpanel.web import ai_report_rows, ai_words
from hyperpanel.web.addresses import Address
from hyperpanel.web.ai_report_rows import Group, Line
from hyperpanel.web.frame import TOPICS, Frame, frame
from hyperpanel.web.languages import N_
from hyperpanel.web.render import render
from hyperpanel.web.ticket_tracking import KEPT, Part, parts
from hyperpanel.web.ticket_tracking_rows import AI_THEMES
from hyperpanel.web.visits import Visit, visit_of

HERE = AI_THEMES
MAY = "ai:report"
PAGE = "ai_reports.index"
DONE_WORDS = {
    "full": N_("At most two reports of yours at once. Wait until one is ready, or stop one."),
    "deleted": N_("Deleted."),
    "stopped": N_("Stopped. What was found until then is kept."),
}


@dataclass(frozen=True)
class Index:
    """`unset`: why nothing can be asked, and `settings_href`: where that is changed, for who may."""

    parts: Sequence[Part]
    new_href: str
    unset: str
    settings_href: str | None
    lines: Sequence[Line]
    is_busy: bool
    done: str
    is_refusal: bool


@dataclass(frozen=True)
class Show:
    """`sums`: of the whole, where a ticket counts once; `notes`: what was left out; `is_empty`: its tickets were counted, and were too few.
    Where it was not made to its end `may_go_on`."""

    parts: Sequence[Part]
    line: Line
    live_href: str
    is_open: bool
    may_go_on: bool
    sums: Sequence[tuple[str, str]]
    as_of: datetime
    models: Sequence[str]
    prompt: str
    notes: Sequence[str]
    groups: Sequence[Group]
    is_empty: bool
    many_panels: bool
    file_href: str | None
    done: str
    is_refusal: bool


@dataclass(frozen=True)
class Found:
    report: Report
    names: dict[int, str]
    services: Sequence[Service]
    subjects: dict[int, dict[str, str]]


@get(HERE, name="ai_reports.index", opt={"permission": MAY})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    known, lines, is_set_up = await visit.read(partial(kept, visit=visit))
    done = request.query_params.get("done", "")
    view = Index(
        parts=parts(visit, HERE),
        new_href=str(visit.url.only(KEPT, f"{HERE}/new")),
        unset="" if is_set_up else ai_words.sentence(visit, AiTrouble("none")),
        settings_href=ai_words.settings_href(visit),
        lines=[line for line, _ in lines],
        is_busy=any(one.is_open for _, one in lines),
        done=visit.say(DONE_WORDS[done]) if done in DONE_WORDS else "",
        is_refusal=done == "full",
    )
    return render(request, around(visit, known), "ai_reports/index.html", view, {"lines"})


def around(visit: Visit, known: Sequence[Panel]) -> Frame:
    made = frame(visit, "ticket_tracking.staff", visit.say("Ticket tracking"), known, known)
    return replace(made, help_href=f"/help/{TOPICS[PAGE]}")


def kept(connection: Connection, visit: Visit) -> tuple[list[Panel], list[tuple[Line, Report]], bool]:
    known = panels.all_of(connection, visit.scope)
    names = {panel.id: panel.name for panel in known}
    found = ai_reports.of(connection, visit.scope, visit.person.id if visit.person else None)
    told = ai_report_services.progress(connection, visit.scope, [one.id for one in found])
    lines = [(ai_report_rows.line(visit, one, names, told.get(one.id, Progress())), one) for one in found]
    return known, lines, ai_providers.is_set_up(connection)


@get(f"{HERE}/show", name="ai_reports.show", opt={"permission": MAY})
async def show(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found, known = await visit.read(partial(look, visit=visit, wanted=request.query_params.get("report", "")))
    view = show_of(visit, found, request.query_params.get("done", ""))
    return render(request, around(visit, known), "ai_reports/show.html", view, {"found"})


def look(connection: Connection, visit: Visit, wanted: str) -> tuple[Found, list[Panel]]:
    """Raises Missing for one that is not there, or has a panel that this person may not see."""
    known = panels.all_of(connection, visit.scope)
    names = {panel.id: panel.name for panel in known}
    report = ai_reports.one(connection, visit.scope, wanted)
    if report is None or set(report.panel_ids) - names.keys():
        raise Missing("report")
    services = ai_report_services.of(connection, visit.scope, report.id)
    subjects = {
        panel_id: ai_report_tickets.subjects(connection, visit.scope, panel_id, linked(services, panel_id))
        for panel_id in report.panel_ids
    }
    return Found(report, names, services, subjects), known


def linked(services: Sequence[Service], panel_id: int) -> list[str]:
    """Every ticket that is named."""
    return sorted({id for one in services if one.panel_id == panel_id for id in one.given})


def show_of(visit: Visit, found: Found, done: str) -> Show:
    report, of_services = found.report, ai_report_rows.of_services(visit, found.report)
    line = ai_report_rows.line(visit, report, found.names, progress(found.services))
    mine = (("report", report.id),)
    return Show(
        parts=parts(visit, HERE),
        line=line,
        live_href=str(Address(f"{HERE}/show", mine)),
        is_open=report.is_open,
        may_go_on=is_own(visit, report) and report.state in ai_reports.UNFINISHED,
        sums=sums(visit, found),
        as_of=report.as_of,
        models=ai_report_rows.models(found.services),
        prompt=ai_report_rows.prompt(visit, report),
        notes=left_out(visit, found),
        groups=[ai_report_rows.group(visit, one, found.names, found.subjects, of_services) for one in found.services],
        is_empty=not (report.is_open or report.tickets is None or found.services),
        many_panels=len(report.panel_ids) > 1,
        file_href=str(Address(f"{HERE}/file", mine)) if any(one.themes for one in found.services) else None,
        done=visit.say(DONE_WORDS[done]) if done in DONE_WORDS else "",
        is_refusal=done == "full",
    )


def is_own(visit: Visit, report: Report) -> bool:
    return visit.person is not None and visit.person.id == report.staff_id


def progress(services: Sequence[Service]) -> Progress:
    states = [one.state for one in services]
    done, failed = (states.count(state) for state in (ai_report_services.DONE, ai_report_services.FAILED))
    return Progress(done, failed, len(services), sum(len(one.themes) for one in services))


def sums(visit: Visit, found: Found) -> list[tuple[str, str]]:
    given = {(one.panel_id, id) for one in found.services if one.state == ai_report_services.DONE for id in one.given}
    inside = {(one.panel_id, id) for one in found.services for theme in one.themes for id in theme.tickets}
    number, tickets = visit.fmt.number, found.report.tickets
    return [
        (visit.say("Tickets opened"), number(tickets) if tickets is not None else "–"),
        (visit.say("Given to the model"), number(len(given))),
        (visit.say("In a theme"), number(len(inside))),
        (visit.say("Not in a theme"), number(len(given - inside))),
        (visit.say("Themes"), number(progress(found.services).themes)),
    ]


def left_out(visit: Visit, found: Found) -> list[str]:
    report, number = found.report, visit.fmt.number
    rest = (report.tickets or 0) - (report.covered or 0)
    if report.tickets is None or rest <= 0:
        return []
    return [
        visit.count(
            "%(number)s ticket is about services with fewer than %(least)s tickets, and was left out.",
            "%(number)s tickets are about services with fewer than %(least)s tickets, and were left out.",
            rest,
            number=number(rest),
            least=number(report.least),
        )
    ]
