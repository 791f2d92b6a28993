"""Snoozes: one of a service at a time, ended by a person or by the clock, and kept to be read."""

import asyncio
from datetime import timedelta

import pytest

from hyperpanel.db import snoozes
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.snoozes import New
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE = Scope(frozenset({1}))
HOUR = timedelta(hours=1)


def new(service_id="170", panel_id=1, **changes):
    report = {"hours": 24.0, "stuck_after": 12.0, "multiplier": 2.0, "min_orders": 5, "score": 55.0, "stuck": 9}
    plain = {"by": "ana", "why": "known", "until": NOON + HOUR, "wakes": "time"}
    return New(panel_id=panel_id, service_id=service_id, **{**plain, **report, **changes})


async def put(database, *some, at=NOON):
    async with database.write() as connection:
        return await snoozes.put(connection, some, at)


def running(database, scope=EVERYTHING, now=None):
    return [one.service for one in database.read_now(lambda c: snoozes.running(c, scope, now))]


async def end(database, *services, scope=EVERYTHING):
    async with database.write() as connection:
        return await snoozes.end(connection, scope, services, "ben", NOON + HOUR)


async def test_it_is_kept_as_it_was_set(database):
    [id] = await put(database, new())
    found = database.read_now(lambda c: snoozes.one(c, MINE, 1, "170"))
    assert (found.id, found.at, found.ended_at) == (id, NOON, None)
    assert {name: getattr(found, name) for name in vars(new())} == vars(new())


async def test_a_person_sees_those_of_their_panels(database):
    await put(database, new(), new(panel_id=2))
    assert running(database, MINE) == [(1, "170")]
    assert database.read_now(lambda c: snoozes.one(c, MINE, 2, "170")) is None


async def test_another_one_takes_its_place(database):
    await put(database, new())
    await put(database, new(wakes="worse", by="ben"), at=NOON + HOUR)
    last, first = database.read_now(lambda c: snoozes.history(c, EVERYTHING, 1, "170"))
    assert (last.wakes, last.ended_at) == ("worse", None)
    assert (first.ended_at, first.ended_by, first.ended_why) == (NOON + HOUR, "ben", "replaced")


async def test_of_two_set_at_once_the_later_one_counts(database):
    async def one(by):
        async with database.write() as connection:
            await snoozes.put(connection, [new(by=by)], NOON)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(by) for by in ("ana", "ben", "max")))
    assert running(database) == [(1, "170")]
    assert len(database.read_now(lambda c: snoozes.history(c, EVERYTHING, 1, "170"))) == 3


async def test_many_are_set_and_ended_at_once(database):
    await put(database, *(new(str(number)) for number in range(450)))
    assert len(running(database)) == 450
    assert await end(database, *((1, str(number)) for number in range(430))) == 430
    assert len(running(database)) == 20


async def test_nobody_ends_what_they_may_not_see(database):
    await put(database, new(panel_id=2))
    assert await end(database, (2, "170"), scope=MINE) == 0
    assert running(database) == [(2, "170")]


async def test_one_whose_time_has_passed_is_not_asleep_though_no_worker_ended_it(database):
    await put(database, new(), new("171", until=None, wakes="worse"))
    assert running(database, now=NOON + HOUR) == [(1, "171")]


async def test_what_woke_says_why_and_what_a_person_ended_is_not_told(database):
    await put(database, new(), new("171"))
    for one in database.read_now(lambda c: snoozes.running(c, EVERYTHING)):
        async with database.write() as connection:
            if one.service_id == "170":
                assert await snoozes.wake(connection, one, "worse", 38.5, 20, NOON + HOUR)
                assert not await snoozes.wake(connection, one, "time", None, None, NOON + HOUR)
    await end(database, (1, "171"))
    [woken] = database.read_now(lambda c: snoozes.woken(c, MINE, NOON))
    assert (woken.service_id, woken.ended_why, woken.ended_by) == ("170", "worse", None)
    assert (woken.ended_score, woken.ended_stuck) == (38.5, 20)
    assert database.read_now(lambda c: snoozes.woken(c, MINE, NOON + 2 * HOUR)) == []
