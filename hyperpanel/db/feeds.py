"""Where each feed stands: its plans, its pauses, what its last run found and what one under way has read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from hyperpanel.db import panels, troubles
from hyperpanel.db.panels import Pause
from hyperpanel.db.schema import feeds, leases, plans, runs
from hyperpanel.db.schema import panels as attached
from hyperpanel.db.scope import Scope
from sync import cursors
from sync.cursors import Backfill
from sync.verdicts import Trouble

PLANNED = ("panel_id", "stream", "plan", "cursor", "as_of", "due_at", "usual", "every", "why", "asked_at")
RECENT = timedelta(minutes=5)
"""Calls are told as the mean over this span: a run counts its calls when it began."""


@dataclass(frozen=True)
class Run:
    """One run of a plan; under way while `ended_at` is None."""

    stream: str
    plan: str
    started_at: datetime
    ended_at: datetime | None
    read: int
    new: int
    changed: int
    set_aside: int


@dataclass(frozen=True)
class Feed:
    """`as_of` and `due_at` by plan; `every` and `why` too: how it is timed at present, beside what the settings say (`usual`), where it ever
    ran (hyperpanel.db.paces). `is_held`: somebody is reading it at this moment; `asked_at`: since when a person waits for that. `since`:
    when its panel was attached. All that is newer than `reached` is held, where that is known; while the past is being read (`is_filling`),
    it goes on further back."""

    panel_id: int
    stream: str
    since: datetime
    cached: int
    cap: int
    fetched_at: datetime | None
    failing_since: datetime | None
    trouble: Trouble | None
    is_held: bool
    as_of: dict[str, datetime | None] = field(default_factory=dict)
    due_at: dict[str, datetime] = field(default_factory=dict)
    every: dict[str, timedelta] = field(default_factory=dict)
    usual: dict[str, timedelta] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    asked_at: datetime | None = None
    is_filling: bool = False
    reached: datetime | None = None
    pause: Pause | None = None


@dataclass(frozen=True)
class Worker:
    holder: str
    seen_at: datetime
    expires_at: datetime


def all_of(connection: Connection, scope: Scope, now: datetime, stream: str | None = None) -> list[Feed]:
    """By panel and stream; of one stream alone where it is named."""
    asked, planned = standing(scope, stream is not None)
    values = {} if stream is None else {"stream": stream}
    by_feed: dict[tuple[int, str], list[Any]] = {}
    for row in connection.execute(planned, values):
        by_feed.setdefault((row.panel_id, row.stream), []).append(row)
    pauses = panels.running_pauses(connection, scope)
    rows = connection.execute(asked, values)
    return [feed(row, by_feed.get((row.panel_id, row.stream), []), pauses, now) for row in rows]


@lru_cache(maxsize=256)
def standing(scope: Scope, is_one: bool) -> tuple[Select[Any], Select[Any]]:
    """Built once for each scope: every page asks this, and building costs more than asking."""
    kept = ("panel_id", "stream", "cached", "manners", "fetched_at", "failing_since", "trouble", "leased_until")
    asked = scope.select(*(feeds.c[name] for name in kept), attached.c.created_at.label("since"))
    asked = asked.where(attached.c.id == feeds.c.panel_id).order_by(feeds.c.panel_id, feeds.c.stream)
    planned = scope.select(*(plans.c[name] for name in PLANNED))
    if is_one:
        asked = asked.where(feeds.c.stream == bindparam("stream"))
        planned = planned.where(plans.c.stream == bindparam("stream"))
    return asked, planned


def feed(row: Any, planned: Sequence[Any], pauses: Sequence[Pause], now: datetime) -> Feed:
    mine = [pause for pause in pauses if pause.panel_id == row.panel_id and pause.stream in (None, row.stream)]
    past = [backfill(plan.cursor) for plan in planned if plan.plan == "backfill"]
    return Feed(
        panel_id=row.panel_id,
        stream=row.stream,
        since=row.since,
        cached=row.cached,
        cap=cursors.manners(row.manners).cap,
        fetched_at=row.fetched_at,
        failing_since=row.failing_since,
        trouble=troubles.load(row.trouble),
        is_held=row.leased_until is not None and row.leased_until > now,
        as_of={plan.plan: plan.as_of for plan in planned},
        due_at={plan.plan: plan.due_at for plan in planned},
        every={plan.plan: timedelta(seconds=plan.every) for plan in planned if plan.every is not None},
        usual={plan.plan: timedelta(seconds=plan.usual) for plan in planned if plan.usual is not None},
        why={plan.plan: plan.why for plan in planned if plan.why is not None},
        asked_at=min((plan.asked_at for plan in planned if plan.asked_at is not None), default=None),
        is_filling=not all(one.done for one in past),
        reached=next(map(reached, past), None),
        pause=mine[0] if mine else None,
    )


def backfill(cursor: str | None) -> Backfill:
    """How far the past has been read."""
    found = cursors.load("backfill", cursor)
    return found if isinstance(found, Backfill) else Backfill()


def reached(past: Backfill) -> datetime | None:
    """What is newer than where its walk stands has been read. A stamp beyond all calendars, which an upstream may write, is none."""
    stamp = past.walk.to if past.walk is not None and past.walk.to is not None else past.reached
    try:
        return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def last_runs(connection: Connection, scope: Scope, ended: bool) -> dict[tuple[int, str], Run]:
    """The last run of each feed that ended, or the last that did not: under way if its feed is held, else broken off."""
    return {(row[0], row.stream): Run(*row[1:]) for row in connection.execute(last(scope, ended))}


@lru_cache(maxsize=256)
def last(scope: Scope, ended: bool) -> Select[Any]:
    """One look into the index for each feed, however long its history."""
    others = runs.alias()
    number = (
        scope.select(others.c.number)
        .where(others.c.panel_id == feeds.c.panel_id, others.c.stream == feeds.c.stream)
        .where(others.c.ended_at.is_not(None) if ended else others.c.ended_at.is_(None))
        .order_by(others.c.started_at.desc())
        .limit(1)
    )
    return scope.select(feeds.c.panel_id, *(runs.c[name] for name in Run.__dataclass_fields__)).where(
        runs.c.panel_id == feeds.c.panel_id, runs.c.number == number.scalar_subquery(), scope.allows(runs)
    )


def calls(connection: Connection, scope: Scope, now: datetime) -> dict[tuple[int, str], float]:
    """Calls a minute of each feed, by the runs that began lately."""
    rows = connection.execute(calling(scope), {"since": now - RECENT})
    return {(panel_id, stream): float(total) / (RECENT / timedelta(minutes=1)) for panel_id, stream, total in rows}


@lru_cache(maxsize=256)
def calling(scope: Scope) -> Select[Any]:
    asked = scope.select(feeds.c.panel_id, feeds.c.stream, func.sum(runs.c.calls)).where(
        runs.c.panel_id == feeds.c.panel_id,
        runs.c.stream == feeds.c.stream,
        runs.c.started_at > bindparam("since"),
        scope.allows(runs),
    )
    return asked.group_by(feeds.c.panel_id, feeds.c.stream)


WORKING = (
    select(leases.c.holder, leases.c.seen_at, leases.c.expires_at)
    .where(leases.c.name.startswith("worker:"))
    .order_by(leases.c.seen_at.desc())
)


def workers(connection: Connection) -> list[Worker]:
    """Who reads the panels, the one seen last first; those that ended without a word are among them for a while."""
    return [Worker(*row) for row in connection.execute(WORKING)]
