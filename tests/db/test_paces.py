"""When plans run next: by what they found, given out over all feeds, within what an admin set, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from hyperpanel.db import allotting, paces, panels, sync_rules
from hyperpanel.db.panels import Panel
from hyperpanel.db.schema import plans, runs
from hyperpanel.db.sync_rules import Rules
from sync import pulses
from sync.pacing import Pace
from sync.store import FeedKey, Outcome, Tally
from sync.verdicts import Trouble
from tests.support.kits import ALL, kit_over
from tests.support.records import NOON, order, user
from tests.support.records import batch as page

USUAL = Pace({("orders", "head"): timedelta(seconds=60), ("users", "head"): timedelta(seconds=60)}, widest=4.0)


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as kit:
        kit.store.pace = USUAL
        kit.store.rules = Rules(USUAL)
        yield kit


async def plan(kit, stream="orders", name="head"):
    [row] = await kit.rows(plans, stream=stream, plan=name, panel_id=kit.feed.panel_id)
    return row


async def look(kit, news: int) -> None:
    """One run that finds so many new records."""
    claim = await kit.claim()
    first, made = claim.run * 1000, order if kit.feed.stream == "orders" else user
    for start in range(0, news, 50):
        found = [made(str(first + number)) for number in range(start, min(start + 50, news))]
        await kit.commit(claim, page(claim.run + 1 + start, *found))
    await kit.store.finish(claim, Outcome(Tally(calls=1, new=news)))


async def rules(kit) -> Rules:
    found: Rules = await kit.database.read(lambda connection: sync_rules.load(connection, USUAL))
    return found


async def give_out(kit) -> int:
    return await allotting.give_out(kit.database, await rules(kit), kit.clock.now())


async def test_a_plan_is_due_again_after_its_usual_interval_until_more_is_known(kit):
    await look(kit, 0)
    row = await plan(kit)
    assert (row.every, row.due_at) == (60.0, NOON + timedelta(seconds=60))


async def busy_and_quiet(kit) -> None:
    """Orders come all the time, and users never: an hour of looks at both."""
    for _ in range(60):
        await look(kit, 20)
        await look(kit.of("users"), 0)
        kit.clock.time += timedelta(seconds=60)


async def test_calls_go_where_news_comes_and_no_more_are_made_than_usual(kit):
    for name in ("orders", "users"):
        kit.of(name).store.rules = Rules(USUAL)
    await busy_and_quiet(kit)
    assert await give_out(kit) > 0
    orders, users = await plan(kit), await plan(kit, "users")
    assert orders.every < 60 < users.every <= 240
    assert 1 / orders.every + 1 / users.every <= 2 / 60 * 1.01
    assert users.due_at > kit.clock.now()
    assert await give_out(kit) == 0


async def test_a_plan_that_is_paced_wider_is_due_no_later_than_its_ceiling(kit):
    await busy_and_quiet(kit)
    await give_out(kit)
    for row in await kit.rows(plans, plan="head"):
        assert row.due_at <= kit.clock.now() + timedelta(seconds=row.every)


async def test_a_burst_is_followed_before_calls_are_given_out_anew(kit):
    for _ in range(200):
        await look(kit, 0)
        kit.clock.time += timedelta(seconds=60)
    assert (await plan(kit)).every == 60.0
    for _ in range(3):
        await look(kit, 300)
        kit.clock.time += timedelta(seconds=60)
    assert (await plan(kit)).every < 30


async def test_the_first_look_at_everything_there_is_counts_as_no_news(kit):
    await look(kit, 500)
    kit.clock.time += timedelta(seconds=60)
    await look(kit, 0)
    assert (await plan(kit)).every == 60.0


@pytest.mark.parametrize("hours", [-48, -2, 48])
async def test_clocks_that_jump_leave_intervals_within_their_bounds(kit, hours):
    await busy_and_quiet(kit)
    kit.clock.time += timedelta(hours=hours)
    await look(kit, 20)
    await give_out(kit)
    row = await plan(kit)
    assert 15 <= row.every <= 240
    assert row.due_at <= kit.clock.now() + timedelta(seconds=row.every)


async def set_for(kit, panel_id, stream, **values) -> None:
    async with kit.database.write() as connection:
        await sync_rules.put(connection, panel_id, stream, values, "ana", kit.clock.now())
        await paces.anew(connection, panel_id, stream, await rules_in(connection), kit.clock.now())


async def rules_in(connection) -> Rules:
    found: Rules = await connection.run_sync(lambda plain: sync_rules.load(plain, USUAL))
    return found


async def test_what_an_admin_sets_holds_at_once_and_for_the_feed_alone(kit):
    await look(kit, 0)
    async with kit.database.write() as connection:
        other = Panel(0, "us-1", "perfect_panel", "https://other.example", "USD", "UTC", 4.0, False)
        await panels.add(connection, other, {"admin_key": "k"}, ALL, kit.installation.vault, NOON)
    await set_for(kit, None, "orders", head_seconds=30.0)
    assert [(row.every, row.due_at) for row in [await plan(kit)]] == [(60.0, NOON + timedelta(seconds=60))]
    await set_for(kit, kit.feed.panel_id, "orders", head_seconds=20.0, paced=0.0)
    row = await plan(kit)
    assert (row.every, row.why, row.due_at) == (20.0, "fixed", NOON + timedelta(seconds=20))
    found = await rules(kit)
    assert found.terms(2, "orders", "head").usual == 30.0
    assert found.terms(kit.feed.panel_id, "orders", "head").usual == 20.0


async def test_bounds_that_an_admin_set_are_kept_and_what_is_no_longer_set_is_inherited(kit):
    await busy_and_quiet(kit)
    await set_for(kit, None, "orders", head_shortest=50.0, head_longest=70.0)
    await give_out(kit)
    assert (await plan(kit)).every == 50.0
    await set_for(kit, None, "orders", head_shortest=None, head_longest=None)
    await give_out(kit)
    assert (await plan(kit)).every < 50.0


async def test_a_feed_that_matters_more_is_read_more_often(kit):
    for _ in range(60):
        await look(kit, 5)
        await look(kit.of("users"), 5)
        kit.clock.time += timedelta(seconds=60)
    await give_out(kit)
    before = (await plan(kit, "users")).every
    await set_for(kit, None, "users", weight=9.0)
    await give_out(kit)
    assert (await plan(kit, "users")).every < before / 1.3


async def test_paused_failing_and_asked_for_plans_keep_their_next_time(kit):
    await busy_and_quiet(kit)
    claim = await kit.claim()
    await kit.store.finish(claim, Outcome(done=False, trouble=Trouble("timeout", seconds=60)))
    before = (await plan(kit)).due_at
    await kit.change(lambda c: c.execute(update(plans).where(plans.c.stream == "users").values(asked_at=NOON)))
    asked = (await plan(kit, "users")).due_at
    await give_out(kit)
    assert (await plan(kit)).due_at == before
    assert (await plan(kit, "users")).due_at == asked


async def test_what_is_due_later_than_it_ever_is_was_set_by_a_clock_that_ran_back(kit):
    far = NOON + timedelta(days=3)
    await kit.change(lambda c: c.execute(update(plans).values(due_at=far)))
    due = {(one.feed, one.plan) for one in await kit.store.due()}
    assert (FeedKey(kit.feed.panel_id, "orders"), "head") in due
    await set_for(kit, None, "orders", head_seconds=4 * 86400.0)
    await kit.change(lambda c: c.execute(update(plans).values(due_at=far)))
    due = {(one.feed, one.plan) for one in await kit.store.due()}
    assert (FeedKey(kit.feed.panel_id, "orders"), "head") not in due


async def test_what_a_person_waits_for_goes_first(kit):
    await kit.change(
        lambda c: c.execute(update(plans).where(plans.c.stream == "services").values(asked_at=NOON, due_at=NOON))
    )
    assert (await kit.store.due())[0].feed.stream == "services"


async def test_a_run_in_slices_counts_all_that_it_found(kit):
    await look(kit, 0)
    kit.clock.time += timedelta(seconds=60)
    claim = await kit.claim()
    await kit.commit(claim, page(claim.run + 1, order("5001")))
    await kit.store.finish(claim, Outcome(Tally(calls=1, new=1), done=False))
    await kit.change(lambda c: c.execute(update(runs).where(runs.c.number == claim.run).values(calls=10)))
    claim = await kit.claim()
    await kit.store.finish(claim, Outcome(Tally(calls=1)))
    assert (await plan(kit)).cost > 1


async def test_the_head_of_messages_counts_what_all_its_slices_found(kit):
    messages = kit.of("messages")
    messages.store.rules = Rules(Pace({("messages", "head"): timedelta(seconds=60)}, widest=4.0))
    await messages.store.finish(await messages.claim(), Outcome(Tally(calls=1)))
    for _ in range(2):
        kit.clock.time += timedelta(seconds=60)
        for is_last in (False, False, True):
            kit.clock.time += timedelta(seconds=2)
            claim = await messages.claim()
            mine = update(runs).where(runs.c.number == claim.run)
            await kit.change(lambda connection, mine=mine: connection.execute(mine.values(new=10, calls=5)))
            await messages.store.finish(claim, Outcome(Tally(calls=5, new=10), done=is_last))
        found = pulses.load((await plan(kit, "messages")).pulse, 0.01)
    assert found.news == pytest.approx(60, rel=0.05)
    assert (await plan(kit, "messages")).cost > 5


async def test_a_plan_that_read_copies_is_as_of_the_oldest_of_them(kit):
    old, older, claim = NOON - timedelta(minutes=5), NOON - timedelta(minutes=9), await kit.claim()
    for number, told in enumerate((old, older, None), claim.run + 1):
        await kit.commit(claim, replace(page(number, order(str(number))), as_of=told))
    await kit.store.finish(claim, Outcome(Tally(calls=3, new=3)))
    assert (await plan(kit)).as_of == older
    await look(kit, 1)
    assert (await plan(kit)).as_of == NOON
