"""The span of time that a report is about: half-open, in UTC (SPEC D15). What falls on its end belongs to the next one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SERVICES = (2, 6, 12, 24, 48, 72)
USERS = (12, 24, 48, 72, 96)
TICKETS = (24, 48, 72, 168)
"""Hours that can be chosen at a click; any other up to LONGEST may be typed."""

USUAL = 24
LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class Window:
    """From `since` up to, and without, `until`. Raises ValueError for one that is empty, longer than LONGEST or without a zone."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.utcoffset() is None or self.until.utcoffset() is None:
            raise ValueError("a window without a zone")
        if not timedelta(0) < self.length <= LONGEST:
            raise ValueError(f"a window of {self.length}")

    @property
    def length(self) -> timedelta:
        return self.until - self.since

    @property
    def hours(self) -> float:
        return self.length / timedelta(hours=1)

    def holds(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


def of_hours(hours: float, until: datetime) -> Window:
    """The last `hours` before `until`."""
    return Window(until - timedelta(hours=hours), until)
