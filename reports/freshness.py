"""Freshness: how old what is held may be, and whether that is on time.

A feed keeps promises: all that is new up to a moment is held (head), all that is open was read again by then (refresh). Its data is as of
the oldest of them, and it is late when any lies further back than twice its own interval and half a minute. A promise that was never kept
is as old as the feed: absent is not fresh. Rows are plain values and no frames: a console has a few hundred feeds, and needs them on each
page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(seconds=30)
KEY, NEVER, PAUSED, LATE, ON_TIME = "key", "never", "paused", "late", "on_time"
WORST_FIRST = (KEY, NEVER, PAUSED, LATE, ON_TIME)
"""A refused key first: nothing is read until somebody enters another."""


@dataclass(frozen=True)
class Promise:
    """One way of keeping data fresh: to when it has last been kept, and how often it is to be renewed."""

    kept_at: datetime | None
    every: timedelta

    @property
    def aim(self) -> timedelta:
        """The age up to which it is on time."""
        return 2 * self.every + GRACE


@dataclass(frozen=True)
class Feed:
    """The first promise is that of being read at all. `stopped` is PAUSED or KEY where nobody reads it."""

    promises: tuple[Promise, ...]
    since: datetime
    stopped: str | None = None

    @property
    def as_of(self) -> datetime | None:
        """None where nothing was read yet."""
        if not self.promises or self.promises[0].kept_at is None:
            return None
        return min(promise.kept_at or self.since for promise in self.promises)


@dataclass(frozen=True)
class Lag:
    """How far behind a feed is, beside the age up to which that is on time."""

    age: timedelta
    aim: timedelta

    @property
    def is_late(self) -> bool:
        return self.age > self.aim


def state(feed: Feed, now: datetime) -> str:
    if feed.stopped is not None:
        return feed.stopped
    behind = lag(feed, now)
    if behind is None:
        return NEVER
    return LATE if behind.is_late else ON_TIME


def lag(feed: Feed, now: datetime) -> Lag | None:
    """Of the promise that is furthest behind, by its own measure; None where nothing was read yet."""
    if feed.as_of is None:
        return None
    lags = [Lag(max(now - (promise.kept_at or feed.since), timedelta(0)), promise.aim) for promise in feed.promises]
    return max(lags, key=lambda lag: lag.age / lag.aim)


def worst(states: Iterable[str]) -> str:
    """What a panel, or a page, is as a whole; on time where there is nothing to be late with."""
    found = set(states)
    return next((state for state in WORST_FIRST if state in found), ON_TIME)


def oldest(feeds: Iterable[Feed]) -> datetime | None:
    """The age of all of them together is that of the oldest; feeds that were never read have none to tell."""
    return min((feed.as_of for feed in feeds if feed.as_of is not None), default=None)
