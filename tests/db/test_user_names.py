"""Whose a name was, and when: nobody gets what another ordered under the same name."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.db import user_names, users
from hyperpanel.db.schema import user_renames
from hyperpanel.db.schema import users as table
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.user_names import Borne
from tests.support.customers import customer, renamed
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONDAY, TUESDAY, FRIDAY = NOON - 6 * DAY, NOON - 5 * DAY, NOON - 2 * DAY


async def borne(database, rows, renames, id="7"):
    async with database.write() as connection:
        await connection.execute(insert(table), rows)
        if renames:
            await connection.execute(insert(user_renames), renames)

    def look(connection):
        user = users.one(connection, EVERYTHING, 1, id)
        assert user is not None
        return user_names.borne(connection, EVERYTHING, user, users.renames(connection, EVERYTHING, 1, id))

    return database.read_now(look)


async def test_whoever_was_never_renamed_has_the_name_for_ever(database):
    assert await borne(database, [customer(username="kadir")], []) == [Borne("kadir")]


async def test_a_rename_belongs_to_both_names_between_its_two_reads(database):
    found = await borne(database, [customer(username="new")], [renamed("old", "new", MONDAY)])
    assert found == [Borne("new", since=MONDAY - MINUTE), Borne("old", until=MONDAY)]


async def test_a_name_that_another_took_later_ends_when_they_came(database):
    rows = [customer(username="new"), customer("8", username="old", created_at=TUESDAY)]
    found = await borne(database, rows, [renamed("old", "new", FRIDAY)])
    assert found[1] == Borne("old", until=TUESDAY)


async def test_a_name_that_another_had_before_begins_when_they_left_it(database):
    rows = [customer(username="kadir", created_at=FRIDAY), customer("8", username="other")]
    found = await borne(database, rows, [renamed("kadir", "other", TUESDAY, id="8")])
    assert found == [Borne("kadir", since=FRIDAY)]


async def test_two_who_change_names_keep_what_was_theirs(database):
    rows = [customer(username="b"), customer("8", username="a")]
    renames = [renamed("a", "b", FRIDAY), renamed("b", "a", FRIDAY, id="8")]
    found = await borne(database, rows, renames)
    assert found == [Borne("b", since=FRIDAY), Borne("a", until=FRIDAY - MINUTE)]


async def test_a_name_that_came_back_was_borne_twice(database):
    renames = [renamed("a", "b", MONDAY), renamed("b", "a", FRIDAY, number=6)]
    found = await borne(database, [customer(username="a")], renames)
    assert [(one.name, one.since, one.until) for one in found] == [
        ("a", FRIDAY - MINUTE, None),
        ("b", MONDAY - MINUTE, FRIDAY),
        ("a", None, MONDAY),
    ]
