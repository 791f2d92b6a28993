"""Saved views in the database, on both systems: names, bounds, and what was deleted."""

from datetime import timedelta

import pytest

from hyperpanel.db import staff, views
from hyperpanel.db.views import MOST, NameTaken, TooMany
from hyperpanel.errors import Missing
from tests.support.staged import NOON


async def person(database, name: str) -> int:
    found = await database.read(lambda connection: staff.named(connection, name))
    return int(found.id)


async def add(database, who: int, name: str = "Waiting", noun: str = "orders", shared: bool = False, now=NOON) -> int:
    async with database.write() as transaction:
        return await views.add(transaction, who, noun, name, "status=pending", shared, now)


async def names(database, who: int) -> list[tuple[str, str]]:
    found = await database.read(lambda connection: views.offered(connection, who))
    return [(view.owner, view.name) for view in found]


async def test_each_gets_their_own_and_what_others_share(database):
    ana, ben = await person(database, "ana"), await person(database, "ben")
    await add(database, ana, "b")
    await add(database, ana, "A", shared=True)
    await add(database, ben, "c")
    assert await names(database, ana) == [("ana", "A"), ("ana", "b")]
    assert await names(database, ben) == [("ana", "A"), ("ben", "c")]


async def test_a_name_is_taken_however_it_is_written(database):
    ana = await person(database, "ana")
    await add(database, ana)
    with pytest.raises(NameTaken):
        await add(database, ana, " WAITING ")
    other = await add(database, ana, "Other")
    with pytest.raises(NameTaken):
        async with database.write() as transaction:
            await views.change(transaction, other, NOON, name="waiting")
    await add(database, ana, noun="tickets")


async def test_what_was_deleted_counts_no_more_and_goes_after_a_day(database):
    ana = await person(database, "ana")
    made = [await add(database, ana, str(number)) for number in range(MOST)]
    with pytest.raises(TooMany):
        await add(database, ana)
    async with database.write() as transaction:
        await views.remove(transaction, made[0], NOON)
    await add(database, ana)
    with pytest.raises(TooMany):
        async with database.write() as transaction:
            await views.restore(transaction, ana, made[0])
    async with database.write() as transaction:
        await views.remove(transaction, made[1], NOON)
    await add(database, ana, "Next", now=NOON + timedelta(days=2))
    assert await database.read(lambda connection: views.deleted(connection, ana, made[1])) is None


async def test_nobody_holds_or_restores_what_is_anothers(database):
    ana, ben = await person(database, "ana"), await person(database, "ben")
    made = await add(database, ana, shared=True)
    async with database.write() as transaction:
        with pytest.raises(Missing):
            await views.held(transaction, ben, made)
        await views.remove(transaction, made, NOON)
        with pytest.raises(Missing):
            await views.restore(transaction, ben, made)
        await views.restore(transaction, ana, made)
        assert (await views.held(transaction, ana, made)).name == "Waiting"
