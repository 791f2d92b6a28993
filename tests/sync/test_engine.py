"""What holds for every walk, whichever plan it belongs to."""

from datetime import timedelta

import pytest

from hyperpanel.db import backfills
from hyperpanel.db.schema import budgets
from sync import engine, sweeping
from sync.connectors.base import Ask, Page
from sync.store import ClaimLost
from tests.support.databases import sqlite_copy
from tests.support.records import NOON, payment
from tests.support.sources import PAYMENTS, Source
from tests.support.worlds import World, world_of


@pytest.fixture
async def till(run_folder, tmp_path):
    """A panel with 250 payments."""
    source = Source(PAYMENTS)
    source.put(*(payment(str(1000 + place), created_at=NOON - timedelta(minutes=place)) for place in range(250)))
    async with world_of(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path, source, "payments") as found:
        yield found


async def test_an_empty_list_is_not_the_end_of_a_past_that_is_known(till: World[Source]):
    await till.whole("head")
    fair, till.source.spoil = till.source.spoil, lambda ask, answer: till.source.answer([], False)
    trouble = (await till.whole("backfill")).trouble
    assert (trouble and trouble.code) == "empty"
    till.source.spoil = fair
    assert (await till.whole("backfill")).trouble is None
    assert len((await till.held())[0]) == 250


async def test_a_list_that_stays_empty_is_believed_after_a_while(till: World[Source]):
    await till.whole("head")
    till.source.spoil = lambda ask, answer: till.source.answer([], False)
    troubles = [(await till.whole("backfill")).trouble for _ in range(engine.BELIEVED + 1)]
    assert [trouble is None for trouble in troubles] == [False] * engine.BELIEVED + [True]


@pytest.mark.parametrize("plan", ["sweep", "backfill", "head"])
async def test_a_list_without_an_end_is_given_up_and_begun_anew(till: World[Source], monkeypatch, plan):
    for module in (engine, sweeping):
        monkeypatch.setattr(module, "ENDLESS", 5)

    def endless(ask: Ask, answer: Page) -> Page:
        first = 9000 - 50 * len(till.source.asked)
        return till.source.answer([payment(str(first - place), created_at=None) for place in range(100)], True)

    await till.whole("backfill" if plan == "head" else "head")
    fair, till.source.spoil = till.source.spoil, endless
    trouble = (await till.whole(plan)).trouble
    assert (trouble and trouble.code) == "paging"
    till.source.spoil = fair
    till.source.asked.clear()
    assert (await till.whole(plan)).trouble is None
    assert till.source.asked[0].offset == 0


@pytest.mark.parametrize("pages", [1, 2, None])
async def test_a_backfill_holds_all_that_is_there_however_it_is_sliced(till: World[Source], pages):
    assert (await till.whole("backfill", pages)).proven
    assert (await till.held())[0].keys() == till.source.records.keys()


async def test_who_has_lost_the_claim_has_no_call_out(till: World[Source], monkeypatch):
    known = till.kit.store.known

    async def interrupted(feed, keys):
        async with till.kit.database.write() as connection:
            await backfills.ask(connection, feed.panel_id, "payments", NOON - timedelta(days=1), "ana", NOON)
        return await known(feed, keys)

    monkeypatch.setattr(till.kit.store, "known", interrupted)
    with pytest.raises(ClaimLost):
        await till.run("backfill")
    [budget] = await till.kit.rows(budgets)
    assert budget.flying == "[]"


async def test_a_head_walk_reads_down_to_what_it_knows(till: World[Source]):
    await till.whole("head")
    await till.whole("backfill")
    till.source.put(*(payment(str(2000 + place), created_at=NOON + timedelta(seconds=place)) for place in range(130)))
    till.source.asked.clear()
    assert (await till.whole("head")).tally.new == 130
    assert len(till.source.asked) == 2


async def test_a_refresh_reads_down_to_the_oldest_that_may_still_change(till: World[Source]):
    till.source.put(payment("1090", status="pending", created_at=NOON - timedelta(minutes=90)))
    await till.whole("backfill")
    till.source.put(payment("1090", status="completed", created_at=NOON - timedelta(minutes=90)))
    till.source.asked.clear()
    assert (await till.whole("refresh")).tally.changed == 1
    assert len(till.source.asked) <= 2


async def test_a_payment_that_waits_for_longer_than_payments_are_kept_is_still_read_again(till: World[Source]):
    old = payment("7", status="waiting", created_at=NOON - timedelta(days=390))
    till.source.put(old)
    await till.whole("head")
    await till.whole("backfill")
    till.kit.clock.time += timedelta(days=30)
    till.source.put(payment("7", status="completed", created_at=old.created_at))
    assert (await till.whole("refresh")).trouble is None
    assert (await till.held())[0]["7"] == "completed"
