"""Settings → Sync → a panel's pause: of all of it, with why, for whoever asks later."""

from dataclasses import dataclass
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panels
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.web import ages
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_choice import named
from hyperpanel.web.render import render
from hyperpanel.web.sync import HERE
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of


@dataclass(frozen=True)
class Edit:
    """`told`: who paused it and when; empty where it is not paused as a whole. `can_explain`: it was a person."""

    name: str
    href: str
    told: str
    why: str
    can_explain: bool


@get(HERE + "/{panel:str}/pause", name="sync_pauses.edit", opt={"permission": "sync:control"})
async def edit(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    where, pause = await visit.read(lambda connection: find(connection, visit, panel))
    view = Edit(
        name=where.name,
        href=f"{HERE}/{quote(where.name, safe='')}/pause",
        told=ages.paused(visit, where.name, pause) if pause else "",
        why=(shown(pause.why) or "") if pause else "",
        can_explain=pause is None or pause.trouble is None,
    )
    return render(
        request,
        frame(visit, "sync.index", visit.say("Pause %(panel)s", panel=where.name)),
        "sync_pauses/edit.html",
        view,
    )


def find(connection: Connection, visit: Visit, name: str) -> tuple[Panel, Pause | None]:
    where = named(panels.all_of(connection, visit.scope), name)
    mine = panels.running_pauses(connection, visit.scope.narrowed([where.id]))
    return where, next((pause for pause in mine if pause.stream is None), None)
