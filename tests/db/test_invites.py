"""A link is taken once, by its person, in time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import invites, staff
from hyperpanel.db.schema import invites as table
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
BEN, CY = 3, 6


async def made(database, staff_id=BEN, now=NOON) -> str:
    async with database.write() as connection:
        return await invites.make(connection, staff_id, invites.JOIN, "ana", now)


def found(database, token, now=NOON):
    return database.read_now(lambda connection: invites.find(connection, token, now))


async def claimed(database, link, now=NOON) -> bool:
    async with database.write() as connection:
        return await invites.claim(connection, link.id, now)


async def test_a_link_leads_to_its_person_for_a_day(database):
    token = await made(database)
    assert found(database, token).username == "ben"
    assert found(database, token, NOON + invites.LASTS) is None
    assert len(token) >= 43


async def test_only_the_hash_of_a_link_is_kept(database):
    token = await made(database)
    [row] = database.read_now(lambda connection: connection.execute(select(table)).all())
    assert token not in str(row)


async def test_of_several_who_take_a_link_at_once_one_does(database):
    link = found(database, await made(database))
    assert sorted(await asyncio.gather(*(claimed(database, link) for _ in range(4)))) == [False] * 3 + [True]


async def test_a_used_link_leads_nowhere(database):
    token = await made(database)
    assert await claimed(database, found(database, token))
    assert found(database, token) is None


async def test_a_new_link_ends_the_one_before(database):
    first, other = await made(database), await made(database, staff_id=4)
    link = found(database, first)
    second = await made(database)
    assert found(database, first) is None
    assert not await claimed(database, link)
    assert all(found(database, one) for one in (second, other))


async def test_whoever_is_disabled_can_take_no_link(database):
    assert found(database, await made(database, staff_id=CY)) is None
    link = found(database, await made(database))
    async with database.write() as connection:
        await staff.disable(connection, BEN, NOON)
        await staff.enable(connection, BEN)
    assert not await claimed(database, link)


async def test_a_link_that_is_too_old_cannot_be_taken_by_whoever_has_its_page_open(database):
    link = found(database, await made(database))
    assert not await claimed(database, link, NOON + invites.LASTS)


async def test_the_last_link_of_each_tells_how_they_stand(database):
    await made(database)
    await made(database, staff_id=4, now=NOON - timedelta(days=2))
    latest = database.read_now(invites.latest)
    assert {staff_id: link.is_open(NOON) for staff_id, link in latest.items()} == {BEN: True, 4: False}


async def test_old_links_of_who_has_no_password_yet_are_not(database):
    async with database.write() as connection:
        await staff.set_password(connection, 3, staff.NO_PASSWORD)
    await made(database, now=NOON - invites.KEPT - timedelta(days=2))
    await made(database, staff_id=4)
    assert set(database.read_now(invites.latest)) == {3, 4}


async def test_old_links_are_forgotten(database):
    await made(database, now=NOON - invites.KEPT - timedelta(days=2))
    await made(database, staff_id=4)
    assert len(database.read_now(lambda connection: connection.execute(select(table.c.id)).all())) == 1
