"""Service tracking's score: its vectors, its terms, and what of an order counts."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from reports import service_health as health
from reports.service_health import Measure

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIME = pl.Datetime("us", "UTC")
KINDS: dict[str, Any] = {"panel_id": pl.Int64, "service_id": pl.String, "created_at": TIME}
WAITING = pl.Schema(KINDS)
FINISHED = pl.Schema(
    KINDS | {"status": pl.String, "quantity": pl.Int64, "remains": pl.Int64, "finished_from": TIME, "finished_at": TIME}
)
SPEEDS = pl.Schema({"panel_id": pl.Int64, "service_id": pl.String, "per_day": pl.Int64})


def waiting(*, number=1, panel_id=1, service_id="170", ago=DAY):
    return [{"panel_id": panel_id, "service_id": service_id, "created_at": NOON - ago}] * number


def finish(*, took=HOUR, unsure=timedelta(0), seen=True, **changes):
    """An order that was finished at noon, `took` after its creation; it may have been `unsure` earlier."""
    plain = {"panel_id": 1, "service_id": "170", "status": "completed", "quantity": 1000, "remains": 0}
    begun = {"created_at": NOON - took, "finished_from": NOON - unsure if seen else None, "finished_at": NOON}
    return {**plain, **begun, **changes}


def rows(waits=(), ended=(), per_day=1000, **measure):
    speeds = [{"panel_id": panel, "service_id": "170", "per_day": per_day} for panel in (1, 2)]
    told = ((waits, WAITING), (ended, FINISHED), (speeds, SPEEDS))
    one, two, three = (pl.DataFrame(list(some), kinds) for some, kinds in told)
    return health.scored(one, two, three, Measure(**{"min_orders": 0, **measure})).to_dicts()


def row(waits=(), ended=(), **more):
    [found] = rows(waits, ended, **more)
    return found


def is_slow(*ended, **more):
    """(slow, rated)"""
    found = row(ended=ended, **more)
    return found["slow"], found["rated"]


VECTORS = [
    (0, 0, 10, 100, "healthy"),
    (5, 0, 10, 75, "healthy"),
    (6, 0, 10, 70, "warning"),
    (12, 0, 0, 40, "stalled"),
    (500, 0, 0, 40, "stalled"),
    (12, 1, 100, 39, "critical"),
    (0, 31, 100, 69, "warning"),
    (0, 61, 100, 39, "critical"),
    (12, 100, 100, -60, "critical"),
    (6, 3, 10, 40, "warning"),
]


@pytest.mark.parametrize(("stuck", "slow", "finished", "score", "band"), VECTORS)
def test_the_vectors_of_the_formula(stuck, slow, finished, score, band):
    ended = [finish(took=30 * DAY)] * slow + [finish()] * (finished - slow)
    found = row(waiting(number=stuck), ended)
    assert (found["score"], found["band"]) == (score, band)
    assert health.score(stuck, slow, finished) == score
    assert health.band(score, stuck, finished) == band


@pytest.mark.parametrize(("score", "shown"), [(-60, 0), (0, 0), (39.5, 39.5), (100, 100)])
def test_people_see_nought_to_a_hundred(score, shown):
    assert health.shown(score) == shown


def test_the_terms_sum_to_the_score_in_ten_thousand_random_cases():
    chance, cases = random.Random(7), []
    for _ in range(10_000):
        rated = chance.randrange(400)
        of_it = {"slow": chance.randint(0, rated), "rated": rated, "finished": rated + chance.randrange(3)}
        cases.append({"stuck": chance.randrange(30), **of_it, "unobserved": chance.randrange(2)})
    found = health.banded(health.termed(pl.DataFrame(cases)), min_orders=0)
    assert (found["score"] == 100 - found["stuck_term"] - found["slow_term"]).all()
    assert found["stuck_term"].is_between(0, 60).all()
    assert found["slow_term"].is_between(0, 100).all()
    for one in found.iter_rows(named=True):
        assert one["score"] == health.score(one["stuck"], one["slow"], one["rated"])
        assert one["band"] == health.band(one["score"], one["stuck"], one["finished"] + one["unobserved"])


def test_one_that_ended_unobserved_ends_a_stall_without_being_counted():
    found = row(waiting(number=12), [finish(seen=False)])
    assert (found["band"], found["finished"], found["unobserved"], found["rated"]) == ("warning", 0, 1, 0)


@pytest.mark.parametrize(("took", "slow"), [(2 * DAY, 0), (2 * DAY + timedelta(microseconds=1), 1), (HOUR, 0)])
def test_slow_is_longer_than_the_promise_times_the_multiplier(took, slow):
    assert is_slow(finish(took=took)) == (slow, 1)


def test_the_multiplier_is_the_measures():
    assert is_slow(finish(took=2 * DAY), multiplier=1.5) == (1, 1)


def test_it_is_slow_only_if_late_at_the_earliest_possible_finish():
    assert is_slow(finish(took=3 * DAY, unsure=2 * DAY)) == (0, 1)
    assert is_slow(finish(took=5 * DAY, unsure=2 * DAY)) == (1, 1)


def test_a_partial_order_is_held_against_what_was_delivered():
    part = {"status": "partial", "remains": 600}
    assert is_slow(finish(took=DAY, **part)) == (1, 1)
    assert is_slow(finish(took=0.8 * DAY, **part)) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "per_day"),
    [
        ({}, None),
        ({"quantity": None}, 1000),
        ({"created_at": None}, 1000),
        ({"status": "partial", "remains": 1001}, 1000),
    ],
)
def test_what_cannot_be_held_against_a_speed_is_finished_and_not_rated(changes, per_day):
    found = row(ended=[finish(took=30 * DAY, **changes)], per_day=per_day)
    assert (found["finished"], found["rated"], found["slow"], found["score"]) == (1, 0, 0, 100)


def test_a_partial_order_that_tells_no_remains_was_delivered_whole():
    assert is_slow(finish(took=2 * DAY, status="partial", remains=None)) == (0, 1)


def test_fewer_orders_than_the_least_are_set_apart_without_a_score():
    few, enough = (row(waiting(number=2), [finish()] * number, min_orders=5) for number in (2, 3))
    assert (few["band"], few["score"]) == ("few", None)
    assert (enough["band"], enough["score"]) == ("healthy", 90)


def test_those_that_ended_unobserved_do_not_make_up_for_few():
    assert row(waiting(), [finish(seen=False)] * 9, min_orders=5)["band"] == "few"


def test_the_oldest_stuck_one_is_told():
    assert row(waiting() + waiting(ago=3 * DAY))["oldest"] == NOON - 3 * DAY


def test_services_of_two_panels_are_two():
    found = rows(waiting(panel_id=2), [finish()])
    assert [(one["panel_id"], one["stuck"], one["finished"]) for one in found] == [(2, 1, 0), (1, 0, 1)]


def test_the_worst_comes_first_and_the_set_apart_last():
    named = {"a": 14, "b": 2, "c": 8, "d": 15, "e": 7}
    waits = [one for name, number in named.items() for one in waiting(number=number, service_id=name)]
    ended = [finish(service_id="a", took=30 * DAY)] * 2
    assert [one["service_id"] for one in rows(waits, ended, min_orders=5)] == ["d", "a", "c", "e", "b"]


def test_nothing_gives_no_rows():
    assert rows() == []
