"""The themes of a report on complaints as a file: a line for each theme, with the numbers of its tickets."""

from collections.abc import Iterator
from functools import partial

from litestar import Response, get
from litestar_htmx import HTMXRequest

from hyperpanel.db.ai_report_services import Service, Theme
from hyperpanel.support.sheet_files import MEDIA, Cell, csv_of
from hyperpanel.web import ai_report_rows, export_steps
from hyperpanel.web.ai_reports import HERE, MAY, Found, look
from hyperpanel.web.languages import N_
from hyperpanel.web.visits import Visit, visit_of

NAME = "themes-by-ai"
HEADS = (
    N_("Panel"),
    N_("Service"),
    N_("Service name"),
    N_("Tickets"),
    N_("Top complaint"),
    N_("Its tickets"),
    N_("Theme title"),
    N_("Detail"),
    N_("Tickets in the theme"),
    N_("Given to the model"),
    N_("Ticket numbers"),
    N_("Model"),
    N_("Prompt"),
    N_("From"),
    N_("Up to"),
    N_("As of"),
)


@get(f"{HERE}/file", name="ai_reports_file", opt={"permission": MAY})
async def file(request: HTMXRequest) -> Response[bytes]:
    visit = visit_of(request)
    found, _ = await visit.read(partial(look, visit=visit, wanted=request.query_params.get("report", "")))
    content = csv_of([visit.say(head) for head in HEADS], lines(visit, found), visit.zone)
    name = export_steps.disposition(visit, NAME, visit.say("Themes by AI"), "csv", found.report.as_of)
    return Response(content, media_type=MEDIA["csv"], headers={"Content-Disposition": name})


def lines(visit: Visit, found: Found) -> Iterator[list[Cell]]:
    for one in found.services:
        for theme in one.themes:
            yield line(visit, found, one, theme)


def line(visit: Visit, found: Found, one: Service, theme: Theme) -> list[Cell]:
    report = found.report
    return [
        found.names[one.panel_id],
        one.service_id or "",
        one.name if one.service_id is not None else visit.say("No order found"),
        one.tickets,
        one.complaint or visit.say("Other"),
        one.complaint_tickets,
        theme.title,
        theme.detail,
        len(theme.tickets),
        len(one.given),
        ", ".join(theme.tickets),
        one.model or "",
        ai_report_rows.prompt(visit, report),
        report.since,
        report.until,
        report.as_of,
    ]
