"""Users are read again when they occur in what changed: by id where that works, by name where it does not."""

import pytest

from hyperpanel.db.schema import hints, user_renames, users
from sync.connectors.base import Ask, Unread
from sync.store import Batch
from tests.support.databases import sqlite_copy
from tests.support.records import NOON, batch, order, user
from tests.support.sources import USERS, Source, nameless
from tests.support.worlds import World, world_of

RICHER = 7_000_000


@pytest.fixture
async def town(run_folder, tmp_path):
    source = Source(USERS)
    async with world_of(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path, source, "users") as found:
        yield found


async def known(town: World[Source], *ids: str) -> None:
    """These users are held; since then each has become richer."""
    await town.kit.read(batch(1, *map(user, ids)))
    town.source.put(*(user(id, balance=RICHER) for id in ids))


async def occur(town: World[Source], *names: str, number: int = 2) -> None:
    """An order of each has changed."""
    orders = (order(str(place), user=name) for place, name in enumerate(names))
    await town.of("orders").kit.read(batch(number, *orders))


async def richer(town: World[Source]) -> list[str]:
    return [row.id for row in await town.kit.rows(users) if row.balance == RICHER]


def asked(town: World[Source]) -> list[Ask]:
    return list(town.source.asked)


async def left(town: World[Source]) -> list[str]:
    return [row.username for row in await town.kit.rows(hints)]


async def test_those_who_occur_are_asked_for_by_id_in_hundreds(town):
    ids = [str(number) for number in range(1000, 1230)]
    await known(town, *ids, "7")
    await occur(town, *(f"user-{id}" for id in ids))
    outcome = await town.run("refresh")
    assert [len(ask.ids) for ask in asked(town)] == [100, 100, 30]
    assert (await richer(town), await left(town), outcome.proven) == (ids, [], True)


async def test_nobody_occurs_and_nothing_is_asked(town):
    await known(town, "7")
    assert (await town.run("refresh")).tally.calls == 0


async def test_a_stranger_is_asked_for_by_name(town):
    town.source.put(user("7"), user("8"))
    await occur(town, "user-8", "nobody")
    await town.run("refresh")
    assert [(ask.user, ask.ids) for ask in asked(town)] == [("nobody", ()), ("user-8", ())]
    assert ([row.id for row in await town.kit.rows(users)], await left(town)) == (["8"], [])


async def test_a_user_renamed_is_recognised_by_the_id(town):
    await known(town, "7")
    town.source.put(user("7", username="kadir2"))
    await occur(town, "kadir2")
    await town.run("refresh")
    assert [(row.user_id, row.was, row.now) for row in await town.kit.rows(user_renames)] == [("7", "user-7", "kadir2")]


async def test_an_ids_filter_that_is_ignored_is_doubted_and_names_are_asked_for(town):
    await known(town, *(str(number) for number in range(10, 40)))
    town.source.ignores, town.source.cap = {"ids"}, 20
    await occur(town, "user-11", "user-39")
    await town.run("refresh")
    assert [(len(ask.ids), ask.user) for ask in asked(town)] == [(2, None), (0, "user-11"), (0, "user-39")]
    assert ({"11", "39"} <= set(await richer(town)), await left(town)) == (True, [])
    assert (await town.kit.claim("refresh")).manners.by_ids is False


async def test_a_name_filter_that_is_ignored_is_doubted_and_nobody_waits_for_ever(town):
    town.source.put(*(user(str(number)) for number in range(10, 40)))
    town.source.ignores = {"user"}
    await occur(town, "user-11", "user-39")
    await town.run("refresh")
    assert ([ask.user for ask in asked(town)], await left(town)) == (["user-11"], [])
    assert (await town.kit.claim("refresh")).manners.by_user is False


async def test_a_panel_that_looks_at_the_first_few_is_asked_until_all_came(town):
    ids = [str(number) for number in range(10, 30)]
    await known(town, *ids)
    town.source.ids_cap = 7
    await occur(town, *(f"user-{id}" for id in ids))
    await town.run("refresh")
    assert [len(ask.ids) for ask in asked(town)] == [20, 13, 6]
    assert (await richer(town), await left(town)) == (ids, [])


async def test_those_who_are_gone_do_not_hide_the_others_of_such_a_panel(town):
    ids = [str(number) for number in range(10, 30)]
    await known(town, *ids)
    for id in ids[:8]:
        del town.source.records[id]
    town.source.ids_cap = 7
    await occur(town, *(f"user-{id}" for id in ids))
    await town.run("refresh")
    assert (await richer(town), await left(town)) == (ids[8:], [])


async def test_one_who_cannot_be_read_has_been_asked_for(town):
    await known(town, "7", "8")
    town.source.unreadable = {"7"}
    await occur(town, "user-7", "user-8")
    outcome = await town.run("refresh")
    assert (await richer(town), await left(town), outcome.tally.set_aside) == (["8"], [], 2)


async def test_one_who_comes_without_an_id_is_not_waited_for(town):
    await known(town, "7", "8")
    town.source.spoil = lambda ask, page: nameless(page, ask.ids[0]) if ask.ids and page.keys else page
    await occur(town, "user-7", "user-8")
    await town.run("refresh")
    assert await left(town) == []


async def test_a_slice_is_over_after_its_pages(town):
    ids = [str(number) for number in range(1000, 1250)]
    await known(town, *ids)
    await occur(town, *(f"user-{id}" for id in ids))
    outcome = await town.run("refresh", pages=2)
    assert (outcome.done, len(asked(town)), len(await left(town))) == (False, 2, 50)
    assert (await town.whole("refresh", pages=2)).done
    assert await left(town) == []


async def test_a_hint_given_while_they_are_read_stays(town):
    await known(town, "7")
    await occur(town, "user-7")
    await town.of("orders").kit.read(batch(3, order("99", user="user-8")))

    def meanwhile(ask, page):
        town.kit.database.commit_now(lambda connection: connection.execute(hints.update().values(number=50)))
        return page

    town.source.spoil = meanwhile
    await town.run("refresh", pages=1)
    assert await left(town) == ["user-7", "user-8"]


async def test_what_was_set_aside_is_asked_for_once_more(town):
    town.source.put(user("7", balance=RICHER))
    await town.kit.read(Batch(1, NOON, 1, unread=[Unread("7", "balance is no number")]))
    await town.run("refresh")
    assert ([ask.ids for ask in asked(town)], await richer(town)) == ([["7"]], ["7"])
