"""Announcements as they are kept: what is current, who has read it, and that two who edit are told apart."""

from datetime import timedelta

import pytest

from hyperpanel.db import announcements
from hyperpanel.db.announcements import INFO, WARNING, Text
from tests.support.staged import NOON

ANA, BEN = 1, 3
SOON = timedelta(minutes=1)


@pytest.fixture
async def told(database):
    """One that stays, one that ends by itself, and a warning."""
    async with database.write() as connection:
        for title, tone, until in (("stays", INFO, None), ("ends", INFO, NOON + SOON), ("warns", WARNING, None)):
            await announcements.add(connection, Text(title, "", tone, until), "max", NOON)
    return database


async def unread(database, now=NOON, whose=BEN):
    return [one.title for one in await database.read(lambda found: announcements.unread(found, whose, now))]


async def test_unread_are_the_current_ones_with_warnings_first(told):
    assert await unread(told, NOON) == ["warns", "ends", "stays"]
    assert await unread(told, NOON + SOON) == ["warns", "stays"]


async def test_one_is_read_by_one_person_once(told):
    async with told.write() as connection:
        assert await announcements.read(connection, 3, BEN, NOON)
        assert not await announcements.read(connection, 3, BEN, NOON)
    assert await unread(told, NOON) == ["ends", "stays"]
    assert await unread(told, NOON, ANA) == ["warns", "ends", "stays"]
    assert await told.read(lambda found: announcements.readers(found, [1, 3])) == {3: 1}


async def test_told_again_it_is_unread_for_everybody(told):
    async with told.write() as connection:
        await announcements.read(connection, 3, BEN, NOON)
        await announcements.tell_again(connection, 3)
    assert await unread(told, NOON) == ["warns", "ends", "stays"]


async def test_one_that_is_over_is_not_ended_again(told):
    async with told.write() as connection:
        assert not await announcements.end(connection, 2, "max", NOON + SOON)
        assert await announcements.end(connection, 1, "max", NOON)
        assert not await announcements.end(connection, 1, "ana", NOON)
        assert await announcements.resume(connection, 1)


async def test_a_change_needs_the_version_that_was_seen(told):
    text = Text("changed", "", INFO, None)
    async with told.write() as connection:
        assert await announcements.change(connection, 1, text, NOON, "max", NOON)
        assert not await announcements.change(connection, 1, text, NOON, "ana", NOON)
        await announcements.end(connection, 3, "max", NOON + SOON)
        assert not await announcements.change(connection, 3, text, NOON, "ana", NOON + SOON)


async def test_the_past_goes_on_below_a_place(told):
    def past(found, before):
        return [one.announcement.title for one in announcements.past(found, BEN, NOON + SOON, before)]

    async with told.write() as connection:
        await announcements.end(connection, 1, "max", NOON)
    assert await told.read(lambda found: past(found, None)) == ["ends", "stays"]
    assert await told.read(lambda found: past(found, (NOON, 2))) == ["stays"]
