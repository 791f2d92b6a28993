"""The history of imports on both systems: kept whole, seen by whoever sees every panel of a file."""

import pytest
from sqlalchemy import delete

from hyperpanel.db import imports
from hyperpanel.db.imports import Import
from hyperpanel.db.schema import import_panels
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.errors import Missing
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE, BOTH, NOTHING = Scope(frozenset({1})), Scope(frozenset({1, 2})), Scope(frozenset())


async def keep(database, *panels: int, name="a.csv", result=b"line,panel"):
    made = Import(0, "descriptions", name, "ana", NOON, True, {"new": 3, "wrong": 1})
    async with database.write() as connection:
        return await imports.keep(connection, made, set(panels), result)


def names(database, scope, before=None):
    return [one.file_name for one in database.read_now(lambda c: imports.newest(c, scope, "descriptions", before))]


async def test_it_is_kept_as_it_was(database):
    number = await keep(database, 1)
    [one] = database.read_now(lambda c: imports.newest(c, MINE, "descriptions"))
    assert one == Import(number, "descriptions", "a.csv", "ana", NOON, True, {"new": 3, "wrong": 1})
    assert database.read_now(lambda c: imports.result(c, MINE, "descriptions", number)) == b"line,panel"


async def test_a_person_sees_those_of_which_they_see_every_panel(database):
    number = await keep(database, 1, 2, name="both.csv")
    await keep(database, 1, name="one.csv")
    found = [names(database, scope) for scope in (EVERYTHING, BOTH, MINE, NOTHING)]
    assert found == [["one.csv", "both.csv"], ["one.csv", "both.csv"], ["one.csv"], []]
    assert database.read_now(lambda c: imports.result(c, MINE, "descriptions", number)) is None


async def test_what_is_left_of_a_removed_panel_is_for_those_who_see_everything(database):
    await keep(database, 1, 2)
    async with database.write() as connection:
        await connection.execute(delete(import_panels).where(import_panels.c.panel_id == 2))
    assert [names(database, scope) for scope in (EVERYTHING, BOTH, MINE)] == [["a.csv"], [], []]


async def test_one_of_a_panel_that_was_removed_is_missing(database):
    with pytest.raises(Missing):
        await keep(database, 1, 99)
    assert names(database, EVERYTHING) == []


async def test_pages_follow_each_other(database):
    numbers = [await keep(database, 1, name=str(n)) for n in range(imports.ON_PAGE + 2)]
    assert len(names(database, MINE)) == imports.ON_PAGE + 1
    assert names(database, MINE, before=numbers[2]) == ["1", "0"]


async def test_another_kind_of_file_is_not_among_them(database):
    number = await keep(database, 1)
    assert database.read_now(lambda c: imports.result(c, EVERYTHING, "panels", number)) is None
