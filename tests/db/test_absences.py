"""Who is taken to be gone: after two whole sweeps on end, never in masses without a person, and never for good."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from hyperpanel.db import absences as module
from hyperpanel.db.holds import decide, waiting
from hyperpanel.db.schema import absences, feeds, holds, orders, sweeps
from hyperpanel.db.scope import EVERYTHING
from sync.connectors.base import Unread
from sync.store import Batch, Swept, Window
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, order

MANY = [str(number) for number in range(1000, 1100)]
LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        await made.read(batch(10, *map(order, MANY)))
        yield made


def came(number: int, *keys: str, sweep: int = 0, **window) -> Batch:
    """A page of a sweep: these ids, and what of the list it has read whole."""
    bounds = {"low": None, "high": None, **window}
    return Batch(number, NOON, len(keys), keys=keys, window=Window(sweep or number, "created_at", **bounds))


async def sweep(kit, number: int, *lacking: str, proven: bool = True) -> None:
    """A whole sweep that all came to but these."""
    claim = await kit.claim("sweep")
    await kit.commit(claim, came(number, *(key for key in MANY if key not in lacking)))
    await kit.store.swept(claim, Swept(number, NOON, proven))
    await kit.store.release(claim.holder)


async def accused(kit, times: int = 2) -> list[str]:
    return list(await kit.store.accused(kit.feed, None, 1000, times))


async def bury(kit, *keys: str, number: int = 90, **how) -> None:
    claim = await kit.claim("sweep")
    await kit.commit(claim, Batch(number, LATER, 0, gone=keys, **how))
    await kit.store.release(claim.holder)


async def gone(kit) -> list[str]:
    return [row.id for row in await kit.rows(orders) if row.gone_at is not None]


async def cached(kit) -> int:
    [row] = await kit.rows(feeds, stream="orders")
    return int(row.cached)


async def test_two_sweeps_on_end_accuse_and_one_does_not(kit):
    await sweep(kit, 20, "1003")
    assert (await accused(kit, times=1), await accused(kit)) == (["1003"], [])
    await sweep(kit, 30, "1003")
    assert await accused(kit) == ["1003"]


async def test_a_sweep_between_that_saw_it_begins_the_count_anew(kit):
    for number, lacking in ((20, "1003"), (30, ""), (40, "1003")):
        await sweep(kit, number, lacking)
    assert (await accused(kit, times=1), await accused(kit)) == (["1003"], [])


async def test_any_plan_that_sees_it_acquits(kit):
    await sweep(kit, 20, "1003")
    await kit.read(Batch(25, NOON, 1, keys=["1003"]))
    await sweep(kit, 30, "1003")
    assert await accused(kit) == []


async def test_one_that_came_but_could_not_be_read_is_there(kit):
    claim = await kit.claim("sweep")
    rest = [key for key in MANY if key != "1003"]
    unread = [Unread("1003", "charge is no number")]
    await kit.commit(claim, replace(came(20, *rest), unread=unread))
    await kit.store.swept(claim, Swept(20, NOON, proven=True))
    assert await accused(kit, times=1) == []


async def test_an_unproven_sweep_accuses_nobody(kit):
    await sweep(kit, 20, "1003")
    await sweep(kit, 30, "1003", proven=False)
    await sweep(kit, 40, "1003")
    assert await accused(kit) == []


async def test_only_the_part_of_the_list_that_was_read_counts(kit):
    old = [order(str(2000 + days), created_at=NOON - timedelta(days=days)) for days in range(5)]
    await kit.read(batch(11, *old))
    claim = await kit.claim("sweep")
    low, high = ((NOON - timedelta(days=days)).timestamp() for days in (3, 1))
    await kit.commit(claim, came(20, low=int(low), high=int(high), excused=["2002"]))
    await kit.store.swept(claim, Swept(20, NOON, proven=True))
    assert await accused(kit, times=1) == ["2003"]


async def test_a_row_that_a_later_request_saw_is_not_accused(kit):
    await kit.read(batch(50, order("1003", status="completed")))
    claim = await kit.claim("sweep")
    await kit.change(lambda connection: connection.execute(update(feeds).values(committed=0)))
    await kit.commit(claim, came(40, *(key for key in MANY if key not in ("1003", "1004"))))
    await kit.store.swept(claim, Swept(40, NOON, proven=True))
    assert await accused(kit, times=1) == ["1004"]


@pytest.mark.parametrize(("count", "asked"), [(5, 0), (6, 1)])
async def test_up_to_five_are_believed_and_more_than_a_share_are_asked_about(kit, count, asked):
    for number in (20, 30):
        await sweep(kit, number, *MANY[:count])
    assert [(row.kind, row.rows, row.of_rows) for row in await kit.rows(holds)] == [("deletes", count, 100)] * asked
    assert await accused(kit) == MANY[: 0 if asked else count]


@pytest.mark.parametrize(("rows", "asked"), [(10_000, 0), (7_999, 1)])
async def test_forty_are_asked_about_where_they_are_more_than_half_a_percent(kit, rows, asked):
    await kit.change(lambda connection: connection.execute(update(feeds).values(cached=rows)))
    for number in (20, 30):
        await sweep(kit, number, *MANY[:40])
    assert len(await kit.rows(holds)) == asked


async def test_more_than_fifty_are_asked_about_however_many_are_held(kit):
    await kit.change(lambda connection: connection.execute(update(feeds).values(cached=10_000_000)))
    for number in (20, 30):
        await sweep(kit, number, *MANY[:51])
    assert (len(await kit.rows(holds)), await accused(kit)) == (1, [])


async def test_one_question_stands_with_the_latest_numbers_until_it_is_moot(kit):
    for number, lacking in ((20, 8), (30, 8), (40, 6)):
        await sweep(kit, number, *MANY[:lacking])
    assert [row.rows for row in await kit.rows(holds)] == [6]
    await sweep(kit, 50)
    assert await kit.rows(holds) == []


async def test_those_agreed_on_are_accused_if_the_next_sweep_lacks_them_too(kit):
    for number in (20, 30):
        await sweep(kit, number, *MANY[:8])
    assert await kit.change(lambda connection: module.agree(connection, kit.feed)) == 8
    await sweep(kit, 40, *MANY[:3], *MANY[20:28])
    assert await accused(kit) == MANY[:3]


@pytest.mark.parametrize(("decision", "found"), [("accept", MANY[:8]), ("refuse", [])])
async def test_it_is_the_decision_on_the_hold_that_agrees(kit, decision, found):
    for number in (20, 30):
        await sweep(kit, number, *MANY[:8])
    [hold] = await kit.database.read(lambda connection: waiting(connection, EVERYTHING))
    async with kit.database.write() as connection:
        assert await decide(connection, hold, decision, "ana", LATER)
    await sweep(kit, 40, *MANY[:8])
    assert (await accused(kit), len(await kit.rows(holds))) == (found, 1)


async def test_what_a_person_denies_needs_two_more_sweeps(kit):
    for number in (20, 30):
        await sweep(kit, number, *MANY[:8])
    assert await kit.change(lambda connection: module.dismiss(connection, kit.feed)) == 8
    assert await accused(kit, times=1) == []
    await sweep(kit, 40, *MANY[:8])
    assert await kit.rows(holds) == []
    await sweep(kit, 50, *MANY[:8])
    assert [row.rows for row in await kit.rows(holds)] == [8]


async def test_a_row_that_is_gone_keeps_what_was_known_of_it(kit):
    await bury(kit, "1003", "1004")
    [row] = await kit.rows(orders, id="1003")
    assert (row.user, row.charge, row.gone_at, row.gone_why) == ("kadir", 3_000_000, LATER, module.ASKED)
    assert (await gone(kit), await cached(kit)) == (["1003", "1004"], 98)


async def test_one_that_is_shown_again_is_there_again(kit):
    await bury(kit, "1003")
    assert await kit.store.known(kit.feed, ["1003"]) == {}
    done = await kit.read(batch(91, order("1003")))
    [row] = await kit.rows(orders, id="1003")
    assert (row.gone_at, row.gone_why, row.first_seen_at) == (None, None, NOON + timedelta(minutes=10))
    assert (done.new, done.changed, await cached(kit)) == (0, 1, 100)


async def test_burying_twice_counts_once(kit):
    await bury(kit, "1003")
    await bury(kit, "1003", number=95)
    [row] = await kit.rows(orders, id="1003")
    assert (row.gone_at, await cached(kit)) == (LATER, 99)


async def test_a_row_overtaken_by_a_later_request_is_not_buried(kit):
    await kit.read(batch(95, order("1003", status="completed")))
    await kit.change(lambda connection: connection.execute(update(feeds).values(committed=0)))
    await bury(kit, "1003", "1004", number=90)
    assert await gone(kit) == ["1004"]


async def test_one_that_cannot_be_asked_for_is_buried_for_its_absences(kit):
    await bury(kit, "1003", number=0)
    [row] = await kit.rows(orders, id="1003")
    assert row.gone_why == module.SWEPT


async def test_a_buried_one_is_accused_no_more(kit):
    for number in (20, 30):
        await sweep(kit, number, "1003")
    await bury(kit, "1003")
    assert await accused(kit, times=1) == []
    await sweep(kit, 100, "1003")
    assert await accused(kit, times=1) == []


async def test_a_sweep_leaves_its_figures(kit):
    claim = await kit.claim("sweep")
    number = claim.run
    await kit.commit(
        claim,
        replace(batch(90, order("1000", status="completed"), order("3000")), window=came(number, *MANY[:90]).window),
    )
    kit.clock.time = LATER
    await kit.store.swept(claim, Swept(number, NOON, proven=True))
    await kit.commit(claim, Batch(91, LATER, 0, gone=MANY[90:93]))
    [row] = await kit.rows(sweeps)
    assert (row.number, row.started_at, row.ended_at, row.proven) == (number, NOON, LATER, True)
    assert (row.read, row.missed, row.differed, row.absent, row.gone) == (2, 1, 1, 99, 3)


async def test_judging_twice_changes_nothing(kit):
    await sweep(kit, 20, *MANY[:8])
    claim = await kit.claim("sweep")
    await kit.commit(claim, came(30, *MANY[8:]))
    seen = []
    for _ in range(2):
        await kit.store.swept(claim, Swept(30, NOON, proven=True))
        seen.append([await kit.rows(table) for table in (absences, holds, sweeps)])
    assert seen[0] == seen[1]


async def test_the_same_sweep_accuses_once_however_often_it_reads_a_part(kit):
    claim = await kit.claim("sweep")
    for number in (20, 21):
        await kit.commit(claim, came(number, *MANY[1:], sweep=20))
    assert [row.times for row in await kit.rows(absences)] == [1]


async def test_more_than_a_screenful_of_accused_are_acquitted_all_the_same(kit, monkeypatch):
    monkeypatch.setattr(module, "LISTED", 10)
    await sweep(kit, 20, *MANY[:30])
    await kit.read(Batch(25, NOON, 20, keys=MANY[10:30]))
    assert await accused(kit, times=1) == MANY[:10]
