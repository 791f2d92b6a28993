"""The row that a panel's callers share: slots, calls in flight, who goes first, slow-downs, and single probes while it is down."""

from datetime import timedelta

import pytest

from hyperpanel.db import gauges
from hyperpanel.db.budgets import AGING, FAILURES, FLIES, PROBES
from hyperpanel.db.schema import budgets, plans
from hyperpanel.db.scope import EVERYTHING
from sync.budget import CLICK, Gate, rank
from sync.store import Caller, Outcome, Tally
from sync.verdicts import Trouble
from tests.support.kits import kit_over

ONE, TWO, THREE = (Caller(f"host:{number}:a/{number}", 4, number) for number in (1, 2, 3))
SWEEP = Caller("host:9:a/9", rank("orders", "sweep"), 9)
A_CLICK = Caller("host:8:web", CLICK)
GONE = Outcome(Tally(calls=1), done=False, trouble=Trouble("unreachable", host="panel.example", detail="refused"))


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as kit:
        yield kit


async def turn(kit, caller):
    return await kit.store.turn(kit.feed.panel_id, caller)


async def land(kit, caller, given, trouble=None):
    await kit.store.landed(kit.feed.panel_id, caller.without(given), trouble)


async def row(kit):
    [found] = await kit.rows(budgets)
    return found


async def test_a_third_call_waits_until_one_of_two_has_landed(kit):
    first = await turn(kit, ONE)
    assert (await turn(kit, TWO)).granted
    assert not (await turn(kit, THREE)).granted
    await land(kit, ONE, first)
    assert (await turn(kit, THREE)).granted


async def test_the_end_of_a_run_lands_its_calls(kit):
    claim = await kit.claim()
    for number in (1, 2):
        assert (await turn(kit, Caller(f"{claim.holder}/{number}", 3, claim.run))).granted
    await kit.store.finish(claim, Outcome())
    assert (await turn(kit, THREE)).granted


async def test_a_call_of_a_process_that_was_killed_is_over_in_time(kit):
    await turn(kit, ONE)
    await turn(kit, TWO)
    kit.clock.time += timedelta(seconds=FLIES + 1)
    assert (await turn(kit, THREE)).granted


@pytest.mark.parametrize("hours", [-48, -2, 48])
async def test_clocks_that_jump_leave_no_call_out_for_ever(kit, hours):
    await turn(kit, ONE)
    await turn(kit, TWO)
    kit.clock.time += timedelta(hours=hours)
    assert (await turn(kit, THREE)).granted


async def test_a_click_goes_before_a_sweep_that_waits_longer(kit):
    first, second = await turn(kit, ONE), await turn(kit, TWO)
    assert not (await turn(kit, SWEEP)).granted
    kit.clock.time += timedelta(seconds=0.5)
    assert not (await turn(kit, A_CLICK)).granted
    await land(kit, ONE, first)
    assert not (await turn(kit, SWEEP)).granted
    assert (await turn(kit, A_CLICK)).granted
    await land(kit, TWO, second)
    assert (await turn(kit, SWEEP)).granted


async def test_nobody_waits_for_ever(kit):
    given = [await turn(kit, ONE), await turn(kit, TWO)]
    waits = 0.0
    while not (await turn(kit, SWEEP)).granted:
        await land(kit, ONE, given.pop(0))
        if (late := await turn(kit, SWEEP)).granted:
            break
        assert not late.granted
        given.append(await turn(kit, Caller(f"host:{waits}:click", CLICK)))
        assert given[-1].granted
        kit.clock.time += timedelta(seconds=1)
        waits += 1.0
        await turn(kit, Caller(f"host:{waits}:click", CLICK))
    assert waits <= (SWEEP.rank + 1) * AGING


async def test_who_gave_up_waiting_holds_nobody_up(kit):
    first = await turn(kit, ONE)
    await turn(kit, TWO)
    assert not (await turn(kit, A_CLICK)).granted
    await land(kit, ONE, first)
    assert not (await turn(kit, SWEEP)).granted
    kit.clock.time += timedelta(seconds=4)
    assert (await turn(kit, SWEEP)).granted


async def test_two_complaints_of_one_excess_halve_the_pace_once(kit):
    for _ in range(2):
        await kit.store.slow_down(kit.feed.panel_id, None)
    assert (await row(kit)).pace == 2.0
    kit.clock.time += timedelta(seconds=2)
    await kit.store.slow_down(kit.feed.panel_id, None)
    assert (await row(kit)).pace == 1.0


async def test_a_turn_taken_before_another_process_was_told_to_stop_is_not_used(kit):
    await turn(kit, ONE)
    gate = Gate(kit.store, kit.clock, kit.feed.panel_id)
    told = False

    async def sleep(seconds: float) -> None:
        nonlocal told
        if not told:
            told = True
            await kit.store.slow_down(kit.feed.panel_id, 5.0)
        kit.clock.time += timedelta(seconds=seconds)

    kit.clock.sleep = sleep
    begun = kit.clock.time
    await gate.take(TWO)
    assert told
    assert kit.clock.time - begun >= timedelta(seconds=5)


async def test_answers_that_become_slow_lower_the_pace_before_the_panel_complains(kit):
    async def answered(took: float) -> None:
        given = await turn(kit, ONE)
        kit.clock.time += timedelta(seconds=1)
        await turn(kit, Caller(ONE.name, ONE.rank, ONE.run, given.number, took))
        await kit.store.landed(kit.feed.panel_id, Caller(ONE.name, 4, landed=given.number + 1), None)

    for _ in range(20):
        await answered(0.2)
    assert (await row(kit)).pace == 4.0
    for _ in range(4):
        await answered(4.0)
    assert 2.0 < (await row(kit)).pace < 3.0


async def failing(kit, seconds, times=FAILURES):
    for _ in range(times):
        await kit.store.finish(await kit.claim(), GONE)
        kit.clock.time += timedelta(seconds=seconds)


async def test_one_lost_request_and_a_short_silence_are_no_outage(kit):
    await failing(kit, 1, 6)
    assert (await row(kit)).down_since is None
    await kit.store.finish(await kit.claim(), Outcome(Tally(calls=1)))
    assert ((await row(kit)).failures, (await row(kit)).failing_since) == (0, None)


async def test_a_panel_that_is_down_is_probed_by_one_call_every_five_minutes(kit):
    since = kit.clock.time
    await failing(kit, 25)
    found = await row(kit)
    assert found.down_since == since
    assert await kit.store.due() == []
    kit.clock.time = found.probe_at
    assert len(await kit.store.due()) == 1
    assert (await turn(kit, ONE)).granted
    refused = await turn(kit, TWO)
    assert (refused.granted, refused.is_down) == (False, True)
    assert refused.at == kit.clock.time + PROBES
    with pytest.raises(Trouble, match="does not answer"):
        await Gate(kit.store, kit.clock, kit.feed.panel_id).take(TWO)


async def test_a_person_may_look_at_a_panel_that_is_down(kit):
    await failing(kit, 25)
    assert (await turn(kit, A_CLICK)).granted


async def test_a_panel_that_answers_again_is_read_at_once(kit):
    await failing(kit, 25)
    kit.clock.time = (await row(kit)).probe_at
    await kit.change(lambda c: c.execute(plans.update().values(due_at=kit.clock.time + timedelta(minutes=20))))
    await kit.store.finish(await kit.claim("refresh"), Outcome(Tally(calls=1), done=False))
    assert (await row(kit)).down_since is None
    due = [row.due_at <= kit.clock.time for row in await kit.rows(plans, stream="orders") if row.plan == "head"]
    assert due == [True]


async def test_a_run_that_asked_nothing_says_nothing_of_its_panel(kit):
    for _ in range(FAILURES):
        await failing(kit, 25, 1)
        await kit.store.finish(await kit.claim("refresh"), Outcome())
    assert (await row(kit)).down_since is not None
    await kit.store.finish(await kit.claim("refresh"), Outcome(Tally(calls=1), answered=False))
    assert (await row(kit)).down_since is not None


async def test_whoever_probes_goes_on_with_a_late_turn_and_after_an_answer(kit):
    await failing(kit, 25)
    kit.clock.time = (await row(kit)).probe_at
    given = await turn(kit, ONE)
    for _ in range(2):
        kit.clock.time += timedelta(milliseconds=300)
        given = await turn(kit, ONE.without(given))
        assert given.granted
    assert (await turn(kit, TWO)).is_down


async def test_an_answer_before_a_trouble_of_ours_ends_an_outage(kit):
    await failing(kit, 25)
    waited = Outcome(Tally(calls=1), done=False, trouble=Trouble("waiting", seconds=40))
    await kit.store.finish(await kit.claim(), waited)
    assert (await row(kit)).down_since is None


async def test_a_look_neither_puts_a_probe_off_nor_leaves_an_answer_unheard(kit):
    await failing(kit, 25)
    probe_at = (await row(kit)).probe_at
    given = await turn(kit, A_CLICK)
    assert (await row(kit)).probe_at == probe_at
    await land(kit, A_CLICK, given)
    assert (await row(kit)).down_since is None
    assert all(one.due_at <= kit.clock.time for one in await kit.rows(plans) if one.plan in ("head", "refresh"))


async def test_a_panel_that_complains_of_each_call_is_called_ever_less(kit):
    for _ in range(5):
        given = await turn(kit, ONE)
        kit.clock.time = given.at + timedelta(seconds=0.3)
        await kit.store.slow_down(kit.feed.panel_id, 0.0)
        await land(kit, ONE, given, Trouble("rate"))
        kit.clock.time += timedelta(minutes=1)
    assert (await row(kit)).pace < 0.3


async def test_a_busy_database_makes_no_slot_too_late(kit):
    commit, times = kit.database.commit, 0

    async def busy(work):
        nonlocal times
        times += 1
        assert times < 5
        kit.clock.time += timedelta(seconds=0.4)
        return await commit(work)

    kit.database.commit = busy
    await Gate(kit.store, kit.clock, kit.feed.panel_id).take(ONE)


async def test_a_refused_request_does_not_mean_that_the_panel_is_down(kit):
    await failing(kit, 25, 2)
    await kit.store.finish(await kit.claim(), Outcome(done=False, trouble=Trouble("refused", detail="no")))
    await failing(kit, 25, 2)
    assert (await row(kit)).down_since is None


async def test_a_gauge_tells_what_is_allowed_and_what_is_used(kit):
    claim = await kit.claim()
    await turn(kit, Caller(claim.holder, 3, claim.run))
    await kit.store.slow_down(kit.feed.panel_id, 30.0)
    now = kit.clock.time
    found = await kit.database.read(lambda connection: gauges.of_panels(connection, EVERYTHING, now))
    gauge = found[kit.feed.panel_id]
    assert (gauge.rate, gauge.pace, gauge.in_flight) == (4.0, 2.0, 1)
    assert (gauge.slowed_at, gauge.told_until, gauge.down_since) == (now, now + timedelta(seconds=30), None)
