"""What is promised of a feed by the settings, and so how old its data is and whether that is on time: for pages, commands and schedules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from hyperpanel.config import Sync
from hyperpanel.db import feeds
from hyperpanel.db.feeds import Feed
from hyperpanel.db.scope import Scope
from hyperpanel.support.sync_settings import pace
from reports import freshness
from sync.pacing import Pace

PROMISED = {"messages": ("head",), "services": ("head",)}
"""The plans by which a stream is as of a moment; elsewhere head and refresh. Threads of tickets that did not change are read again too,
but no message waits for that."""


def promise(feed: Feed, settings: Sync) -> freshness.Feed:
    """What the report knows of a feed: what is promised of it, and how often that is renewed as it is paced now."""
    every = paced(settings)
    plans = [plan for plan in PROMISED.get(feed.stream, ("head", "refresh")) if plan in feed.as_of]
    promises = tuple(freshness.Promise(feed.as_of[plan], renewed(feed, plan, every)) for plan in plans)
    return freshness.Feed(promises, feed.since, stopped(feed))


def renewed(feed: Feed, plan: str, settings: Pace) -> timedelta:
    """As the settings say, or as seldom as it is paced to: one that is read more often than usual is not late any sooner by that."""
    usual = feed.usual.get(plan, settings.interval(feed.stream, plan))
    return max(usual, feed.every.get(plan, usual))


@lru_cache(maxsize=8)
def paced(settings: Sync) -> Pace:
    """Every page asks for each feed."""
    return pace(settings)


def stopped(feed: Feed) -> str | None:
    """A refused key is a state of its own: only another key ends it."""
    if feed.pause is None:
        return None
    is_refused = feed.pause.trouble is not None and feed.pause.trouble.code == "auth"
    return freshness.KEY if is_refused else freshness.PAUSED


@dataclass(frozen=True)
class Standing:
    """How a panel stands with the streams that something is made of: as its worst feed, and as of its oldest, None where any was never read.
    All that is newer than `reaches_back_to` is held; None where that is not known of all of them."""

    panel_id: int
    state: str
    as_of: datetime | None
    reaches_back_to: datetime | None = None


def standings(
    connection: Connection, scope: Scope, streams: Sequence[str], settings: Sync, now: datetime
) -> dict[int, Standing]:
    """By panel. One that has no such feed is not in it."""
    found: dict[int, list[Feed]] = {}
    for feed in feeds.all_of(connection, scope, now):
        if feed.stream in streams:
            found.setdefault(feed.panel_id, []).append(feed)
    return {panel_id: standing(panel_id, mine, settings, now) for panel_id, mine in found.items()}


def standing(panel_id: int, mine: Sequence[Feed], settings: Sync, now: datetime) -> Standing:
    promises = [promise(feed, settings) for feed in mine]
    state = freshness.worst(freshness.state(one, now) for one in promises)
    ages = [one.as_of for one in promises if one.as_of is not None]
    pasts = [feed.reached for feed in mine if feed.reached is not None or feed.is_filling]
    known = [moment for moment in pasts if moment is not None]
    return Standing(
        panel_id,
        state,
        as_of=min(ages) if len(ages) == len(promises) else None,
        reaches_back_to=max(known) if known and len(known) == len(pasts) else None,
    )
