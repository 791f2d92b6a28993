"""Messages as they are kept: edits as versions, absences after two reads, and which threads are to be read, by plan."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from hyperpanel.db.schema import feeds, message_versions, messages, threads, tickets
from hyperpanel.db.thread_keeping import DOUBTED_FOR, FAILED_FOR, SOON
from sync.connectors.base import Unread
from sync.store import Batch, Thread
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, message, ticket

HOUR = timedelta(hours=1)
ASKS = message("<p>where is it</p>")
ANSWERS = message("<p>soon</p>", sender="staff", is_staff=True, created_at=NOON + HOUR)
THANKS = message("<p>thanks</p>", created_at=NOON + 2 * HOUR)


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path, stream="messages") as made:
        yield made


def thread(number: int, *told, read_for: int = 7, digest: int = 0, whole: bool = True, ticket: str = "255") -> Batch:
    """What one request for a ticket brought."""
    at = NOON + timedelta(minutes=number)
    return Batch(number, at, 1, keys=[ticket], thread=Thread(ticket, read_for, digest or number, told, whole))


def unchanged(number: int, digest: int) -> Batch:
    return replace(thread(number), thread=Thread("255", 7, digest, None))


async def said(kit) -> list[str]:
    live = sorted((row for row in await kit.rows(messages, gone_at=None)), key=lambda row: row.place)
    return [row.body for row in live]


async def cached(kit) -> int:
    [row] = await kit.rows(feeds, stream="messages")
    return int(row.cached)


async def state(kit) -> tuple[int | None, int, int]:
    [row] = await kit.rows(threads, ticket_id="255")
    return row.read_for, row.digest, row.messages


async def test_a_thread_is_kept_in_its_order(kit):
    done = await kit.read(thread(10, ASKS, ANSWERS, THANKS))
    assert (done.new, done.changed, await cached(kit)) == (3, 0, 3)
    assert (await said(kit), await state(kit)) == ([ASKS.body, ANSWERS.body, THANKS.body], (7, 10, 3))


async def test_reading_it_again_changes_nothing(kit):
    await kit.read(thread(10, ASKS, ANSWERS))
    before = await kit.rows(messages)
    done = await kit.read(thread(20, ASKS, ANSWERS))
    assert ((done.new, done.changed), await kit.rows(messages), await cached(kit)) == ((0, 0), before, 2)


async def test_an_edit_is_a_version_of_the_same_message(kit):
    await kit.read(thread(10, ASKS, ANSWERS), thread(20, ASKS, ANSWERS))
    done = await kit.read(
        thread(30, ASKS, message("<p>tomorrow</p>", sender="staff", is_staff=True, created_at=ANSWERS.created_at))
    )
    assert (done.new, done.changed, await said(kit)) == (0, 1, [ASKS.body, "<p>tomorrow</p>"])
    [version] = await kit.rows(message_versions)
    [row] = await kit.rows(messages, place=1)
    assert (version.message_id, version.body) == (row.id, ANSWERS.body)
    assert (version.not_before, version.not_after) == (NOON + timedelta(minutes=20), NOON + timedelta(minutes=30))


async def test_each_edit_is_a_version(kit):
    for number, body in ((10, "one"), (20, "two"), (30, "three")):
        await kit.read(thread(number, message(body)))
    assert ([row.body for row in await kit.rows(message_versions)], await said(kit)) == (["one", "two"], ["three"])


async def test_a_new_name_of_the_sender_is_no_version(kit):
    await kit.read(thread(10, ASKS), thread(20, message(ASKS.body, sender="kadir2")))
    assert await kit.rows(message_versions) == []
    assert [(row.sender, row.first_seen_at) for row in await kit.rows(messages)] == [
        ("kadir2", NOON + timedelta(minutes=10))
    ]


async def test_a_message_is_gone_after_two_reads_without_it(kit):
    await kit.read(thread(10, ASKS, ANSWERS), thread(20, ASKS))
    assert (await said(kit), await state(kit), await cached(kit)) == ([ASKS.body, ANSWERS.body], (None, 0, 2), 2)
    await kit.read(thread(30, ASKS))
    assert (await said(kit), await state(kit), await cached(kit)) == ([ASKS.body], (7, 30, 1), 1)
    [row] = [row for row in await kit.rows(messages) if row.gone_at is not None]
    assert (row.body, row.gone_at) == (ANSWERS.body, NOON + timedelta(minutes=30))


async def test_one_read_that_has_it_begins_the_count_anew(kit):
    await kit.read(thread(10, ASKS, ANSWERS))
    for number, told in ((20, [ASKS]), (30, [ASKS, ANSWERS]), (40, [ASKS])):
        await kit.read(thread(number, *told))
    assert await said(kit) == [ASKS.body, ANSWERS.body]


async def test_two_reads_of_one_moment_count_as_one(kit):
    await kit.read(thread(10, ASKS, ANSWERS), thread(20, ASKS), thread(24, ASKS))
    assert (await said(kit), (await state(kit))[0]) == ([ASKS.body, ANSWERS.body], None)
    await kit.read(thread(29, ASKS))
    assert (await said(kit), (await state(kit))[0]) == ([ASKS.body], 7)


async def test_one_that_comes_back_is_the_same_again(kit):
    await kit.read(thread(10, ASKS, ANSWERS))
    before = [(row.id, row.first_seen_at) for row in await kit.rows(messages)]
    await kit.read(thread(20, ASKS), thread(30, ASKS), thread(40, ASKS, ANSWERS))
    assert [(row.id, row.first_seen_at) for row in await kit.rows(messages, gone_at=None)] == before
    assert (await said(kit), await cached(kit)) == ([ASKS.body, ANSWERS.body], 2)


async def test_a_thread_with_an_unreadable_message_lacks_nobody(kit):
    await kit.read(thread(10, ASKS, ANSWERS))
    spoilt = replace(thread(20, ASKS, whole=False), unread=[Unread("255/1", "body is no text")])
    await kit.read(spoilt, replace(spoilt, number=21), replace(spoilt, number=22))
    assert (await said(kit), (await state(kit))[0]) == ([ASKS.body, ANSWERS.body], 7)


async def test_a_thread_that_is_unchanged_is_only_read_for_its_ticket(kit):
    await kit.read(thread(10, ASKS, read_for=6))
    await kit.read(unchanged(20, digest=10))
    assert (await state(kit), await said(kit)) == ((7, 10, 1), [ASKS.body])


async def test_equal_messages_of_two_tickets_are_two(kit):
    await kit.read(thread(10, ASKS), thread(11, ASKS, ticket="256"))
    await kit.read(thread(20), thread(30))
    assert [row.ticket_id for row in await kit.rows(messages, gone_at=None)] == ["256"]


async def due(kit, plan: str, after: str | None = None) -> list[str]:
    return [one.ticket for one in await kit.store.due_threads(kit.feed, plan, after, 10)]


@pytest.fixture
async def desk(kit):
    """Tickets open and closed, recent and old; of `read` and `changed` the threads are held."""
    old, recent = NOON - timedelta(days=30), NOON - timedelta(days=3)
    closed = {"status": "closed", "status_raw": "closed"}
    found = (
        ticket("open", last_update_at=old),
        ticket("read", last_update_at=recent),
        ticket("closed", last_update_at=recent, **closed),
        ticket("old", last_update_at=old, **closed),
        ticket("undated", last_update_at=None, **closed),
        ticket("gone"),
    )
    await kit.of("tickets").read(batch(5, *found))
    await kit.change(
        lambda connection: connection.execute(update(tickets).where(tickets.c.id == "gone").values(gone_at=NOON))
    )
    await kit.read(thread(6, ASKS, ticket="read", read_for=5))
    return kit


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ("head", ["closed", "open"]),
        ("backfill", ["closed", "old", "open", "undated"]),
        ("refresh", ["open", "read"]),
        ("sweep", ["closed", "old", "open", "read", "undated"]),
    ],
)
async def test_each_plan_has_its_threads(desk, plan, found):
    assert sorted(await due(desk, plan)) == found


async def test_the_last_touched_come_first_to_the_head(desk):
    assert await due(desk, "head") == ["closed", "open"]


async def test_refresh_and_sweep_go_by_ids(desk):
    assert (await due(desk, "sweep"), await due(desk, "sweep", "old")) == (
        ["closed", "old", "open", "read", "undated"],
        ["open", "read", "undated"],
    )
    assert await due(desk, "refresh", "open") == ["read"]


async def test_a_changed_ticket_makes_its_thread_due(desk):
    await desk.of("tickets").read(batch(8, ticket("read", last_update_at=NOON)))
    [first, *_] = await desk.store.due_threads(desk.feed, "head", None, 10)
    assert first[:3] == ("read", 8, 6)


async def test_a_thread_that_lacks_a_message_is_due_again_after_a_while(desk):
    await desk.read(thread(0, ticket="read", read_for=5))
    assert "read" not in await due(desk, "head")
    desk.clock.time += DOUBTED_FOR
    assert "read" in await due(desk, "head")
    await desk.read(thread(10, ticket="read", read_for=5))
    assert "read" not in await due(desk, "head")


@pytest.mark.parametrize("plan", ["head", "backfill"])
async def test_one_that_could_not_be_read_is_left_alone_for_a_while(desk, plan):
    nothing = replace(thread(0), keys=[], thread=Thread("open", None, 0, None), unread=[Unread("open", "refused")])
    await desk.read(nothing)
    assert "open" not in await due(desk, plan)
    desk.clock.time += FAILED_FOR
    assert "open" in await due(desk, plan)


async def test_a_backfill_goes_on_from_its_place_and_leaves_the_undated_to_the_end(desk):
    found = await desk.store.due_threads(desk.feed, "backfill", None, 10)
    assert [one.ticket for one in found] == ["closed", "open", "old", "undated"]
    for number, one in enumerate(found):
        assert await due(desk, "backfill", one.place) == [other.ticket for other in found[number + 1 :]]


@pytest.mark.parametrize("place", ["", "zzz", "zzz/old", "99999999999999999999999/old"])
async def test_a_place_that_is_none_begins_anew(desk, place):
    assert await due(desk, "backfill", place) == await due(desk, "backfill")


async def test_no_more_than_asked_for(desk):
    assert len(await desk.store.due_threads(desk.feed, "backfill", None, 3)) == 3


async def test_a_copy_that_may_be_older_than_its_ticket_is_asked_for_again_soon_each_time(kit):
    for number in (10, 20):
        came = thread(number, ASKS, whole=False)
        assert came.thread is not None
        behind = replace(came, as_of=NOON, thread=replace(came.thread, read_for=None, behind=True))
        await kit.read(behind)
        [row] = await kit.rows(threads, ticket_id="255")
        assert (row.read_for, row.read_at, row.retry_at) == (None, NOON, behind.at + SOON)
    assert await said(kit) == [ASKS.body]
