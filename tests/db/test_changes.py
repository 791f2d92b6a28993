"""Changes: told with the commit that made them, each record as it is by then, none passed over, and forgotten after some days."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from hyperpanel.db import changes as module
from hyperpanel.db import erasing, outlived, panels, removals
from hyperpanel.db.changes import STREAMS, Item, Place, Told
from hyperpanel.db.schema import MIRRORED, changes
from hyperpanel.db.scope import EVERYTHING, Scope
from sync.store import Batch, FeedKey, Thread
from tests.support import records
from tests.support.kits import Kit, kit_over
from tests.support.records import NOON, batch, message, order, ticket
from tests.support.settling import settle

WEEK = timedelta(days=7)
ALL = frozenset(STREAMS)
START = Place(0, 0, NOON)
ON_POSTGRES = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


async def here(kit: Kit) -> Place:
    await settle(kit.database)
    return await kit.database.read(lambda c: module.here(c, NOON))


async def since(kit: Kit, place: Place, scope: Scope = EVERYTHING, streams=ALL, most: int = 1000) -> Told:
    await settle(kit.database)
    return await kit.database.read(lambda c: module.since(c, place, NOON, scope, streams, most))


async def stands(kit: Kit, place: Place, now: datetime = NOON) -> bool:
    return await kit.database.read(lambda c: module.stands(c, place, now, WEEK))


async def told(kit: Kit, place: Place = START) -> list[tuple[str, str]]:
    return [(one.stream, one.id) for one in (await since(kit, place)).items]


async def test_a_record_is_told_once_however_often_it_changed(kit):
    before = await here(kit)
    await kit.read(batch(10, order("1"), order("2")))
    await kit.read(batch(20, order("2", remains=5)))
    await kit.read(batch(30, order("2", remains=4)))
    assert await told(kit, before) == [("orders", "1"), ("orders", "2")]


async def test_a_commit_without_news_tells_nothing(kit):
    await kit.read(batch(10, order("1")))
    after = await here(kit)
    await kit.read(Batch(20, NOON, 1, keys=["1"]))
    assert (await since(kit, after)).items == {}


async def test_what_a_backfill_brings_is_told_too(kit):
    await kit.read(batch(10, order("1")), plan="backfill")
    assert await told(kit) == [("orders", "1")]


async def test_who_is_gone_and_who_comes_again_are_told(kit):
    await kit.read(batch(10, order("1"), order("2")))
    after = await here(kit)
    await kit.read(Batch(20, NOON, 0, gone=["1"]))
    gone = await here(kit)
    await kit.read(batch(30, order("1")))
    assert await told(kit, after) == await told(kit, gone) == [("orders", "1")]


async def test_messages_are_told_by_their_ticket_and_come_and_go_with_it(kit):
    await kit.of("tickets").read(batch(10, ticket("255")))
    thread = Thread("255", 7, 1, [message()])
    await kit.of("messages").read(Batch(20, NOON, 1, keys=["255"], thread=thread))
    after = await here(kit)
    await kit.of("tickets").read(Batch(30, NOON, 0, gone=["255"]))
    gone = await here(kit)
    await kit.of("tickets").read(batch(40, ticket("255")))
    both = [("tickets", "255"), ("messages", "255")]
    assert await told(kit) == await told(kit, after) == await told(kit, gone) == both


async def test_what_is_erased_is_told_with_its_messages(kit):
    long_ago = NOON - timedelta(days=90)
    await kit.of("tickets").read(batch(10, ticket("1", status="closed", created_at=long_ago, last_update_at=long_ago)))
    after, feed = await here(kit), kit.of("tickets").feed
    await kit.change(lambda c: erasing.erase(c, feed, ["1"], NOON - timedelta(days=30), NOON))
    assert await told(kit, after) == [("tickets", "1"), ("messages", "1")]


async def test_a_database_put_back_from_a_copy_is_noticed_before_anything_new_is_written(kit):
    """Its row is not there, and no row here ever had its number."""
    await kit.read(batch(10, order("1")))
    after = await here(kit)
    ahead = replace(after, number=after.number + 1, at=kit.clock.now())
    stands = [
        await kit.database.read(lambda c, place=place: module.stands(c, place, kit.clock.now(), timedelta(days=7)))
        for place in (after, ahead)
    ]
    assert stands == [True, False]


async def test_thousands_in_one_commit_are_a_few_rows(kit):
    await kit.change(lambda c: module.note(c, kit.feed, [str(key) for key in range(2500)], NOON))
    assert len(await kit.rows(changes)) == 3
    assert len((await since(kit, START, most=9999)).items) == 2500


async def test_a_page_may_end_within_a_row_and_goes_on_behind_it(kit):
    await kit.read(batch(10, *(order(str(key)) for key in range(1000, 1025))))
    found, place, more = [], START, True
    while more:
        page = await since(kit, place, most=10)
        found += [one.id for one in page.items]
        place, more = page.place, page.has_more
    assert found == [str(key) for key in range(1000, 1025)]
    assert place.taken is None


async def test_only_the_scopes_panels_and_the_asked_streams_are_told(kit):
    await kit.read(batch(10, order("1")))
    await kit.of("users").read(batch(20, records.user("7")))
    assert (await since(kit, START, Scope(frozenset({99})))).items == {}
    mine = await since(kit, START, Scope(frozenset({kit.feed.panel_id, 99})), frozenset({"users"}))
    assert list(mine.items) == [Item("users", kit.feed.panel_id, "7")]


async def test_who_sees_nothing_of_it_still_moves_on(kit):
    """Or a follower of a quiet panel would stand where everything is forgotten one day."""
    await kit.read(batch(10, order("1")))
    assert (await since(kit, START, Scope(frozenset({99})))).place == await here(kit)


async def test_no_answer_looks_through_more_than_so_many_rows(kit, monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 4)
    monkeypatch.setattr(module, "PORTION", 3)
    for number in range(1, 10):
        await kit.read(batch(number, order(str(number))))
    page = await since(kit, START, streams=frozenset({"users"}))
    assert (page.items, page.has_more) == ({}, True)
    assert not (await since(kit, (await since(kit, page.place, streams=frozenset({"users"}))).place)).has_more


async def test_no_answer_goes_through_more_than_so_many_ids(kit, monkeypatch):
    """However often the same ones changed: the cursor leads on behind them."""
    start = await here(kit)
    for _ in range(10):
        await kit.change(lambda c: module.note(c, kit.feed, ["1", "2"], NOON))
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 6)
    found, place, more = [], start, True
    while more:
        page = await since(kit, place)
        found.append(len(page.items))
        place, more = page.place, page.has_more
    assert found == [2, 2, 2, 2]


async def test_what_is_old_goes_in_portions_but_for_the_last(kit, monkeypatch):
    monkeypatch.setattr(module, "PORTION", 3)
    for number in range(1, 9):
        await kit.read(batch(number, order(str(number))))
    assert await module.forget(kit.database, NOON, WEEK) == 0
    assert await module.forget(kit.database, NOON + 2 * WEEK, WEEK) == 7
    assert await told(kit) == [("orders", "8")]


async def test_a_place_stands_until_what_is_behind_it_was_forgotten(kit):
    first = await here(kit)
    await kit.read(batch(10, order("1")))
    second = await here(kit)
    await kit.read(batch(20, order("2")))
    third = await here(kit)
    assert [await stands(kit, place) for place in (first, second, third)] == [True, True, True]
    await module.forget(kit.database, NOON + 2 * WEEK, WEEK)
    assert [await stands(kit, place, NOON + 2 * WEEK) for place in (first, second, third)] == [False, False, True]


async def test_a_place_of_another_database_does_not_stand(kit):
    await kit.read(batch(10, order("1")))
    await kit.read(batch(20, order("2")))
    place = await here(kit)
    other = replace(place, at=place.at + timedelta(seconds=1))
    ahead = replace(place, number=place.number + 50, at=place.at - timedelta(hours=1))
    assert not await stands(kit, other)
    assert not await stands(kit, ahead)


async def test_a_place_stands_when_its_row_went_with_its_panel(kit):
    other = panels.Panel(0, "us-2", "perfect_panel", "https://us.example", "USD", "UTC", 4.0, False)
    async with kit.database.write() as connection:
        vault = kit.installation.vault
        other_id = await panels.add(connection, other, {"admin_key": "k"}, (), vault, NOON)
    await kit.read(batch(10, order("1")))
    await kit.change(lambda c: module.note(c, FeedKey(other_id, "orders"), ["5"], kit.clock.now()))
    place = await here(kit)
    async with kit.database.write() as connection:
        await removals.mark(connection, replace(other, id=other_id), "ana", NOON)
    assert await removals.remove(kit.database, other_id, NOON)
    assert len(await kit.rows(changes)) == 1
    assert await stands(kit, place)


@ON_POSTGRES
async def test_a_commit_that_becomes_visible_late_is_not_passed_over(kit):
    """The lower number may be committed last; SQLite has one writer."""
    place, feed = await here(kit), kit.feed
    with kit.database.committing.connect() as slow:
        slow.begin()
        module.note(slow, feed, ["slow"], NOON)
        await kit.change(lambda c: module.note(c, feed, ["quick"], NOON))
        early = await since(kit, place)
        slow.commit()
    late = await since(kit, early.place)
    assert early.items == {}
    assert [one.id for one in late.items] == ["slow", "quick"]


@ON_POSTGRES
async def test_a_lower_number_of_a_later_transaction_is_not_passed_over(kit):
    """Who writes first need not note first: their numbers are given when they note."""
    place, feed = await here(kit), kit.feed
    with kit.database.committing.connect() as early, kit.database.committing.connect() as later:
        early.begin()
        early.exec_driver_sql("SELECT pg_current_xact_id()")
        later.begin()
        module.note(later, feed, ["lower"], NOON)
        module.note(early, feed, ["higher"], NOON)
        early.commit()
        first = await since(kit, place)
        later.commit()
    second = await since(kit, first.place)
    assert [one.id for one in first.items] == ["higher"]
    assert [one.id for one in second.items] == ["lower"]


@ON_POSTGRES
async def test_rows_of_another_server_are_forgotten_and_no_place_in_them_stands(kit):
    """A copy put back into a new PostgreSQL brings transactions that lie ahead of its own."""
    ahead = {"panel_id": kit.feed.panel_id, "stream": "orders", "at": NOON, "ids": "[]", "written": 1 << 50}
    await kit.change(lambda c: c.execute(insert(changes).values(**ahead)))
    [row] = await kit.rows(changes)
    place = Place(row.written, row.number, row.at)
    assert not await stands(kit, place)
    assert await module.forget(kit.database, NOON, WEEK) == 1
    assert not await stands(kit, place)


class Follower:
    """Keeps what it was told, page by page; now and then an answer is cut off, and is asked for again."""

    def __init__(self, kit: Kit, chance: random.Random, streams: frozenset[str]) -> None:
        self.kit, self.chance, self.streams = kit, chance, streams
        self.held: dict[tuple[str, str], Any] = {}

    async def begin(self) -> None:
        self.place = await here(self.kit)
        for stream in self.streams:
            self.held.update(await rows_of(self.kit, stream))

    async def follow(self, steps: int) -> None:
        for _ in range(steps):
            page = await since(self.kit, self.place, streams=self.streams, most=self.chance.randint(1, 9))
            now = {}
            for stream in {one.stream for one in page.items}:
                now.update(await rows_of(self.kit, stream))
            is_cut = self.chance.random() < 0.3
            for item in list(page.items)[: 2 if is_cut else None]:
                self.held.pop((item.stream, item.id), None)
                if (item.stream, item.id) in now:
                    self.held[item.stream, item.id] = now[item.stream, item.id]
            if not is_cut:
                self.place = page.place
                if not page.has_more:
                    return


async def rows_of(kit: Kit, stream: str) -> dict[tuple[str, str], Any]:
    return {(stream, row.id): tuple(row) for row in await kit.rows(MIRRORED[stream], gone_at=None)}


def happenings(chance: random.Random, number: int) -> Iterator[Any]:
    """One of: records that come, change or come again; that are gone; that grow too old; that a fresh look does not differ from."""
    make: Any
    make, stream = chance.choice([(order, "orders"), (records.payment, "payments"), (ticket, "tickets")])
    keys = [str(key) for key in chance.sample(range(1000, 1030), chance.randint(1, 12))]
    kind = chance.choice(("come", "come", "change", "gone", "erase"))
    old = NOON - timedelta(days=90)
    if kind == "gone":
        yield stream, Batch(number, NOON, 0, gone=keys)
    elif kind == "erase":
        yield stream, keys
    else:
        status = chance.choice(("pending", "completed" if stream != "tickets" else "closed"))
        at = old if chance.random() < 0.4 else NOON
        yield stream, batch(number, *(make(key, status=status, created_at=at) for key in keys))


@pytest.mark.parametrize("seed", range(4))
async def test_whoever_follows_ends_with_what_is_held(kit, seed):
    chance = random.Random(seed)
    follower = Follower(kit, chance, frozenset({"orders", "payments", "tickets"}))
    begun = chance.randint(2, 12)
    for number in range(1, 40):
        if number == begun:
            await follower.begin()
        [(stream, work)] = happenings(chance, number)
        one = kit.of(stream)
        if isinstance(work, Batch):
            await one.read(work, plan=chance.choice(("head", "refresh", "backfill")))
        else:
            ids = await kit.database.read(lambda c, f=one.feed: outlived.some(c, f, NOON - timedelta(days=30), 9))
            await kit.change(lambda c, f=one.feed, i=ids: erasing.erase(c, f, i, NOON - timedelta(days=30), NOON))
        if number > begun and chance.random() < 0.5:
            await follower.follow(chance.randint(1, 3))
    await follower.follow(1000)
    held = {key: row for stream in follower.streams for key, row in (await rows_of(kit, stream)).items()}
    assert follower.held == held


def test_what_is_noted_is_never_deleted_by_a_sync():
    """Only time and a panel's removal do."""
    assert changes in removals.LARGE
