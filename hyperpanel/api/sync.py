"""How the reading goes, feed by feed; and reading one now, pausing and resuming it, as the buttons of the Sync page do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated

from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.api import panels, whole_lists
from hyperpanel.api.callers import Caller, Calling
from hyperpanel.api.errors import BadAsk
from hyperpanel.api.listing import Asked, Asking, Page, reply
from hyperpanel.api.standings import feed_of
from hyperpanel.client.console import Feed, Panel, Pausing, RunNow
from hyperpanel.client.envelopes import Detail, Listed
from hyperpanel.db import audit
from hyperpanel.db.feeds import Feed as Held
from hyperpanel.db.panels import Panel as Where
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import backfilling, feed_acts, feed_figures
from hyperpanel.support.feed_acts import Doer, worded
from hyperpanel.support.feed_standings import ORDER

READ, CONTROL = {"scope": "sync:read"}, {"scope": "sync:control"}
PANEL = "/sync/{panel:str}"
FEED = PANEL + "/{stream:str}"
BACKFILL = "backfill"
Stream = Annotated[str, QueryParameter(max_length=20, description=f"Of this stream alone: {', '.join(ORDER)}.")]


@get("/sync", name="sync.index", opt=READ)
async def index(caller: Calling, asked: Asking, stream: Stream = "") -> Listed[Feed]:
    """Feeds, by panel and stream: how late each is, when it is read next, and what its last run found."""
    if stream and stream not in ORDER:
        raise BadAsk(f"stream: there is none of this name. Known: {', '.join(ORDER)}.", ["stream"])

    async def fetch(part: Asked) -> Page[Feed]:
        rows = await caller.read(lambda connection: standing(connection, caller, part.panel_ids, stream or None))
        return whole_lists.page(part, rows, key, as_of=caller.now)

    return await reply(asked, fetch)


@get(FEED, name="sync.show", opt=READ)
async def show(caller: Calling, panel: FromPath[str], stream: FromPath[str]) -> Detail[Feed]:
    """One feed."""
    return await told(caller, panel, stream)


@post(FEED, name="sync.run", opt=CONTROL, status_code=200)
async def run(
    caller: Calling, panel: FromPath[str], stream: FromPath[str], data: JSONBody[RunNow | None] = None
) -> Detail[Feed]:
    """Has a feed read at once, all its plans or the one that is named; with `since`, its past once more from that day on. It is read by the
    console's worker, which this does not wait for."""
    asked = data or RunNow()
    feed, where = await find(caller, panel, stream)
    try:
        async with caller.write() as transaction:
            if asked.since is not None:
                await read_past(transaction, caller, where, feed, asked)
            else:
                await feed_acts.run(transaction, doer(caller), where, feed, asked.plan)
    except BadInput as problem:
        raise BadAsk(f"{problem.field}: {problem}", [problem.field]) from None
    return await told(caller, where.name, stream)


@post(FEED + "/pause", name="sync.pause", opt=CONTROL, status_code=200)
async def pause(
    caller: Calling, panel: FromPath[str], stream: FromPath[str], data: JSONBody[Pausing | None] = None
) -> Detail[Feed]:
    """Pauses a feed, with why; where it is paused already, a reason is what is new. What the engine paused keeps the engine's reason."""
    feed, where = await find(caller, panel, stream)
    async with caller.write() as transaction:
        await feed_acts.pause(transaction, doer(caller), where, feed, worded(data.why if data else ""))
    return await told(caller, where.name, stream)


@post(FEED + "/resume", name="sync.resume", opt=CONTROL, status_code=200)
async def resume(caller: Calling, panel: FromPath[str], stream: FromPath[str]) -> Detail[Feed]:
    """Has a feed read again. Where the whole panel is paused, that ends too."""
    feed, where = await find(caller, panel, stream)
    async with caller.write() as transaction:
        await feed_acts.go_on(transaction, doer(caller), where, feed)
    return await told(caller, where.name, stream)


@post(PANEL, name="sync.run_panel", opt=CONTROL, status_code=200)
async def run_panel(caller: Calling, panel: FromPath[str]) -> Detail[Panel]:
    """Has all feeds of a panel read at once that are not paused."""
    where, ready = await caller.read(lambda connection: feed_acts.runnable(connection, caller.scope, panel, caller.now))
    async with caller.write() as transaction:
        await feed_acts.run_whole(transaction, doer(caller), where, ready)
    return await standing_of(caller, where)


@post(PANEL + "/pause", name="sync.pause_panel", opt=CONTROL, status_code=200)
async def pause_panel(caller: Calling, panel: FromPath[str], data: JSONBody[Pausing | None] = None) -> Detail[Panel]:
    """Pauses all of a panel, with why."""
    where = await caller.read(lambda connection: feed_acts.whole(connection, caller.scope, panel))
    async with caller.write() as transaction:
        await feed_acts.pause_whole(transaction, doer(caller), where, worded(data.why if data else ""))
    return await standing_of(caller, where)


@post(PANEL + "/resume", name="sync.resume_panel", opt=CONTROL, status_code=200)
async def resume_panel(caller: Calling, panel: FromPath[str]) -> Detail[Panel]:
    """Has a panel and all its streams read again, whoever paused them."""
    where = await caller.read(lambda connection: feed_acts.whole(connection, caller.scope, panel))
    async with caller.write() as transaction:
        await feed_acts.go_on_whole(transaction, doer(caller), where)
    return await standing_of(caller, where)


def doer(caller: Caller) -> Doer:
    return Doer(f"key {caller.key.name}", caller.act, caller.now)


def key(feed: Feed) -> tuple[str, ...]:
    return feed.panel, feed.stream


def standing(connection: Connection, caller: Caller, panel_ids: Sequence[int], stream: str | None) -> list[Feed]:
    scope = caller.scope.narrowed(panel_ids)
    found = feed_figures.of_feeds(connection, scope, caller.api.settings.sync, caller.now, stream)
    return [feed_of(one) for one in found]


async def find(caller: Caller, panel: str, stream: str) -> tuple[Held, Where]:
    return await caller.read(lambda connection: feed_acts.find(connection, caller.scope, panel, stream, caller.now))


async def told(caller: Caller, panel: str, stream: str) -> Detail[Feed]:
    line = caller.panel(panel)
    for feed in await caller.read(lambda connection: standing(connection, caller, [line.id], stream)):
        return Detail(feed)
    raise Missing("feed")


async def standing_of(caller: Caller, where: Where) -> Detail[Panel]:
    return Detail(await caller.read(lambda connection: panels.one(connection, caller, where.id)))


async def read_past(transaction: AsyncConnection, caller: Caller, where: Where, feed: Held, asked: RunNow) -> None:
    if asked.plan not in (None, BACKFILL):
        raise BadAsk("since: it is of the past, which the plan backfill reads.", ["since"])
    await transaction.run_sync(feed_acts.refuse_unread, where, feed)
    since, by = day(asked.since or ""), f"key {caller.key.name}"
    settings = caller.api.settings.sync
    await backfilling.ask(transaction, settings, where.id, feed.stream, since, by, caller.now)
    act = caller.act("feed-backfill", f"{where.name}/{feed.stream}", where.id, since=asked.since)
    await audit.write(transaction, act, caller.now)


def day(text: str) -> datetime:
    """The first moment of it, in UTC."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise BadAsk("since: write a date like 2026-01-31.", ["since"]) from None
