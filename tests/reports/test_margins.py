"""Volume and margin: what is given back, what a margin is made of and what not, and sums that no 64 bits would hold."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from reports.margins import by_day, failures, margins, others

SCHEMA: dict[str, Any] = {
    "created_at": pl.Datetime("us", "UTC"),
    "charge": pl.Int64,
    "charge_currency": pl.String,
    "provider_charge": pl.Int64,
    "provider_charge_currency": pl.String,
    "status": pl.String,
    "quantity": pl.Int64,
    "remains": pl.Int64,
}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
USUAL = {
    "created_at": NOON,
    "charge": 100,
    "charge_currency": "USD",
    "provider_charge": 60,
    "provider_charge_currency": "USD",
    "status": "completed",
    "quantity": 1000,
    "remains": 0,
}


def framed(*rows: dict[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
    traded = pl.DataFrame([USUAL | row for row in rows], schema=SCHEMA)
    return traded, traded.filter(pl.col("status").is_in(["canceled", "refunded", "partial", "fail", "error"]))


def only(*rows: dict[str, Any]) -> dict[str, Any]:
    [found] = margins(*framed(*rows)).to_dicts()
    return found


def test_what_is_left_of_a_charge_is_the_margin():
    found = only({}, {})
    assert (found["revenue"], found["cost"], found["margin"], found["share"]) == (200, 120, 80, 40.0)


def test_a_canceled_order_is_given_back_on_both_sides():
    found = only({}, {"status": "canceled", "remains": 1000})
    assert (found["revenue"], found["returned"], found["net"], found["cost"], found["margin"]) == (
        200,
        100,
        100,
        60,
        40,
    )


def test_of_a_refunded_order_the_cost_stays():
    found = only({}, {"status": "refunded"})
    assert (found["revenue"], found["returned"], found["cost"], found["margin"]) == (200, 100, 120, -20)


@pytest.mark.parametrize(
    ("remains", "returned"), [(0, 0), (250, 25), (255, 25), (1000, 100), (5000, 100), (None, 0), (-3, 0)]
)
def test_of_a_partial_order_what_was_not_delivered_is_given_back(remains, returned):
    assert only({"status": "partial", "remains": remains})["returned"] == returned


def test_a_partial_order_of_unknown_quantity_gives_nothing_back():
    assert only({"status": "partial", "quantity": None, "remains": 5})["returned"] == 0


@pytest.mark.parametrize("status", ["fail", "error"])
def test_a_failed_order_costs_nothing_and_has_no_margin(status):
    found = only({}, {"status": status})
    assert (found["revenue"], found["cost"], found["known"], found["margin"]) == (200, 60, 1, 40)
    assert failures(framed({"status": status})[1]).rows() == [("USD", 1, 60)]


def test_an_order_whose_cost_is_not_told_has_no_margin():
    found = only({}, {"provider_charge": None, "provider_charge_currency": ""})
    assert (found["revenue"], found["known"], found["known_revenue"], found["margin"]) == (200, 1, 100, 40)


def test_nothing_known_is_no_share():
    assert only({"provider_charge": None})["share"] is None


def test_a_cost_in_another_currency_stands_apart_and_shrinks_alike():
    rows: tuple[dict[str, Any], ...] = (
        {"provider_charge_currency": "EUR"},
        {"provider_charge_currency": "EUR", "status": "partial", "remains": 500},
    )
    assert only(*rows)["known"] == 0
    assert others(*framed(*rows)).rows() == [("USD", "EUR", 2, 90)]


def test_currencies_are_never_added():
    found = margins(*framed({}, {"charge_currency": "EUR", "charge": 7}))
    assert found.select("currency", "revenue").rows() == [("EUR", 7), ("USD", 100)]


def test_sums_do_not_overflow():
    most = 2**63 - 1
    found = only(
        *({"charge": most, "provider_charge": most, "status": "partial", "quantity": most, "remains": most - 1},) * 3
    )
    assert (found["revenue"], found["returned"], found["margin"]) == (3 * most, 3 * (most - 1), 0)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        (
            "Europe/Berlin",
            datetime(2026, 3, 29, 22, 30, tzinfo=UTC),
            date(2026, 3, 30),
        ),  # summer time began that morning
        ("Europe/Berlin", datetime(2026, 3, 28, 22, 30, tzinfo=UTC), date(2026, 3, 28)),
        ("Asia/Kolkata", datetime(2026, 3, 1, 18, 29, 59, tzinfo=UTC), date(2026, 3, 1)),
        ("Asia/Kolkata", datetime(2026, 3, 1, 18, 30, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
def test_days_are_those_of_a_zone(zone, moment, day):
    traded, _ = framed({"created_at": moment})
    assert by_day(traded, ZoneInfo(zone))["day"].to_list() == [day]


def test_no_orders_make_no_rows():
    assert margins(*framed()).height == 0
