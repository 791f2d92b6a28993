"""What is done with one person in Settings → Staff. The rules are in hyperpanel/support/people_acts.py, which commands keep as well."""

from litestar import Response, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.errors import BadInput
from hyperpanel.support import people, people_acts
from hyperpanel.support.people_acts import MANAGE, Hand
from hyperpanel.web.forms import fields
from hyperpanel.web.panel_choice import named
from hyperpanel.web.refusals import acting
from hyperpanel.web.render import see_other
from hyperpanel.web.staff_editing import found, linked, page
from hyperpanel.web.staff_fields import NO_PANEL, judge, sent
from hyperpanel.web.staff_rows import HERE, href_of
from hyperpanel.web.visits import Visit, visit_of

PLACE = HERE + "/{staff_id:int}"


def hand(visit: Visit) -> Hand:
    return Hand(visit.act, visit.person)


@post(PLACE, opt={"permission": MANAGE}, status_code=303)
async def update(request: HTMXRequest, staff_id: FromPath[int]) -> Response[str]:
    visit, given = visit_of(request), await sent(request)
    there = await found(visit, staff_id)
    judged = judge(visit, given, there.around.panels, there.person.username)
    if judged.errors:
        return page(request, visit, there, given=given, errors=judged.errors)
    try:
        async with acting(visit) as transaction:
            await people_acts.change(transaction, hand(visit), staff_id, judged.role, judged.panel_ids, visit.now)
    except BadInput as problem:
        return page(request, visit, there, given=given, problem=problem)
    return see_other(f"{href_of(staff_id)}?done=changed")


@post(PLACE + "/link", opt={"permission": MANAGE}, status_code=303)
async def link(request: HTMXRequest, staff_id: FromPath[int]) -> Response[str]:
    """For who never took theirs, and for who is to choose another password."""
    visit = visit_of(request)
    await fields(request)
    try:
        async with acting(visit) as transaction:
            token = await people_acts.link(transaction, hand(visit), staff_id, visit.now)
    except BadInput as problem:
        return page(request, visit, await found(visit, staff_id), problem=problem)
    return await linked(request, visit, staff_id, token)


@post(PLACE + "/disable", opt={"permission": MANAGE}, status_code=303)
async def disable(request: HTMXRequest, staff_id: FromPath[int]) -> Response[str]:
    visit = visit_of(request)
    why = (await fields(request, "why")).get("why", "")
    try:
        async with acting(visit) as transaction:
            await people_acts.disable(transaction, hand(visit), staff_id, why, visit.now)
    except BadInput as problem:
        return page(request, visit, await found(visit, staff_id), problem=problem)
    return see_other(f"{href_of(staff_id)}?done=disabled")


@post(PLACE + "/enable", opt={"permission": MANAGE}, status_code=303)
async def enable(request: HTMXRequest, staff_id: FromPath[int]) -> Response[str]:
    visit = visit_of(request)
    why = (await fields(request, "why")).get("why", "")
    try:
        async with acting(visit) as transaction:
            await people_acts.enable(transaction, hand(visit), staff_id, why, visit.now)
    except BadInput as problem:
        return page(request, visit, await found(visit, staff_id), problem=problem)
    return see_other(f"{href_of(staff_id)}?done=enabled")


@post(PLACE + "/name", opt={"permission": MANAGE}, status_code=303)
async def name(request: HTMXRequest, staff_id: FromPath[int]) -> Response[str]:
    """`take` is a name that answers there, chosen with one press; `name` is one that was typed."""
    visit = visit_of(request)
    given = await fields(request, "panel", "name", "take")
    there = await found(visit, staff_id)
    try:
        if not given.get("panel"):
            raise BadInput(NO_PANEL, "panel")
        wanted = people.upstream_name(given.get("take") or given.get("name", ""))
        panel = named(there.around.panels, given["panel"])
        async with acting(visit) as transaction:
            await people_acts.name_in(transaction, hand(visit), staff_id, panel, wanted, visit.now)
    except BadInput as problem:
        return page(request, visit, there, problem=problem)
    return see_other(f"{href_of(staff_id)}?done=named")
