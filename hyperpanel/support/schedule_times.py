"""When a schedule's reports are due, and of which time each is: also of those that were missed, and where clocks were changed between two."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hyperpanel.db.schedules import KEPT, Schedule
from hyperpanel.support.due_times import HOURS, Rhythm
from reports.windows import Window, of_hours


def rhythm(schedule: Schedule) -> Rhythm:
    return Rhythm(schedule.every, schedule.at_minute, schedule.weekday or 0, ZoneInfo(schedule.time_zone))


def first_missed(schedule: Schedule, now: datetime) -> datetime:
    """When the oldest was due that is still wanted: no file would be kept of those before."""
    clock = rhythm(schedule)
    found = clock.last(now)
    for _ in range(KEPT - 1):
        before = clock.previous(found)
        if before < schedule.due_at:
            break
        found = before
    return found


def following(schedule: Schedule, now: datetime) -> datetime:
    """A day later for one whose clock cannot be read."""
    try:
        return rhythm(schedule).next(schedule.due_at)
    except (LookupError, ValueError):
        return now + timedelta(days=1)


def window_of(schedule: Schedule, hours: float) -> Window:
    """Up to when it was due. A day of somebody's clock may have 23 hours or 25."""
    if hours == HOURS[schedule.every]:
        return Window(rhythm(schedule).previous(schedule.due_at), schedule.due_at)
    return of_hours(hours, schedule.due_at)
