"""Due at a time of somebody's day: through the nights in which the clocks are changed, and never twice."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.support.due_times import Rhythm

BERLIN, KOLKATA, HOWE = (ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("minute", "zone", "after", "next"),
    [
        (480, BERLIN, "2026-03-27 07:00", "2026-03-28 07:00"),  # winter: an hour ahead
        (480, BERLIN, "2026-03-28 07:00", "2026-03-29 06:00"),  # the clocks went forward that night
        (480, BERLIN, "2026-10-24 06:00", "2026-10-25 07:00"),  # and back
        (150, BERLIN, "2026-03-28 12:00", "2026-03-29 01:30"),  # 02:30 was skipped: 03:30 by the new time
        (150, BERLIN, "2026-10-24 12:00", "2026-10-25 00:30"),  # 02:30 came twice: the first
        (150, BERLIN, "2026-10-25 00:30", "2026-10-26 01:30"),
        (480, KOLKATA, "2026-03-01 02:29", "2026-03-01 02:30"),
        (0, HOWE, "2026-04-04 12:59", "2026-04-04 13:00"),  # half an hour of summer time ends that night
        (0, HOWE, "2026-04-04 13:00", "2026-04-05 13:30"),
    ],
)
def test_every_day_by_the_clock_on_the_wall(minute, zone, after, next):
    assert Rhythm("day", minute, 0, zone).next(at(after)) == at(next)


@pytest.mark.parametrize(
    ("after", "next"),
    [
        ("2026-03-22 06:00", "2026-03-23 07:00"),
        ("2026-03-23 07:00", "2026-03-30 06:00"),
        ("2026-03-29 23:00", "2026-03-30 06:00"),
    ],
)
def test_every_week_on_its_day_there(after, next):
    assert Rhythm("week", 480, 0, BERLIN).next(at(after)) == at(next)


@pytest.mark.parametrize("zone", [BERLIN, KOLKATA, HOWE], ids=str)
@pytest.mark.parametrize("every", ["day", "week"])
def test_through_a_year_each_time_comes_once(zone, every):
    rhythm, moment = Rhythm(every, 150, 2, zone), at("2026-01-01 00:00")
    dates: list[Any] = []
    while moment < at("2027-01-01 00:00"):
        following = rhythm.next(moment)
        assert rhythm.last(following - timedelta(seconds=1)) <= moment or not dates
        assert rhythm.last(following) == following
        moment = following
        dates.append(following.astimezone(zone).date())
    steps = {later - earlier for earlier, later in itertools.pairwise(dates)}
    assert steps == {timedelta(days=1 if every == "day" else 7)}
