"""User tracking over frames made by hand: sums beyond 64 bits, whose a record is, what of a charge is lost, and the order of customers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from reports import user_tracking
from reports.user_tracking import Least, lost

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")
LARGE = 9 * 10**18
SPANS: dict[str, Any] = {"panel_id": pl.Int64, "name": pl.String, "user_id": pl.String, "since": TIME, "until": TIME}
TOLD: dict[str, Any] = {"panel_id": pl.Int64, "name": pl.String, "at": TIME, "currency": pl.String, "units": pl.Int64}
PAID: dict[str, Any] = {**TOLD, "user_id": pl.String, "kind": pl.String}
NOBODY = pl.DataFrame(schema={"panel_id": pl.Int64, "user_id": pl.String, "name": pl.String})


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def ordered(*rows: tuple[str, float, int | None], panel: int = 1) -> pl.DataFrame:
    """Name, hour and units of each."""
    return pl.DataFrame(
        [(panel, name, at(hour), "USD", units) for name, hour, units in rows], schema=TOLD, orient="row"
    )


def paid(*rows: tuple[str, float, int, str, str]) -> pl.DataFrame:
    """Name, hour, units, the customer's number and kind of each."""
    told = [(1, name, at(hour), "USD", units, user_id, kind) for name, hour, units, user_id, kind in rows]
    return pl.DataFrame(told, schema=PAID, orient="row")


def spans(*rows: tuple[str, str, float | None, float | None]) -> pl.DataFrame:
    told = [
        (1, name, user_id, *(None if hour is None else at(hour) for hour in (a, b))) for name, user_id, a, b in rows
    ]
    return pl.DataFrame(told, schema=SPANS, orient="row")


def ranked(orders, payments=None, bearers=None, least=None, anyway=NOBODY) -> pl.DataFrame:
    none = paid() if payments is None else payments
    return user_tracking.ranked(orders, none, spans() if bearers is None else bearers, least or Least(), anyway)


def spends(found: pl.DataFrame) -> dict[tuple[str, str], int]:
    whole = user_tracking.whole
    return {
        (row["user_id"], row["name"]): whole(found[n : n + 1], "spend")
        for n, row in enumerate(found.iter_rows(named=True))
    }


def test_sums_go_beyond_64_bits():
    found = ranked(
        ordered(("a", 0, LARGE), ("a", 1, LARGE), ("a", 2, LARGE), ("b", 0, LARGE), ("b", 1, LARGE), ("b", 2, 1))
    )
    assert list(spends(found).items()) == [(("", "a"), 3 * LARGE), (("", "b"), 2 * LARGE + 1)]
    assert user_tracking.whole(found, "spend") == 5 * LARGE + 1


@pytest.mark.parametrize("units", [(-5, 3), (-(10**9), 10**9 - 1), (-1, -1), (None, 4)])
def test_amounts_below_zero_and_missing_ones_add_up(units):
    found = ranked(ordered(*(("a", 0, one) for one in units)))
    assert spends(found) == {("", "a"): sum(one or 0 for one in units)}
    assert found["orders"].to_list() == [2]


def test_the_smallest_unit_decides_between_two():
    found = ranked(ordered(("a", 0, LARGE), ("b", 0, LARGE), ("b", 0, 1)))
    assert found["name"].to_list() == ["b", "a"]


def test_equal_ones_stand_by_panel_and_number_and_the_unknown_last():
    rows = [(1, "", "b"), (2, "9", ""), (1, "10", ""), (1, "9", ""), (1, "", "a")]
    told = pl.DataFrame(rows, schema=NOBODY.schema, orient="row")
    found = user_tracking.in_order(told.with_columns(spend_whole=0, spend_part=0))
    assert list(found.select("panel_id", "user_id", "name").iter_rows()) == [
        (1, "9", ""),
        (1, "10", ""),
        (1, "", "a"),
        (1, "", "b"),
        (2, "9", ""),
    ]


def test_a_name_is_whose_it_was_at_the_time():
    whose = spans(("x", "1", None, 2), ("x", "2", 5, None), ("y", "1", 1, None))
    told = ordered(("x", 0, 1), ("x", 2, 10), ("x", 5, 100), ("y", 1, 1000), ("z", 1, 10000))
    assert spends(ranked(told, None, whose)) == {("", "z"): 10000, ("1", ""): 1001, ("2", ""): 100, ("", "x"): 10}


def test_a_name_of_two_at_once_is_nobodys():
    whose = spans(("x", "1", None, None), ("x", "2", None, None))
    assert spends(ranked(ordered(("x", 0, 1)), None, whose)) == {("", "x"): 1}


def test_a_payment_that_tells_its_customer_is_theirs():
    whose = spans(("x", "1", None, 2), ("x", "2", 2, None))
    found = ranked(ordered(), paid(("x", 0, 5, "2", "paid"), ("x", 0, 7, "", "paid"), ("", 0, 9, "2", "paid")), whose)
    assert dict(found.select("user_id", "paid_part").iter_rows()) == {"2": 14, "1": 7}


def test_a_payment_that_tells_a_number_nobody_held_has_is_not_the_names():
    found = ranked(ordered(("x", 0, 1)), paid(("x", 0, 5, "9", "paid")), spans(("x", "1", None, None)))
    assert dict(found.select("user_id", "paid_part").iter_rows()) == {"1": 0, "9": 5}


def test_what_nobody_paid_is_in_no_sum_of_payments():
    found = ranked(ordered(), paid(("a", 0, 5, "", "paid"), ("a", 0, 6, "", "hand"), ("a", 0, 7, "", "bonus")))
    names = ("payments", "paid_part", "hands", "hand_part", "bonuses", "bonus_part")
    assert found.select(names).row(0) == (1, 5, 1, 6, 1, 7)
    assert ranked(ordered(), paid(("a", 0, 6, "", "hand")), least=Least(payments=1)).is_empty()


@pytest.mark.parametrize(
    ("least", "left"), [(0, "abc"), (1, "ab"), (10**10, "ab"), (10**10 + 1, "b"), (10**10 + 2, "")]
)
def test_a_profile_asks_for_a_spend(least, left):
    found = ranked(ordered(("a", 0, 10**10), ("b", 0, 10**10 + 1), ("c", 0, 0)), least=Least(spend=least))
    assert "".join(sorted(found["name"])) == left


def test_who_did_nothing_is_there_if_asked_for():
    anyway = pl.DataFrame([(1, "", "idle"), (1, "", "a")], schema=NOBODY.schema, orient="row")
    assert spends(ranked(ordered(("a", 0, 3)), anyway=anyway)) == {("", "a"): 3, ("", "idle"): 0}


def test_the_currency_with_most_orders_comes_first():
    told = pl.DataFrame({"currency": ["EUR", "USD", "", "EUR", "IRT"]})
    payments = pl.DataFrame({"currency": ["TRY", "USD", "USD"]})
    assert user_tracking.currencies(told, payments) == [("EUR", 2), ("IRT", 1), ("USD", 1), ("TRY", 0)]


@pytest.mark.parametrize(
    ("order", "units"),
    [
        (("completed", 100, 10, 5), 0),
        (("error", 100, 10, 5), 0),
        (("canceled", 100, 10, 5), 100),
        (("canceled", None, None, None), 0),
        (("refunded", 100, 10, 0), 100),
        (("partial", 100, 10, 5), 50),
        (("partial", 100, 3, 1), 33),
        (("partial", 100, 3, None), 0),
        (("partial", 100, None, 3), 0),
        (("partial", 100, 0, 3), 0),
        (("partial", 100, 10, 11), 100),
        (("partial", 100, 10, -1), 0),
        (("partial", LARGE, LARGE, LARGE - 1), LARGE - 1),
    ],
)
def test_what_of_a_charge_paid_for_nothing(order, units):
    assert lost(*order) == units


def test_the_three_services_ordered_most():
    told = [(1, "", "a", one) for one in ("9", "10", "10", "9", "8", "8", "7", "", "", "")]
    rows = pl.DataFrame([*told, (2, "", "a", "1")], schema={**NOBODY.schema, "service_id": pl.String}, orient="row")
    used = user_tracking.used(rows)
    assert list(used.select("panel_id", "service_id", "n").iter_rows()) == [
        (1, "8", 2),
        (1, "9", 2),
        (1, "10", 2),
        (2, "1", 1),
    ]
