"""The past read once more: a part of the backfill's position, with its progress; and what is held counts as held meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from hyperpanel.db import backfills, feeds
from hyperpanel.db.schema import plans, runs
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.errors import Conflict
from sync import cursors
from sync.cursors import Again, Backfill, Walk
from sync.store import Batch, ClaimLost, FeedKey, Outcome
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, order, ticket

DAY = timedelta(days=1)
SINCE = NOON - 10 * DAY
HELD = Backfill(reached=5, floor=5, done=True)


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


async def ask(kit, stream="orders", since=SINCE, now=NOON) -> None:
    async with kit.database.write() as connection:
        await backfills.ask(connection, kit.feed.panel_id, stream, since, "ana", now)


async def put(kit, cursor: Backfill, stream="orders") -> None:
    mine = (plans.c.stream == stream, plans.c.plan == "backfill")
    await kit.change(
        lambda c: c.execute(update(plans).where(*mine).values(cursor=cursors.dump(cursor), due_at=NOON + DAY))
    )


async def position(kit, stream="orders") -> Backfill:
    [row] = await kit.rows(plans, stream=stream, plan="backfill")
    found = cursors.load("backfill", row.cursor)
    assert isinstance(found, Backfill)
    return found


def progress(kit, scope=EVERYTHING):
    return list(kit.database.read_now(lambda c: backfills.progress(c, scope)).values())


async def test_it_is_asked_for_at_once_and_takes_back_nothing(kit):
    await put(kit, HELD)
    before = kit.database.read_now(lambda c: feeds.all_of(c, EVERYTHING, NOON, "orders"))[0]
    await ask(kit)
    after = kit.database.read_now(lambda c: feeds.all_of(c, EVERYTHING, NOON, "orders"))[0]
    assert (after.reached, after.is_filling, after.as_of) == (before.reached, False, before.as_of)
    assert await position(kit) == Backfill(
        5, 5, done=True, again=Again(int(SINCE.timestamp()), NOON.timestamp(), "ana")
    )
    [row] = await kit.rows(plans, stream="orders", plan="backfill")
    assert (row.due_at, row.asked_at) == (NOON, NOON)


async def test_asked_for_once_more_the_later_date_stands(kit):
    await ask(kit, since=SINCE + DAY)
    await ask(kit)
    assert [one.since for one in progress(kit)] == [SINCE]


async def test_a_stream_without_a_past_of_its_own_is_refused(kit):
    with pytest.raises(Conflict):
        await ask(kit, "services")


async def test_who_reads_the_past_now_cannot_write_over_it(kit):
    claim = await kit.claim("backfill")
    await ask(kit)
    with pytest.raises(ClaimLost):
        await kit.commit(claim, batch(10, order()), HELD)
    assert (await position(kit)).again is not None
    assert [row.ended_at for row in await kit.rows(runs)] == [NOON]


async def test_who_reads_what_is_new_goes_on(kit):
    claim = await kit.claim("head")
    await ask(kit)
    assert (await kit.commit(claim, batch(10, order()))).new == 1


async def test_progress_is_told_by_time(kit):
    await ask(kit)
    [begun] = progress(kit)
    assert (begun.share, begun.reached, begun.read, begun.by, begun.begun_at) == (0.0, None, 0, "ana", NOON)
    claim = await kit.claim("backfill")
    at = int((NOON - 4 * DAY).timestamp())
    walked = Backfill(again=Again(int(SINCE.timestamp()), NOON.timestamp(), "ana", walk=Walk(to=at)))
    await kit.commit(claim, batch(10, order("1"), order("2")), walked)
    [found] = progress(kit)
    assert (found.share, found.reached, found.read) == (0.4, NOON - 4 * DAY, 2)
    assert progress(kit, Scope(frozenset({99}))) == []
    await kit.store.finish(claim, Outcome())


async def test_or_by_rows_where_the_list_goes_by_those(kit):
    payments = kit.of("payments")
    await ask(kit, "payments")
    again = Again(int(SINCE.timestamp()), NOON.timestamp(), walk=Walk(offset=30))
    await put(kit, Backfill(again=again), "payments")
    assert [one.share for one in progress(payments)] == [1.0]  # nothing is held yet


async def test_or_by_tickets_of_messages(kit):
    await kit.of("tickets").read(batch(10, *(ticket(str(key)) for key in range(100, 110))))
    await put(kit, Backfill(again=Again(0, NOON.timestamp(), after="103")), "messages")
    assert [one.share for one in progress(kit)] == [0.4]


async def test_a_head_walk_that_proved_nothing_takes_nothing_off_it(kit):
    """The past is read again then, by itself; what a person asked for goes on."""
    await put(kit, HELD)
    await ask(kit)
    claim = await kit.claim("head")
    await kit.store.finish(claim, Outcome(proven=False))
    after = await position(kit)
    assert (after.done, after.again is not None) == (False, True)
    [row] = await kit.rows(plans, stream="orders", plan="backfill")
    assert row.due_at == NOON


async def test_a_finished_backfill_is_woken(kit):
    await put(kit, HELD)
    async with kit.database.write() as connection:
        await backfills.wake(connection, FeedKey(kit.feed.panel_id, "orders"), NOON)
    [row] = await kit.rows(plans, stream="orders", plan="backfill")
    assert row.due_at == NOON
    assert await kit.read(Batch(10, NOON, 0)) is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HELD, HELD),
        (Backfill(reached=90, floor=90, done=True), Backfill(reached=50, floor=50, done=True)),
        (Backfill(reached=90, walk=Walk(to=70)), Backfill(reached=50)),
        (Backfill(reached=90, walk=Walk(to=40)), Backfill(reached=50, walk=Walk(to=40))),
        (Backfill(), Backfill(reached=50)),
    ],
)
def test_a_past_read_again_is_held_from_then_on(before, after):
    assert before.read_down_to(50) == after
