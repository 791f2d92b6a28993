"""Freshness: old is told, absent is not fresh, and a whole is as old as its oldest part."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.freshness import Feed, Lag, Promise, lag, oldest, state, worst

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD, REFRESH = timedelta(seconds=60), timedelta(seconds=600)


def feed(read: int | None = 10, refreshed: int | None = 10, stopped: str | None = None, since: int = 20) -> Feed:
    """Read and refreshed so many seconds ago; attached so many minutes ago."""
    read_at, refreshed_at = (None if ago is None else NOW - timedelta(seconds=ago) for ago in (read, refreshed))
    promises = (Promise(read_at, HEAD), Promise(refreshed_at, REFRESH))
    return Feed(promises, NOW - timedelta(minutes=since), stopped)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (feed(), "on_time"),
        (feed(read=150), "on_time"),
        (feed(read=151), "late"),
        (feed(refreshed=1230), "on_time"),
        (feed(refreshed=1231), "late"),
        (feed(read=None, refreshed=None), "never"),
        (feed(read=None), "never"),
        (feed(stopped="paused"), "paused"),
        (feed(read=None, stopped="paused"), "paused"),
        (feed(read=151, stopped="key"), "key"),
        (Feed((), NOW), "never"),
    ],
)
def test_a_feed_is_late_when_any_promise_is_too_old_by_its_own_measure(given, expected):
    assert state(given, NOW) == expected


@pytest.mark.parametrize(("attached", "expected"), [(20, "on_time"), (21, "late")])
def test_a_promise_never_kept_is_as_old_as_the_feed(attached, expected):
    waiting = feed(refreshed=None, since=attached)
    assert state(waiting, NOW) == expected
    assert waiting.as_of == NOW - timedelta(minutes=attached)


def test_data_is_as_of_the_older_promise():
    assert feed(read=5, refreshed=90).as_of == NOW - timedelta(seconds=90)
    assert feed(read=50, refreshed=9).as_of == NOW - timedelta(seconds=50)


def test_the_lag_is_that_of_the_promise_furthest_behind_its_aim():
    assert lag(feed(read=140, refreshed=600), NOW) == Lag(timedelta(seconds=140), timedelta(seconds=150))
    assert lag(feed(read=10, refreshed=600), NOW) == Lag(timedelta(seconds=600), timedelta(seconds=1230))


def test_a_feed_never_read_has_no_age():
    assert lag(feed(read=None), NOW) is None


def test_a_clock_that_ran_ahead_makes_nothing_younger_than_now():
    behind = lag(feed(read=-30, refreshed=-30), NOW)
    assert behind is not None
    assert behind.age == timedelta(0)


def test_a_whole_is_what_its_worst_part_is():
    assert worst(["on_time", "late", "paused"]) == "paused"
    assert worst(["late", "never", "on_time"]) == "never"
    assert worst(["never", "key", "paused"]) == "key"
    assert worst([]) == "on_time"


def test_a_whole_is_as_old_as_its_oldest_part():
    assert oldest([feed(read=5), feed(read=None), feed(read=70)]) == NOW - timedelta(seconds=70)
    assert oldest([feed(read=None)]) is None
