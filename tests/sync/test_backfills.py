"""The past read once more because somebody asked, and a past that is kept shorter than it was: nothing is lost, and nothing comes back."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import delete, update

from hyperpanel.db import backfills, erasing, outlived
from hyperpanel.db.schema import MIRRORED, plans, sweeps, threads
from sync import cursors, engine
from sync.cursors import Backfill, Walk
from tests.support import records
from tests.support.databases import sqlite_copy
from tests.support.records import NOON, message, ticket
from tests.support.sources import ORDERS, PAYMENTS, TICKETS, Source, stamp
from tests.support.worlds import World, world_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STREAMS = {"orders": ORDERS, "payments": PAYMENTS, "tickets": TICKETS}


def row(stream: str, days: int):
    at = NOON - days * DAY - HOUR
    final = "closed" if stream == "tickets" else "completed"
    touched = {"last_update_at": at} if stream == "tickets" else {}
    return getattr(records, stream.removesuffix("s"))(str(2000 - days), status=final, created_at=at, **touched)


@pytest.fixture
def opened(run_folder, tmp_path):
    """A panel with a record for each of the last days."""

    def open_world(stream: str = "orders", days: int = 250):
        source = Source(STREAMS[stream], cap=60)
        source.put(*(row(stream, day) for day in range(days)))
        return world_of(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path, source, stream)

    return open_world


async def ask(found: World[Source], days: int) -> None:
    async with found.kit.database.write() as connection:
        feed = found.kit.feed
        await backfills.ask(connection, feed.panel_id, feed.stream, NOON - days * DAY, "ana", NOON)


async def position(found: World[Source]) -> Backfill:
    [plan] = await found.kit.rows(plans, stream=found.kit.feed.stream, plan="backfill")
    cursor = cursors.load("backfill", plan.cursor)
    assert isinstance(cursor, Backfill)
    return cursor


async def lose(found: World[Source], *days: int) -> None:
    """As a fault of ours would have lost rows that the panel has."""
    table = MIRRORED[found.kit.feed.stream]
    keys = [str(2000 - day) for day in days]
    await found.kit.change(lambda c: c.execute(delete(table).where(table.c.id.in_(keys))))


async def let_go(found: World[Source], days: int) -> int:
    bound, feed = found.kit.clock.now() - days * DAY, found.kit.feed
    ids = found.kit.database.read_now(lambda c: outlived.some(c, feed, bound, 1000))
    await found.kit.change(lambda c: erasing.erase(c, feed, ids, bound, found.kit.clock.now()))
    found.kept = days * DAY
    return len(ids)


@pytest.mark.parametrize("pages", [1, 3, None])
@pytest.mark.parametrize("stream", STREAMS)
async def test_the_past_is_read_again_whole_however_it_is_sliced(opened, stream, pages):
    async with opened(stream) as found:
        await found.whole("backfill")
        before = await position(found)
        await lose(found, 3, 50, 99)
        await ask(found, 100)
        assert (await found.whole("backfill", pages)).proven
        assert (await found.held())[0].keys() == found.source.records.keys()
        assert await position(found) == before


async def test_it_ends_at_the_date_and_asks_for_nothing_older(opened):
    async with opened() as found:
        await found.whole("backfill")
        await ask(found, 30)
        found.source.asked.clear()
        outcome = await found.whole("backfill")
        assert 30 <= outcome.tally.read <= 33
        assert {asked.created_from for asked in found.source.asked} == {NOON - 30 * DAY}


async def test_further_back_than_is_held_that_is_held_from_then_on(opened):
    async with opened() as found:
        found.kept = 30 * DAY
        await found.whole("backfill")
        found.kept = 200 * DAY
        await ask(found, 120)
        await found.whole("backfill")
        stamp = int((NOON - 120 * DAY).timestamp())
        assert await position(found) == Backfill(reached=stamp, floor=stamp, done=True)
        await found.whole("backfill")
        assert len((await found.held())[0]) == 200


async def test_a_past_that_was_not_read_whole_yet_is_read_on_afterwards(opened):
    async with opened() as found:
        await found.run("backfill", pages=2)
        await ask(found, 100)
        assert (await found.whole("backfill", pages=4)).done
        assert ((await position(found)).done, len((await found.held())[0])) == (True, 250)


async def test_after_a_walk_in_circles_it_begins_anew(opened, monkeypatch):
    async with opened("payments") as found:
        await found.whole("backfill")
        monkeypatch.setattr(engine, "ENDLESS", 5)
        await ask(found, 249)
        trouble = (await found.whole("backfill")).trouble
        assert (trouble and trouble.code) == "paging"
        monkeypatch.undo()
        circling = await position(found)
        assert circling.again is not None
        worn = msgspec.structs.replace(circling.again, walk=Walk(offset=10**6, pages=engine.ENDLESS))
        await found.kit.change(
            lambda c: c.execute(
                update(plans)
                .where(plans.c.stream == "payments", plans.c.plan == "backfill")
                .values(cursor=cursors.dump(msgspec.structs.replace(circling, again=worn)))
            )
        )
        found.source.asked.clear()
        assert (await found.whole("backfill")).proven
        assert found.source.asked[0].offset == 0


@pytest.mark.parametrize("pages", [7, None])
async def test_all_threads_are_read_again(opened, pages):
    async with opened("tickets", 30) as found:
        await found.whole("backfill")
        for key in found.source.records:
            found.source.threads[key] = [message()]
        said = found.of("messages")
        await said.whole("backfill")
        await found.kit.change(lambda c: c.execute(update(threads).values(digest=0)))
        found.source.asked.clear()
        await ask(said, 5)
        await said.whole("backfill", pages)
        assert len({one.ids for one in found.source.asked}) == len(found.source.asked) == 30
        assert (await position(said)).again is None


@pytest.mark.parametrize("stream", STREAMS)
async def test_what_was_let_go_of_does_not_come_back_and_is_no_drift(opened, stream):
    async with opened(stream) as found:
        await found.whole("head")
        await found.whole("backfill")
        assert await let_go(found, 33) == 217
        for plan in ("head", "backfill", "refresh", "sweep", "sweep"):
            outcome = await found.whole(plan)
            assert (outcome.trouble, outcome.tally.new) == (None, 0)
        assert (len((await found.held())[0]), (await found.held())[1]) == (33, set())
        told = [(one.missed, one.absent, one.gone) for one in await found.kit.rows(sweeps)]
        assert told == [(0, 0, 0)] * 2


@pytest.mark.parametrize("plan", ["backfill", "sweep"])
async def test_a_walk_that_was_under_way_brings_nothing_back(opened, plan):
    async with opened("payments") as found:
        await found.whole("backfill")
        await ask(found, 240)
        await found.run(plan, pages=2)
        await let_go(found, 33)
        outcome = await found.whole(plan, pages=3)
        assert (outcome.trouble, len((await found.held())[0])) == (None, 33)


async def test_kept_longer_again_what_was_let_go_of_is_read_once_more(opened):
    async with opened() as found:
        await found.whole("backfill")
        await let_go(found, 33)
        found.kept = 120 * DAY
        found.source.asked.clear()
        assert (await found.whole("backfill")).tally.new == 120 - 33
        assert found.source.asked[0].created_to < NOON - 33 * DAY + HOUR


async def test_an_old_one_that_is_open_again_is_held_until_it_ends(opened):
    async with opened("tickets") as found:
        await found.whole("backfill")
        await let_go(found, 33)
        found.source.order = lambda record: -stamp(record.last_update_at)
        found.source.put(ticket("1850", status="pending", created_at=NOON - 150 * DAY, last_update_at=NOON))
        await found.whole("head")
        assert "1850" in (await found.held())[0]
        assert await let_go(found, 33) == 0
        found.source.put(ticket("1850", status="closed", created_at=NOON - 150 * DAY, last_update_at=NOON))
        await found.whole("head")
        assert await let_go(found, 33) == 1


async def test_one_that_is_asked_for_by_its_id_is_kept_whatever_its_age(opened):
    """What was set aside may be readable by now; it goes again with the next errand."""
    async with opened() as found:
        found.source.unreadable.add("1850")
        await found.whole("backfill")
        found.source.unreadable.clear()
        found.kept = 33 * DAY
        await found.whole("refresh")
        assert "1850" in (await found.held())[0]


async def test_what_a_clock_that_ran_ahead_let_go_of_is_read_again(opened):
    async with opened() as found:
        found.kept = 100 * DAY
        await found.whole("backfill")
        found.kit.clock.time += 2 * DAY
        assert await let_go(found, 100) == 2
        found.kit.clock.time -= 2 * DAY
        assert (await found.whole("backfill")).tally.new == 2


async def test_a_panel_that_answers_nothing_for_once_has_not_been_read(opened):
    async with opened() as found:
        await found.whole("head")
        await found.whole("backfill")
        await ask(found, 100)
        fair, found.source.spoil = found.source.spoil, lambda asked, page: found.source.answer([], False)
        trouble = (await found.whole("backfill")).trouble
        assert (trouble and trouble.code) == "empty"
        found.source.spoil = fair
        assert (await found.whole("backfill")).tally.read >= 100
