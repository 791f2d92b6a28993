"""Settings → Panels: all of them, by group, each with how it stands and what to do next. Its forms and its other pages are in the
modules named panel_….
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from litestar import Response, get, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, feeds, panels
from hyperpanel.db.feeds import Feed, Worker
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.support.feed_acts import worded
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import Frame, frame
from hyperpanel.web.panel_adding import New, new
from hyperpanel.web.panel_choice import chosen, named
from hyperpanel.web.panel_editing import Edit, edit
from hyperpanel.web.panel_places import DONE, HERE, SAID, back
from hyperpanel.web.panel_removal import Removal, removal
from hyperpanel.web.panel_rows import Group, groups, panel_row
from hyperpanel.web.panel_upload import Upload, upload
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of

__all__ = ["Edit", "Index", "New", "Removal", "Upload", "edit", "index", "new", "pause", "removal", "resume", "upload"]

Row = TypeVar("Row", Feed, Pause)


@dataclass(frozen=True)
class Index:
    """`idle`: said where no worker reads anything; `many_groups`: whether the groups are worth a heading."""

    groups: Sequence[Group]
    many_groups: bool
    count: int
    notice: str | None
    idle: str | None
    can_edit: bool
    empty: Empty | None
    next: str


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed] = ()
    pauses: Sequence[Pause] = ()
    workers: Sequence[Worker] = field(default=())


@get(HERE, name="panels.index", opt={"permission": "panels:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    return render(request, around(visit, found), "panels/index.html", told(visit, found), {"list"})


def look(connection: Connection, visit: Visit) -> Found:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope = visit.scope.narrowed(panel.id for panel in some)
    return Found(
        panels=known,
        chosen=some,
        feeds=feeds.all_of(connection, scope, visit.now),
        pauses=panels.running_pauses(connection, scope),
        workers=feeds.workers(connection),
    )


def around(visit: Visit, found: Found) -> Frame:
    """What was done is said once, and is no part of the address that the page goes on with."""
    onward = replace(visit, url=visit.url.without(*SAID))
    return frame(onward, "panels.index", visit.say("Panels"), found.panels, found.chosen)


def told(visit: Visit, found: Found) -> Index:
    fed, paused = by_panel(found.feeds), by_panel(found.pauses)
    rows = [panel_row(visit, panel, fed[panel.id], paused[panel.id]) for panel in found.chosen]
    return Index(
        groups=groups(found.chosen, rows),
        many_groups=any(panel.group_name for panel in found.panels),
        count=len(rows),
        notice=notice(visit, found.panels),
        idle=idle(visit, found),
        can_edit=visit.may("panels:edit"),
        empty=None if rows else no_panels(visit),
        next=str(visit.url.without(*SAID)),
    )


def by_panel(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.panel_id].append(row)
    return found


def notice(visit: Visit, known: Sequence[Panel]) -> str | None:
    asked = dict(visit.url.pairs)
    if asked.get("done") not in DONE or asked.get("of") not in {panel.name for panel in known}:
        return None
    told = DONE[asked["done"]]
    return visit.say(told, panel=asked["of"])


def idle(visit: Visit, found: Found) -> str | None:
    if not found.panels or any(worker.expires_at > visit.now for worker in found.workers):
        return None
    return visit.say("No worker is running, so nothing is read. Start one with the command: hyperpanel work")


@post(HERE + "/{panel:str}/pause", opt={"permission": "panels:edit"}, status_code=303)
async def pause(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """Pausing twice is pausing once, for the first reason."""
    visit, given = visit_of(request), await fields(request, "why", "next")
    where = await visit.read(lambda connection: named(panels.all_of(connection, visit.scope), panel))
    why = worded(given.get("why", ""))
    async with visit.write() as transaction:
        if await panels.pause(transaction, where.id, None, by(visit), why, visit.now):
            await audit.write(transaction, visit.act("panel-pause", where.name, where.id, why=why), visit.now)
    return back("paused", where, given.get("next", ""))


@post(HERE + "/{panel:str}/resume", opt={"permission": "panels:edit"}, status_code=303)
async def resume(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """It and all its streams, whoever paused them."""
    visit, given = visit_of(request), await fields(request, "next")
    where = await visit.read(lambda connection: named(panels.all_of(connection, visit.scope), panel))
    async with visit.write() as transaction:
        ended = await panels.resume(transaction, where.id, None, by(visit), visit.now)
        if ended:
            await audit.write(transaction, visit.act("panel-resume", where.name, where.id), visit.now)
    return back("resumed", where, given.get("next", ""))


def by(visit: Visit) -> str:
    return visit.person.username if visit.person else ""
