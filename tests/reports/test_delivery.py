"""Delivery: ranges hold about nine in ten coming orders, whatever still waits."""

import math
import random

import polars as pl
import pytest

from reports.delivery import BANDS, LEAST, band, measured, ranges
from tests.support.deliveries import NOW, SCHEMA, frame, moment, order

NARROW = 1e-3


def finished(number: int, took: float, ago: float = 100.0, **changes):
    """Created `ago` hours before now, done after `took`."""
    return order(ago, (ago - took, ago - took - NARROW), id=str(number), **changes)


def found(*rows) -> dict[str, float]:
    [row] = measured(frame(*rows), NOW, NOW).to_dicts()
    assert ranges(frame(*rows), NOW, NOW).to_dicts() == [{name: row[name] for name in row if name != "is_endless"}]
    return row


def test_of_few_orders_there_is_no_range():
    assert ranges(frame(*(finished(n, 1) for n in range(LEAST - 1))), NOW).is_empty()


def test_twenty_orders_make_a_range_from_the_quickest_to_the_slowest():
    row = found(*(finished(n, 1 + n, ago=100 + n) for n in range(LEAST)))
    assert row["low_seconds"] == pytest.approx(3600, rel=0.01)
    assert row["high_seconds"] == pytest.approx(3600 * LEAST, rel=0.01)
    assert (row["n"], row["open"]) == (LEAST, 0)


@pytest.mark.parametrize("waiting", [0.0, 0.3])
def test_nine_in_ten_coming_orders_are_within(waiting):
    """Some of those that are known are cut off while they wait: the slow ones."""
    assert 0.87 <= sum(held(random.Random(seed), waiting) for seed in range(8)) / 8 <= 0.93


def held(chance: random.Random, waiting: float) -> float:
    """The share of 500 coming orders within a range made of 300."""
    took = [math.exp(chance.gauss(1, 0.8)) for _ in range(800)]
    ages = [chance.uniform(0, 6) if chance.random() < waiting else 100 for _ in range(300)]
    row = found(*(cut(n, *each) for n, each in enumerate(zip(took[:300], ages, strict=True))))
    return sum(row["low_seconds"] <= one * 3600 <= row["high_seconds"] for one in took[300:]) / 500


def cut(number: int, took: float, ago: float):
    return finished(number, took, ago) if took < ago else order(ago, id=str(number))


def test_orders_that_wait_make_a_range_longer():
    done = [finished(n, 1 + n / 30, ago=30 + n / 100) for n in range(60)]
    alone, beside = found(*done), found(*done, *(order(20, id=f"w{n}") for n in range(12)))
    assert beside["high_seconds"] > 3 * alone["high_seconds"]
    assert beside["open"] == 12
    assert (alone["is_endless"], beside["is_endless"]) == (False, True)


def test_a_new_speed_shows_in_the_latest_orders():
    slow = [finished(n, 20 + n % 10, ago=3000 - n) for n in range(1500)]
    quick = [finished(n + 5000, 1 + n % 10 / 10, ago=400 - n / 2) for n in range(600)]
    assert found(*slow, *quick)["high_seconds"] < 20 * 3600


def test_bounds_of_a_finish_are_both_allowed_for():
    row = found(*(order(50, (40, 30), id=str(n)) for n in range(40)))
    assert 10 * 3600 < row["low_seconds"] < row["high_seconds"] < 20 * 3600


def test_a_late_panel_makes_no_order_wait_longer_than_it_was_seen_to():
    rows = [*(finished(n, 1, ago=80 + n) for n in range(25)), *(order(78, id=f"w{n}") for n in range(10))]
    [row] = ranges(frame(*rows), NOW).to_dicts()
    assert row["high_seconds"] < 2 * 3600


def test_canceled_orders_are_left_out():
    done = [finished(n, 1) for n in range(25)]
    assert found(*done, *(order(90, id=f"c{n}", status="canceled") for n in range(20)))["open"] == 0


def test_quantities_are_told_apart_by_their_upper_bound():
    quantities = pl.DataFrame({"quantity": [1, 100, 101, 1_000, 10_000, 10_001]})
    assert quantities.select(band(pl.col("quantity"))).to_series().to_list() == [0, 0, 1, 1, 2, 3]
    assert len(BANDS) == 4


def test_what_came_later_waits_as_of_an_earlier_moment():
    rows = [*(finished(n, 1, ago=80) for n in range(25)), *(finished(n + 50, 60, ago=80) for n in range(10))]
    [row] = ranges(frame(*rows), moment(-70)).to_dicts()
    assert (row["n"], row["open"]) == (25, 10)


def test_nothing_has_no_range():
    assert ranges(pl.DataFrame(schema=SCHEMA), NOW).is_empty()
