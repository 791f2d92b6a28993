"""Paces: the usual hazard of a finish, by provider, service, quantity and age."""

import polars as pl
import pytest

from reports.paces import learnt, with_risk
from tests.support.deliveries import NOW, SCHEMA, World, frame, moment, order


def risks(paces, *ages: float) -> list[float]:
    """At these ages, of an order of the first one's kind."""
    one = paces.orders.head(1).select("provider", "level")
    return [with_risk(one, paces.curves, pl.lit(age), "passed")["passed"].item() for age in ages]


def test_risk_grows_with_age_and_is_none_at_first():
    found = risks(learnt(World().orders(), NOW), -1.0, 0.0, 0.5, 2.0, 8.0, 500.0)
    assert found[:2] == [0.0, 0.0]
    assert found == sorted(found)


def test_larger_orders_take_longer():
    paces = learnt(World().orders(), NOW)
    sized = World().orders().select("quantity", begun=(pl.col("created_at") - NOW).dt.total_microseconds() / 3.6e9)
    both = paces.orders.join(sized, on="begun").filter(pl.col("service_id") == "s1", pl.col("panel_id") == 1)
    assert both.select(pl.corr("quantity", "level", method="spearman")).item() == pytest.approx(1, abs=0.01)


def test_what_was_done_before_anybody_watched_teaches_nothing():
    unseen = [order(50 + n, id=f"u{n}", status="completed", finished_at=moment(-50 - n)) for n in range(5)]
    seen = [order(20 + n, (19 + n, 18 + n), id=f"s{n}") for n in range(5)]
    assert learnt(frame(*unseen, *seen), NOW).orders.height == 5


def test_what_was_done_at_first_sight_under_watch_was_quick():
    sudden = order(5, id="sudden", status="completed", finished_at=moment(-5))
    seen = [order(20 + n, (19 + n, 18 + n), id=f"s{n}") for n in range(5)]
    paces = learnt(frame(*seen, sudden), NOW)
    took = (paces.orders["ended"] - paces.orders["begun"]).min()
    assert took == pytest.approx(1 / 60)


def test_only_whole_deliveries_are_finishes():
    partial = [order(20 + n, (10 + n, 9 + n), id=str(n), status="partial") for n in range(5)]
    assert learnt(frame(*partial, order(9, (8, 7), id="whole")), NOW).orders["ended"].count() == 1


def test_nothing_teaches_nothing():
    assert learnt(pl.DataFrame(schema=SCHEMA), NOW).curves.is_empty()
