"""Speeds that people set: one of a service, in place of the one before."""

import asyncio

import pytest

from hyperpanel.db import service_speeds
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.service_speeds import Speed
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE = Scope(frozenset({1}))


def speed(per_day=500, panel_id=1):
    return Speed(panel_id, "170", per_day, "Followers", "ana", NOON)


async def put(database, *speeds):
    async with database.write() as connection:
        for one in speeds:
            await service_speeds.put(connection, EVERYTHING, one)


def one(database, scope=MINE, panel_id=1):
    return database.read_now(lambda c: service_speeds.one(c, scope, panel_id, "170"))


async def test_the_last_one_counts(database):
    await put(database, speed(), speed(None))
    assert one(database) == speed(None)


async def test_of_several_set_at_once_one_counts(database):
    await asyncio.gather(*(put(database, speed(per_day)) for per_day in (1, 2, 3, 4)))
    assert one(database).per_day in {1, 2, 3, 4}


async def test_a_speed_out_of_scope_is_not_replaced(database):
    await put(database, speed(panel_id=2))
    async with database.write() as connection:
        await service_speeds.put(connection, MINE, speed(7, panel_id=2))
    assert one(database, EVERYTHING, 2).per_day == 500


async def test_other_panels_speeds_are_neither_seen_nor_removed(database):
    await put(database, speed(), speed(panel_id=2))
    assert one(database, MINE, 2) is None
    async with database.write() as connection:
        assert not await service_speeds.remove(connection, MINE, 2, "170")
        assert await service_speeds.remove(connection, MINE, 1, "170")
    assert database.read_now(lambda c: service_speeds.some(c, EVERYTHING, [(1, "170"), (2, "170")])) == {
        (2, "170"): speed(panel_id=2)
    }
