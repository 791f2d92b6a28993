"""Pages of the catalogue on both systems: every service once, in order, no currency among another's; and what is known of one."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from hyperpanel.db import list_pages, services
from hyperpanel.db.lists import ANY, Count
from hyperpanel.db.schema import orders, panel_secrets, plans, service_changes
from hyperpanel.db.schema import services as table
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.services import LISTING
from tests.support.staged import NOON, PANELS, mirrored, order
from tests.support.turning import ALL, turned

pytestmark = pytest.mark.usefixtures("only_scoped")
NAMES = ("♻️ Threads", "instagram Likes", "Instagram Followers", "فالوور ۵K", "X" * 300)
FILTERS = {
    "none": (ANY, lambda row: True),
    "name": ({"name": ("INSTAGRAM",)}, lambda row: "nstagram" in row.name),
    "type": ({"type": ("package", "poll")}, lambda row: row.type in ("package", "poll")),
    "category": ({"category": ("5k",)}, lambda row: row.category == "۵K"),
    "refill": ({"refill": (True,)}, lambda row: row.refill is True),
    "no cancel": ({"cancel": (False,)}, lambda row: row.cancel is False),
    "numbers": ({"number": ("7", "99", "no")}, lambda row: row.id in ("7", "99")),
}


async def keep(database, table, *rows):
    async with database.write() as connection:
        await connection.execute(insert(table), list(rows))


@pytest.fixture
async def filled(database):
    """Numbers that sort differently as text, equal names and rates, and nothing where something could be."""
    chance = random.Random(9)
    rows = []
    for number in range(150):
        told: dict[str, Any] = {"name": chance.choice(NAMES), "type": chance.choice(["default", "package", None])}
        told |= {"rate": chance.choice([None, 5, number]), "min": chance.choice([None, 1, number]), "max": number // 3}
        told |= {"refill": chance.choice([True, False, None]), "cancel": chance.choice([True, False, None])}
        told |= {"category": chance.choice(["۵K", "Likes", None])}
        rows.append(mirrored("services", str(number), chance.choice(list(PANELS)), **told))
    await keep(database, table, *rows)
    return database


def place_of(row) -> tuple[int, str]:
    return row.panel_id, row.id


@pytest.mark.parametrize("falling", [True, False], ids=["falling", "rising"])
@pytest.mark.parametrize("sort", LISTING.sorts)
async def test_every_service_stands_on_exactly_one_page_whatever_is_asked(filled, sort, falling):
    everything = turned(filled, LISTING, ANY, sort, falling, limit=1000)
    assert len(everything) == 150
    for asked, is_wanted in FILTERS.values():
        rows = turned(filled, LISTING, asked, sort, falling, limit=20)
        assert [place_of(row) for row in rows] == [place_of(row) for row in everything if is_wanted(row)]


@pytest.mark.parametrize("sort", LISTING.sorts)
async def test_a_fleet_that_several_statements_ask_about_stands_in_the_same_order(filled, monkeypatch, sort):
    everything = turned(filled, LISTING, ANY, sort, False, limit=1000)
    monkeypatch.setattr(list_pages, "ARMS", 1)
    assert turned(filled, LISTING, ANY, sort, False, limit=20) == everything


async def test_a_count_is_true(filled):
    everything = turned(filled, LISTING, limit=1000)
    for asked, is_wanted in FILTERS.values():
        found = filled.read_now(lambda c, asked=asked: list_pages.count(c, EVERYTHING, ALL, LISTING, asked, "id"))
        assert found == Count(sum(is_wanted(row) for row in everything), True)


async def test_ten_follows_nine_and_rates_stay_with_their_panel(filled):
    numbers = [int(row.id) for row in turned(filled, LISTING, falling=False, panels=[1])]
    assert numbers == sorted(numbers)
    known = [
        (row.panel_id, row.rate) for row in turned(filled, LISTING, sort="rate", falling=False) if row.rate is not None
    ]
    assert known == sorted(known)


async def test_what_can_be_chosen_from_is_found(filled):
    assert filled.read_now(lambda c: services.types(c, EVERYTHING, ALL, 10)) == ["default", "package"]
    assert filled.read_now(lambda c: services.categories(c, Scope(frozenset()), ALL, 10)) == []


async def test_a_service_of_a_foreign_panel_is_not_there(filled):
    row = turned(filled, LISTING, {"number": ("7",)})[0]
    for scope, found in ((EVERYTHING, True), (Scope(frozenset({99})), False)):
        assert (filled.read_now(lambda c, s=scope: services.one(c, s, *place_of(row))) is not None) is found


async def test_changes_come_newest_first_and_of_allowed_panels_alone(database):
    bounds = {"not_before": NOON - timedelta(hours=2), "not_after": NOON}
    rows = [
        {
            "panel_id": 1,
            "service_id": "7",
            "number": n,
            "name_was": str(n),
            "name_now": "x",
            "rate_was": n,
            "rate_now": None,
            **bounds,
        }
        for n in (1, 3, 2)
    ]
    await keep(database, service_changes, *rows)
    assert [one.rate_was for one in database.read_now(lambda c: services.changes(c, EVERYTHING, 1, "7"))] == [3, 2, 1]
    assert database.read_now(lambda c: services.changes(c, Scope(frozenset({2})), 1, "7")) == []


async def test_orders_of_a_service_are_counted_by_status(database, monkeypatch):
    some = [
        order(str(n), status=("completed", "fail")[n % 3 == 0], created_at=NOON - timedelta(minutes=n))
        for n in range(9)
    ]
    await keep(database, orders, *some, order("20", service_id="88"), order("21", "us-2"))
    assert database.read_now(lambda c: services.orders_by_status(c, EVERYTHING, 1, "170")) == {
        "completed": 6,
        "fail": 3,
    }
    monkeypatch.setattr(services, "COUNTED", 2)
    assert sum(database.read_now(lambda c: services.orders_by_status(c, EVERYTHING, 1, "170")).values()) == 2


async def test_a_key_is_known_to_be_there_and_nothing_more(database):
    await keep(database, panel_secrets, *({"panel_id": n, "name": "services_key", "sealed": b"x"} for n in (1, 2)))
    assert database.read_now(lambda c: services.keyed(c, EVERYTHING)) == {1, 2}
    assert database.read_now(lambda c: services.keyed(c, Scope(frozenset({2, 3})))) == {2}


@pytest.mark.parametrize(
    ("gone", "expected"), [(None, timedelta(seconds=-20)), (timedelta(hours=-3), timedelta(hours=-3))]
)
async def test_a_service_is_as_old_as_its_catalogue_until_it_is_gone(database, gone, expected):
    await keep(database, table, mirrored("services", "7") | {"seen_at": NOON - timedelta(days=9)})
    async with database.write() as connection:
        await connection.execute(update(table).values(gone_at=NOON + gone if gone else None))
        await connection.execute(update(plans).where(plans.c.panel_id == 2).values(as_of=NOON))
    found = database.read_now(lambda c: services.one(c, EVERYTHING, 1, "7"))
    assert database.read_now(lambda c: services.as_of(c, EVERYTHING, found)) == NOON + expected
