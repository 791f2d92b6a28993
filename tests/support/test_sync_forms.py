"""The settings of syncing as typed: each judged, bounds against the interval that holds, and what an empty field comes to."""

import pytest

from hyperpanel.config import Sync
from hyperpanel.db.sync_rules import Rules
from hyperpanel.support.sync_forms import Field, change, effective, judge
from hyperpanel.support.sync_settings import pace

SETTINGS = Sync()
RULES = Rules(pace(SETTINGS))
OWN = Rules(pace(SETTINGS), {("orders", "head_seconds"): 60.0}, {1: {("orders", "head_longest"): 90.0}})


def wrong(rules: Rules, panel_id: int | None = None, **typed: str) -> dict[str, str]:
    named = {name.replace("__", "-"): value for name, value in typed.items()}
    return {name: str(problem) for name, problem in judge(rules, panel_id, named).errors.items()}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("head_seconds", " 5 ", 5),
        ("head_longest", "7,5e1", 75),
        ("retention_days", "3650", 3650),
        ("per_fetch", "1", 1),
    ],
)
def test_a_number_is_read_as_people_write_it(name, text, value):
    judged = judge(RULES, None, {f"orders-{name}": text})
    assert judged.errors == {}
    assert judged.values[Field("orders", name)] == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("head_seconds", "4"), ("head_seconds", "x"), ("head_seconds", "nan"), ("head_seconds", "1e9"),
        ("retention_days", "0"), ("retention_days", "3651"), ("retention_days", "1.5"), ("per_fetch", "1001"),
        ("sweep_hours", "0"), ("weight", "3"), ("paced", "2"), ("head_seconds", "٣٠"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_at_its_field(name, text):
    assert list(wrong(RULES, **{f"orders__{name}": text})) == [f"orders-{name}"]


def test_all_that_is_wrong_is_said_at_once():
    assert set(wrong(RULES, orders__head_seconds="1", tickets__sweep_hours="0")) == {
        "orders-head_seconds",
        "tickets-sweep_hours",
    }


def test_a_bound_is_judged_by_the_interval_that_is_inherited():
    said = wrong(RULES, orders__head_shortest="31")
    assert said == {"orders-head_shortest": "The shortest, 31 s, is longer than the interval, 30 s."}
    assert wrong(OWN, 1, orders__head_shortest="31") == {}


def test_an_interval_beyond_a_bound_set_elsewhere_is_what_is_wrong():
    rules = Rules(pace(SETTINGS), {("orders", "head_longest"): 90.0})
    said = wrong(rules, 1, orders__head_seconds="120")
    assert said == {"orders-head_seconds": "The longest, 90 s, is shorter than the interval, 120 s."}


def test_what_was_not_sent_stays_and_what_is_empty_inherits():
    made = change(OWN, 1, judge(OWN, 1, {"orders-head_longest": ""}))
    assert made.fields == {Field("orders", "head_longest"): (90.0, None)}
    assert made.after.overrides[1] == {}
    assert change(OWN, 1, judge(OWN, 1, {})).fields == {}


def test_a_field_comes_to_what_the_next_above_it_says():
    def found(rules: Rules, panel_id: int | None, name: str) -> float:
        return effective(SETTINGS, rules, panel_id, Field("orders", name))

    assert found(RULES, None, "head_seconds") == 30
    assert found(OWN, 1, "head_seconds") == 60
    assert found(OWN, 1, "head_longest") == 90
    assert found(OWN, 2, "head_longest") == 240
    assert (found(OWN, 2, "retention_days"), found(OWN, 2, "per_fetch")) == (90, 1000)
    assert (found(OWN, 2, "weight"), found(OWN, 2, "paced"), found(OWN, 2, "watch_seconds")) == (1, 1, 30)
