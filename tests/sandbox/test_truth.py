"""A month in the life of a panel: whatever happens, an order only goes forward, and says so."""

from datetime import UTC, datetime

import msgspec
import pytest

from hyperpanel.sandbox import moves, truth
from tests.sandbox.conftest import small

STAGE = {"awaiting": 0, "pending": 0, "in_progress": 1, "processing": 1}
HOURS = (0.01, 0.1, 1, 3, 8, 24)


@pytest.fixture(scope="module")
def month():
    """Pairs of what each order was and is, over ninety looks."""
    fleet = small()
    panel, pairs = fleet.panels[0], []
    before = {row["id"]: row for row in truth.orders(panel)}
    for look in range(90):
        fleet.clock.step(HOURS[look % len(HOURS)] * 3600)
        if look % 5 == 0:
            moves.create(panel, 10)
            moves.move(panel, 15)
        after = {row["id"]: row for row in truth.orders(panel)}
        pairs += [(before[key], after[key]) for key in before if before[key] != after[key]]
        before = after
    return pairs


def test_orders_live(month):
    assert {now["status"] for _, now in month} >= {"in_progress", "processing", "completed", "partial", "canceled"}


def test_no_order_goes_back(month):
    assert all(STAGE.get(was["status"], 2) <= STAGE.get(now["status"], 2) for was, now in month)


def test_what_is_closed_stays_as_it_is(month):
    assert {was["status"] for was, _ in month} <= STAGE.keys()


def test_nothing_changes_without_its_last_update_rising(month):
    assert all(was["last_update_timestamp"] < now["last_update_timestamp"] for was, now in month)


def test_remains_never_rises_but_on_a_cancel(month):
    told = [(was, now) for was, now in month if None not in (was["remains"], now["remains"])]
    assert all(was["remains"] >= now["remains"] for was, now in told if now["status"] != "canceled")


def test_a_start_count_never_moves(month):
    assert all(was["start_count"] in (None, now["start_count"]) for was, now in month)


def test_remains_is_never_more_than_the_quantity(month):
    assert all(0 <= (now["remains"] or 0) <= now["quantity"] for _, now in month)


def test_of_an_hour_that_comes_twice_the_first_is_told_where_only_the_local_time_is_written():
    panel = small(orders=4000, now=datetime(2026, 11, 1, tzinfo=UTC)).panels[0]
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC).timestamp() for hour in (0, 1)]
    assert [truth.knowable(panel, int(moment), "missing") for moment in twice] == [twice[0]] * 2
    assert [truth.knowable(panel, int(moment), "present") for moment in twice] == twice


@pytest.mark.parametrize("stream", truth.STREAMS)
async def test_the_truth_comes_in_lines_a_row_each(caller, stream):
    answer = await caller.http.get(f"/_truth/eu-1/{stream}")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [msgspec.json.decode(line) for line in answer.content.splitlines()] == truth.rows(caller.panel, stream)
