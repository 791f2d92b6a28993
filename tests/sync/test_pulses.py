"""Rates learned from reads: evenly, by the hour, in bursts, and from clocks that jump."""

from datetime import UTC, datetime, timedelta
from math import isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.pulses import LEVELS, LONGEST_SPAN, Pulse, dump, load, typical

START = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
moments = st.floats(-72 * 3600, 72 * 3600).map(lambda seconds: START + timedelta(seconds=seconds))
reads = st.lists(st.tuples(moments, moments, st.integers(0, 10_000)), max_size=12)


def listened(pulse, start, minutes, per_minute, seed=1):
    """A read each minute; `per_minute` tells the expected changes by the time."""
    chance = Random(seed)
    for number in range(minutes):
        since = start + number * MINUTE
        mean = per_minute(since)
        news = sum(chance.random() < mean / 20 for _ in range(20))
        pulse = pulse.heard(since, since + MINUTE, news)
    return pulse


def a_minute(pulse, at):
    return pulse.rate(at) * 60


@pytest.fixture(scope="module")
def even():
    return listened(load(None, 0.1), START, 2 * 1440, lambda at: 0.5)


def test_a_plan_that_was_never_heard_has_the_prior_rate():
    fresh = load(None, 0.02)
    assert 0.5 < fresh.rate(START) / 0.02 < 2
    assert isclose(load(None, 0.04).rate(START), 2 * fresh.rate(START))


def test_an_even_rate_is_learned_and_not_stirred_by_chance(even):
    end = START + timedelta(days=2)
    assert all(0.4 < a_minute(even, end + timedelta(hours=hour)) < 0.7 for hour in range(24))


def test_a_wrong_prior_is_overruled_within_an_hour():
    heard = listened(load(None, 1e-6), START, 60, lambda at: 0.5)
    assert 0.25 < a_minute(heard, START + timedelta(hours=1)) < 1


def test_a_burst_is_followed_from_the_read_that_found_it(even):
    end = START + timedelta(days=2)
    assert a_minute(even.heard(end, end + MINUTE, 15), end + MINUTE) > 6


def test_quiet_after_a_burst_is_believed_after_some_reads_not_after_one(even):
    end = START + timedelta(days=2)
    burst = listened(even, end, 20, lambda at: 10)
    over = end + 20 * MINUTE
    seen = [a_minute(listened(burst, over, minutes, lambda at: 0.5), over + minutes * MINUTE) for minutes in (0, 15)]
    assert seen[0] > 6
    assert seen[1] < 1.5


def test_what_no_read_has_told_of_for_long_is_believed_to_be_as_usual(even):
    end = START + timedelta(days=2)
    burst = listened(even, end, 20, lambda at: 10)
    assert a_minute(burst, end + timedelta(hours=12)) < 2


def test_the_hours_of_a_day_are_learned():
    heard = listened(load(None, 0.01), START, 3 * 1440, lambda at: 2.0 if at.hour < 12 else 0.2)
    day, night = (a_minute(heard, START + timedelta(days=3, hours=hour)) for hour in (6, 18))
    assert 1.4 < day < 2.6
    assert night < 0.5


def test_one_burst_is_no_rhythm(even):
    end = START + timedelta(days=2)
    burst = listened(even, end, 30, lambda at: 10)
    assert burst.rhythm(0) < 1.3 * even.rhythm(0)


def in_lumps(pulse, days):
    """Twenty changes at once, every half hour or so."""
    chance = Random(3)
    for number in range(days * 1440):
        since = START + number * MINUTE
        pulse = pulse.heard(since, since + MINUTE, 20 if chance.random() < 1 / 30 else 0)
    return pulse


def test_changes_that_come_in_lumps_are_no_burst():
    end = START + timedelta(days=2)
    lumpy = in_lumps(load(None, 0.01), 2)
    assert 8 < lumpy.lump() < 40
    assert a_minute(lumpy.heard(end, end + MINUTE, 20), end + MINUTE) < 3


def test_bursts_are_no_lumps():
    heard = listened(load(None, 0.01), START, 2 * 1440, lambda at: 15 if at.hour % 6 == 0 and at.minute < 20 else 0.2)
    assert heard.lump() < 2


def test_a_list_that_was_all_read_anew_is_no_rate(even):
    end = START + timedelta(days=2)
    anew = even.heard(end, end + MINUTE, 1_000_000)
    assert anew.mean() < 1.1 * even.mean()


@pytest.mark.parametrize("span", [0.0, -1.0, -48 * 3600.0, 48 * 3600.0, LONGEST_SPAN + 1])
def test_a_clock_that_jumped_teaches_nothing(even, span):
    end = START + timedelta(days=2)
    assert even.heard(end, end + timedelta(seconds=span), 5) == even


@pytest.mark.parametrize("hours", [-48, 48])
def test_after_a_jump_it_is_learned_on(even, hours):
    away = START + timedelta(days=2, hours=hours)
    there = listened(even, away, 60, lambda at: 0.5)
    back = listened(there, START + timedelta(days=2), 60, lambda at: 0.5, seed=2)
    assert 0.35 < a_minute(back, START + timedelta(days=2, hours=1)) < 0.7


@given(reads)
def test_whatever_is_heard_a_rate_stays_a_rate(spans):
    pulse = load(None, 0.01)
    for since, at, news in spans:
        pulse = pulse.heard(since, at, news)
    assert 0 < pulse.rate(START) < 1e6
    assert isclose(sum(pulse.level), 1)


@given(reads)
def test_a_pulse_is_read_as_it_was_written(spans):
    pulse = load(None, 0.01)
    for since, at, news in spans:
        pulse = pulse.heard(since, at, news)
    kept = load(dump(pulse), 5.0)
    assert isclose(kept.rate(START), pulse.rate(START), rel_tol=1e-3)
    assert dump(kept) == dump(pulse)


def test_a_plan_that_finds_ever_so_much_can_be_read_again():
    pulse, chance = load(None, 1 / 30), Random(1)
    for place in range(200):
        since = START + place * MINUTE
        pulse = pulse.heard(since, since + MINUTE, chance.choice((0, 0, 0, 1, 1000, 10**6)))
    assert load(dump(pulse), 1.0).seconds > 0


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "not json",
        "[]",
        "{}",
        '{"prior": -1}',
        '{"prior": 0.1, "news": "many"}',
        '{"prior": 0.1, "news": 1e300}',
        '{"prior": 0.1, "counts": [1, 2]}',
        '{"prior": 0.1, "at": 1e300}',
        '{"prior": 0.1, "level": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}',
        '{"prior": 0.1, "spent": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}',
    ],
)
def test_what_cannot_be_read_is_learned_anew(text):
    assert load(text, 0.02) == Pulse(prior=0.02)


def test_a_fleets_mean_rate_is_the_prior_of_those_that_were_not_heard(even):
    assert isclose(typical([], 0.03), 0.03)
    quiet = listened(load(None, 0.1), START, 2 * 1440, lambda at: 0.1)
    assert 0.25 / 60 < typical([even, quiet, load(None, 9.0)], 5.0) < 0.35 / 60


def test_the_levels_are_in_order_around_one():
    assert list(LEVELS) == sorted(LEVELS)
    assert 1.0 in LEVELS
