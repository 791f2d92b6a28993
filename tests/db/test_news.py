"""News: a row for each commit that changed something, none for one that did not, and forgotten soon."""

from datetime import timedelta

import pytest

from hyperpanel.db import news as module
from hyperpanel.db.housekeeping import forget_news
from hyperpanel.db.schema import news
from hyperpanel.db.scope import EVERYTHING, Scope
from sync.store import Batch, Thread
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, message, order


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


async def told(kit, after: int = 0, scope: Scope = EVERYTHING) -> list[module.Item]:
    return list(await kit.database.read(lambda connection: module.since(connection, after, 100, scope)))


async def test_what_arrived_is_counted_and_what_changed_is_named(kit):
    await kit.read(batch(10, order("1"), order("2")))
    await kit.read(batch(20, order("2", status="completed"), order("3")))
    first, second = await told(kit)
    assert (first.arrived, first.ids, first.stream, first.panel_id) == (2, [], "orders", kit.feed.panel_id)
    assert (second.arrived, second.ids) == (1, ["2"])
    assert await told(kit, first.number) == [second]


async def test_a_commit_without_news_writes_nothing(kit):
    await kit.read(batch(10, order("1")))
    await kit.read(Batch(20, NOON, 1, keys=["1"]))
    assert len(await told(kit)) == 1


async def test_what_is_gone_is_named_and_what_comes_again_has_arrived(kit):
    await kit.read(batch(10, order("1"), order("2")))
    await kit.read(Batch(20, NOON, 0, gone=["1"]))
    await kit.read(batch(30, order("1")))
    _, gone, again = await told(kit)
    assert (gone.ids, gone.arrived) == (["1"], 0)
    assert (again.ids, again.arrived) == (["1"], 1)


async def test_many_at_once_are_not_named(kit):
    rows = [order(str(1000 + number)) for number in range(module.MOST_IDS + 1)]
    await kit.read(batch(10, *rows))
    await kit.read(batch(20, *rows))
    assert [one.ids for one in await told(kit)] == [[], None]


async def test_the_past_arrives_on_nobodys_first_page(kit):
    await kit.read(batch(10, order("1")), plan="backfill")
    await kit.read(batch(20, order("1", remains=5), order("2")), plan="backfill")
    assert [(one.arrived, one.ids) for one in await told(kit)] == [(0, []), (0, ["1"])]


async def test_messages_are_told_as_their_tickets(kit):
    thread = Thread("255", 7, 10, (message("<p>where is it</p>"),))
    await kit.of("messages").read(Batch(10, NOON, 1, keys=["255"], thread=thread))
    [one] = await told(kit)
    assert (one.stream, one.ids, one.arrived) == ("messages", ["255"], 0)


async def test_a_scope_reads_its_own_panels_alone(kit):
    await kit.read(batch(10, order("1")))
    assert await told(kit, scope=Scope(frozenset({kit.feed.panel_id + 1}))) == []


async def test_news_are_forgotten_but_for_the_last(kit):
    await kit.read(batch(10, order("1")))
    await kit.read(batch(20, order("2")))
    async with kit.database.write() as connection:
        assert await forget_news(connection, NOON + timedelta(minutes=9)) == 0
        assert await forget_news(connection, NOON + timedelta(minutes=11)) == 1
    [left] = await told(kit)
    assert await kit.database.read(module.last) == left.number
    assert await kit.database.read(module.reach) == left.number - 1


async def test_numbers_never_come_again(kit):
    await kit.read(batch(10, order("1")))
    last = await kit.database.read(module.last)
    await kit.change(lambda connection: connection.execute(news.delete()))
    await kit.read(batch(20, order("2")))
    assert await kit.database.read(module.last) == last + 1
