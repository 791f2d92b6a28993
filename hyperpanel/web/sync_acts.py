"""What a person does under Settings → Sync: pauses, resumes and runs a feed or a whole panel, says why, and has the past read again. Each is
in the audit.

Pausing is one key, so it asks nothing; why is said with it on the feed's own page, or afterwards.
"""

from dataclasses import replace

from litestar import Response, delete, post, put
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, feeds, panels, pause_reasons
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.errors import Conflict, Missing
from hyperpanel.web import feed_rows
from hyperpanel.web.addresses import address, came_from
from hyperpanel.web.forms import fields
from hyperpanel.web.panel_choice import named
from hyperpanel.web.panel_rows import is_leaving
from hyperpanel.web.panels import LONGEST_WHY
from hyperpanel.web.render import see_other
from hyperpanel.web.sync import HERE, standing
from hyperpanel.web.visits import Visit, visit_of

PANEL = HERE + "/{panel:str}"
FEED = PANEL + "/{stream:str}"
CONTROL = {"permission": "sync:control"}


@put(FEED + "/pause", opt=CONTROL)
async def pause(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    """Pausing twice is pausing once."""
    visit = visit_of(request)
    feed, where = await visit.read(lambda connection: find(connection, visit, panel, stream))
    async with visit.write() as transaction:
        await stop(transaction, visit, where, feed.stream, "")
    return await answer(request)


@post(FEED + "/pause", opt=CONTROL, status_code=303)
async def pause_because(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    """With a reason; where it is paused already, the reason is what is new."""
    visit, given = visit_of(request), await fields(request, "why")
    feed, where = await visit.read(lambda connection: find(connection, visit, panel, stream))
    why = worded(given.get("why", ""))
    async with visit.write() as transaction:
        if feed.pause is not None:
            await explain(transaction, visit, where, feed.pause.stream, why)
        else:
            await stop(transaction, visit, where, feed.stream, why)
    return see_other(back(where, feed.stream))


@post(FEED + "/resume", opt=CONTROL, status_code=303)
async def resume_here(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    feed, where = await visit.read(lambda connection: find(connection, visit, panel, stream))
    async with visit.write() as transaction:
        await go_on(transaction, visit, where, feed)
    return see_other(back(where, feed.stream))


@delete(FEED + "/pause", opt=CONTROL, status_code=200)
async def resume(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    """Where the whole panel is paused, that ends too: its feed cannot go on otherwise."""
    visit = visit_of(request)
    feed, where = await visit.read(lambda connection: find(connection, visit, panel, stream))
    async with visit.write() as transaction:
        await go_on(transaction, visit, where, feed)
    return await answer(request)


@post(FEED + "/run", opt=CONTROL, status_code=200)
async def run(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    feed, where = await visit.read(lambda connection: find(connection, visit, panel, stream))
    if feed.pause is not None:
        raise Conflict("paused")
    async with visit.write() as transaction:
        await panels.run_now(transaction, where.id, feed.stream, visit.now)
        await audit.write(transaction, visit.act("feed-run", f"{where.name}/{stream}", where.id), visit.now)
    return await answer(request, back(where, feed.stream))


@put(PANEL + "/pause", opt=CONTROL)
async def pause_panel(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    where = await visit.read(lambda connection: whole(connection, visit, panel))
    async with visit.write() as transaction:
        await stop(transaction, visit, where, None, "")
    return await answer(request)


@post(PANEL + "/pause", opt=CONTROL, status_code=303)
async def explain_panel(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """As `pause_because`, of all of it."""
    visit, given = visit_of(request), await fields(request, "why")
    where = await visit.read(lambda connection: whole(connection, visit, panel))
    why = worded(given.get("why", ""))
    async with visit.write() as transaction:
        if not await explain(transaction, visit, where, None, why):
            await stop(transaction, visit, where, None, why)
    return see_other(HERE)


@delete(PANEL + "/pause", opt=CONTROL, status_code=200)
async def resume_panel(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """It and all its streams, whoever paused them."""
    visit = visit_of(request)
    where = await visit.read(lambda connection: whole(connection, visit, panel))
    async with visit.write() as transaction:
        if await panels.resume(transaction, where.id, None, by(visit), visit.now):
            await audit.write(transaction, visit.act("panel-resume", where.name, where.id), visit.now)
    return await answer(request)


@post(PANEL + "/run", opt=CONTROL, status_code=200)
async def run_panel(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """All its feeds that are not paused."""
    visit = visit_of(request)
    where, ready = await visit.read(lambda connection: runnable(connection, visit, panel))
    if not ready:
        raise Conflict("paused")
    async with visit.write() as transaction:
        for stream in ready:
            await panels.run_now(transaction, where.id, stream, visit.now)
        await audit.write(transaction, visit.act("panel-run", where.name, where.id, streams=ready), visit.now)
    return await answer(request)


def find(connection: Connection, visit: Visit, panel: str, stream: str) -> tuple[Feed, Panel]:
    where = named(panels.all_of(connection, visit.scope), panel)
    for feed in feeds.all_of(connection, visit.scope.narrowed([where.id]), visit.now, stream):
        return feed, where
    raise Missing("feed")


def whole(connection: Connection, visit: Visit, panel: str) -> Panel:
    """A panel that is being removed is past pausing."""
    where = named(panels.all_of(connection, visit.scope), panel)
    if is_leaving(panels.running_pauses(connection, visit.scope.narrowed([where.id]))):
        raise Conflict("removing")
    return where


def runnable(connection: Connection, visit: Visit, panel: str) -> tuple[Panel, list[str]]:
    where = whole(connection, visit, panel)
    mine = feeds.all_of(connection, visit.scope.narrowed([where.id]), visit.now)
    return where, [feed.stream for feed in mine if feed.pause is None]


async def stop(transaction: AsyncConnection, visit: Visit, where: Panel, stream: str | None, why: str) -> None:
    await panels.pause(transaction, where.id, stream, by(visit), why, visit.now)
    told = {"why": why} if why else {}
    action, target = ("panel-pause", where.name) if stream is None else ("feed-pause", f"{where.name}/{stream}")
    await audit.write(transaction, visit.act(action, target, where.id, **told), visit.now)


async def explain(transaction: AsyncConnection, visit: Visit, where: Panel, stream: str | None, why: str) -> int:
    changed = await pause_reasons.explain(transaction, where.id, stream, why)
    if changed:
        target = where.name if stream is None else f"{where.name}/{stream}"
        await audit.write(transaction, visit.act("pause-explain", target, where.id, why=why), visit.now)
    return changed


async def go_on(transaction: AsyncConnection, visit: Visit, where: Panel, feed: Feed) -> None:
    is_whole = feed.pause is not None and feed.pause.stream is None
    await panels.resume(transaction, where.id, None if is_whole else feed.stream, by(visit), visit.now)
    action, target = ("panel-resume", where.name) if is_whole else ("feed-resume", f"{where.name}/{feed.stream}")
    await audit.write(transaction, visit.act(action, target, where.id), visit.now)


def by(visit: Visit) -> str:
    return visit.person.username if visit.person else ""


def worded(why: str) -> str:
    return " ".join(why.split())[:LONGEST_WHY]


def back(where: Panel, stream: str) -> str:
    return feed_rows.href_of(where.name, stream)


async def answer(request: HTMXRequest, onward: str = HERE) -> Response[str]:
    """The table as it is now, on the page where the button was pressed; without htmx, `onward`."""
    page = address(came_from(request) or HERE)
    if not request.htmx or page.path != HERE:
        return see_other(onward)
    request.scope["state"]["visit"] = replace(visit_of(request), url=page)
    return await standing(request)
