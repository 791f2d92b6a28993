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
    if is_leaving(panels.running_pauses(connection, scope.narrowed([where.id]))):
        raise Conflict(LEAVING)
    return where


def runnable(connection: Connection, scope: Scope, panel: str, now: datetime) -> tuple[Panel, list[str]]:
    """The streams of it that are not paused; raises Conflict where all are."""
    where = whole(connection, scope, panel)
    mine = feeds.all_of(connection, scope.narrowed([where.id]), now)
    ready = [feed.stream for feed in mine if feed.pause is None]
    if not ready:
        raise Conflict(PAUSED)
    return where, ready


async def pause(transaction: AsyncConnection, doer: Doer, where: Panel, feed: Feed, why: str) -> None:
    """With a reason; where it is paused already, the reason is what is new."""
    if feed.pause is not None:
        await explain(transaction, doer, where, feed.pause.stream, why)
    else:
        await stop(transaction, doer, where, feed.stream, why)


async def pause_whole(transaction: AsyncConnection, doer: Doer, where: Panel, why: str) -> None:
    """As `pause`, of all of it."""
    if not await explain(transaction, doer, where, None, why):
        await stop(transaction, doer, where, None, why)


async def stop(transaction: AsyncConnection, doer: Doer, where: Panel, stream: str | None, why: str) -> None:
    await panels.pause(transaction, where.id, stream, doer.by, why, doer.now)
    told = {"why": why} if why else {}
    action, target = ("panel-pause", where.name) if stream is None else ("feed-pause", f"{where.name}/{stream}")
    await audit.write(transaction, doer.act(action, target, where.id, **told), doer.now)


async def explain(transaction: AsyncConnection, doer: Doer, where: Panel, stream: str | None, why: str) -> int:
    changed = await pause_reasons.explain(transaction, where.id, stream, why)
    if changed:
        target = where.name if stream is None else f"{where.name}/{stream}"
        await audit.write(transaction, doer.act("pause-explain", target, where.id, why=why), doer.now)
    return changed


async def go_on(transaction: AsyncConnection, doer: Doer, where: Panel, feed: Feed) -> None:
    """Where the whole panel is paused, that ends too: its feed cannot go on otherwise."""
    is_whole = feed.pause is not None and feed.pause.stream is None
    await panels.resume(transaction, where.id, None if is_whole else feed.stream, doer.by, doer.now)
    action, target = ("panel-resume", where.name) if is_whole else ("feed-resume", f"{where.name}/{feed.stream}")
    await audit.write(transaction, doer.act(action, target, where.id), doer.now)


async def go_on_whole(transaction: AsyncConnection, doer: Doer, where: Panel) -> None:
    """It and all its streams, whoever paused them."""
    if await panels.resume(transaction, where.id, None, doer.by, doer.now):
        await audit.write(transaction, doer.act("panel-resume", where.name, where.id), doer.now)


async def run(transaction: AsyncConnection, doer: Doer, where: Panel, feed: Feed, plan: str | None = None) -> None:
    """All its plans, or one. Raises Conflict where nothing would read it, Missing for a plan that the stream does not have."""
    if feed.pause is not None:
        raise Conflict(PAUSED)
    if plan is not None and plan not in feed.due_at:
        raise Missing("plan")
    await panels.run_now(transaction, where.id, feed.stream, doer.now, plan)
    told = {} if plan is None else {"plan": plan}
    await audit.write(transaction, doer.act("feed-run", f"{where.name}/{feed.stream}", where.id, **told), doer.now)


async def run_whole(transaction: AsyncConnection, doer: Doer, where: Panel, streams: list[str]) -> None:
    for stream in streams:
        await panels.run_now(transaction, where.id, stream, doer.now)
    await audit.write(transaction, doer.act("panel-run", where.name, where.id, streams=streams), doer.now)
