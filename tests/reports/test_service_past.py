"""What waited and what had finished at a past moment, rebuilt from what changed since."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from reports import service_past
from reports.windows import of_hours

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = of_hours(24, NOON)
TIME = pl.Datetime("us", "UTC")
NOW: dict[str, Any] = {
    "panel_id": pl.Int64,
    "id": pl.String,
    "service_id": pl.String,
    "status": pl.String,
    "created_at": TIME,
}
ENDS: dict[str, Any] = {"finished_from": TIME, "finished_at": TIME}
FLIP: dict[str, Any] = {"number": pl.Int64, "was": pl.String}
FINISH: dict[str, Any] = {
    "panel_id": pl.Int64,
    "id": pl.String,
    "number": pl.Int64,
    "not_before": TIME,
    "not_after": TIME,
}


def orders(*rows, **kinds):
    """Each an id and what else is told of it."""
    plain = {"panel_id": 1, "service_id": "170", "status": "completed", "created_at": NOON - 20 * HOUR}
    return pl.DataFrame([{**plain, "id": id, **more} for id, more in rows], NOW | kinds)


def changed(*flips):
    """Each an id, the number of the change, what it was, and what else is told of the order."""
    rows = [(id, {"number": number, "was": was, **more}) for id, number, was, more in flips]
    return service_past.first(orders(*rows, **ENDS, **FLIP))


def waiting(now, flips):
    found = service_past.waiting(orders(*now), changed(*flips), NOON - 12 * HOUR)
    return {one["id"]: one["status"] for one in found.iter_rows(named=True)}


def finished(now, flips, finishes=()):
    told = pl.DataFrame(
        [{"panel_id": 1, "id": id, "number": n, "not_before": a, "not_after": b} for id, n, a, b in finishes], FINISH
    )
    found = service_past.finished(orders(*now, **ENDS), changed(*flips), told, WINDOW)
    return {one["id"]: (one["status"], one["finished_from"], one["finished_at"]) for one in found.iter_rows(named=True)}


def test_the_first_change_after_the_moment_says_what_an_order_was():
    flips = [("1", 9, "in_progress", {}), ("1", 4, "pending", {}), ("2", 3, "canceled", {"status": "pending"})]
    assert waiting([("2", {}), ("3", {})], flips) == {"1": "pending", "3": "completed"}


def test_what_was_created_too_late_for_that_moment_was_not_stuck_then():
    assert waiting([], [("1", 1, "pending", {"created_at": NOON - 12 * HOUR})]) == {}


def test_what_was_read_as_finished_later_had_not_finished_then():
    ended = {"finished_from": NOON - HOUR, "finished_at": NOON - HOUR}
    assert finished([("1", ended)], [("1", 1, "pending", ended)]) == {}


def test_what_finished_then_and_ran_again_since_had_finished():
    told = (NOON - 3 * HOUR, NOON - 2 * HOUR)
    flips = [("1", 5, "completed", {"status": "pending"})]
    assert finished([], flips, [("1", 2, NOON - 9 * HOUR, NOON - 8 * HOUR), ("1", 4, *told)]) == {
        "1": ("completed", *told)
    }


def test_one_that_was_done_at_first_sight_and_changed_since_was_not_observed():
    assert finished([], [("1", 5, "completed", {"status": "refunded"})]) == {"1": ("completed", None, NOON - 20 * HOUR)}


def test_a_partial_one_that_was_completed_since_was_partial_then():
    ended = {"finished_from": NOON - 2 * HOUR, "finished_at": NOON - HOUR}
    assert finished([("1", ended)], [("1", 5, "partial", ended)]) == {"1": ("partial", *ended.values())}
