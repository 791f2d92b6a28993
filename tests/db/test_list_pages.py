"""Offsets on both systems: what stands behind so many rows, by walking indexes and without reading a row."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from hyperpanel.db import list_pages, list_statements
from hyperpanel.db.lists import ANY, Place
from hyperpanel.db.orders import ASKED
from hyperpanel.db.schema import orders as table
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import NOON, PANELS, order

pytestmark = pytest.mark.usefixtures("only_scoped")
ALL = list(PANELS.values())
QUESTIONS = [
    ANY,
    {"status": ("fail", "pending")},
    {"user": ("kadir",), "status": ("fail",)},
    {"mode": ("manual",)},
    {"number": tuple(map(str, range(40)))},
    {"created_from": (NOON - timedelta(hours=20),)},
]
OFFSETS = (1, 7, 30, 31, 58, 59, 60, 61, 500)


@pytest.fixture
async def filled(database):
    """Sixty orders of three panels, a few without a date."""
    chance = random.Random(3)
    rows = []
    for number in range(60):
        at = chance.choice([None, NOON, NOON - timedelta(hours=number), NOON - timedelta(hours=number)])
        changes = {"status": chance.choice(["fail", "pending", "completed"]), "mode": chance.choice(["auto", "manual"])}
        rows.append(order(str(number), chance.choice(list(PANELS)), created_at=at, **changes))
    async with database.write() as connection:
        await connection.execute(insert(table), rows)
    return database


def behind(connection, filters, falling, offset) -> list[Any]:
    """The rows from the offset on."""
    place = Place("created", falling)
    key = list_pages.passed(connection, EVERYTHING, ALL, ASKED, filters, place, offset)
    if key is None:
        return []
    return list_pages.page(connection, EVERYTHING, ALL, ASKED, filters, Place("created", falling, key), 1000)


@pytest.mark.parametrize("most_arms", [200, 1])
@pytest.mark.parametrize("falling", [True, False], ids=["newest", "oldest"])
async def test_an_offset_passes_over_exactly_so_many(filled, falling, most_arms, monkeypatch):
    monkeypatch.setattr(list_statements, "MOST_ARMS", most_arms)
    for built in (list_statements.skipping, list_statements.numbering):
        built.cache_clear()
    for filters in QUESTIONS:
        place = Place("created", falling)
        whole = filled.read_now(lambda c, f=filters, p=place: list_pages.page(c, EVERYTHING, ALL, ASKED, f, p, 1000))
        assert whole
        for offset in OFFSETS:
            found = filled.read_now(lambda c, f=filters, o=offset: behind(c, f, falling, o))
            assert found == whole[offset:]


async def test_an_offset_sees_its_scope_alone(filled):
    place = Place("created")
    of = Scope(frozenset({1}))
    key = filled.read_now(lambda c: list_pages.passed(c, of, ALL, ASKED, ANY, place, 1))
    assert key.panel_id == 1
    assert filled.read_now(lambda c: list_pages.passed(c, of, [], ASKED, ANY, place, 1)) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("filters", [ANY, {"status": ("fail", "pending")}, {"user": ("kadir",)}], ids=str)
async def test_sqlite_walks_to_an_offset_in_its_indexes_and_sorts_nothing(filled, filters):
    ran: list[tuple[str, Any]] = []
    event.listen(filled.reading, "before_cursor_execute", lambda c, cursor, sql, given, *_: ran.append((sql, given)))
    filled.read_now(lambda c: list_pages.passed(c, EVERYTHING, ALL, ASKED, filters, Place("created"), 5))
    [(sql, given)] = [one for one in ran if one[0].startswith("SELECT")]
    steps = filled.read_now(lambda c: [row[3] for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)])
    reads = [step for step in steps if "orders" in step]
    assert len(reads) == len(ALL) * max(1, len(filters.get("status", ())))
    assert [step for step in reads if "USING COVERING INDEX" not in step] == []
    assert [step for step in steps if "TEMP B-TREE" in step] == []
