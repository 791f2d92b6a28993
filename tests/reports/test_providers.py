"""Providers: counts as in service tracking, put together by provider, and the state that follows."""

import polars as pl
import pytest

from reports import providers
from reports.service_health import Measure
from tests.support.deliveries import frame, moment, order

SINCE = moment(-24)
SPEEDS = pl.DataFrame({"panel_id": [1, 2], "service_id": ["s", "s"], "per_day": [24_000, 24_000]})


def rows(waiting=(), finished=()):
    return providers.summed(frame(*waiting), frame(*finished), SPEEDS, Measure(), SINCE).to_dicts()


def done(count: int, hours: float = 1.0, **changes):
    return [order(9, (9 - hours, 8.9 - hours), id=f"{hours}-{n}", **changes) for n in range(count)]


def stuck(count: int, **changes):
    return [order(20 + n / 2, id=str(n), **changes) for n in range(count)]


def test_what_was_stuck_before_the_window_is_not_fresh():
    edges = [order(36, id="in"), order(36.01, id="out")]
    [row] = rows(edges)
    assert (row["stuck"], row["fresh"]) == (2, 1)


@pytest.mark.parametrize(
    ("waiting", "finished", "state"),
    [
        (11, [], "silent"),
        (11, done(1), "works"),
        (12, done(36), "struggling"),
        (12, done(37), "works"),
        (0, [*done(15), *done(6, 4.0)], "works"),
        (0, [*done(14), *done(6, 4.0)], "struggling"),
        (0, [*done(10), *done(9, 4.0)], "works"),
        (1, done(3), "few"),
        (2, done(3), "works"),
    ],
)
def test_twelve_newly_stuck_or_three_in_ten_slow_of_twenty_is_struggling(waiting, finished, state):
    [row] = rows(stuck(waiting), finished)
    assert row["state"] == state


def test_a_provider_is_one_across_panels_and_services():
    [row] = rows(stuck(2, panel_id=2), [*done(3), *done(2, 2.0, service_id="t")])
    assert (row["stuck"], row["finished"], row["panels"], row["services"]) == (2, 5, 2, 3)


def test_orders_that_name_no_provider_are_left_out():
    assert rows(stuck(20, provider=""), done(20, provider="")) == []


def test_the_worst_come_first():
    found = rows([*stuck(3, provider="b"), *stuck(13, provider="c")], [*done(9, provider="a"), *done(9, provider="b")])
    assert [row["provider"] for row in found] == ["c", "b", "a"]


def test_what_nobody_saw_finish_is_counted_apart():
    unseen = [{**one, "finished_from": None} for one in done(4)]
    [row] = rows((), [*done(6, 4.0), *unseen])
    assert (row["finished"], row["unobserved"], row["rated"], row["slow"]) == (6, 4, 6, 6)


def test_a_providers_services_are_told_apart():
    found = providers.by_service(frame(*stuck(13, panel_id=2)), frame(*done(9)), SPEEDS, Measure(), SINCE).to_dicts()
    assert [(row["panel_id"], row["stuck"], row["finished"]) for row in found] == [(2, 13, 0), (1, 0, 9)]


def test_currencies_are_never_added_together():
    waiting = frame(*stuck(3, charge=5), *stuck(2, charge=7, charge_currency="EUR"), *stuck(1, charge=None))
    found = {(row["provider"], row["charge_currency"]): row["charge"] for row in providers.at_risk(waiting).to_dicts()}
    assert found == {("prov-0", "EUR"): 14, ("prov-0", "USD"): 15}


def test_dear_orders_do_not_wrap_around():
    dear = frame(*stuck(2, charge=5 * 10**18))
    assert providers.at_risk(dear).rows() == [("prov-0", "USD", 10**19)]
