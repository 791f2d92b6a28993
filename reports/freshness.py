"""Freshness: how old what is held may be, and whether that is on time.

A feed's data is as of the older of its two promises: everything new up to then is held (head), and everything open was
read again (refresh). It is late when that lies further back than twice the longer interval and half a minute. Rows are
plain values and no frames: a console has a few hundred feeds, and needs them on each page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(seconds=30)
NEVER, PAUSED, LATE, ON_TIME = "never", "paused", "late", "on_time"
WORST_FIRST = (NEVER, PAUSED, LATE, ON_TIME)


@dataclass(frozen=True)
class Feed:
    """`refreshed_at` stays None for a stream that comes whole each time, and until the first refresh has ended."""

    read_at: datetime | None
    refreshed_at: datetime | None
    every: timedelta
    is_paused: bool = False

    @property
    def as_of(self) -> datetime | None:
        """None where nothing was read yet: absent is not fresh."""
        if self.read_at is None:
            return None
        return min(self.read_at, self.refreshed_at or self.read_at)

    @property
    def aim(self) -> timedelta:
        """The age up to which it is on time."""
        return 2 * self.every + GRACE


def state(feed: Feed, now: datetime) -> str:
    if feed.is_paused:
        return PAUSED
    if feed.as_of is None:
        return NEVER
    return LATE if now - feed.as_of > feed.aim else ON_TIME


def lag(feed: Feed, now: datetime) -> timedelta | None:
    return None if feed.as_of is None else max(now - feed.as_of, timedelta(0))


def worst(states: Iterable[str]) -> str:
    """What a panel, or a page, is as a whole; on time where there is nothing to be late with."""
    found = set(states)
    return next((state for state in WORST_FIRST if state in found), ON_TIME)


def oldest(feeds: Iterable[Feed]) -> datetime | None:
    """The age of all of them together is that of the oldest; feeds that were never read have none to tell."""
    return min((feed.as_of for feed in feeds if feed.as_of is not None), default=None)
