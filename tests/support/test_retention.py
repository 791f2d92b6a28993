"""How long records are kept: what a shorter time would let go of, and an errand that erases no more than that, a little at a time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from hyperpanel.config import Sync
from hyperpanel.db import ai_answers, news, sync_rules, tallies
from hyperpanel.db.schema import orders, plans
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.sync_rules import Rules
from hyperpanel.support import retention
from hyperpanel.support.retention import Stride
from sync.store import FeedKey
from tests.support.databases import sqlite_copy
from tests.support.kits import PACE, kit_over
from tests.support.records import NOON, batch, order
from tests.support.tallied import recount

DAY = timedelta(days=1)
DAYS = {("orders", "retention_days"): 30.0}


@pytest.fixture
async def kit(run_folder, tmp_path, monkeypatch):
    """On one database: tests/db/test_erasing.py has the deletions on both."""
    monkeypatch.setattr(retention, "BREATH", 0)
    async with kit_over(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path) as made:
        await made.read(
            batch(10, *(order(str(1000 + n), status="completed", created_at=NOON - n * DAY) for n in range(60)))
        )
        yield made


def shortened(kit, scope=EVERYTHING, before=None, after=None):
    rules = (Rules(PACE, before or {}), Rules(PACE, after or DAYS))
    return kit.database.read_now(lambda c: retention.shortened(c, scope, *rules, Sync(), NOON))


async def keep(kit, days: float | None, *feeds: str) -> None:
    async with kit.database.write() as connection:
        for stream in feeds or ("orders",):
            await sync_rules.put(connection, None, stream, {"retention_days": days}, "ana", NOON)


async def held(kit) -> int:
    return len(await kit.rows(orders))


async def test_what_would_go_is_told_by_feed(kit):
    [found] = shortened(kit)
    assert (found.stream, found.before, found.rows, found.history) == ("orders", NOON - 30 * DAY, 29, 0)
    assert shortened(kit, before=DAYS) == []
    assert shortened(kit, Scope(frozenset({99}))) == []


async def test_users_and_services_are_held_whatever_their_age(kit):
    every = {(stream, "retention_days"): 1.0 for stream in ("users", "services", "messages", "payments")}
    assert [one.stream for one in shortened(kit, after=every)] == ["payments"]


async def test_it_erases_what_a_person_has_agreed_to(kit):
    found = shortened(kit)
    async with kit.database.write() as connection:
        await retention.let_go(connection, found, "ana", NOON)
    await keep(kit, 30)
    before = kit.database.read_now(lambda c: tallies.all_of(c, EVERYTHING))
    assert (await retention.erase(kit.installation, NOON), await held(kit)) == (29, 31)
    kept = kit.database.read_now(lambda c: tallies.all_of(c, EVERYTHING))
    await kit.change(lambda c: recount(c, "orders"))
    assert kit.database.read_now(lambda c: tallies.all_of(c, EVERYTHING)) == kept != before
    assert kit.database.read_now(lambda c: retention.progress(c, EVERYTHING)) == []


async def test_what_grows_old_goes_without_a_question(kit):
    assert await retention.erase(kit.installation, NOON + 40 * DAY) == 9
    assert await retention.erase(kit.installation, NOON + 40 * DAY) == 0


async def test_open_pages_hear_of_it_once(kit):
    before = kit.database.read_now(news.last)
    await keep(kit, 57)
    await retention.erase(kit.installation, NOON)
    [told] = kit.database.read_now(lambda c: news.since(c, before, 10))
    assert (told.stream, told.arrived, sorted(told.ids)) == ("orders", 0, ["1058", "1059"])


async def test_of_many_deletions_they_are_told_a_few_times(kit, monkeypatch):
    monkeypatch.setattr(retention, "TOLD_EVERY", 3600)
    before = kit.database.read_now(news.last)
    await keep(kit, 10)
    monkeypatch.setattr(Stride, "end", lambda _self, _weights, start: start + 1)
    assert await retention.erase(kit.installation, NOON) == 49
    told = kit.database.read_now(lambda c: news.since(c, before, 99))
    assert (len(told), told[-1].ids) == (2, None)


async def test_kept_longer_again_the_rest_stays(kit, monkeypatch):
    """Between two deletions somebody changes their mind."""
    monkeypatch.setattr(Stride, "end", lambda _self, _weights, start: start + 10)
    found = shortened(kit)
    async with kit.database.write() as connection:
        await retention.let_go(connection, found, "ana", NOON)
    await keep(kit, 30)
    step = retention.Erasing.step

    async def then_longer(self, *how):
        erased = await step(self, *how)
        await keep(kit, 90)
        return erased

    monkeypatch.setattr(retention.Erasing, "step", then_longer)
    assert (await retention.erase(kit.installation, NOON), await held(kit)) == (10, 50)
    await retention.erase(kit.installation, NOON)
    assert kit.database.read_now(lambda c: retention.progress(c, EVERYTHING)) == []


async def test_broken_off_it_goes_on_where_it_stopped(kit, monkeypatch):
    monkeypatch.setattr(Stride, "end", lambda _self, _weights, start: start + 1)
    await keep(kit, 30)
    task = asyncio.create_task(retention.erase(kit.installation, NOON))
    while await held(kit) > 55:  # noqa: ASYNC110 -- until some rows are gone
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert 31 < (left := await held(kit)) < 60
    assert (await retention.erase(kit.installation, NOON), await held(kit)) == (left - 31, 31)


async def test_the_feeds_take_turns(kit, monkeypatch):
    """A large one keeps none waiting."""
    monkeypatch.setattr(retention, "AHEAD", 10)
    turns: list[FeedKey] = []
    some = retention.Erasing.some

    async def watched(self, feed):
        turns.append(feed)
        return await some(self, feed)

    monkeypatch.setattr(retention.Erasing, "some", watched)
    await keep(kit, 30)
    await retention.erase(kit.installation, NOON)
    assert [feed.stream for feed in turns] == ["orders", "payments", "tickets", "orders", "orders"]


async def test_what_the_time_is_too_short_for_is_left_to_the_next_errand(kit, monkeypatch):
    monkeypatch.setattr(retention, "LONGEST", 0)
    await keep(kit, 30)
    assert (await retention.erase(kit.installation, NOON), await held(kit)) == (0, 60)


async def test_kept_longer_the_past_is_read_at_once(kit):
    later = {"due_at": NOON + DAY}
    await kit.change(lambda c: c.execute(update(plans).where(plans.c.plan.in_(("backfill", "sweep"))).values(**later)))
    async with kit.database.write() as connection:
        await retention.lengthened(connection, [kit.feed], NOON)
    due = {(row.stream, row.plan): row.due_at for row in await kit.rows(plans)}
    assert due["orders", "backfill"] == NOON
    assert {due["orders", "sweep"], due["payments", "backfill"]} == {NOON + DAY}


def test_a_slow_deletion_makes_the_next_ones_small_and_quick_ones_grow():
    stride = Stride()
    stride.took(1.0)
    assert stride.end([1] * 600, 0) == 12
    for _ in range(20):
        stride.took(0.001)
    assert stride.end([1] * 600, 0) == retention.MOST


def test_a_record_with_more_than_that_goes_alone():
    assert Stride(10).end([900, 4, 4, 4], 0) == 1
    assert Stride(10).end([900, 4, 4, 4], 1) == 3


async def test_an_answer_that_nobody_asks_for_goes_when_its_panels_tickets_would(kit):
    told = ("k", "translate", "77", "digest", "en", "prompt", "asking")
    async with kit.database.write() as connection:
        await ai_answers.claim(connection, ai_answers.Answer(1, *told, None, None, None, None, "ana", NOON), "a")
    await keep(kit, 30.0, "tickets")
    assert await retention.forget_answers(kit.installation, NOON + 30 * DAY) == 0
    assert await retention.forget_answers(kit.installation, NOON + 31 * DAY) == 1
