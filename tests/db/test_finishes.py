"""When an order finished: between the read that saw it open and the one that saw it done, or when its panel says, or nobody knows."""

from datetime import timedelta
from pathlib import Path

import pytest

from hyperpanel.db.schema import orders
from sync.connectors.base import Stream
from sync.store import Outcome
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, order

HOUR = timedelta(hours=1)


@pytest.fixture
async def kit(database_url: str, tmp_path: Path):
    async with kit_over(database_url, tmp_path, streams=(Stream("orders", ("head", "refresh", "backfill")),)) as made:
        yield made


async def finish(kit, *told):
    """After these reads, each an order and hours after noon: (finished_from, finished_at) in hours after noon."""
    claim = await kit.claim()
    for number, (record, hours) in enumerate(told, start=1):
        kit.clock.time = NOON + hours * HOUR
        await kit.commit(claim, batch(number, record, at=kit.clock.time))
    [row] = await kit.rows(orders)
    return tuple(at and (at - NOON) / HOUR for at in (row.finished_from, row.finished_at))


async def test_an_open_order_has_not_finished(kit):
    assert await finish(kit, (order(), 1)) == (None, None)


@pytest.mark.parametrize("status", ["completed", "partial"])
async def test_it_finished_between_two_reads(kit, status):
    assert await finish(kit, (order(), 1), (order(status=status), 3)) == (1, 3)


async def test_a_refresh_that_saw_all_open_ones_raises_the_earliest_moment(kit):
    claim = await kit.claim("refresh")
    await kit.commit(claim, batch(1, order(), at=NOON))
    kit.clock.time = NOON + 2 * HOUR
    await kit.store.finish(claim, Outcome())
    claim = await kit.claim("refresh")
    await kit.store.finish(claim, Outcome())
    await kit.commit(await kit.claim(), batch(9, order(status="completed"), at=NOON + 3 * HOUR))
    [row] = await kit.rows(orders)
    assert (row.finished_from, row.finished_at) == (NOON + 2 * HOUR, NOON + 3 * HOUR)


@pytest.mark.parametrize(("told", "kept"), [(2, (2, 2)), (1, (1, 1)), (3, (3, 3)), (0.5, (1, 3)), (9, (1, 3))])
async def test_the_last_update_counts_within_these_bounds_and_is_no_evidence_outside(kit, told, kept):
    done = order(status="completed", last_update_at=NOON + told * HOUR)
    assert await finish(kit, (order(), 1), (done, 3)) == kept


@pytest.mark.parametrize("told", [-1, 6])
async def test_done_at_first_sight_with_an_impossible_last_update_is_not_observed(kit, told):
    assert await finish(kit, (order(status="completed", last_update_at=NOON + told * HOUR), 5)) == (None, 0)


@pytest.mark.parametrize("change", [{}, {"status": "partial"}, {"start_count": 7}])
async def test_what_was_seen_done_does_not_finish_again_when_it_is_touched(kit, change):
    touched = order(**({"status": "completed"} | change), last_update_at=NOON + 8 * HOUR)
    silent = order(status="completed", remains=3)
    assert await finish(kit, (order(status="completed"), 5), (silent, 9), (touched, 12)) == (None, 0)


async def test_done_at_first_sight_is_not_observed(kit):
    assert await finish(kit, (order(status="completed"), 5)) == (None, 0)


async def test_done_at_first_sight_with_a_last_update_finished_then(kit):
    assert await finish(kit, (order(status="completed", last_update_at=NOON + 2 * HOUR), 5)) == (2, 2)


async def test_what_is_older_than_a_report_looks_back_is_not_counted(kit):
    assert await finish(kit, (order(status="completed", created_at=NOON - timedelta(days=40)), 5)) == (None, None)


async def test_a_second_look_at_a_finished_order_changes_nothing(kit):
    done = order(status="completed")
    assert await finish(kit, (order(), 1), (done, 3), (order(status="completed", start_count=7), 9)) == (1, 3)


async def test_an_order_that_runs_again_has_not_finished_and_finishes_anew(kit):
    again = order(status="in_progress")
    assert await finish(kit, (order(), 1), (order(status="completed"), 3), (again, 4)) == (None, None)


async def test_canceled_is_not_finished(kit):
    assert await finish(kit, (order(), 1), (order(status="completed"), 3), (order(status="canceled"), 4)) == (
        None,
        None,
    )


async def test_a_last_update_told_later_makes_an_unseen_finish_known(kit):
    later = order(status="completed", last_update_at=NOON + 2 * HOUR)
    assert await finish(kit, (order(status="completed"), 5), (later, 9)) == (2, 2)
