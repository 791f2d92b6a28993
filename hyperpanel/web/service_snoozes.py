"""Snoozing services, for everyone: one, all that the red bar names, and undoing it. Each is in the audit.

What a snooze keeps of the report (its window and measure, the score and what was stuck) is computed anew when it is set, by the report
that the page shows: "until worse" is told by these.
"""

from dataclasses import replace
from datetime import timedelta

from litestar import Response, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.db import audit, snoozes
from hyperpanel.db.panels import Panel
from hyperpanel.db.snoozes import TIME, WAKES
from hyperpanel.db.types import micros
from hyperpanel.errors import BadInput
from hyperpanel.support import service_explaining, snooze_acts
from hyperpanel.support.service_tracking import Asked, Row
from hyperpanel.support.snooze_acts import LONGEST_WHY, Named
from hyperpanel.support.snoozing import Wish
from hyperpanel.web.addresses import address, came_from
from hyperpanel.web.forms import fields
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.profile_choice import NAME
from hyperpanel.web.render import see_other
from hyperpanel.web.report_windows import NAMES
from hyperpanel.web.service_tracking import showing, standing
from hyperpanel.web.service_tracking_detail import find
from hyperpanel.web.service_tracking_found import look, now, reported
from hyperpanel.web.service_tracking_rows import HERE, id_of
from hyperpanel.web.set_aside import Notice
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of
from reports.service_health import URGENT

CHANGED = "snoozes"
"""The event by which a drawer has the report beside it read again."""

ONE = HERE + "/{panel:str}/{service_id:str}"
USUAL_HOURS = "24"
LONGEST_TOLD = 60


@post(ONE + "/snooze", opt={"permission": "snooze:set"}, status_code=200)
async def create(request: HTMXRequest, panel: FromPath[str], service_id: FromPath[str]) -> Response[str]:
    """For 24 hours, or as the form says. One that runs already is replaced."""
    service_id = id_of(service_id)
    given = await fields(request, "wakes", "hours", "why")
    visit = coming(request)
    held = await visit.read(lambda connection: find(connection, visit, panel, service_id))
    measured = now(visit, held.found)
    explained = await visit.console.database.reader.ask(service_explaining.one, measured, held.panel.id, service_id)
    try:
        wish = wished(visit, measured, given.get("wakes", TIME), given.get("hours", USUAL_HOURS), given.get("why", ""))
    except BadInput as problem:
        return await answer(request, panel, service_id, "", sentence(visit, problem))
    await put(visit, [(held.panel, explained.row)], wish)
    told = visit.say("Snoozed: %(name)s", name=shown(explained.row.name or service_id, LONGEST_TOLD) or "")
    return await answer(request, panel, service_id, told, undo=undo_href(visit))


def wished(visit: Visit, measured: Asked, wakes: str, hours: str, why: str) -> Wish:
    """Raises BadInput."""
    until = visit.now + timedelta(hours=whole(hours)) if hours else None
    return Wish(
        by=visit.person.username if visit.person else "",
        now=visit.now,
        wakes=wakes if wakes in WAKES else "",
        until=until,
        why=why.strip()[:LONGEST_WHY],
        measure=measured.measure,
        hours=measured.window.hours,
    )


def whole(text: str) -> int:
    """Hours. What is no number is beyond what is allowed, which says so."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 99_999


async def put(visit: Visit, rows: list[tuple[Panel, Row]], wish: Wish) -> None:
    async with visit.write() as transaction:
        await snooze_acts.put(transaction, [Named(panel.name, row) for panel, row in rows], wish, visit.act)


@post(HERE + "/snooze", opt={"permission": "snooze:set"}, status_code=200)
async def every(request: HTMXRequest) -> Response[str]:
    """All that are critical or stalled and not snoozed, of the report that the address names, for 24 hours."""
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit, at=visit.now))
    measured = now(visit, found)
    rows, _ = await reported(visit, measured) if found.chosen else ([], 0)
    by_id = {panel.id: panel for panel in found.chosen}
    those = [row for row in rows if row.band in URGENT and row.service not in found.snoozed]
    if those:
        await put(visit, [(by_id[row.panel_id], row) for row in those], wished(visit, measured, TIME, USUAL_HOURS, ""))
    told = visit.count(
        "%(number)s service is snoozed for 24 hours.",
        "%(number)s services are snoozed for 24 hours.",
        len(those),
        number=visit.fmt.number(len(those)),
    )
    return await listing(request, Notice(told, undo_href(visit) if those else None))


def undo_href(visit: Visit) -> str:
    """Ends what this person snoozed at this moment."""
    return str(visit.url.only((*CHOICE, *NAMES, NAME), f"{HERE}/wake").having(of=str(micros(visit.now))))


@post(HERE + "/wake", opt={"permission": "snooze:set"}, status_code=200)
async def undo(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    of, by = request.query_params.get("of", ""), visit.person.username if visit.person else ""
    found = await visit.read(lambda connection: look(connection, visit, at=visit.now))
    mine = [one for one in found.running if str(micros(one.at)) == of and one.by == by]
    names = {panel.id: panel.name for panel in found.chosen}
    async with visit.write() as transaction:
        ended = await snoozes.end(transaction, visit.scope, [one.service for one in mine], by, visit.now)
        for one in mine if ended else ():
            told = visit.act("snooze-end", f"{names[one.panel_id]}/{one.service_id}", one.panel_id)
            await audit.write(transaction, told, visit.now)
    number = visit.fmt.number(ended)
    said = visit.count("%(number)s service is back.", "%(number)s services are back.", ended, number=number)
    return await listing(request, Notice(said))


@post(ONE + "/wake", opt={"permission": "snooze:set"}, status_code=200)
async def end(request: HTMXRequest, panel: FromPath[str], service_id: FromPath[str]) -> Response[str]:
    visit, service_id = coming(request), id_of(service_id)
    held = await visit.read(lambda connection: find(connection, visit, panel, service_id))
    by, service = visit.person.username if visit.person else "", (held.panel.id, service_id)
    async with visit.write() as transaction:
        await snooze_acts.end(transaction, visit.scope, held.panel.name, service, by, visit.act, visit.now)
    return await answer(request, panel, service_id, visit.say("It is not snoozed any more."))


def coming(request: HTMXRequest) -> Visit:
    """The visit as on the page where the button was: its window and profile are those that count."""
    visit, page = visit_of(request), address(came_from(request) or HERE)
    return replace(visit, url=page if page.path.startswith(HERE) else address(HERE))


async def answer(
    request: HTMXRequest, panel: str, service_id: str, told: str, wrong: str = "", undo: str | None = None
) -> Response[str]:
    """The drawer or the list as it is now, wherever the button was; without htmx the list, or the service with what was wrong."""
    visit = coming(request)
    if not request.htmx and not wrong:
        return see_other(HERE)
    request.scope["state"]["visit"] = visit
    if not request.htmx:
        return await showing(request, panel, service_id, error=wrong)
    if request.htmx.target == "drawer":
        response = await showing(request, panel, service_id, told, wrong)
        response.headers["HX-Trigger"] = CHANGED
        return response
    return await standing(request, Notice(wrong or told, undo))


async def listing(request: HTMXRequest, notice: Notice) -> Response[str]:
    visit = coming(request)
    if not request.htmx or visit.url.path != HERE:
        return see_other(HERE)
    request.scope["state"]["visit"] = visit
    return await standing(request, notice)
