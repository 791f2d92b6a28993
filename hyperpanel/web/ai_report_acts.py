"""What a person does with reports on complaints: begins one, goes on with one that was not made to its end, stops one, deletes one.

Who may see a report may stop and delete it; only its own person goes on with it, since it is on their budget.
"""

from functools import partial

from litestar import Response, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import ai_reports, audit
from hyperpanel.db.ai_reports import Report
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import ai_report_runs
from hyperpanel.web import ai_report_plans
from hyperpanel.web.ai_reports import HERE, MAY, is_own
from hyperpanel.web.forms import fields
from hyperpanel.web.languages import N_
from hyperpanel.web.render import see_other
from hyperpanel.web.ticket_tracking import KEPT
from hyperpanel.web.visits import Visit, visit_of


@post(f"{HERE}/begin", opt={"permission": MAY}, status_code=303)
async def begin(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    await fields(request)
    base = await visit.read(partial(ai_report_plans.look, visit=visit))
    window, (least, field) = ai_report_plans.window_of(visit, base), ai_report_plans.least_of(visit)
    if window.is_wrong or field.error or not base.can_begin:
        return see_other(str(visit.url.only((*KEPT, ai_report_plans.LEAST), f"{HERE}/new")))
    prompt, span = base.prompt, window.window
    values = {
        "by": visit.person.username if visit.person else "",
        "since": span.since,
        "until": span.until,
        "least": least,
        "language": visit.language.code,
        "prompt_id": prompt.id,
        "prompt_version": prompt.version,
        "prompt_title": prompt.title,
        "at": visit.now,
    }
    who = visit.person.id if visit.person else 0
    async with visit.write() as transaction:
        made = await ai_reports.add(transaction, who, sorted(base.names), **values)
        if made is not None:
            names = sorted(base.names.values())
            told = visit.act("ai-report-begin", made, panels=names, since=str(span.since), until=str(span.until))
            await audit.write(transaction, told, visit.now)
    if made is None:
        return see_other(f"{HERE}?done=full")
    make(visit)
    return see_other(f"{HERE}/show?report={made}")


def make(visit: Visit) -> None:
    console = visit.console
    console.work(ai_report_runs.run(console.ai, console.reporting))


async def named(request: HTMXRequest, visit: Visit) -> Report:
    """The one that the form names, if this person may see it. Raises Missing."""
    wanted = (await fields(request, "report")).get("report")
    if not wanted:
        raise BadInput(N_("Choose a report from the list."), "report")
    found = await visit.read(partial(ai_reports.one, scope=visit.scope, report_id=wanted))
    if found is None:
        raise Missing("report")
    return found


@post(f"{HERE}/go-on", opt={"permission": MAY}, status_code=303)
async def go_on(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await named(request, visit)
    if not is_own(visit, found):
        raise Missing("report")
    async with visit.write() as transaction:
        is_full = await ai_reports.has_most(transaction, found.staff_id)
        if not is_full and await ai_reports.resume(transaction, found.id):
            await audit.write(transaction, visit.act("ai-report-go-on", found.id), visit.now)
    if not is_full:
        make(visit)
    return see_other(f"{HERE}/show?report={found.id}{'&done=full' if is_full else ''}")


@post(f"{HERE}/stop", opt={"permission": MAY}, status_code=303)
async def stop(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await named(request, visit)
    async with visit.write() as transaction:
        if await ai_reports.stop(transaction, found.id, visit.now):
            await audit.write(transaction, visit.act("ai-report-stop", found.id), visit.now)
    return see_other(f"{HERE}/show?report={found.id}&done=stopped")


@post(f"{HERE}/delete", opt={"permission": MAY}, status_code=303)
async def delete(request: HTMXRequest) -> Response[str]:
    """One under way ends with it."""
    visit = visit_of(request)
    found = await named(request, visit)
    async with visit.write() as transaction:
        await ai_reports.remove(transaction, [found.id])
        told = visit.act("ai-report-delete", found.id, since=str(found.since), until=str(found.until))
        await audit.write(transaction, told, visit.now)
    return see_other(f"{HERE}?done=deleted")
