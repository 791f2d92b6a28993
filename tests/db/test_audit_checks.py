"""How far the chain was followed: each look goes on from the last, and sees what was done to rows it has not seen, and to the end."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from hyperpanel.db import audit, audit_checks
from hyperpanel.db.audit import Act
from hyperpanel.db.schema import audit as table
from hyperpanel.support import audit_watch
from tests.support.staged import NOON

LATER = NOON + timedelta(minutes=10)


async def put(database, number: int) -> None:
    async with database.write() as connection:
        for _ in range(number):
            await audit.write(connection, Act("ana", "pause"), NOON)


@pytest.fixture
async def followed(database, monkeypatch):
    monkeypatch.setattr(audit_watch, "AT_ONCE", 4)
    await put(database, 9)
    assert await audit_watch.look(database, NOON) == 9
    return database


async def tamper(database, statement) -> None:
    taken_off = (
        ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
        if database.is_sqlite
        else ["ALTER TABLE audit DISABLE TRIGGER USER"]
    )
    async with database.write() as connection:
        for line in taken_off:
            await connection.exec_driver_sql(line)
        await connection.execute(statement)


def standing(database):
    return database.read_now(audit_checks.standing)


async def test_a_look_goes_on_from_the_last(followed):
    await put(followed, 3)
    assert await audit_watch.look(followed, LATER) == 3
    found = standing(followed)
    assert (found.last, found.rows, found.moment, found.broken) == (12, 12, LATER, None)


async def test_rows_that_held_are_looked_at_again_round_and_round(followed):
    assert standing(followed).was_whole is None
    for _ in range(2):
        await audit_watch.look(followed, LATER)
    assert standing(followed).was_whole == LATER
    await tamper(followed, update(table).where(table.c.id == 2).values(actor="eve"))
    await audit_watch.look(followed, LATER)
    assert standing(followed).broken == 2


async def test_nothing_new_is_a_look_too(followed):
    assert await audit_watch.look(followed, LATER) == 0
    assert standing(followed).moment == LATER


async def test_an_empty_log_is_whole(database):
    assert await audit_watch.look(database, NOON) == 0
    assert (await audit_watch.all_of(database, NOON)).broken is None


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        (update(table).where(table.c.id == 11).values(actor="eve"), 11),
        (delete(table).where(table.c.id == 10), 11),
        (delete(table).where(table.c.id >= 9), 9),
    ],
    ids=["changed", "taken out", "taken off the end"],
)
async def test_the_next_look_names_the_first_row_that_does_not_hold(followed, statement, broken):
    await put(followed, 3)
    await tamper(followed, statement)
    await audit_watch.look(followed, LATER)
    assert standing(followed).broken == broken
    await audit_watch.look(followed, LATER)
    assert standing(followed).broken == broken


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        (update(table).where(table.c.id == 2).values(actor="eve"), 2),
        (delete(table).where(table.c.id > 7), 8),
    ],
    ids=["long ago", "off the end"],
)
async def test_a_look_at_all_of_it_sees_what_was_done_to_rows_that_held(followed, statement, broken):
    await tamper(followed, statement)
    assert (await audit_watch.all_of(followed, LATER)).broken == broken
