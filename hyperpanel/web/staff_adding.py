"""Settings → Staff → Add somebody: a name, a role, panels, and then a link by which they choose their password themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import panels
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput, Conflict
from hyperpanel.support import people_acts
from hyperpanel.support.people_acts import MANAGE, Hand
from hyperpanel.support.wanted import N_
from hyperpanel.web.frame import frame
from hyperpanel.web.refusals import acting
from hyperpanel.web.render import render
from hyperpanel.web.staff_editing import linked
from hyperpanel.web.staff_fields import Form, Sent, empty, form, judge, sent
from hyperpanel.web.staff_rows import HERE
from hyperpanel.web.visits import Visit, visit_of

TAKEN = N_("There is somebody of this name already. Choose another name.")


@dataclass(frozen=True)
class New:
    form: Form
    back_href: str


@get(HERE + "/new", name="staff.new", opt={"permission": MANAGE})
async def new(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    return page(request, visit, empty(visit), await panels_of(visit), {})


async def panels_of(visit: Visit) -> Sequence[Panel]:
    return await visit.read(lambda connection: panels.all_of(connection, visit.scope))


def page(
    request: HTMXRequest, visit: Visit, given: Sent, known: Sequence[Panel], errors: Mapping[str, BadInput]
) -> Response[str]:
    view = New(form(visit, given, known, errors), HERE)
    around = frame(visit, "staff.new", visit.say("Add somebody"))
    return render(request, around, "staff/new.html", view, (), 422 if errors else 200)


@post(HERE + "/new", opt={"permission": MANAGE}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    """The link is in this answer and nowhere else."""
    visit, given = visit_of(request), await sent(request)
    known = await panels_of(visit)
    judged = judge(visit, given, known)
    if judged.errors:
        return page(request, visit, given, known, judged.errors)
    hand = Hand(visit.act, visit.person)
    try:
        async with acting(visit) as transaction:
            made = await people_acts.invite(transaction, hand, judged.name, judged.role, judged.panel_ids, visit.now)
    except Conflict:
        return page(request, visit, given, known, {"username": BadInput(TAKEN, "username")})
    return await linked(request, visit, *made)
