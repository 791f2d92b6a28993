"""What has grown too old: it goes with all that hangs on it, the counts stay true, and nothing else is touched."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, update

from hyperpanel.db import erasing, feeds, outlived, tallies
from hyperpanel.db.erasing import Shortening
from hyperpanel.db.outlived import Count
from hyperpanel.db.schema import (
    MIRRORED,
    absences,
    ai_answers,
    disputes,
    message_versions,
    messages,
    order_flips,
    plans,
    set_aside,
    threads,
)
from hyperpanel.db.scope import EVERYTHING, Scope
from sync import cursors
from sync.connectors.base import Unread
from sync.cursors import Again, Backfill, Walk
from sync.records import FINAL, FINAL_PAYMENT
from sync.store import Batch, FeedKey, Thread
from tests.support import records
from tests.support.kits import Kit, kit_over
from tests.support.records import NOON, batch, message, order, ticket
from tests.support.tallied import recount

BOUND = NOON - timedelta(days=30)
OLD, NEW = BOUND - timedelta(days=1), BOUND + timedelta(seconds=1)
STATUSES = {
    "orders": ("pending", "completed", "partial", "on_the_moon"),
    "payments": ("waiting", "completed", "fail"),
    "tickets": ("pending", "closed", "answered"),
}
BUILD: dict[str, Any] = {"orders": records.order, "payments": records.payment, "tickets": records.ticket}


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


async def erase(kit: Kit) -> list[str]:
    ids = kit.database.read_now(lambda c: outlived.some(c, kit.feed, BOUND, 1000))
    gone = await kit.change(lambda c: erasing.erase(c, kit.feed, ids, BOUND, NOON))
    assert sorted(gone) == sorted(ids)
    return sorted(gone)


def standing(kit: Kit):
    return kit.database.read_now(lambda c: tallies.all_of(c, EVERYTHING))


def cached(kit: Kit, stream: str) -> int:
    return kit.database.read_now(lambda c: feeds.all_of(c, EVERYTHING, NOON, stream))[0].cached


async def keep(kit: Kit, table: Table, **values: Any) -> None:
    await kit.change(lambda c: c.execute(insert(table).values(**values)))


async def left(kit: Kit) -> set[str]:
    return {row.id for row in await kit.rows(MIRRORED[kit.feed.stream])}


async def test_orders_that_ended_go_and_those_that_run_stay(kit):
    ended = [order(f"9{place}", status=status, created_at=OLD) for place, status in enumerate(sorted(FINAL))]
    kept = [order("1", status="completed", created_at=NEW), order("2", created_at=OLD)]
    await kit.read(batch(10, *kept, order("3", status="on_the_moon", created_at=OLD), *ended))
    assert await erase(kit) == [one.id for one in ended]
    assert await left(kit) == {"1", "2", "3"}


async def test_payments_that_wait_stay(database_url, tmp_path):
    async with kit_over(database_url, tmp_path, "payments") as kit:
        ended = [
            records.payment(f"9{n}", status=status, created_at=OLD) for n, status in enumerate(sorted(FINAL_PAYMENT))
        ]
        await kit.read(batch(10, records.payment("1", status="waiting", created_at=OLD), *ended))
        assert (len(await erase(kit)), await left(kit)) == (len(FINAL_PAYMENT), {"1"})


async def test_a_ticket_that_was_touched_since_stays_while_it_is_open(database_url, tmp_path):
    async with kit_over(database_url, tmp_path, "tickets") as kit:
        touched, forgotten = {"created_at": OLD, "last_update_at": NEW}, {"created_at": OLD, "last_update_at": OLD}
        await kit.read(
            batch(
                10,
                ticket("1", status="pending", **touched),
                ticket("2", status="closed", **touched),
                ticket("3", status="pending", **forgotten),
                ticket("4", status="pending", created_at=OLD, last_update_at=None),
                ticket("5", status="closed", created_at=NEW, last_update_at=OLD),
            )
        )
        assert await erase(kit) == ["2", "3", "4"]


async def test_what_is_gone_goes_by_age_too_and_is_not_counted_off_twice(kit):
    await kit.read(batch(10, order("1", created_at=OLD), order("2", created_at=OLD)))
    await kit.read(Batch(11, NOON, 0, gone=["1"]))
    assert (await erase(kit), cached(kit, "orders")) == (["1"], 1)


async def test_without_a_time_of_creation_it_goes_by_when_it_was_first_seen(kit):
    dateless = [order("1", status="completed", created_at=None), order("2", created_at=None)]
    await kit.read(batch(10, *dateless, at=OLD), batch(11, order("3", status="completed", created_at=None)))
    assert await erase(kit) == ["1"]


async def test_what_hangs_on_an_order_goes_with_it(kit):
    old, new = order("1", created_at=OLD), order("2", created_at=NEW)
    await kit.read(batch(10, old, new))
    await kit.read(
        batch(11, order("1", status="completed", created_at=OLD), order("2", status="partial", created_at=NEW))
    )
    for record_id in ("1", "2"):
        named = {"panel_id": kit.feed.panel_id, "stream": "orders", "record_id": record_id}
        await kit.change(lambda c, n=named: c.execute(insert(absences).values(**n, sweep=3, times=1, first_at=NOON)))
        apart = {**named, "reason": "x", "number": 1, "first_at": NOON, "at": NOON}
        await kit.change(lambda c, n=apart: c.execute(insert(set_aside).values(**n)))
    await erase(kit)
    assert [row.order_id for row in await kit.rows(order_flips)] == ["2"]
    assert [row.record_id for table in (absences, set_aside) for row in await kit.rows(table)] == ["2", "2"]


async def test_what_was_said_in_a_ticket_goes_with_it(database_url, tmp_path):
    async with kit_over(database_url, tmp_path, "tickets") as kit:
        said = kit.of("messages")
        await kit.read(
            batch(10, *(ticket(key, status="closed", created_at=at) for key, at in (("1", OLD), ("11", NEW))))
        )
        for number, key in ((11, "1"), (21, "11")):
            thread = Thread(key, 7, 1, [message("<p>a</p>"), message("<p>b</p>")], whole=False)
            await said.read(Batch(number, NOON, 1, keys=[key], unread=[Unread(f"{key}/3", "no text")], thread=thread))
            [row] = await said.rows(messages, ticket_id=key, place=0)
            flag = {"panel_id": 1, "ticket_id": key, "message_id": row.id, "flag": "quick"}
            told = {"staff": "s", "by": "ana", "why": "w", "at": NOON}
            await keep(kit, disputes, **flag, **told)
            before = {"panel_id": 1, "ticket_id": key, "message_id": row.id, "number": 9, "body": "x"}
            span = {"not_before": NOON, "not_after": NOON}
            await keep(kit, message_versions, **before, **span)
            about = {"panel_id": 1, "ticket_id": key, "key": key, "purpose": "intent", "digest": "d", "language": "en"}
            used = {"prompt": "p", "state": "done", "by": "ana", "at": NOON, "used_at": NOON}
            await keep(kit, ai_answers, **about, **used)
        both = cached(kit, "messages")
        assert kit.database.read_now(lambda c: outlived.count(c, EVERYTHING, kit.feed, BOUND)) == Count(1, 3)
        assert await erase(kit) == ["1"]
        hanging = [row.ticket_id for table in (threads, disputes, ai_answers) for row in await kit.rows(table)]
        assert hanging == ["11", "11", "11"]
        assert {row.ticket_id for table in (messages, message_versions) for row in await kit.rows(table)} == {"11"}
        assert [row.record_id for row in await kit.rows(set_aside)] == ["11/3"]
        assert (both, cached(kit, "messages")) == (4, 2)


@pytest.mark.parametrize("stream", outlived.STREAMS)
async def test_the_counts_are_those_of_what_is_left(database_url, tmp_path, stream):
    """And what is told beforehand is what goes; whatever is younger stays as it was."""
    chance = random.Random(stream)
    moments = (NEW, OLD, BOUND, None, NOON)
    async with kit_over(database_url, tmp_path, stream) as kit:
        for number in (10, 20, 30):
            some = (
                BUILD[stream](str(key), status=chance.choice(STATUSES[stream]), created_at=chance.choice(moments))
                for key in chance.sample(range(1000, 1200), 90)
            )
            await kit.read(batch(number, *some, digest=number, at=chance.choice((OLD, NOON))))
        await kit.read(Batch(40, NOON, 0, gone=[str(key) for key in chance.sample(range(1000, 1200), 30)]))
        before = {row.id: row for row in await kit.rows(MIRRORED[stream])}
        told = kit.database.read_now(lambda c: outlived.count(c, EVERYTHING, kit.feed, BOUND))
        gone = await erase(kit)
        assert (len(gone), told.rows) == (told.rows, len(gone))
        assert gone
        assert {row.id: row for row in await kit.rows(MIRRORED[stream])} == {
            key: row for key, row in before.items() if key not in gone
        }
        kept = standing(kit)
        await kit.change(lambda c: recount(c, stream))
        assert standing(kit) == kept
        assert cached(kit, stream) == sum(row.gone_at is None for key, row in before.items() if key not in gone)


async def test_what_became_younger_meanwhile_is_left_alone(kit):
    """It was looked for; then the feed is to be kept longer, or a page has changed it."""
    await kit.read(
        batch(10, order("1", status="completed", created_at=OLD), order("2", status="completed", created_at=OLD))
    )
    ids = kit.database.read_now(lambda c: outlived.some(c, kit.feed, BOUND, 10))
    await kit.read(batch(11, order("1", created_at=OLD)))
    assert await kit.change(lambda c: erasing.erase(c, kit.feed, ids, BOUND, NOON)) == ["2"]
    assert await kit.change(lambda c: erasing.erase(c, kit.feed, ids, OLD - timedelta(days=9), NOON)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Backfill(reached=10, floor=10, done=True), Backfill(reached=50, floor=50, done=True)),
        (Backfill(reached=50, floor=50, done=True), Backfill(reached=50, floor=50, done=True)),
        (Backfill(reached=40, floor=10, walk=Walk(floor=10, to=30)), Backfill(reached=50, floor=50)),
        (Backfill(walk=Walk(floor=10, to=30)), Backfill(walk=Walk(floor=10, to=30))),
        (Backfill(done=True, again=Again(20, 90)), Backfill(done=True, again=Again(50, 90))),
    ],
)
def test_a_position_tells_no_longer_of_what_was_let_go(before, after):
    assert before.held_since(50) == after


async def test_should_it_be_kept_longer_one_day_it_is_read_from_there_on(kit):
    stamp = int(OLD.timestamp()) - 86400
    position = {"cursor": cursors.dump(Backfill(reached=stamp, floor=stamp, done=True))}
    await kit.change(
        lambda c: c.execute(
            update(plans).where(plans.c.stream == "orders", plans.c.plan == "backfill").values(**position)
        )
    )
    await kit.read(batch(10, order("1", status="completed", created_at=OLD)))
    await erase(kit)
    [row] = await kit.rows(plans, stream="orders", plan="backfill")
    assert cursors.load("backfill", row.cursor) == Backfill(
        reached=int(BOUND.timestamp()), floor=int(BOUND.timestamp()), done=True
    )


async def test_an_erasure_counts_what_is_done_until_another_takes_its_place(kit):
    await kit.read(batch(10, order("1", status="completed", created_at=OLD)))
    told = Shortening(kit.feed.panel_id, "orders", BOUND, 3, 0)
    async with kit.database.write() as connection:
        await erasing.begin(connection, [replace(told, rows=9), told], "ana", NOON)
    await erase(kit)
    [found] = kit.database.read_now(lambda c: erasing.progress(c, EVERYTHING))
    assert (found.rows, found.erased, found.by) == (3, 1, "ana")
    assert kit.database.read_now(lambda c: erasing.progress(c, Scope(frozenset({99})))) == []
    await kit.change(lambda c: erasing.ended(c, kit.feed, NOON))
    assert kit.database.read_now(lambda c: erasing.progress(c, EVERYTHING)) == []


async def test_a_thread_whose_ticket_was_erased_while_it_was_read_is_a_stray(database_url, tmp_path):
    async with kit_over(database_url, tmp_path, "tickets") as kit:
        await kit.read(batch(10, ticket("1")))
        for key in ("1", "2"):
            await kit.of("messages").read(Batch(11, NOON, 1, keys=[key], thread=Thread(key, 7, 1, [message()])))
        assert kit.database.read_now(lambda c: erasing.strays(c, kit.feed.panel_id, 9)) == ["2"]
        await kit.change(lambda c: erasing.forget_strays(c, kit.feed.panel_id, ["2"]))
        assert ([row.ticket_id for row in await kit.rows(messages)], cached(kit, "messages")) == (["1"], 1)


def test_every_look_reads_one_index(kit):
    """Where SQLite is told which; it would refuse one that does not fit."""
    for stream in outlived.STREAMS:
        feed = FeedKey(kit.feed.panel_id, stream)
        assert kit.database.read_now(lambda c, f=feed: outlived.some(c, f, BOUND, 5)) == []
        assert kit.database.read_now(lambda c, f=feed: outlived.count(c, EVERYTHING, f, BOUND)) == Count(0, 0)


async def test_pages_committed_meanwhile_leave_the_counts_true(kit):
    """On PostgreSQL both write at the same time."""
    chance, claim = random.Random("meanwhile"), await kit.claim()

    async def read() -> None:
        for number in range(10, 35):
            some = chance.sample(range(1000, 1040), 20)
            rows = (order(str(key), status=chance.choice(("completed", "partial")), created_at=OLD) for key in some)
            await kit.commit(claim, batch(number, *rows, digest=number))

    async def let_go() -> None:
        for _ in range(25):
            ids = await kit.database.read(lambda c: outlived.some(c, kit.feed, BOUND, 10))
            await kit.database.commit(lambda c, some=ids: erasing.erase(c, kit.feed, some, BOUND, NOON))

    await asyncio.gather(read(), let_go())
    held, kept = len(await left(kit)), standing(kit)
    await kit.change(lambda c: recount(c, "orders"))
    assert (standing(kit), cached(kit, "orders")) == (kept, held)
