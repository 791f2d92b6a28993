"""Reported services: what somebody says is wrong with a service, whose panel's it is, and what came of it; one report, and making another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panels, service_reports
from hyperpanel.db.panels import Panel
from hyperpanel.db.service_reports import OPEN, Report
from hyperpanel.errors import Missing
from hyperpanel.support.reporting_services import TOLD
from hyperpanel.web import ages, list_filters, reported_lists
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import Form
from hyperpanel.web.panel_choice import CHOICE, named
from hyperpanel.web.render import render
from hyperpanel.web.reported_forms import Known, Typed, known
from hyperpanel.web.reported_lists import FIELDS, Found, look
from hyperpanel.web.reported_places import HERE, NEW, reports_href
from hyperpanel.web.reported_rows import ReportRow, Told, lines_of, report_row, told
from hyperpanel.web.set_aside import Notice
from hyperpanel.web.set_aside_lists import Tab
from hyperpanel.web.visits import Visit, visit_of

DONE = {"reported": N_("The service is reported.")}


@dataclass(frozen=True)
class Index:
    """`status`: as the form carries it along. `total`: how many there are, in words. `new_href` for whoever may report. `done`: what led here;
    `notice`: what was done from here."""

    tabs: Sequence[Tab]
    form: Form
    status: str
    rows: Sequence[ReportRow]
    shows_resolved: bool
    total: str
    newer_href: str | None
    older_href: str | None
    many_panels: bool
    may_settle: bool
    new_href: str | None
    empty: Empty | None
    stale: str
    done: str
    notice: Notice | None


@dataclass(frozen=True)
class Show:
    """`reason` and `words` as they were written, by lines. `others`: further open reports of the service, which `all_href` lists. `undo`:
    which resolution it is that can be taken back. `said`: what was just done; `error`: what was wrong with what was `typed`."""

    report: ReportRow
    reason: Sequence[str]
    words: Sequence[str]
    others: Sequence[Told]
    all_href: str
    undo: str
    said: str
    error: str
    typed: str
    back_href: str


@dataclass(frozen=True)
class New:
    """`service` and `others`: what is known of the service that was named, and its open reports; `seen`: the newest of these."""

    typed: Typed
    errors: Mapping[str, str]
    panels: Sequence[str]
    service: str
    others: Sequence[Told]
    seen: str
    back_href: str


@get(HERE, name="reported.index", opt={"permission": "reported:read"})
async def index(request: HTMXRequest) -> Response[str]:
    return await standing(request)


async def standing(request: HTMXRequest, notice: Notice | None = None) -> Response[str]:
    """The page, or its rows alone where htmx asks for them."""
    visit = visit_of(request)
    asked = list_filters.read(visit, FIELDS)
    found = await visit.read(lambda connection: look(connection, visit, asked))
    as_of = ages.as_of(visit, found.chosen, found.feeds)
    around = frame(visit, "reported.index", visit.say("Reported services"), found.panels, found.chosen, as_of)
    stale = as_of.reason if as_of and as_of.state != "on_time" else ""
    view = listed(visit, asked, found, stale, notice)
    return render(request, around, "reported/index.html", view, {"rows"}, 422 if asked.errors else 200)


def listed(visit: Visit, asked: list_filters.Asked, found: Found, stale: str, notice: Notice | None) -> Index:
    names, state = {panel.id: panel.name for panel in found.chosen}, reported_lists.state_of(visit)
    number, done = found.number(state), dict(visit.url.pairs).get("done", "")
    rows = [report_row(visit, one, names[one.panel_id], found.named) for one in found.rows]
    return Index(
        tabs=reported_lists.tabs(visit, found),
        form=list_filters.form(visit, asked, None, {"by": {name: name for name in found.reporters}}),
        status="" if state == OPEN else state,
        rows=rows,
        shows_resolved=state != OPEN,
        total=visit.count("%(total)s report", "%(total)s reports", number, total=visit.fmt.number(number)),
        newer_href=reported_lists.newer(visit, found),
        older_href=reported_lists.older(visit, found),
        many_panels=len(found.chosen) > 1,
        may_settle=any(row.may_settle for row in rows),
        new_href=str(visit.url.only(CHOICE, NEW)) if visit.may("reported:raise") and found.chosen else None,
        empty=None if rows else reported_lists.empty(visit, found, asked),
        stale=stale,
        done=visit.say(DONE[done]) if done in DONE else "",
        notice=notice,
    )


@get(HERE + "/{panel:str}/{report:str}", name="reported.show", opt={"permission": "reported:read"})
async def show(request: HTMXRequest, panel: FromPath[str], report: FromPath[str]) -> Response[str]:
    return await showing(request, panel, report)


async def showing(
    request: HTMXRequest, panel: str, report: str, said: str = "", error: str = "", typed: str = "", status: int = 200
) -> Response[str]:
    """`said`: what was just done; `error`: what was wrong with what was `typed`."""
    visit = visit_of(request)
    view = await visit.read(lambda connection: one(connection, visit, panel, report, said, error, typed))
    around = frame(visit, "reported.show", visit.say("Report of service %(id)s", id=view.report.service_id))
    return render(request, around, "reported/show.html", view, {"drawer"}, status)


def find(connection: Connection, visit: Visit, panel_name: str, report_id: str) -> tuple[Panel, Report]:
    panel = named(panels.all_of(connection, visit.scope), panel_name)
    found = service_reports.one(connection, visit.scope, panel.id, report_id)
    if found is None:
        raise Missing("report")
    return panel, found


def one(
    connection: Connection, visit: Visit, panel_name: str, report_id: str, said: str, error: str, typed: str
) -> Show:
    panel, found = find(connection, visit, panel_name, report_id)
    names = service_reports.named(connection, visit.scope, [found.service])
    others = service_reports.open_of(connection, visit.scope, found.service, TOLD)
    return Show(
        report=report_row(visit, found, panel.name, names),
        reason=lines_of(found.reason),
        words=lines_of(found.resolution) if found.resolution else [],
        others=[told(other, panel.name) for other in others if other.id != found.id],
        all_href=reports_href(panel.name, found.service_id),
        undo=found.stamp,
        said=said,
        error=error,
        typed=typed,
        back_href=HERE,
    )


@get(NEW, name="reported.new", opt={"permission": "reported:raise"})
async def new(request: HTMXRequest) -> Response[str]:
    """With the panel and the service that the address names, if it does."""
    visit = visit_of(request)
    asked = dict(reversed(visit.url.pairs))
    found = await visit.read(lambda connection: known(connection, visit, asked.get("service", "")))
    return asking(request, found, Typed(found.panel_name, asked.get("service", "")), {})


def asking(request: HTMXRequest, found: Known, typed: Typed, errors: Mapping[str, str]) -> Response[str]:
    visit = visit_of(request)
    view = New(
        typed=typed,
        errors=errors,
        panels=[panel.name for panel in found.panels],
        service=found.name,
        others=[told(report, found.panel_name) for report in found.others],
        seen=found.others[0].id if found.others else "",
        back_href=str(visit.url.only(CHOICE, HERE)),
    )
    around = frame(visit, "reported.new", visit.say("Report a service"))
    return render(request, around, "reported/new.html", view, {"drawer"}, 422 if errors else 200)
