"""What a person does with exports: has a list written to a file, stops one that is made in the background, deletes one that is not needed."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar import Response, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, exports
from hyperpanel.db.exports import Export
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import export_files
from hyperpanel.support.export_files import FORMATS, in_thread
from hyperpanel.web import export_plans, export_runs, export_steps, list_filters
from hyperpanel.web.export_plans import MAY, Plan
from hyperpanel.web.forms import fields
from hyperpanel.web.guards import demand
from hyperpanel.web.languages import N_
from hyperpanel.web.render import see_other
from hyperpanel.web.visits import Visit, visit_of

HERE = "/exports"


@post(HERE + "/begin/{noun:str}", opt={"permission": MAY})
async def begin(request: HTMXRequest, noun: FromPath[str]) -> Response[Any]:
    """The file itself, or for a large one the page where it is made."""
    visit = export_plans.of_list(visit_of(request), noun)
    format = (await fields(request, "format")).get("format", "")
    kind = export_plans.kind_of(noun)
    asked = list_filters.read(visit, kind.fields)
    guarded = {permission for name, permission in kind.guarded.items() if asked.text(name)}
    for permission in (kind.permission, *sorted(guarded)):
        await demand(visit, permission)
    if format not in FORMATS:
        raise BadInput(N_("Choose CSV or XLSX."), "format")
    plan, rows = await visit.read(partial(planned, visit=visit, noun=noun))
    return await (put_down(visit, plan, format) if rows is None else answered(visit, plan, format, rows))


def planned(connection: Connection, visit: Visit, noun: str) -> tuple[Plan, int | None]:
    plan = export_plans.plan(connection, visit, noun)
    return plan, export_plans.few(connection, plan)


def told(visit: Visit, plan: Plan, format: str, **more: Any) -> audit.Act:
    kind = export_plans.kind_of(plan.noun)
    details: dict[str, Any] = {"format": format, "columns": plan.names, "asked": export_plans.told(visit, kind.fields)}
    panels = [panel.name for panel in plan.panels.values()]
    return visit.act("export", plan.noun, panels=panels, **details, **more)


async def answered(visit: Visit, plan: Plan, format: str, rows: int) -> Response[Any]:
    """`rows`: as many as there are now."""
    async with visit.write() as transaction:
        await audit.write(transaction, told(visit, plan, format, rows=rows), visit.now)
    content = export_steps.zipped(plan) if format == "xlsx" else export_steps.lines(plan)
    return export_steps.download(visit, content, plan.noun, plan.label, format, visit.now)


async def put_down(visit: Visit, plan: Plan, format: str) -> Response[Any]:
    values = {
        "noun": plan.noun,
        "query": urlencode(visit.url.pairs),
        "format": format,
        "language": visit.language.code,
        "time_zone": visit.zone.key,
        "at": visit.now,
    }
    who = visit.person.id if visit.person else 0
    async with visit.write() as transaction:
        made = await exports.add(transaction, who, plan.panels.keys(), plan.permissions, **values)
        if made is not None:
            await audit.write(transaction, told(visit, plan, format, export=made), visit.now)
    if made is None:
        return see_other(f"{HERE}?done=full")
    visit.console.work(export_runs.run(visit.console))
    return see_other(f"{HERE}?done=begun")


async def mine(request: HTMXRequest, visit: Visit) -> Export:
    """The one that the form names, if it is this person's. Raises Missing."""
    wanted = (await fields(request, "export")).get("export")
    if not wanted or visit.person is None:
        raise BadInput(N_("Choose an export from the list."), "export")
    found = await visit.read(partial(exports.one, export_id=wanted, staff_id=visit.person.id))
    if found is None:
        raise Missing("export")
    return found


@post(HERE + "/stop", opt={"permission": MAY}, status_code=303)
async def stop(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await mine(request, visit)
    async with visit.write() as transaction:
        if await exports.stop(transaction, found.id, visit.now):
            await audit.write(transaction, visit.act("export-stop", found.id, list=found.noun), visit.now)
    return see_other(HERE)


@post(HERE + "/delete", opt={"permission": MAY}, status_code=303)
async def delete(request: HTMXRequest) -> Response[str]:
    """One under way is stopped first."""
    visit = visit_of(request)
    found = await mine(request, visit)
    async with visit.write() as transaction:
        await exports.stop(transaction, found.id, visit.now)
        await exports.forget(transaction, [found.id])
        await audit.write(transaction, visit.act("export-delete", found.id, list=found.noun), visit.now)
    await in_thread(partial(export_files.remove, visit.console.settings.web.exports_folder, [found.id]))
    return see_other(f"{HERE}?done=deleted")
