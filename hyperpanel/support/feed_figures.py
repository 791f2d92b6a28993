"""All that is told of feeds and of panels as data, in one snapshot: what the Sync page and the Panels page show, without its words and links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select

from hyperpanel.config import Sync
from hyperpanel.db import backfills, drift, feeds, panels, set_aside, troubles
from hyperpanel.db.backfills import Progress
from hyperpanel.db.drift import Coverage, Sweep
from hyperpanel.db.feeds import Feed, Run
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.db.schema import runs
from hyperpanel.db.scope import Scope
from hyperpanel.support import feed_ages
from hyperpanel.support.feed_standings import because, reason_of, state_of, stood
from reports import freshness
from reports.freshness import Lag
from sync.verdicts import Trouble

RUNNING = "running"
Key = tuple[int, str]


@dataclass(frozen=True)
class StreamStanding:
    feed: Feed
    state: str
    lag: Lag | None
    as_of: datetime | None


@dataclass(frozen=True)
class PanelStanding:
    """`pause`: of the whole panel; `streams` in their usual order."""

    panel: Panel
    state: str
    reason: str
    pause: Pause | None
    as_of: datetime | None
    streams: Sequence[StreamStanding]


@dataclass(frozen=True)
class Ended(Run):
    """`done`: it came to the end of what it set out to read, else the next goes on; `trouble`: what was in its way."""

    done: bool | None
    trouble: Trouble | None


@dataclass(frozen=True)
class FeedStanding:
    """`run`: under way; `is_read`: by a worker, at this time."""

    panel: str
    feed: Feed
    state: str
    reason: str
    lag: Lag | None
    as_of: datetime | None
    calls: float
    set_aside: int
    is_read: bool
    run: Run | None
    ended: Ended | None
    sweep: Sweep | None
    coverage: Coverage | None
    past: Progress | None


@dataclass(frozen=True)
class Found:
    """What a snapshot holds of feeds beside where they stand."""

    calls: Mapping[Key, float]
    set_aside: Mapping[Key, int]
    is_worked: bool
    under_way: Mapping[Key, Run]
    ended: Mapping[Key, Ended]
    sweeps: Mapping[Key, Sweep]
    pasts: Mapping[Key, Progress]
    coverage: Mapping[int, Coverage] = field(default_factory=dict)


def of_panels(connection: Connection, scope: Scope, settings: Sync, now: datetime) -> list[PanelStanding]:
    known, pauses = panels.all_of(connection, scope), panels.running_pauses(connection, scope)
    fed = feeds.all_of(connection, scope, now)
    return [
        of_panel(
            panel,
            [feed for feed in fed if feed.panel_id == panel.id],
            [pause for pause in pauses if pause.panel_id == panel.id and pause.stream is None],
            settings,
            now,
        )
        for panel in known
    ]


def of_panel(panel: Panel, fed: Sequence[Feed], whole: Sequence[Pause], settings: Sync, now: datetime) -> PanelStanding:
    mine = stood(fed, settings, now)
    streams = [of_stream(feed, state, settings, now) for feed, state in mine]
    return PanelStanding(
        panel=panel,
        state=state_of(whole, mine),
        reason=reason_of(panel.name, whole, mine),
        pause=whole[0] if whole else None,
        as_of=min((one.as_of for one in streams if one.as_of is not None), default=None),
        streams=streams,
    )


def of_stream(feed: Feed, state: str, settings: Sync, now: datetime) -> StreamStanding:
    promise = feed_ages.promise(feed, settings)
    return StreamStanding(feed, state, freshness.lag(promise, now), promise.as_of)


def of_feeds(
    connection: Connection, scope: Scope, settings: Sync, now: datetime, stream: str | None = None
) -> list[FeedStanding]:
    fed = feeds.all_of(connection, scope, now) if stream is None else feeds.all_of(connection, scope, now, stream)
    names = {panel.id: panel.name for panel in panels.all_of(connection, scope)}
    found = look(connection, scope, now, any(feed.stream == "messages" for feed in fed))
    return [of_feed(names[feed.panel_id], feed, found, settings, now) for feed in fed if feed.panel_id in names]


def look(connection: Connection, scope: Scope, now: datetime, has_threads: bool) -> Found:
    return Found(
        calls=feeds.calls(connection, scope, now),
        set_aside=set_aside.counts(connection, scope),
        is_worked=any(worker.expires_at > now for worker in feeds.workers(connection)),
        under_way=feeds.last_runs(connection, scope, ended=False),
        ended=last_ended(connection, scope),
        sweeps=drift.last_sweeps(connection, scope),
        pasts=backfills.progress(connection, scope),
        coverage=drift.coverage(connection, scope) if has_threads else {},
    )


def last_ended(connection: Connection, scope: Scope) -> dict[Key, Ended]:
    """The last run of each feed that ended, with how."""
    rows = connection.execute(ending(scope))
    return {(row[0], row.stream): Ended(*(*row[1:-1], troubles.load(row.trouble))) for row in rows}


@lru_cache(maxsize=256)
def ending(scope: Scope) -> Select[Any]:
    return feeds.last(scope, ended=True).add_columns(runs.c.done, runs.c.trouble)


def of_feed(panel: str, feed: Feed, found: Found, settings: Sync, now: datetime) -> FeedStanding:
    """A feed that is being read is running, whatever its age."""
    key, promise = (feed.panel_id, feed.stream), feed_ages.promise(feed, settings)
    state = freshness.state(promise, now)
    run = found.under_way.get(key) if feed.is_held else None
    return FeedStanding(
        panel=panel,
        feed=feed,
        state=RUNNING if run and feed.pause is None else state,
        reason=because(panel, feed, state),
        lag=freshness.lag(promise, now),
        as_of=promise.as_of,
        calls=found.calls.get(key, 0.0),
        set_aside=found.set_aside.get(key, 0),
        is_read=feed.pause is None and found.is_worked,
        run=run,
        ended=found.ended.get(key),
        sweep=found.sweeps.get(key),
        coverage=found.coverage.get(feed.panel_id) if feed.stream == "messages" else None,
        past=found.pasts.get(key),
    )
