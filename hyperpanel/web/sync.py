"""Settings → Sync: where each feed stands, live; pausing, resuming and running it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from litestar import Response, delete, get, post, put
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, feeds, panels
from hyperpanel.db.feeds import Feed, Run, Worker
from hyperpanel.db.panels import Panel
from hyperpanel.errors import Conflict, Missing
from hyperpanel.web import ages
from hyperpanel.web.addresses import address, came_from
from hyperpanel.web.feed_rows import FeedRow, feed_row
from hyperpanel.web.frame import Frame, frame
from hyperpanel.web.orders import Empty
from hyperpanel.web.panels import chosen, named
from hyperpanel.web.render import render, see_other
from hyperpanel.web.visits import Visit, visit_of
from reports import freshness

HERE = "/settings/sync"
FEED = HERE + "/{panel:str}/{stream:str}"


@dataclass(frozen=True)
class PanelFeeds:
    """`rate` and `used` are calls a second."""

    panel: str
    url: str
    state: str
    state_label: str
    reason: str
    feeds: Sequence[FeedRow]
    rate: float
    used: float


@dataclass(frozen=True)
class Index:
    engine: str
    engine_label: str
    panels: Sequence[PanelFeeds]
    empty: Empty | None


Key = tuple[int, str]


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed]
    under_way: Mapping[Key, Run] = field(default_factory=dict)
    ended: Mapping[Key, Run] = field(default_factory=dict)
    calls: Mapping[Key, float] = field(default_factory=dict)
    workers: Sequence[Worker] = ()


@get(HERE, name="sync.index", opt={"permission": "sync:read"})
async def index(request: HTMXRequest) -> Response[str]:
    return await standing(request)


async def standing(request: HTMXRequest) -> Response[str]:
    """The page, or the table alone where htmx asks for it."""
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    return render(request, around(visit, found), "sync/index.html", told(visit, found), {"feeds"})


def look(connection: Connection, visit: Visit) -> Found:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope = visit.scope.narrowed(panel.id for panel in some)
    return Found(
        panels=known,
        chosen=some,
        feeds=feeds.all_of(connection, scope, visit.now),
        under_way=feeds.last_runs(connection, scope, ended=False),
        ended=feeds.last_runs(connection, scope, ended=True),
        calls=feeds.calls(connection, scope, visit.now),
        workers=feeds.workers(connection),
    )


def around(visit: Visit, found: Found) -> Frame:
    return frame(visit, "sync.index", visit.say("Sync"), found.panels, found.chosen)


def told(visit: Visit, found: Found) -> Index:
    engine, label = working(visit, found.workers)
    return Index(engine, label, [of_panel(visit, panel, found) for panel in found.chosen], empty(visit, found))


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


def of_panel(visit: Visit, panel: Panel, found: Found) -> PanelFeeds:
    mine = [feed for feed in found.feeds if feed.panel_id == panel.id]
    rows = [row_of(visit, panel, feed, found) for feed in mine]
    states = {feed.stream: state_of(visit, feed) for feed in mine}
    at_work = [state for state in states.values() if state != freshness.PAUSED]
    state = freshness.worst(at_work or states.values())
    whole = next((feed for feed in mine if feed.pause is not None and feed.pause.stream is None), None)
    return PanelFeeds(
        panel=panel.name,
        url=panel.url,
        state=state,
        state_label=visit.say(ages.STATES[state]),
        reason=ages.because(visit, panel.name, whole, freshness.PAUSED) if whole else "",
        feeds=rows,
        rate=panel.rate,
        used=sum(row.calls_per_minute for row in rows) / 60,
    )


def state_of(visit: Visit, feed: Feed) -> str:
    return freshness.state(ages.promise(feed, visit.console.settings.sync), visit.now)


def row_of(visit: Visit, panel: Panel, feed: Feed, found: Found) -> FeedRow:
    key = (feed.panel_id, feed.stream)
    is_worked = any(worker.expires_at > visit.now for worker in found.workers)
    runs = found.under_way.get(key), found.ended.get(key)
    return feed_row(visit, panel.name, feed, *runs, found.calls.get(key, 0.0), is_worked)


def empty(visit: Visit, found: Found) -> Empty | None:
    if found.chosen:
        return None
    if visit.scope.panel_ids is not None:
        return Empty(visit.say("No panel is open to you yet. Ask an administrator for one."), None, None)
    return Empty(visit.say("No panel is attached yet. Attach one with the command: hyperpanel panel add"), None, None)


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
