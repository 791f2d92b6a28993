"""The Store on both databases: claims, fences, observation order, flips, the budget."""

import asyncio
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from hyperpanel.db import panels
from hyperpanel.db.claims import LEASE
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import budgets, feeds, order_flips, orders, plans, runs, set_aside
from hyperpanel.db.store import DatabaseStore, new_holder
from sync.connectors.base import Stream, Unread
from sync.cursors import Head, Walk
from sync.store import Batch, Caller, ClaimLost, Outcome, Tally
from sync.verdicts import Trouble
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, order


@pytest.fixture
async def kit(database_url: str, tmp_path: Path):
    streams = (Stream("orders", ("head", "refresh", "backfill")),)
    async with kit_over(database_url, tmp_path, streams=streams) as made:
        yield made


async def test_a_feed_is_held_by_one_at_a_time(kit):
    await kit.claim()
    assert await kit.store.claim(kit.feed, "refresh", "host:2:b") is None


async def test_of_many_who_claim_at_once_one_holds(kit):
    others = [DatabaseStore(Database(kit.database.url), kit.clock, kit.store.pace, kit.store.vault) for _ in range(4)]
    claims = await asyncio.gather(*(store.claim(kit.feed, "head", f"host:1:{n}") for n, store in enumerate(others)))
    for store in others:
        await store.database.close()
    assert sum(claim is not None for claim in claims) == 1


async def test_who_lost_the_feed_moves_none_of_its_plans(kit):
    old = await kit.claim()
    kit.clock.time += LEASE + timedelta(seconds=1)
    await kit.claim(holder="host:2:b")
    await kit.store.finish(old, Outcome())
    [row] = await kit.rows(plans, plan="head")
    assert (row.due_at, row.as_of) == (NOON, None)


async def test_a_clock_that_ran_back_does_not_stop_what_is_due(kit):
    await kit.store.finish(await kit.claim(), Outcome())
    kit.clock.time -= timedelta(hours=48)
    assert "head" in [due.plan for due in await kit.store.due()]


async def test_a_refresh_that_missed_records_raises_no_bound(kit):
    claim = await kit.claim()
    await kit.commit(claim, batch(10, order(), at=NOON))
    await kit.store.finish(claim, Outcome())
    kit.clock.time = NOON + timedelta(minutes=40)
    await kit.store.finish(await kit.claim("refresh"), Outcome(proven=False))
    await kit.commit(await kit.claim(), batch(20, order(status="completed"), at=NOON + timedelta(hours=1)))
    [flip] = await kit.rows(order_flips)
    assert flip.not_before == NOON


async def test_a_lease_that_ran_out_can_be_taken_and_the_old_holder_writes_nothing(kit):
    old = await kit.claim()
    kit.clock.time += LEASE + timedelta(seconds=1)
    await kit.claim(holder="host:2:b")
    with pytest.raises(ClaimLost):
        await kit.commit(old, batch(10, order()))
    assert await kit.rows(orders) == []


async def test_page_and_cursor_are_committed_together(kit):
    claim = await kit.claim()
    await kit.commit(claim, batch(10, order()), Head(mark=5, walk=Walk(to=7)))
    await kit.store.finish(claim, Outcome(done=False))
    assert (await kit.claim()).cursor == Head(mark=5, walk=Walk(to=7))


async def test_an_older_observation_never_overwrites_a_newer_one(kit):
    claim = await kit.claim()
    await kit.commit(claim, batch(20, order(status="completed")))
    done = await kit.commit(claim, batch(10, order(status="pending")))
    assert done.again == ["1000"]
    assert [row.status for row in await kit.rows(orders)] == ["completed"]


async def test_a_status_that_moved_leaves_a_flip_with_its_bounds(kit):
    claim = await kit.claim()
    await kit.commit(claim, batch(10, order(), at=NOON))
    await kit.commit(claim, batch(20, order(status="completed"), at=NOON + timedelta(hours=1)))
    [flip] = await kit.rows(order_flips)
    assert (flip.was, flip.now, flip.not_before, flip.not_after) == (
        "pending",
        "completed",
        NOON,
        NOON + timedelta(hours=1),
    )


async def test_a_finished_refresh_raises_the_lower_bound_of_a_flip(kit):
    claim = await kit.claim()
    await kit.commit(claim, batch(10, order(), at=NOON))
    await kit.store.finish(claim, Outcome())
    kit.clock.time = NOON + timedelta(minutes=40)
    await kit.store.finish(await kit.claim("refresh"), Outcome())
    await kit.commit(await kit.claim(), batch(20, order(status="completed"), at=NOON + timedelta(hours=1)))
    [flip] = await kit.rows(order_flips)
    assert flip.not_before == NOON + timedelta(minutes=40)


async def test_a_change_without_a_new_status_leaves_no_flip(kit):
    claim = await kit.claim()
    await kit.commit(claim, batch(10, order()))
    done = await kit.commit(claim, batch(20, order(remains=50)))
    assert (done.new, done.changed, await kit.rows(order_flips)) == (0, 1, [])


async def test_the_last_update_is_kept_where_the_upstream_is_silent(kit):
    claim = await kit.claim()
    await kit.commit(claim, batch(10, order(last_update_at=NOON)))
    await kit.commit(claim, batch(20, order(remains=50)))
    assert [row.last_update_at for row in await kit.rows(orders)] == [NOON]


async def test_a_page_of_a_thousand_is_written_whole_and_known_again(kit):
    claim = await kit.claim()
    records = [order(str(99_500 + n), remains=n) for n in range(1000)]
    assert (await kit.commit(claim, batch(10, *records))).new == 1000
    known = await kit.store.known(kit.feed, [record.id for record in records] + ["x", "7"])
    assert known == {record.id: (10, 10) for record in records}


async def test_what_cannot_be_read_is_one_row_however_often_it_is_met(kit):
    claim = await kit.claim()
    for number in (10, 20):
        await kit.commit(claim, Batch(number, NOON, 1, unread=[Unread("77", "charge is 'x'")]))
    assert [(row.record_id, row.number) for row in await kit.rows(set_aside)] == [("77", 20)]
    await kit.commit(claim, batch(30, order("77")))
    assert await kit.rows(set_aside) == []


ANYBODY = Caller("host:1:a/1", 3, 1)


async def turned(kit, caller=ANYBODY):
    """One turn after another, each of a call that is over by the next."""
    turn = await kit.store.turn(kit.feed.panel_id, caller)
    await kit.store.landed(kit.feed.panel_id, caller.without(turn), None)
    return turn


async def test_slots_are_spaced_by_the_rate(kit):
    turns = [await turned(kit) for _ in range(5)]
    assert (turns[4].at - turns[0].at).total_seconds() == pytest.approx(1.02)
    assert [turn.number for turn in turns] == sorted({turn.number for turn in turns})


async def test_a_complaint_halves_the_pace_and_obeys_retry_after(kit):
    await kit.store.slow_down(kit.feed.panel_id, 7.0)
    assert (await turned(kit)).at == NOON + timedelta(seconds=7)
    [row] = await kit.rows(budgets)
    assert row.pace == 2.0


async def test_an_absurd_retry_after_is_a_quarter_of_an_hour(kit):
    await kit.store.slow_down(kit.feed.panel_id, 1e9)
    assert (await turned(kit)).at == NOON + timedelta(minutes=15)


async def test_the_pace_recovers_without_complaint(kit):
    await kit.store.slow_down(kit.feed.panel_id, 0.0)
    for _ in range(12):
        kit.clock.time += timedelta(seconds=31)
        await turned(kit)
    [row] = await kit.rows(budgets)
    assert row.pace == 4.0


async def test_a_clock_that_ran_back_does_not_stop_a_panel(kit):
    await turned(kit)
    kit.clock.time -= timedelta(hours=2)
    assert (await turned(kit)).at == kit.clock.time


async def test_a_refused_key_pauses_the_panel_until_a_person_resumes(kit):
    await kit.store.finish(await kit.claim(), Outcome(done=False, trouble=Trouble("auth", panel="eu-1")))
    assert await kit.store.claim(kit.feed, "head", "host:1:a") is None
    assert await kit.store.due() == []
    async with kit.database.write() as connection:
        assert await panels.resume(connection, kit.feed.panel_id, None, "ana", kit.clock.now()) == 1
    assert [due.plan for due in await kit.store.due()] == ["head", "refresh", "backfill"]


async def test_trouble_is_told_on_the_feed_and_ends_with_the_next_success(kit):
    await kit.store.finish(await kit.claim(), Outcome(done=False, trouble=Trouble("timeout", seconds=60)))
    [row] = await kit.rows(feeds)
    assert (row.failures, row.failing_since) == (1, NOON)
    await kit.store.finish(await kit.claim(), Outcome())
    [row] = await kit.rows(feeds)
    assert (row.failures, row.failing_since, row.trouble) == (0, None, None)


async def test_a_finished_run_is_due_again_after_its_interval(kit):
    await kit.store.finish(await kit.claim(), Outcome(Tally(calls=2)))
    [row] = await kit.rows(plans, plan="head")
    assert (row.due_at, row.as_of) == (NOON + timedelta(seconds=30), NOON)
    [run] = await kit.rows(runs)
    assert (run.calls, run.done, run.ended_at) == (2, True, NOON)


async def test_a_holder_whose_process_is_gone_is_released(kit):
    await kit.claim(holder=new_holder().replace(new_holder().split(":")[1], "999999999"))
    await kit.store.release_dead()
    assert await kit.store.claim(kit.feed, "head", "host:1:a") is not None


def test_noon_is_in_utc():
    assert NOON.tzinfo is UTC
