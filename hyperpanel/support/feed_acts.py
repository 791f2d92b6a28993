"""What is done with a feed or a whole panel: read at once, paused, with why, and resumed. Pages and the API do the same, all in the audit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, feeds, panels, pause_reasons
from hyperpanel.db.audit import Act
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel, Pause, folded
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict, Missing

LONGEST_WHY = 500
REMOVING = "removing"
"""The code of the trouble by which a panel is paused while its rows go."""

PAUSED = "It is paused, so nothing reads it. Resume it first."
LEAVING = "This panel is being removed: nothing of it is paused, resumed or read any more."
BY_ENGINE = "The sync engine has paused it already, and says why. Mend that and resume it; then it can be paused again."


@dataclass(frozen=True)
class Doer:
    """Who acts: `by` as a pause keeps it, `act` as the audit does."""

    by: str
    act: Callable[..., Act]
    now: datetime


def is_leaving(pauses: Iterable[Pause]) -> bool:
    return any(pause.trouble is not None and pause.trouble.code == REMOVING for pause in pauses)


def worded(why: str) -> str:
    return " ".join(why.split())[:LONGEST_WHY]


def named(connection: Connection, scope: Scope, name: str) -> Panel:
    """One that may not be seen looks like one that is not there."""
    for panel in panels.all_of(connection, scope):
        if folded(panel.name) == folded(name):
            return panel
    raise Missing("panel")


def find(connection: Connection, scope: Scope, panel: str, stream: str, now: datetime) -> tuple[Feed, Panel]:
    where = named(connection, scope, panel)
    for feed in feeds.all_of(connection, scope.narrowed([where.id]), now, stream):
        return feed, where
    raise Missing("feed")


def whole(connection: Connection, scope: Scope, panel: str) -> Panel:
    """A panel that is being removed is past pausing."""
    where = named(connection, scope, panel)
    refuse_leaving(connection, where)
    return where


def refuse_leaving(connection: Connection, where: Panel) -> list[Pause]:
    """Raises Conflict for a panel that is being removed; of any other, the pauses that are running."""
    running = panels.running_pauses(connection, Scope(frozenset({where.id})))
    if is_leaving(running):
        raise Conflict(LEAVING)
    return running


def refuse_unread(connection: Connection, where: Panel, feed: Feed) -> None:
    """Raises Conflict where nothing would read it."""
    if any(pause.stream in (None, feed.stream) for pause in refuse_leaving(connection, where)):
        raise Conflict(PAUSED)


def runnable(connection: Connection, scope: Scope, panel: str, now: datetime) -> tuple[Panel, list[str]]:
    """The streams of it that are not paused; raises Conflict where all are."""
    where = whole(connection, scope, panel)
    mine = feeds.all_of(connection, scope.narrowed([where.id]), now)
    ready = [feed.stream for feed in mine if feed.pause is None]
    if not ready:
        raise Conflict(PAUSED)
    return where, ready


async def pause(transaction: AsyncConnection, doer: Doer, where: Panel, feed: Feed, why: str) -> None:
    """With a reason; where it is paused already, a reason is what is new. The pause of its whole panel keeps its own."""
    if why or not is_stopped_by_person(feed.pause):
        await put_down(transaction, doer, where, feed.stream, why)


def is_stopped_by_person(whole: Pause | None) -> bool:
    """With all of its panel: one of the feed's own would end with that, and without a reason it would say nothing."""
    return whole is not None and whole.stream is None and whole.trouble is None


async def pause_whole(transaction: AsyncConnection, doer: Doer, where: Panel, why: str) -> None:
    """As `pause`, of all of it."""
    await put_down(transaction, doer, where, None, why)


async def put_down(transaction: AsyncConnection, doer: Doer, where: Panel, stream: str | None, why: str) -> None:
    if not why or not await explain(transaction, doer, where, stream, why):
        await stop(transaction, doer, where, stream, why)


async def stop(transaction: AsyncConnection, doer: Doer, where: Panel, stream: str | None, why: str) -> None:
    """Twice is once. Raises Conflict where the engine was first: its pause ends with its trouble, and keeps no other reason."""
    await transaction.run_sync(refuse_leaving, where)
    if await panels.pause(transaction, where.id, stream, doer.by, why, doer.now):
        told = {"why": why} if why else {}
        action, target = ("panel-pause", where.name) if stream is None else ("feed-pause", f"{where.name}/{stream}")
        await audit.write(transaction, doer.act(action, target, where.id, **told), doer.now)
    elif not await pause_reasons.is_persons(transaction, where.id, stream):
        raise Conflict(BY_ENGINE)


async def explain(transaction: AsyncConnection, doer: Doer, where: Panel, stream: str | None, why: str) -> int:
    await transaction.run_sync(refuse_leaving, where)
    changed = await pause_reasons.explain(transaction, where.id, stream, why)
    if changed:
        target = where.name if stream is None else f"{where.name}/{stream}"
        await audit.write(transaction, doer.act("pause-explain", target, where.id, why=why), doer.now)
    return changed


async def go_on(transaction: AsyncConnection, doer: Doer, where: Panel, feed: Feed) -> None:
    """Where the whole panel is paused, that ends too: its feed cannot go on otherwise."""
    await transaction.run_sync(refuse_leaving, where)
    is_whole = feed.pause is not None and feed.pause.stream is None
    if await panels.resume(transaction, where.id, None if is_whole else feed.stream, doer.by, doer.now):
        action, target = ("panel-resume", where.name) if is_whole else ("feed-resume", f"{where.name}/{feed.stream}")
        await audit.write(transaction, doer.act(action, target, where.id), doer.now)


async def go_on_whole(transaction: AsyncConnection, doer: Doer, where: Panel) -> None:
    """It and all its streams, whoever paused them."""
    if await panels.resume(transaction, where.id, None, doer.by, doer.now):
        await audit.write(transaction, doer.act("panel-resume", where.name, where.id), doer.now)


async def run(transaction: AsyncConnection, doer: Doer, where: Panel, feed: Feed, plan: str | None = None) -> None:
    """All its plans, or one. Raises Conflict where nothing would read it, Missing for a plan that the stream does not have."""
    await transaction.run_sync(refuse_unread, where, feed)
    if plan is not None and plan not in feed.due_at:
        raise Missing("plan")
    await panels.run_now(transaction, where.id, feed.stream, doer.now, plan)
    told = {} if plan is None else {"plan": plan}
    await audit.write(transaction, doer.act("feed-run", f"{where.name}/{feed.stream}", where.id, **told), doer.now)


async def run_whole(transaction: AsyncConnection, doer: Doer, where: Panel, streams: list[str]) -> None:
    for stream in streams:
        await panels.run_now(transaction, where.id, stream, doer.now)
    await audit.write(transaction, doer.act("panel-run", where.name, where.id, streams=streams), doer.now)
