"""The reports, each with what its figures mean and how old its data is; as JSON, as lines, or as the CSV that a schedule would write.

Pages, commands and these calls are made by the same functions, in the reader process; what differs is how the answer is written.
"""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar, cast

from litestar import Request, Response, get
from litestar.params import QueryParameter

from hyperpanel.api.asking import GroupName, PanelNames
from hyperpanel.api.callers import Caller, Calling
from hyperpanel.api.errors import BadAsk
from hyperpanel.api.listing import ENCODER, NDJSON, chosen, takes_lines
from hyperpanel.client import figures
from hyperpanel.client.envelopes import Detail, End, Ended
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import answers, report_tables
from hyperpanel.support.report_files import csv_of
from hyperpanel.support.reporting import Question
from hyperpanel.support.ticket_tracking import LEAVES
from reports.windows import LONGEST

CSV = "text/csv"
MOST_HOURS = LONGEST.days * 24
NAMES = {"time_zone": "zone"}
"""What a question calls otherwise than a parameter."""

Hours = Annotated[
    float | None, QueryParameter(gt=0, le=MOST_HOURS, description="How many hours the window is long; 24 unless told.")
]
At = Annotated[
    str,
    QueryParameter(
        max_length=40,
        description="As of a past moment, where the window ends: 2026-01-31, 2026-01-31T09:00 (UTC), or seconds since 1970.",
    ),
]
Profile = Annotated[str, QueryParameter(max_length=200, description="The rows, limits and window of this profile.")]
Currency = Annotated[
    str, QueryParameter(max_length=16, description="Amounts in this one; that of most orders unless told.")
]
MostRows = Annotated[int, QueryParameter(ge=1, le=1000, description="How many customers, those who spent most.")]
Leave = Annotated[
    str,
    QueryParameter(
        max_length=40,
        description="Left out of quick fires, with commas between: second (within a minute of one's own), closing (with the ticket's end).",
    ),
]
By = Annotated[
    Literal["panel", "service", "user", "provider", "day"],
    QueryParameter(description="What the orders are put together by; provider needs the scope providers:read."),
]
Zone = Annotated[str, QueryParameter(max_length=60, description="Whose days they are, such as Europe/Istanbul.")]
Format = Annotated[
    Literal["json", "csv", "ndjson", ""],
    QueryParameter(description="In place of the Accept header: json, csv or ndjson."),
]
AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """One report, over these panels, in a format."""

    report: str
    panel: str
    group: str
    question: Question
    format: str


@get("/reports/service-health", name="reports.service_health", opt={"scope": "reports:read"})
async def service_health(
    request: AnyRequest,
    caller: Calling,
    hours: Hours = None,
    at: At = "",
    panel: PanelNames = "",
    group: GroupName = "",
    profile: Profile = "",
    format: Format = "",
) -> Detail[figures.ServiceHealth]:
    """How well each service delivers: its score with every term, stuck and slow orders, and of how many orders that is told."""
    question = Question(hours, moment(at), profile or None)
    return await told(
        caller, Asked("service-health", panel, group, question, form(request, format)), figures.ServiceHealth
    )


@get("/reports/users", name="reports.users", opt={"scope": "reports:read"})
async def users(
    request: AnyRequest,
    caller: Calling,
    hours: Hours = None,
    at: At = "",
    panel: PanelNames = "",
    group: GroupName = "",
    profile: Profile = "",
    currency: Currency = "",
    rows: MostRows = 100,
    format: Format = "",
) -> Detail[figures.UserFigures]:
    """Who ordered for how much, the largest spending first, with the parts of each sum; e-mail addresses with the scope users:read."""
    question = Question(hours, moment(at), profile or None, currency, rows)
    return await told(caller, Asked("users", panel, group, question, form(request, format)), figures.UserFigures)


@get("/reports/tickets-by-staff", name="reports.tickets_by_staff", opt={"scope": "staff:read"})
async def tickets_by_staff(
    request: AnyRequest,
    caller: Calling,
    hours: Hours = None,
    at: At = "",
    panel: PanelNames = "",
    group: GroupName = "",
    leave: Leave = "",
    format: Format = "",
) -> Detail[figures.TicketsByStaff]:
    """How staff answer tickets: replies, response times, quick fires, repeats. By name: a score says where to look."""
    question = Question(hours, moment(at), leave=leaves(leave))
    return await told(
        caller, Asked("tickets-by-staff", panel, group, question, form(request, format)), figures.TicketsByStaff
    )


@get("/reports/tickets-by-service", name="reports.tickets_by_service", opt={"scope": "reports:read"})
async def tickets_by_service(
    request: AnyRequest,
    caller: Calling,
    hours: Hours = None,
    at: At = "",
    panel: PanelNames = "",
    group: GroupName = "",
    format: Format = "",
) -> Detail[figures.TicketsByService]:
    """Which services the tickets of a window are about, by the orders that their messages name."""
    question = Question(hours, moment(at))
    return await told(
        caller, Asked("tickets-by-service", panel, group, question, form(request, format)), figures.TicketsByService
    )


@get("/reports/margins", name="reports.margins", opt={"scope": "finance:read"})
async def margins(
    request: AnyRequest,
    caller: Calling,
    hours: Hours = None,
    at: At = "",
    panel: PanelNames = "",
    group: GroupName = "",
    by: By = "panel",
    zone: Zone = "UTC",
    format: Format = "",
) -> Detail[figures.Margins]:
    """What orders brought, gave back, cost and left, currency by currency. A week unless told."""
    if by == "provider":
        caller.demand("providers:read")
    question = Question(hours, moment(at), by=by, zone=zone)
    return await told(caller, Asked("margins", panel, group, question, form(request, format)), figures.Margins)


@get("/reports/providers", name="reports.providers", opt={"scope": "providers:read"})
async def providers(
    request: AnyRequest,
    caller: Calling,
    hours: Hours = None,
    panel: PanelNames = "",
    group: GroupName = "",
    format: Format = "",
) -> Detail[figures.Providers]:
    """Who delivers, and who is inferred to be down; always as of now."""
    return await told(
        caller, Asked("providers", panel, group, Question(hours), form(request, format)), figures.Providers
    )


def moment(text: str) -> str | None:
    """Seconds since 1970 as a moment that everything here reads."""
    if text.isascii() and text.isdecimal() and len(text) > 8:
        with suppressed("at"):
            return datetime.fromtimestamp(int(text), UTC).isoformat()
    return text or None


@contextmanager
def suppressed(name: str) -> Any:
    try:
        yield
    except (ValueError, OverflowError, OSError):
        raise BadAsk(f"{name}: this is no moment. Write it as 2026-01-31 or 2026-01-31T09:00.", [name]) from None


def leaves(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(word for part in text.split(",") if (word := part.strip())))
    if unknown := [word for word in found if word not in LEAVES]:
        raise BadAsk(f"leave: there is no {unknown[0]}. Known: {', '.join(LEAVES)}.", ["leave"])
    return found


def form(request: AnyRequest, named: str) -> str:
    if named:
        return named
    if takes_lines(request):
        return "ndjson"
    return "csv" if CSV in request.headers.get("accept", "") else "json"


async def told(caller: Caller, asked: Asked, kind: type[T]) -> Detail[T]:
    """`kind`: what its JSON is read as, which the plain values are not made into first; other formats are answers of their own."""
    try:
        if asked.format == "csv":
            return cast(Detail[T], await as_csv(caller, asked))
        found = await answered(caller, asked)
    except BadInput as problem:
        name = NAMES.get(problem.field, problem.field)
        raise BadAsk(f"{name}: {problem}", [name]) from None
    if asked.format == "ndjson":
        rows = found["rows"]
        body = ENCODER.encode_lines([*rows, End(Ended(len(rows)))])
        return cast(Detail[T], Response(body, media_type=NDJSON))
    return Detail(cast(T, found))


async def answered(caller: Caller, asked: Asked) -> dict[str, Any]:
    """The very answer that the command prints."""
    api, panel_ids = caller.api, chosen(caller, asked.panel, asked.group)
    if not panel_ids:
        raise Missing("panel")
    scope = caller.scope.narrowed(panel_ids)
    try:
        found = await answers.answer(asked.report, api.database, api.settings, scope, (), asked.question, caller.now)
    except Missing as problem:
        raise BadAsk(f"profile: {problem}", ["profile"]) from None
    return found if asked.report != "users" or caller.may("users:read") else without_addresses(found)


def without_addresses(found: Mapping[str, Any]) -> dict[str, Any]:
    rows = [{name: value for name, value in row.items() if name != "email"} for row in found["rows"]]
    return {**found, "rows": rows}


async def as_csv(caller: Caller, asked: Asked) -> Response[bytes]:
    """Flat: a column for each figure, as the page's file and a schedule's have them."""
    found = await answered(caller, asked)
    name = f'attachment; filename="{asked.report}.csv"'
    body = csv_of(report_tables.table(found))
    return Response(body, media_type=CSV, headers={"Content-Disposition": name})


ROUTES = [service_health, users, tickets_by_staff, tickets_by_service, margins, providers]
