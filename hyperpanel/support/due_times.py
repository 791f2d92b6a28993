"""When something is due that is done at a time of somebody's day: the clock on their wall, whatever summer time makes of it.

A time that the clocks skip is taken by the offset of before, and so comes an hour later; one that they show twice is due at the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, WEEK = "day", "week"
EVERY = (DAY, WEEK)
HOURS = {DAY: 24, WEEK: 168}
"""From one to the next, where no clock is changed between them."""

AROUND = 9
"""Days: a week, and the ends of two that a zone may move."""


@dataclass(frozen=True)
class Rhythm:
    """`minute` of the local day; `weekday` from Monday, 0, for what is weekly."""

    every: str
    minute: int
    weekday: int
    zone: ZoneInfo

    def next(self, after: datetime) -> datetime:
        """The first one later than a moment."""
        return min(moment for moment in self.around(after) if moment > after)

    def last(self, by: datetime) -> datetime:
        """The latest one by a moment."""
        return max(moment for moment in self.around(by) if moment <= by)

    def previous(self, before: datetime) -> datetime:
        """The latest one earlier than a moment."""
        return max(moment for moment in self.around(before) if moment < before)

    def around(self, moment: datetime) -> Iterator[datetime]:
        today = moment.astimezone(self.zone).date()
        for days in range(-AROUND, AROUND + 1):
            date = today + timedelta(days=days)
            if self.every == DAY or date.weekday() == self.weekday:
                yield self.on(date)

    def on(self, date: date) -> datetime:
        local = datetime.combine(date, time(self.minute // 60, self.minute % 60), self.zone)
        return local.astimezone(UTC)
