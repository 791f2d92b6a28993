"""Customers on both systems: every one on exactly one page in each order of rows, found by any of their names."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from hyperpanel.db import list_pages, users
from hyperpanel.db.lists import ANY, Count, Place
from hyperpanel.db.schema import user_renames
from hyperpanel.db.schema import users as table
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.users import LISTING
from tests.support.customers import customer, renamed
from tests.support.staged import NOON, PANELS

pytestmark = pytest.mark.usefixtures("only_scoped")
ALL = list(PANELS.values())
DISCOUNTS = (None, "", "none", "5%", "10%", "7.5", "7,25 %", "0%", "100%", "5% for ever")


@pytest.fixture
async def filled(database):
    """A hundred customers with every awkward value: equal ones, none, and numbers that sort differently as text."""
    chance = random.Random(5)
    rows = []
    for number in range(100):
        amount = chance.choice([None, -5, 0, 7, 7, 10**12])
        currency = None if amount is None else chance.choice(["USD", "EUR"])
        told: dict[str, Any] = {
            "balance": amount,
            "balance_currency": currency,
            "spent": amount,
            "spent_currency": currency,
        }
        told |= {"created_at": chance.choice([None, NOON, NOON - timedelta(hours=number)])}
        told |= {"last_auth_at": chance.choice([None, NOON - timedelta(minutes=number // 5)])}
        told |= {"discount": chance.choice(DISCOUNTS), "status": chance.choice(["active", "suspended"])}
        rows.append(customer(str(number), chance.choice(list(PANELS)), **told))
    rows += [customer("500", username="İbrahim_Işık", email="AYŞE@mail.example"), customer("501", gone_at=NOON)]
    async with database.write() as connection:
        await connection.execute(insert(table), rows)
        await connection.execute(insert(user_renames), [renamed("şükrü", "İbrahim_Işık", NOON, id="500")])
    return database


def page(database, filters=ANY, scope=EVERYTHING, limit=1000, **place):
    asked = Place(place.pop("sort", "created"), **place)
    return database.read_now(lambda c: list_pages.page(c, scope, ALL, LISTING, filters, asked, limit))


def walk(database, sort, falling):
    found, key = [], None
    while True:
        some = page(database, sort=sort, falling=falling, key=key, limit=7)
        found += some
        if len(some) < 7:
            return found
        key = LISTING.key(some[-1], sort)


def ids(rows):
    return [row.id for row in rows]


@pytest.mark.parametrize("sort", LISTING.sorts)
@pytest.mark.parametrize("falling", [True, False], ids=["falling", "rising"])
async def test_every_customer_stands_on_exactly_one_page_in_each_order(filled, sort, falling):
    rows = walk(filled, sort, falling)
    keys = [LISTING.key(row, sort) for row in rows]
    there = [key for key in keys if key.at is not None]
    assert len({(key.panel_id, key.id) for key in keys}) == len(keys) == 101
    assert keys[: len(there)] == sorted(there, key=lambda key: (key.at, key.panel_id, key.id), reverse=falling)


async def test_discounts_stand_by_their_number(filled):
    told = [row.discount for row in walk(filled, "discount", True)]
    ranks = {"100%": 0, "10%": 1, "7.5": 2, "7,25 %": 3, "5%": 4, "5% for ever": 4, "0%": 5}
    assert [ranks.get(one, 6) for one in told] == sorted(ranks.get(one, 6) for one in told)
    assert set(told) == set(DISCOUNTS)


@pytest.mark.parametrize("sought", ["ibrahim", "IŞIK", "ayse@", "SUKRU"])
async def test_a_part_of_any_name_or_address_finds_its_customer(filled, sought):
    assert ids(page(filled, {"q": (sought,)})) == ["500"]
    counted = filled.read_now(lambda c: list_pages.count(c, EVERYTHING, ALL, LISTING, {"q": (sought,)}, "created"))
    assert counted == Count(1, True)


async def test_an_earlier_name_on_a_foreign_panel_finds_nobody(filled):
    assert page(filled, {"q": ("sukru",)}, Scope(frozenset({2, 3}))) == []


FILTERS = {
    "numbers": ({"number": ("7", "500", "501")}, lambda row: row.id in ("7", "500")),
    "status": ({"status": ("suspended",)}, lambda row: row.status == "suspended"),
    "in debt": ({"balance": ("negative",)}, lambda row: row.balance is not None and row.balance < 0),
    "nothing left": ({"balance": ("zero",)}, lambda row: row.balance == 0),
    "created": ({"created_from": (NOON,)}, lambda row: row.created_at == NOON),
    "last seen": ({"auth_to": (NOON - timedelta(minutes=9),)}, lambda row: is_before(row.last_auth_at, 9)),
}


def is_before(at, minutes):
    return at is not None and at < NOON - timedelta(minutes=minutes)


@pytest.mark.parametrize(("filters", "is_wanted"), FILTERS.values(), ids=FILTERS)
async def test_a_filter_keeps_what_it_says(filled, filters, is_wanted):
    expected = [row.id for row in page(filled) if is_wanted(row)]
    assert ids(page(filled, filters)) == expected != []


@pytest.mark.parametrize("sort", LISTING.sorts)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_reads_a_page_by_the_index_of_its_order(filled, sort):
    ran = []
    event.listen(filled.reading, "before_cursor_execute", lambda c, cursor, sql, given, *_: ran.append((sql, given)))
    middle = LISTING.key(page(filled, sort=sort)[20], sort)
    ran.clear()
    page(filled, sort=sort, key=middle, limit=20)
    steps = [
        str(row[3])
        for sql, given in list(ran)
        for row in filled.read_now(lambda c, s=sql, g=given: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", g).all())
    ]
    reads = [step for step in steps if "users" in step]
    index = LISTING.sorts[sort].indexes[""]
    assert [step for step in reads if index not in step and "PRIMARY KEY" not in step] == []
    assert [step for step in reads if not step.startswith("SEARCH users USING ")] == []


async def test_a_name_is_known_in_every_spelling_that_there_is(database):
    async with database.write() as connection:
        await connection.execute(insert(table), [customer("1", username="kadir"), customer("2", username="KADIR")])
    found = database.read_now(lambda c: users.spelled(c, EVERYTHING, ALL, {"user": ("Kadir",)}))
    assert set(found["user"]) == {"Kadir", "kadir", "KADIR"}


async def test_earlier_names_are_told_of_whoever_had_one(filled):
    rows = page(filled, {"number": ("7", "500")})
    assert filled.read_now(lambda c: users.earlier_names(c, EVERYTHING, rows)) == {(1, "500"): "şükrü"}


async def test_a_customer_of_a_foreign_panel_is_not_there(filled):
    assert filled.read_now(lambda c: users.one(c, EVERYTHING, 1, "500")).username == "İbrahim_Işık"
    assert filled.read_now(lambda c: users.one(c, Scope(frozenset({2})), 1, "500")) is None
