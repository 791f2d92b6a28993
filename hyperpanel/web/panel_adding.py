"""Settings → Panels → Add a panel: what is typed is judged, tried out where that is wanted, and saved; it is read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import panels, staff
from hyperpanel.db.panels import NameTaken, Panel
from hyperpanel.errors import BadInput
from hyperpanel.support import attaching, probing, wanted
from hyperpanel.support.attaching import access_of, panel_of, spelled
from hyperpanel.support.panel_files import TAKEN
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_checks import Checks, checks, unasked
from hyperpanel.web.panel_fields import Form, Sent, empty_form, sent, typed_form
from hyperpanel.web.panel_places import HERE, back
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of


@dataclass(frozen=True)
class New:
    form: Form
    checks: Checks | None


@get(HERE + "/new", name="panels.new", opt={"permission": "panels:edit"})
async def new(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    return page(request, visit, New(empty_form(await known(visit)), None))


@post(HERE + "/new", opt={"permission": "panels:edit"}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await sent(request)
    judged, others = wanted.judge(given.typed), await known(visit)
    if judged.errors:
        return refused(request, visit, given, judged.errors, others)
    panel = spelled(panel_of(judged.require()), others)
    try:
        await store(visit, [(panel, judged.keys)])
    except NameTaken:
        return refused(request, visit, given, {"name": BadInput(TAKEN, "name")}, others)
    return back("added", panel)


@post(HERE + "/test", opt={"permission": "panels:edit"}, status_code=200)
async def try_out(request: HTMXRequest) -> Response[str]:
    """What is typed, before anything is stored."""
    visit, given = visit_of(request), await sent(request)
    judged, others = wanted.judge(given.typed), await known(visit)
    form = typed_form(visit, given, judged.errors, others)
    if judged.errors:
        return page(request, visit, New(form, unasked(visit, judged.errors)), 422)
    panel = panel_of(judged.require())
    access = access_of(panel, judged.keys)
    probes = await probing.try_out(visit.console.installation, access, panel.kind, rate=panel.rate)
    return page(request, visit, New(form, checks(visit, panel.name, probes)))


async def known(visit: Visit) -> list[Panel]:
    return await visit.read(lambda connection: panels.all_of(connection, visit.scope))


def refused(
    request: HTMXRequest, visit: Visit, given: Sent, errors: Mapping[str, BadInput], others: Sequence[Panel]
) -> Response[str]:
    return page(request, visit, New(typed_form(visit, given, errors, others), None), 422)


def page(request: HTMXRequest, visit: Visit, view: New, status: int = 200) -> Response[str]:
    around = frame(visit, "panels.index", visit.say("Add a panel"))
    return render(request, around, "panels/new.html", view, {"checks"}, status)


async def store(visit: Visit, new: Sequence[tuple[Panel, Mapping[str, str]]]) -> None:
    """All or none. Whoever adds a panel may see it, even if they do not see every panel."""
    offered = await attaching.offered(new)
    async with visit.write() as transaction:
        ids = await attaching.attach(transaction, visit.console.vault, offered, visit.act, visit.now)
        if visit.person and visit.person.panel_ids is not None:
            await staff.allow(transaction, visit.person.id, ids)
