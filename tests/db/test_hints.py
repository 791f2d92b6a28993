"""Hints: who occurs in what changed, with the id of whoever has or had that name, until they have been read."""

import pytest
from sqlalchemy import update

from hyperpanel.db.schema import hints, users
from sync.store import Batch, Hint
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, order, payment, ticket, user


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


async def waiting(kit, limit: int = 100) -> list[Hint]:
    return list(await kit.store.hints(kit.feed, limit))


async def answered(kit, *heard: tuple[str, int]) -> None:
    await kit.of("users").read(Batch(0, NOON, 0, heard=heard), plan="refresh")


async def test_one_hint_a_name_and_the_latest_number_stands(kit):
    await kit.read(batch(10, order("1", user="kadir"), order("2", user="kadir"), order("3", user="ana")))
    await kit.of("payments").read(batch(20, payment("1", user="kadir")))
    await kit.of("tickets").read(batch(30, ticket("1", user="ben")))
    assert await waiting(kit) == [Hint("ana", 10, None), Hint("kadir", 20, None), Hint("ben", 30, None)]
    assert await waiting(kit, limit=1) == [Hint("ana", 10, None)]


async def test_nobody_is_no_hint(kit):
    await kit.read(batch(10, order("1", user=None), order("2", user="")))
    assert await waiting(kit) == []


@pytest.mark.parametrize(
    ("plan", "names"), [("head", ["kadir"]), ("refresh", ["kadir"]), ("backfill", []), ("sweep", [])]
)
async def test_only_what_is_news_gives_hints(kit, plan, names):
    await kit.read(batch(10, order()), plan=plan)
    assert [hint.username for hint in await waiting(kit)] == names


async def test_what_is_known_already_gives_none(kit):
    await kit.read(Batch(10, NOON, 1, keys=["1000"]))
    assert await waiting(kit) == []


async def test_a_user_is_found_by_the_name(kit):
    await kit.of("users").read(batch(5, user("7", username="kadir")))
    await kit.read(batch(10, order(user="kadir")))
    assert await waiting(kit) == [Hint("kadir", 10, "7")]


async def test_a_user_is_found_by_a_name_of_before(kit):
    await kit.of("users").read(batch(5, user("7", username="kadir")), batch(6, user("7", username="kadir2")))
    await kit.read(batch(10, order(user="kadir")))
    assert await waiting(kit) == [Hint("kadir", 10, "7")]


async def test_whoever_has_the_name_now_goes_before_who_had_it(kit):
    renamed = batch(6, user("7", username="kadir2"), user("9", username="kadir"))
    await kit.of("users").read(batch(5, user("7", username="kadir")), renamed)
    await kit.read(batch(10, order(user="kadir")))
    assert await waiting(kit) == [Hint("kadir", 10, "9")]


async def test_all_who_have_the_name_are_meant(kit):
    await kit.of("users").read(batch(5, user("7", username="kadir"), user("8", username="kadir")))
    await kit.read(batch(10, order(user="kadir")))
    assert await waiting(kit) == [Hint("kadir", 10, "7"), Hint("kadir", 10, "8")]


async def test_a_user_who_is_gone_is_a_stranger(kit):
    await kit.of("users").read(batch(5, user("7", username="kadir")))
    await kit.change(lambda connection: connection.execute(update(users).values(gone_at=NOON)))
    await kit.read(batch(10, order(user="kadir")))
    assert await waiting(kit) == [Hint("kadir", 10, None)]


async def test_what_was_answered_leaves_and_what_was_given_since_stays(kit):
    await kit.read(batch(10, order("1", user="kadir"), order("2", user="ana")), batch(20, order("3", user="ana")))
    await answered(kit, ("kadir", 10), ("ana", 10))
    assert [(row.username, row.number) for row in await kit.rows(hints)] == [("ana", 20)]
    await answered(kit, ("ana", 20))
    assert await kit.rows(hints) == []
