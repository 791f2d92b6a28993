"""Descriptions on both systems: written over what was there, removed, stamped, and beside the catalogue."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.db import descriptions, list_pages, services
from hyperpanel.db.descriptions import Description
from hyperpanel.db.lists import Place
from hyperpanel.db.schema import services as catalogue
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.errors import Missing
from tests.support.staged import NOON, mirrored

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE = Scope(frozenset({1}))
LATER = NOON + timedelta(hours=1)


def new(body="Slow", service_id="170", panel_id=1, at=NOON):
    return Description(panel_id, service_id, body, at, "ana")


async def put(database, *some):
    async with database.write() as connection:
        await descriptions.only_me(connection)
        await descriptions.put(connection, some)


async def remove(database, *keys, scope=EVERYTHING):
    async with database.write() as connection:
        await descriptions.remove(connection, scope, keys)


def held(database, scope=EVERYTHING):
    return {key: one.body for key, one in database.read_now(lambda c: descriptions.all_of(c, scope)).items()}


def versions(database, scope=EVERYTHING):
    return database.read_now(lambda c: descriptions.versions(c, scope))


async def test_it_takes_the_place_of_the_one_before(database):
    await put(database, new(), new(panel_id=2))
    await put(database, new("Fast", at=LATER))
    assert database.read_now(lambda c: descriptions.one(c, MINE, 1, "170")) == new("Fast", at=LATER)
    assert held(database) == {(1, "170"): "Fast", (2, "170"): "Slow"}


async def test_nobody_reads_or_removes_that_of_a_foreign_panel(database):
    await put(database, new(panel_id=2))
    assert held(database, MINE) == {}
    assert database.read_now(lambda c: descriptions.one(c, MINE, 2, "170")) is None
    await remove(database, (2, "170"), scope=MINE)
    assert held(database) == {(2, "170"): "Slow"}


async def test_more_than_are_written_at_once_are_written_and_removed(database):
    number = 2 * descriptions.AT_ONCE + 1
    await put(database, *(new(service_id=str(n)) for n in range(number)))
    assert len(held(database)) == number
    await remove(database, *((1, str(n)) for n in range(1, number)))
    assert held(database) == {(1, "0"): "Slow"}


async def test_whoever_writes_or_removes_one_changes_the_versions_of_its_panel(database):
    await put(database, new(), new(panel_id=2))
    seen = [versions(database, MINE)]
    for change in (new("Slow", at=LATER), new("Slow", "171")):
        await put(database, change)
        seen.append(versions(database, MINE))
    await remove(database, (1, "170"))
    seen.append(versions(database, MINE))
    assert seen == [
        {(1, "170"): NOON},
        {(1, "170"): LATER},
        {(1, "170"): LATER, (1, "171"): NOON},
        {(1, "171"): NOON},
    ]


async def keep(database, *rows):
    async with database.write() as connection:
        await connection.execute(insert(catalogue), list(rows))


async def test_the_catalogue_comes_whole_with_and_without_descriptions(database):
    gone = {**mirrored("services", "8"), "gone_at": NOON, "gone_why": "absent"}
    await keep(database, mirrored("services", "10"), mirrored("services", "9", "us-2"))
    await keep(database, mirrored("services", "9"))
    await keep(database, gone)
    await put(database, new("Fast", "9"))
    found = database.read_now(lambda c: descriptions.catalogue(c, MINE, None, 10))
    assert [(one.panel_id, one.service_id, one.body) for one in found] == [(1, "9", "Fast"), (1, "10", "")]
    assert database.read_now(lambda c: descriptions.catalogue(c, MINE, None, 1)) == found[:1]
    assert database.read_now(lambda c: descriptions.catalogue(c, MINE, found[0], 10)) == found[1:]
    assert database.read_now(lambda c: descriptions.known(c, MINE)) == {1: {"8", "9", "10"}}


async def test_one_of_a_panel_that_was_removed_is_missing(database):
    with pytest.raises(Missing):
        await put(database, new(panel_id=99))
    assert held(database) == {}


async def test_the_list_has_the_beginning_and_finds_those_that_have_one(database):
    await keep(database, mirrored("services", "9"), mirrored("services", "10"), mirrored("services", "9", "us-2"))
    await put(database, new("x" * 300, "9"), new("foreign", "9", panel_id=2))

    def page(**filters):
        asked = {name: (value,) for name, value in filters.items()}
        place = Place("id", falling=False)
        return database.read_now(lambda c: list_pages.page(c, MINE, [1], services.LISTING, asked, place, 10))

    assert [(row.id, len(row.description or "")) for row in page()] == [("9", 200), ("10", 0)]
    assert [row.id for row in page(described=True)] == ["9"]
    assert [row.id for row in page(described=False)] == ["10"]
