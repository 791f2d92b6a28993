"""What a person does with schedules: makes, pauses, resumes and deletes them. Each is in the audit."""

from dataclasses import asdict
from functools import partial

import msgspec
from litestar import Response, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, schedules, staff
from hyperpanel.db.schedules import Schedule
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import roles
from hyperpanel.support.reports import REPORTS
from hyperpanel.support.schedule_forms import Judged, Typed, judge
from hyperpanel.support.schedule_times import rhythm
from hyperpanel.support.schedules import place
from hyperpanel.web.forms import fields
from hyperpanel.web.languages import N_
from hyperpanel.web.render import see_other
from hyperpanel.web.schedule_fields import FIELDS, known
from hyperpanel.web.schedules import HERE, may_change, new_page
from hyperpanel.web.visits import Visit, visit_of

GONE = N_("This schedule is no longer there.")


@post(HERE + "/new", opt={"permission": "schedules:edit"}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given = Typed(**{**asdict(Typed()), **await fields(request, *FIELDS)})
    profiled = await visit.read(known)
    judged = judge(given, {id: kind for id, kind, _ in profiled})
    person = visit.person
    if person and given.report in REPORTS and not roles.may(person.role, REPORTS[given.report].permission):
        judged = Judged("", judged.settings, None, {"report": BadInput(N_("Your role does not allow it."), "report")})
    if judged.rhythm is None or person is None:
        return new_page(request, visit, given, profiled, judged.errors)
    values = {
        "name": judged.name,
        "report": given.report,
        "settings": msgspec.json.encode(judged.settings).decode(),
        "staff_id": person.id,
        "every": judged.rhythm.every,
        "at_minute": judged.rhythm.minute,
        "weekday": judged.rhythm.weekday,
        "time_zone": judged.rhythm.zone.key,
        "format": given.format,
        "created_at": visit.now,
        "due_at": judged.rhythm.next(visit.now),
    }
    async with visit.write() as transaction:
        await schedules.add(transaction, **values)
        told = visit.act("schedule-add", judged.name, report=given.report, rhythm=judged.rhythm.every)
        await audit.write(transaction, told, visit.now)
    return see_other(f"{HERE}?done=added")


async def one(request: HTMXRequest, visit: Visit) -> Schedule:
    """The one that the form names, if it is this person's to change. Raises Missing."""
    wanted = (await fields(request, "schedule")).get("schedule")
    if not wanted:
        raise BadInput(GONE, "schedule")
    found = await visit.read(partial(changeable, visit=visit, wanted=wanted))
    if found is None:
        raise Missing("schedule")
    return found


def changeable(connection: Connection, visit: Visit, wanted: str) -> Schedule | None:
    found = schedules.one(connection, wanted, None)
    if found is None:
        return None
    owner = next((one for one in staff.all_of(connection) if one.id == found.staff_id), None)
    return found if may_change(visit, found, owner, schedules.files(connection, [found.id])) else None


@post(HERE + "/pause", opt={"permission": "schedules:edit"}, status_code=303)
async def pause(request: HTMXRequest) -> Response[str]:
    return await turn(request, is_paused=True)


@post(HERE + "/resume", opt={"permission": "schedules:edit"}, status_code=303)
async def resume(request: HTMXRequest) -> Response[str]:
    """What it missed meanwhile is not made up for."""
    return await turn(request, is_paused=False)


async def turn(request: HTMXRequest, is_paused: bool) -> Response[str]:
    visit = visit_of(request)
    found, done = await one(request, visit), "paused" if is_paused else "resumed"
    async with visit.write() as transaction:
        await schedules.pause(transaction, found.id, is_paused, rhythm(found).next(visit.now))
        await audit.write(transaction, visit.act(f"schedule-{done}", found.name), visit.now)
    return see_other(f"{HERE}?done={done}")


@post(HERE + "/delete", opt={"permission": "schedules:edit"}, status_code=303)
async def remove(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await one(request, visit)
    async with visit.write() as transaction:
        files = await schedules.remove(transaction, found.id)
        await audit.write(transaction, visit.act("schedule-remove", found.name, report=found.report), visit.now)
    for file in files:
        place(visit.console.settings.reports.folder, file).unlink(missing_ok=True)
    return see_other(f"{HERE}?done=deleted")
