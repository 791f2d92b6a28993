"""Tracking → Schedules: reports that the worker makes by the clock and keeps as files, and these files.

Whoever may have schedules sees all of them, and of their files those that hold panels they see themselves, no others. What somebody else made
is changed by those alone who see all that it may be of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import schedules, staff
from hyperpanel.db.schedules import File, Schedule
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support.reports import REPORTS
from hyperpanel.support.schedule_forms import Typed
from hyperpanel.support.schedules import TROUBLES, place, settings_of
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.render import render
from hyperpanel.web.schedule_fields import WEEKDAYS, Form, Known, form, known
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

HERE = "/tracking/schedules"
STAMP = "%Y%m%dT%H%M%SZ"
DONE = {
    "added": N_("The schedule was added."),
    "paused": N_("The schedule is paused."),
    "resumed": N_("The schedule goes on."),
    "deleted": N_("The schedule and its files were deleted."),
}
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True)
class Kept:
    """A file. `told`: how many panels were on time; `href` is None where it holds panels that this person does not see, and then nothing of it
    is told but its time."""

    at: datetime
    href: str | None
    rows: int | None
    size: str
    told: str
    is_late: bool


@dataclass(frozen=True)
class Line:
    """`rhythm`: when, in words; `trouble`: why the last time brought no file; `next_at` is None while it is paused."""

    id: str
    name: str
    report: str
    owner: str
    rhythm: str
    next_at: datetime | None
    ran_at: datetime | None
    trouble: str
    may_change: bool
    files: Sequence[Kept]


@dataclass(frozen=True)
class Index:
    lines: Sequence[Line]
    done: str


@dataclass(frozen=True)
class New:
    form: Form
    back_href: str


@get(HERE, name="schedules.index", opt={"permission": "schedules:edit"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    lines = await visit.read(lambda connection: look(connection, visit))
    done = request.query_params.get("done", "")
    view = Index(lines, visit.say(DONE[done]) if done in DONE else "")
    return render(
        request, frame(visit, "schedules.index", visit.say("Scheduled reports")), "schedules/index.html", view
    )


def look(connection: Connection, visit: Visit) -> list[Line]:
    found = schedules.all_of(connection, None)
    owners = {person.id: person for person in staff.all_of(connection)}
    files: dict[str, list[File]] = {}
    for file in schedules.files(connection, [one.id for one in found]):
        files.setdefault(file.schedule_id, []).append(file)
    return [line(visit, one, owners.get(one.staff_id), files.get(one.id, [])) for one in found]


def may_change(visit: Visit, schedule: Schedule, owner: Person | None, files: Sequence[File]) -> bool:
    """Whose it is; else whoever sees all panels that its owner sees, and all that are in its files."""
    if visit.person is not None and visit.person.id == schedule.staff_id:
        return True
    if owner is None or owner.panel_ids is None:
        return visit.scope.panel_ids is None
    return all(visit.scope.holds(panel) for panel in owner.panel_ids) and all(sees(visit, file) for file in files)


def line(visit: Visit, schedule: Schedule, owner: Person | None, files: Sequence[File]) -> Line:
    trouble = TROUBLES.get(schedule.trouble or "", "")
    hours = visit.fmt.number(settings_of(schedule).hours)
    return Line(
        id=schedule.id,
        name=shown(schedule.name) or "",
        report=visit.say("%(report)s, last %(hours)s h", report=visit.say(REPORTS[schedule.report].label), hours=hours),
        owner=shown(owner.username if owner else None) or "",
        rhythm=rhythm(visit, schedule),
        next_at=None if schedule.is_paused else schedule.due_at,
        ran_at=schedule.ran_at,
        trouble=visit.say(trouble) if trouble else "",
        may_change=may_change(visit, schedule, owner, files),
        files=[kept(visit, file) for file in files],
    )


def rhythm(visit: Visit, schedule: Schedule) -> str:
    time = f"{schedule.at_minute // 60:02}:{schedule.at_minute % 60:02}"
    if schedule.every == "day":
        return visit.say("every day at %(time)s, %(zone)s", time=time, zone=schedule.time_zone)
    weekday = visit.say(WEEKDAYS[schedule.weekday or 0])
    return visit.say("%(weekday)s at %(time)s, %(zone)s", weekday=weekday, time=time, zone=schedule.time_zone)


def kept(visit: Visit, file: File) -> Kept:
    if not sees(visit, file):
        return Kept(file.at, None, None, "", "", is_late=False)
    number = visit.fmt.number
    told = visit.count(
        "%(on_time)s of %(all)s panel on time",
        "%(on_time)s of %(all)s panels on time",
        len(file.panel_ids),
        on_time=number(file.on_time),
        all=number(len(file.panel_ids)),
    )
    query = urlencode({"schedule": file.schedule_id, "at": f"{file.at.astimezone(UTC):{STAMP}}"})
    return Kept(
        at=file.at,
        href=f"{HERE}/file?{query}",
        rows=file.rows,
        size=f"{number(round(file.size / 1000, 1))}\u00a0kB",
        told=told,
        is_late=file.on_time < len(file.panel_ids),
    )


def sees(visit: Visit, file: File) -> bool:
    """All panels whose rows are in it."""
    return all(visit.scope.holds(panel_id) for panel_id in file.panel_ids)


@get(HERE + "/new", name="schedules.new", opt={"permission": "schedules:edit"})
async def new(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    return new_page(request, visit, Typed(time_zone=visit.zone.key), await visit.read(known), {})


def new_page(
    request: HTMXRequest, visit: Visit, typed: Typed, known: Known, errors: Mapping[str, BadInput]
) -> Response[str]:
    view = New(form(visit, typed, known, errors), HERE)
    around = frame(visit, "schedules.new", visit.say("New schedule"))
    return render(request, around, "schedules/new.html", view, status=422 if errors else 200)


@get(HERE + "/file", name="schedules_file", opt={"permission": "schedules:edit"})
async def file(request: HTMXRequest) -> Response[bytes]:
    """What is asked for is looked up among those that were noted: no path comes from the address."""
    visit, wanted, stamp = visit_of(request), request.query_params.get("schedule"), request.query_params.get("at")
    if not wanted or not stamp:
        raise BadInput(N_("Choose a file from the list."), "at")
    noted = await visit.read(lambda connection: schedules.files(connection, [wanted]))
    found = next((one for one in noted if f"{one.at.astimezone(UTC):{STAMP}}" == stamp and sees(visit, one)), None)
    if found is None:
        raise Missing("file")
    try:
        body = place(visit.console.settings.reports.folder, found).read_bytes()
    except OSError:
        raise Missing("file") from None
    name = f"report-{stamp}.{found.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=MEDIA[found.format], headers=headers)
