"""Settings → Panels → Remove: it cannot be undone, so it names what goes, in rows, and has the panel's name typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panels, removals
from hyperpanel.db.panels import Panel, folded
from hyperpanel.support import removals as taking
from hyperpanel.support.feed_acts import is_leaving
from hyperpanel.web.ages import STREAMS
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import named
from hyperpanel.web.panel_places import HERE, back, href_of
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of

PLACE = HERE + "/{panel:str}/remove"
LABELS = {**STREAMS, "history": N_("Changes of status, names, prices and messages")}


@dataclass(frozen=True)
class Holding:
    label: str
    rows: int


@dataclass(frozen=True)
class Removal:
    """`is_leaving`: it has begun, and pressing again only makes sure that it goes on."""

    name: str
    href: str
    holdings: Sequence[Holding]
    total: int
    error: str | None
    is_leaving: bool


@dataclass(frozen=True)
class Found:
    panel: Panel
    rows: Mapping[str, int]
    is_leaving: bool


@get(PLACE, name="panels.removal", opt={"permission": "panels:edit"})
async def removal(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    return page(request, visit, await visit.read(lambda connection: look(connection, visit, panel)))


@post(PLACE, opt={"permission": "panels:edit"}, status_code=303)
async def remove(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """Begun here and ended in the background; a restart goes on with it."""
    visit, given = visit_of(request), await fields(request, "name")
    found = await visit.read(lambda connection: look(connection, visit, panel))
    if not found.is_leaving and folded(given.get("name", "")) != folded(found.panel.name):
        error = visit.say("Type the panel’s name, %(name)s, to remove it.", name=found.panel.name)
        return page(request, visit, found, error, 422)
    console = visit.console
    async with visit.write() as transaction:
        await taking.begin(transaction, found.panel, found.rows, visit.act, visit.now)
    console.work(taking.finish(console.database, found.panel.id, console.clock))
    return back("removing", found.panel)


def look(connection: Connection, visit: Visit, name: str) -> Found:
    panel = named(panels.all_of(connection, visit.scope), name)
    pauses = panels.running_pauses(connection, visit.scope.narrowed([panel.id]))
    return Found(panel, removals.holdings(connection, panel.id), is_leaving(pauses))


def page(
    request: HTMXRequest, visit: Visit, found: Found, error: str | None = None, status: int = 200
) -> Response[str]:
    view = Removal(
        name=found.panel.name,
        href=href_of(found.panel),
        holdings=[Holding(visit.say(LABELS[name]), rows) for name, rows in found.rows.items()],
        total=sum(found.rows.values()),
        error=error,
        is_leaving=found.is_leaving,
    )
    around = frame(visit, "panels.index", visit.say("Remove %(panel)s", panel=found.panel.name))
    return render(request, around, "panels/removal.html", view, (), status)
