"""Promises: the speed in a name beside what orders did, judged by the earliest possible finish."""

from typing import Any

import polars as pl
import pytest

from reports import promises
from tests.support.deliveries import frame, order

PROMISED = pl.DataFrame({"panel_id": [1], "service_id": ["s"], "per_day": [24_000]})


def audited(*rows, speeds: pl.DataFrame = PROMISED) -> list[dict[str, Any]]:
    return promises.audited(frame(*rows), speeds).to_dicts()


def took(hours: float, count: int = 25, **changes):
    """Orders of a thousand, seen done half an hour after that at the latest."""
    return [order(90, (90 - hours, 89.5 - hours), id=f"{hours}-{n}", **changes) for n in range(count)]


@pytest.mark.parametrize(
    ("hours", "verdict", "times"), [(0.9, "keeps", 0.9), (1.0, "keeps", 1.0), (1.8, "short", 1.8), (0.3, "faster", 0.3)]
)
def test_a_thousand_at_24_000_a_day_take_an_hour(hours, verdict, times):
    [row] = audited(*took(hours))
    assert (row["verdict"], row["times"]) == (verdict, pytest.approx(times))


def test_speeds_are_told_between_the_bounds_of_the_finish():
    [row] = audited(*took(2.0))
    assert (row["half_high"], row["half_low"]) == (pytest.approx(12_000), pytest.approx(9_600))


def test_most_is_what_nine_in_ten_reached():
    [row] = audited(*took(1.0, 22), *took(4.0, 3))
    assert (row["half_high"], row["most_high"]) == (pytest.approx(24_000), pytest.approx(6_000))
    assert (row["kept"], row["n"]) == (22, 25)


def test_few_orders_are_shown_and_not_judged():
    [row] = audited(*took(5.0, 19))
    assert (row["n"], row["verdict"]) == (19, "few")


def test_a_partial_order_is_as_fast_as_what_it_delivered():
    [row] = audited(*took(1.0, status="partial", remains=500))
    assert row["half_high"] == pytest.approx(12_000)


def test_bands_are_audited_apart():
    assert [row["band"] for row in audited(*took(1.0), *took(2.0, quantity=50))] == [0, 1]


def test_without_a_promise_or_an_observed_finish_there_is_nothing_to_audit():
    none = PROMISED.with_columns(per_day=pl.lit(None, pl.Int64))
    unseen = order(90, id="u", status="completed", finished_at=order(90)["created_at"])
    assert audited(*took(1.0), speeds=none) == audited(unseen) == []
