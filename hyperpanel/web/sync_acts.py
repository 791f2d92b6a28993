"""What a person does under Settings → Sync: pauses, resumes and runs a feed or a whole panel, says why, and has the past read again. Each is
in the audit.

Pausing is one key, so it asks nothing; why is said with it on the feed's own page, or afterwards.
"""

from dataclasses import replace

from litestar import Response, delete, post, put
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.support import feed_acts
from hyperpanel.support.feed_acts import Doer, worded
from hyperpanel.web import feed_rows
from hyperpanel.web.addresses import address, came_from
from hyperpanel.web.forms import fields
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
    feed, where = await find(visit, panel, stream)
    async with visit.write() as transaction:
        await feed_acts.stop(transaction, doer(visit), where, feed.stream, "")
    return await answer(request)


@post(FEED + "/pause", opt=CONTROL, status_code=303)
async def pause_because(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    visit, given = visit_of(request), await fields(request, "why")
    feed, where = await find(visit, panel, stream)
    async with visit.write() as transaction:
        await feed_acts.pause(transaction, doer(visit), where, feed, worded(given.get("why", "")))
    return see_other(back(where, feed.stream))


@post(FEED + "/resume", opt=CONTROL, status_code=303)
async def resume_here(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    feed, where = await find(visit, panel, stream)
    async with visit.write() as transaction:
        await feed_acts.go_on(transaction, doer(visit), where, feed)
    return see_other(back(where, feed.stream))


@delete(FEED + "/pause", opt=CONTROL, status_code=200)
async def resume(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    feed, where = await find(visit, panel, stream)
    async with visit.write() as transaction:
        await feed_acts.go_on(transaction, doer(visit), where, feed)
    return await answer(request)


@post(FEED + "/run", opt=CONTROL, status_code=200)
async def run(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    feed, where = await find(visit, panel, stream)
    async with visit.write() as transaction:
        await feed_acts.run(transaction, doer(visit), where, feed)
    return await answer(request, back(where, feed.stream))


@put(PANEL + "/pause", opt=CONTROL)
async def pause_panel(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    where = await visit.read(lambda connection: feed_acts.whole(connection, visit.scope, panel))
    async with visit.write() as transaction:
        await feed_acts.stop(transaction, doer(visit), where, None, "")
    return await answer(request)


@post(PANEL + "/pause", opt=CONTROL, status_code=303)
async def explain_panel(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """As `pause_because`, of all of it."""
    visit, given = visit_of(request), await fields(request, "why")
    where = await visit.read(lambda connection: feed_acts.whole(connection, visit.scope, panel))
    async with visit.write() as transaction:
        await feed_acts.pause_whole(transaction, doer(visit), where, worded(given.get("why", "")))
    return see_other(HERE)


@delete(PANEL + "/pause", opt=CONTROL, status_code=200)
async def resume_panel(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    where = await visit.read(lambda connection: feed_acts.whole(connection, visit.scope, panel))
    async with visit.write() as transaction:
        await feed_acts.go_on_whole(transaction, doer(visit), where)
    return await answer(request)


@post(PANEL + "/run", opt=CONTROL, status_code=200)
async def run_panel(request: HTMXRequest, panel: FromPath[str]) -> Response[str]:
    """All its feeds that are not paused."""
    visit = visit_of(request)
    where, ready = await visit.read(lambda connection: feed_acts.runnable(connection, visit.scope, panel, visit.now))
    async with visit.write() as transaction:
        await feed_acts.run_whole(transaction, doer(visit), where, ready)
    return await answer(request)


async def find(visit: Visit, panel: str, stream: str) -> tuple[Feed, Panel]:
    return await visit.read(lambda connection: feed_acts.find(connection, visit.scope, panel, stream, visit.now))


def doer(visit: Visit) -> Doer:
    return Doer(by(visit), visit.act, visit.now)


def by(visit: Visit) -> str:
    return visit.person.username if visit.person else ""


def back(where: Panel, stream: str) -> str:
    return feed_rows.href_of(where.name, stream)


async def answer(request: HTMXRequest, onward: str = HERE) -> Response[str]:
    """The table as it is now, on the page where the button was pressed; without htmx, `onward`."""
    page = address(came_from(request) or HERE)
    if not request.htmx or page.path != HERE:
        return see_other(onward)
    request.scope["state"]["visit"] = replace(visit_of(request), url=page)
    return await standing(request)
