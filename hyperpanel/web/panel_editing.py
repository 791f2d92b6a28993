"""Settings → Panels → one panel: its form, how it stands, and what can be done with it. Keys can be entered and never seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panel_edits, panels
from hyperpanel.db.panels import NameTaken, Panel, Pause
from hyperpanel.errors import BadInput, Conflict
from hyperpanel.support import attaching, editing, probing
from hyperpanel.support.attaching import access_of, spelled
from hyperpanel.support.editing import Edit as Change
from hyperpanel.support.editing import edit_of
from hyperpanel.support.feed_acts import is_leaving
from hyperpanel.support.panel_files import TAKEN
from hyperpanel.web import ages
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_checks import Checks, checks, unasked
from hyperpanel.web.panel_choice import named
from hyperpanel.web.panel_fields import Form, form_of, sent, typed_form
from hyperpanel.web.panel_places import HERE, back, href_of
from hyperpanel.web.render import render, see_other
from hyperpanel.web.visits import Visit, visit_of
from sync.connectors.base import Probe

HERE_TOO = HERE + "/{panel:str}"


@dataclass(frozen=True)
class Edit:
    """`pauses`: each in a sentence; `is_paused`: as a whole."""

    name: str
    href: str
    form: Form
    checks: Checks | None
    pauses: Sequence[str]
    is_paused: bool


@dataclass(frozen=True)
class Held:
    """A panel as it is stored; `keys` with when they were entered, where that is known."""

    panel: Panel
    others: Sequence[Panel]
    pauses: Sequence[Pause]
    keys: Mapping[str, datetime | None]


@get(HERE_TOO, name="panels.edit", opt={"permission": "panels:edit"})
async def edit(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    held = await visit.read(lambda connection: find(connection, visit, panel))
    if is_leaving(held.pauses):
        return see_other(f"{href_of(held.panel)}/remove")
    return page(request, visit, held, form_of(held.panel, held.others, held.keys))


@post(HERE_TOO, opt={"permission": "panels:edit"}, status_code=303)
async def update(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    visit, given = visit_of(request), await sent(request)
    held = await visit.read(lambda connection: find(connection, visit, panel))
    refuse_leaving(held)
    judged = editing.judge(held.panel, held.keys, given.typed, given.forget)
    if judged.errors:
        form = typed_form(visit, given, judged.errors, held.others, held.keys)
        return page(request, visit, held, form, status=422)
    change = edit_of(held.panel, judged, given.forget)
    change = Change(change.before, spelled(change.after, held.others), change.keys, change.forget)
    try:
        await save(visit, change, held)
    except NameTaken:
        form = typed_form(visit, given, {"name": BadInput(TAKEN, "name")}, held.others, held.keys)
        return page(request, visit, held, form, status=422)
    return back("anew" if change.reads_anew else "saved", change.after)


async def save(visit: Visit, change: Change, held: Held) -> None:
    keys = {*held.keys, *change.keys} - ({editing.SERVICES} if change.forget else set())
    streams = await attaching.streams_of(change.after.kind, dict.fromkeys(keys | {"admin_key"}, ""))
    async with visit.write() as transaction:
        await editing.apply(transaction, visit.console.vault, change, streams, visit.act, visit.now)


@post(HERE_TOO + "/test", opt={"permission": "panels:edit"}, status_code=200)
async def test(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """As it is typed; as it is stored where the button stands outside of the form."""
    visit, given = visit_of(request), await sent(request)
    held = await visit.read(lambda connection: find(connection, visit, panel))
    if given.is_empty:
        [looked] = await probing.look(visit.console.installation, [held.panel])
        form = form_of(held.panel, held.others, held.keys)
        return page(request, visit, held, form, checks(visit, held.panel.name, looked.probes))
    judged = editing.judge(held.panel, held.keys, given.typed, given.forget)
    form = typed_form(visit, given, judged.errors, held.others, held.keys)
    if judged.errors:
        return page(request, visit, held, form, unasked(visit, judged.errors), 422)
    change = edit_of(held.panel, judged, given.forget)
    return page(request, visit, held, form, checks(visit, change.after.name, await tried(visit, change)))


async def tried(visit: Visit, change: Change) -> Sequence[Probe]:
    """Stored keys go to the stored address alone."""
    keys = {} if change.is_moved else await stored_keys(visit, change.before)
    keys = {name: key for name, key in keys.items() if not (change.forget and name == editing.SERVICES)}
    access = access_of(change.after, {**keys, **change.keys})
    kind, rate = change.after.kind, change.after.rate
    found = visit.console.installation
    return await probing.try_out(found, access, kind, rate=rate, panel_id=change.before.id)


async def stored_keys(visit: Visit, panel: Panel) -> dict[str, str]:
    vault, scope = visit.console.vault, visit.scope
    access = await visit.read(lambda connection: panels.access(connection, vault, panel.id, scope))
    return {"admin_key": access.admin_key} | ({editing.SERVICES: access.services_key} if access.services_key else {})


def find(connection: Connection, visit: Visit, name: str) -> Held:
    others = panels.all_of(connection, visit.scope)
    panel = named(others, name)
    scope = visit.scope.narrowed([panel.id])
    entered = panel_edits.keys_entered(connection, panel.id)
    stored = panel_edits.secret_names(connection, scope, panel.id)
    pauses = panels.running_pauses(connection, scope)
    return Held(panel, others, pauses, {key: entered.get(key) for key in sorted(stored)})


def refuse_leaving(held: Held) -> None:
    if is_leaving(held.pauses):
        raise Conflict("removing")


def page(
    request: HTMXRequest, visit: Visit, held: Held, form: Form, found: Checks | None = None, status: int = 200
) -> Response[str]:
    view = Edit(
        name=held.panel.name,
        href=href_of(held.panel),
        form=form,
        checks=found,
        pauses=[ages.paused(visit, held.panel.name, pause) for pause in held.pauses],
        is_paused=any(pause.stream is None for pause in held.pauses),
    )
    around = frame(visit, "panels.index", visit.say("Panel %(name)s", name=held.panel.name))
    return render(request, around, "panels/edit.html", view, {"checks"}, status)
