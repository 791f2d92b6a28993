"""Settings → Sync: where each feed stands, live; pausing, resuming and running it now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litestar import Response, delete, get, post, put
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, drift, feeds, holds, panels, set_aside
from hyperpanel.db.feeds import Feed, Worker
from hyperpanel.db.panels import Panel
from hyperpanel.errors import Conflict, Missing
from hyperpanel.web import ages
from hyperpanel.web.addresses import address, came_from
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_choice import CHOICE, chosen, named
from hyperpanel.web.panel_feeds import Found, PanelFeeds, of_panel, open_of, stood
from hyperpanel.web.render import render, see_other
from hyperpanel.web.visits import Visit, visit_of

HERE = "/settings/sync"
FEED = HERE + "/{panel:str}/{stream:str}"


@dataclass(frozen=True)
class Index:
    """`told`: how many panels are on time."""

    engine: str
    engine_label: str
    told: str
    decisions: str
    decisions_href: str | None
    panels: Sequence[PanelFeeds]
    empty: Empty | None


@get(HERE, name="sync.index", opt={"permission": "sync:read"})
async def index(request: HTMXRequest) -> Response[str]:
    return await standing(request)


async def standing(request: HTMXRequest) -> Response[str]:
    """The page, or the table alone where htmx asks for it."""
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    around = frame(visit, "sync.index", visit.say("Sync"), found.panels, found.chosen)
    return render(request, around, "sync/index.html", told(visit, found), {"feeds"})


def look(connection: Connection, visit: Visit) -> Found:
    """What is told of a single feed is only asked for where its panel is open."""
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    opened = open_of(visit, some)
    scope = visit.scope.narrowed(panel.id for panel in some)
    near = visit.scope.narrowed(panel.id for panel in opened)
    return Found(
        panels=known,
        chosen=some,
        opened=opened,
        feeds=feeds.all_of(connection, scope, visit.now),
        calls=feeds.calls(connection, scope, visit.now),
        set_aside=set_aside.counts(connection, scope),
        decisions=len(holds.waiting(connection, scope)),
        workers=feeds.workers(connection),
        under_way=feeds.last_runs(connection, near, ended=False),
        ended=feeds.last_runs(connection, near, ended=True),
        sweeps=drift.last_sweeps(connection, near),
        proven=drift.last_sweeps(connection, near, proven=True),
        coverage=drift.coverage(connection, near),
    )


def told(visit: Visit, found: Found) -> Index:
    engine, label = working(visit, found.workers)
    waiting = found.decisions
    return Index(
        engine=engine,
        engine_label=label,
        told=ages.on_time(visit, found.chosen, stood(visit, found.feeds)) if found.chosen else "",
        decisions=decisions(visit, waiting) if waiting else "",
        decisions_href=str(visit.url.only(CHOICE, "/settings/set-aside")) if visit.may("set_aside:read") else None,
        panels=[of_panel(visit, panel, found) for panel in found.chosen],
        empty=None if found.chosen else no_panels(visit),
    )


def decisions(visit: Visit, waiting: int) -> str:
    number = visit.fmt.number(waiting)
    return visit.count("%(number)s decision waits", "%(number)s decisions wait", waiting, number=number)


def working(visit: Visit, workers: Sequence[Worker]) -> tuple[str, str]:
    alive = [worker for worker in workers if worker.expires_at > visit.now]
    if alive:
        ago, number = visit.fmt.ago(alive[0].seen_at), visit.fmt.number(len(alive))
        return "running", visit.count(
            "%(number)s worker, last seen %(ago)s ago",
            "%(number)s workers, the last seen %(ago)s ago",
            len(alive),
            number=number,
            ago=ago,
        )
    if workers:
        ago = visit.fmt.ago(workers[0].seen_at)
        return "stopped", visit.say("No worker is running; the last was seen %(ago)s ago.", ago=ago)
    return "stopped", visit.say("No worker is running. Start one with the command: hyperpanel work")


@put(FEED + "/pause", opt={"permission": "sync:control"})
async def pause(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    """Pausing twice is pausing once."""
    visit = visit_of(request)
    feed, where = await visit.read(lambda connection: find(connection, visit, panel, stream))
    async with visit.write() as transaction:
        await panels.pause(transaction, where.id, feed.stream, by(visit), "", visit.now)
        await audit.write(transaction, visit.act("feed-pause", f"{where.name}/{stream}", where.id), visit.now)
    return await answer(request)


@delete(FEED + "/pause", opt={"permission": "sync:control"}, status_code=200)
async def resume(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    """Where the whole panel is paused, that ends too: its feed cannot go on otherwise."""
    visit = visit_of(request)
    feed, where = await visit.read(lambda connection: find(connection, visit, panel, stream))
    whole = feed.pause is not None and feed.pause.stream is None
    async with visit.write() as transaction:
        await panels.resume(transaction, where.id, None if whole else feed.stream, by(visit), visit.now)
        action, target = ("panel-resume", where.name) if whole else ("feed-resume", f"{where.name}/{stream}")
        await audit.write(transaction, visit.act(action, target, where.id), visit.now)
    return await answer(request)


@post(FEED + "/run", opt={"permission": "sync:control"}, status_code=200)
async def run(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    feed, where = await visit.read(lambda connection: find(connection, visit, panel, stream))
    if feed.pause is not None:
        raise Conflict("paused")
    async with visit.write() as transaction:
        await panels.run_now(transaction, where.id, feed.stream, visit.now)
        await audit.write(transaction, visit.act("feed-run", f"{where.name}/{stream}", where.id), visit.now)
    return await answer(request)


def find(connection: Connection, visit: Visit, panel: str, stream: str) -> tuple[Feed, Panel]:
    where = named(panels.all_of(connection, visit.scope), panel)
    for feed in feeds.all_of(connection, visit.scope.narrowed([where.id]), visit.now, stream):
        return feed, where
    raise Missing("feed")


def by(visit: Visit) -> str:
    return visit.person.username if visit.person else ""


async def answer(request: HTMXRequest) -> Response[str]:
    """The table as it is now, on the page where the button was pressed; without htmx, that page."""
    page = address(came_from(request) or HERE)
    if not request.htmx or page.path != HERE:
        return see_other(HERE)
    request.scope["state"]["visit"] = replace(visit_of(request), url=page)
    return await standing(request)
