"""The limit that all processes share: fifty at once get no more than there is."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import api_uses
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import api_uses as table
from tests.support.staged import NOON

NAME = "key A"


async def take(database, wanted=1, per_minute=10, now=NOON, name=NAME):
    async with database.write() as connection:
        return await api_uses.take(connection, name, per_minute, wanted, now)


@pytest.mark.parametrize("per_minute", [1, 7, 10, 300])
async def test_a_minutes_uses_may_be_taken_at_once_and_no_more(database, per_minute):
    taken = await take(database, per_minute, per_minute)
    assert taken.number == per_minute
    assert (await take(database, 1, per_minute)).number == 0
    assert api_uses.left(per_minute, taken.free_at, NOON) == 0


async def test_they_are_earned_again_evenly(database):
    await take(database, 10)
    refused = await take(database)
    assert api_uses.wait(10, refused.free_at, NOON) == 6
    assert (await take(database, now=NOON + timedelta(seconds=5.9))).number == 0
    assert (await take(database, now=NOON + timedelta(seconds=6))).number == 1
    assert (await take(database, now=NOON + timedelta(seconds=6))).number == 0
    assert (await take(database, 10, now=NOON + timedelta(minutes=2))).number == 10


async def test_who_wants_more_than_there_is_gets_one(database):
    await take(database, 8)
    assert [(await take(database, 5)).number for _ in range(3)] == [1, 1, 0]


async def test_each_name_has_its_own(database):
    await take(database, 10)
    assert (await take(database, name="key B")).number == 1


async def test_fifty_at_once_over_two_processes_never_pass_the_limit(database):
    other = Database(database.url)
    taken = await asyncio.gather(*(take(one, 3, 20) for one in (database, other) * 25))
    await other.close()
    assert sum(one.number for one in taken) == 20


async def test_what_is_earned_again_is_forgotten(database):
    await take(database, 10)
    await take(database, name="key B")
    async with database.write() as connection:
        assert await api_uses.forget(connection, NOON + timedelta(seconds=30)) == 1
    assert database.read_now(lambda connection: connection.scalars(select(table.c.name)).all()) == [NAME]


async def test_a_clock_that_goes_back_a_little_gives_nothing_away(database):
    await take(database, 10)
    assert (await take(database, now=NOON - timedelta(seconds=30))).number == 0


async def test_a_clock_that_was_put_back_locks_nobody_out(database):
    await take(database, 10)
    before = NOON - timedelta(hours=1)
    assert [(await take(database, now=before)).number for _ in range(2)] == [1, 0]
    assert (await take(database, now=before + timedelta(seconds=6))).number == 1
