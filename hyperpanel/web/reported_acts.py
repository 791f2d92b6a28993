"""What a person does with reports: makes one, resolves it, opens it again. Each is in the audit; nothing asks first, what was done is undone.

Two people may resolve one report at once; the second is told who was first, and nothing of what they said is lost.
"""

from dataclasses import replace

from litestar import Response, post
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.db.panels import Panel
from hyperpanel.db.service_reports import New, Report
from hyperpanel.errors import BadInput
from hyperpanel.support import reporting_services
from hyperpanel.web.addresses import address, came_from
from hyperpanel.web.forms import fields
from hyperpanel.web.guards import demand
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import see_other
from hyperpanel.web.reported import asking, find, showing, standing
from hyperpanel.web.reported_forms import SENT, Known, Typed, typed_of, wrong
from hyperpanel.web.reported_places import HERE, NEW, place_of
from hyperpanel.web.set_aside import Notice
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

CHANGED = "reports"
"""The event by which a drawer has the list beside it read again."""

LONGEST_TOLD = 60


@post(NEW, opt={"permission": "reported:raise"}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    """Whoever has not seen the open reports of the service is shown them first, and nothing that was typed is lost."""
    visit = visit_of(request)
    typed = Typed(**await fields(request, *SENT))
    found = await visit.read(lambda connection: typed_of(connection, visit, typed))
    errors, reason = judged(visit, found, typed)
    if errors or found.panel is None:
        return asking(request, found, typed, errors)
    new = New(found.panel.id, found.service_id, found.raw_name, reason, visit.person.username if visit.person else "")
    async with visit.write() as transaction:
        name, seen = found.panel.name, typed.seen
        made = await reporting_services.report(transaction, visit.scope, new, name, seen, visit.act, visit.now)
    if not isinstance(made, str):
        return asking(request, replace(found, others=made), typed, {"seen": unseen(visit)})
    return await reported(request, found.panel, made)


def judged(visit: Visit, found: Known, typed: Typed) -> tuple[dict[str, str], str]:
    """What is wrong, by field, and the reason as it is kept."""
    problems, reason = [wrong(found)], ""
    try:
        reason = reporting_services.reason(typed.reason)
    except BadInput as problem:
        problems.append(problem)
    return {one.field: sentence(visit, one) for one in problems if one}, reason


def unseen(visit: Visit) -> str:
    return visit.say("It is reported already. Read that first; if yours is another matter, or adds to it, send it too.")


async def reported(request: HTMXRequest, panel: Panel, made: str) -> Response[str]:
    """Beside a list the report itself; from the form's own page on to the list."""
    there = f"{HERE}?done=reported"
    if not request.htmx or request.htmx.target != "drawer":
        return see_other(there)
    if address(came_from(request) or NEW).path == NEW:
        return Response("", media_type=MediaType.TEXT, status_code=200, headers={"HX-Redirect": there})
    return in_drawer(await showing(request, panel.name, made, visit_of(request).say("The service is reported.")))


@post(HERE + "/{panel:str}/{report:str}/resolve", opt={"permission": "reported:raise"}, status_code=200)
async def resolve(request: HTMXRequest, panel: FromPath[str], report: FromPath[str]) -> Response[str]:
    visit, given = visit_of(request), await fields(request, "words")
    where, found = await aimed(visit, panel, report)
    try:
        said = reporting_services.words(given.get("words", ""))
    except BadInput as problem:
        return await showing(request, panel, report, "", sentence(visit, problem), given["words"], 422)
    by = visit.person.username if visit.person else ""
    async with visit.write() as transaction:
        is_first = await reporting_services.resolve(transaction, found, where.name, by, said, visit.act, visit.now)
    _, now = await aimed(visit, panel, report)
    if not is_first:
        return await second(request, panel, now, given.get("words", ""))
    undo = f"{place_of(where.name, found.id)}/reopen?of={now.stamp}"
    return await answer(request, panel, report, Notice(visit.say("Resolved: %(name)s", name=name_of(found)), undo))


@post(HERE + "/{panel:str}/{report:str}/reopen", opt={"permission": "reported:raise"}, status_code=200)
async def reopen(request: HTMXRequest, panel: FromPath[str], report: FromPath[str]) -> Response[str]:
    """Of the resolution that the page showed; a later one stays."""
    visit = visit_of(request)
    await fields(request)
    where, found = await aimed(visit, panel, report)
    is_that = not found.is_open and request.query_params.get("of", found.stamp) == found.stamp
    async with visit.write() as transaction:
        done = is_that and await reporting_services.reopen(transaction, found, where.name, visit.act, visit.now)
    told = visit.say("Open again: %(name)s", name=name_of(found)) if done else visit.say("It has changed meanwhile.")
    return await answer(request, panel, report, Notice(told))


async def aimed(visit: Visit, panel: str, report: str) -> tuple[Panel, Report]:
    """For whoever may resolve it: one's own, or all."""
    where, found = await visit.read(lambda connection: find(connection, visit, panel, report))
    if not reporting_services.may_settle(visit.person, found):
        await demand(visit, "reported:resolve")
    return where, found


async def second(request: HTMXRequest, panel: str, found: Report, typed: str) -> Response[str]:
    """By whom and when it was resolved; with what this person would have said of it."""
    visit = visit_of(request)
    if found.resolved_at is None:
        return await answer(request, panel, found.id, Notice(visit.say("It has changed meanwhile.")))
    who, ago = shown(found.resolved_by) or "", visit.fmt.ago(found.resolved_at)
    told = visit.say("%(who)s has resolved this already, %(ago)s ago.", who=who, ago=ago)
    if typed or not request.htmx:
        return in_drawer(await showing(request, panel, found.id, "", told, typed, 422))
    return await answer(request, panel, found.id, Notice(told))


def name_of(found: Report) -> str:
    return shown(f"{found.service_id} {found.service_name}".strip(), LONGEST_TOLD) or ""


async def answer(request: HTMXRequest, panel: str, report: str, notice: Notice) -> Response[str]:
    """The drawer or the list as it is now, wherever the button was; without htmx, the report."""
    page = address(came_from(request) or HERE)
    if not request.htmx:
        return see_other(place_of(panel, report))
    if request.htmx.target == "drawer" or page.path != HERE:
        return in_drawer(await showing(request, panel, report, notice.sentence))
    request.scope["state"]["visit"] = replace(visit_of(request), url=page)
    return await standing(request, notice)


def in_drawer(response: Response[str]) -> Response[str]:
    response.headers["HX-Trigger"] = CHANGED
    return response
