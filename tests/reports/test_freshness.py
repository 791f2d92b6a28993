"""Freshness: old is told, absent is not fresh, and a whole is as old as its oldest part."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.freshness import Feed, lag, oldest, state, worst

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERY = timedelta(seconds=120)


def feed(read: int | None = 10, refreshed: int | None = 10, paused: bool = False) -> Feed:
    """Read and refreshed so many seconds ago."""
    read_at, refreshed_at = (None if ago is None else NOW - timedelta(seconds=ago) for ago in (read, refreshed))
    return Feed(read_at, refreshed_at, EVERY, paused)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (feed(), "on_time"),
        (feed(read=270), "on_time"),
        (feed(read=271), "late"),
        (feed(refreshed=271), "late"),
        (feed(refreshed=None), "on_time"),
        (feed(read=None, refreshed=None), "never"),
        (feed(read=None), "never"),
        (feed(paused=True), "paused"),
        (feed(read=None, paused=True), "paused"),
    ],
)
def test_a_feed_is_late_when_either_promise_is_too_old(given, expected):
    assert state(given, NOW) == expected


def test_data_is_as_of_the_older_promise():
    assert feed(read=5, refreshed=90).as_of == NOW - timedelta(seconds=90)
    assert lag(feed(read=50, refreshed=9), NOW) == timedelta(seconds=50)


def test_a_feed_never_read_has_no_age():
    assert lag(feed(read=None), NOW) is None


def test_a_clock_that_ran_ahead_makes_nothing_younger_than_now():
    assert lag(feed(read=-30, refreshed=-30), NOW) == timedelta(0)


def test_a_whole_is_what_its_worst_part_is():
    assert worst(["on_time", "late", "paused"]) == "paused"
    assert worst(["late", "never", "on_time"]) == "never"
    assert worst([]) == "on_time"


def test_a_whole_is_as_old_as_its_oldest_part():
    assert oldest([feed(read=5), feed(read=None), feed(read=70)]) == NOW - timedelta(seconds=70)
    assert oldest([feed(read=None)]) is None
