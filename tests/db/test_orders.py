"""Pages of orders on both systems: every row once, in order, by an index; counts that end."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from hyperpanel.db import list_pages, orders, statuses
from hyperpanel.db.lists import ANY, Count, Filters, Key, Place
from hyperpanel.db.orders import LISTING, Line
from hyperpanel.db.schema import order_flips, plans
from hyperpanel.db.schema import orders as table
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import NOON, PANELS, order

pytestmark = pytest.mark.usefixtures("only_scoped")
ALL = list(PANELS.values())
STATUSES = ("pending", "completed", "fail", "in_progress")


@pytest.fixture
async def filled(database):
    """Three hundred orders with every awkward date: equal ones, none, and ids that sort differently as text."""
    chance = random.Random(5)
    rows = []
    for number in range(300):
        at = chance.choice([None, NOON, NOON - timedelta(seconds=chance.randrange(40)), NOON - timedelta(hours=number)])
        changes = {"status": chance.choice(STATUSES), "user": chance.choice(["kadir", "Kadir", "ayşe"])}
        changes |= {"service_id": str(chance.randrange(4)), "mode": chance.choice(["auto", "manual"])}
        rows.append(order(str(number), chance.choice(list(PANELS)), created_at=at, **changes))
    async with database.write() as connection:
        await connection.execute(insert(table), rows)
    return database


def walk(database, filters=ANY, scope=EVERYTHING, panels: Sequence[int] = ALL, limit=7, **place: Any) -> list[Line]:
    """All pages, one after the other."""
    found: list[Line] = []
    key = place.pop("key", None)
    while True:
        page = database.read_now(
            lambda connection, key=key: list_pages.page(
                connection, scope, panels, LISTING, filters, Place("created", key=key, **place), limit
            )
        )
        found += page
        if len(page) < limit:
            return found
        key = place_of(page[-1])


FILTERS = {
    "none": ANY,
    "status": {"status": ("fail",)},
    "two statuses": {"status": ("fail", "pending")},
    "user": {"user": ("kadir",)},
    "user and status": {"user": ("kadir",), "status": ("fail", "completed")},
    "service": {"service": ("2",)},
    "service and user": {"service": ("2",), "user": ("ayşe",)},
    "two services": {"service": ("1", "3")},
    "mode": {"mode": ("manual",)},
    "provider": {"provider": ("provider-a.example",), "source": ("api",)},
    "numbers": {"number": ("7", "912", "299", "no")},
    "span": {"created_from": (NOON - timedelta(hours=100),), "created_to": (NOON,)},
    "span and status": {"created_from": (NOON - timedelta(hours=100),), "status": ("fail",)},
}


def place_of(row: Line) -> Key:
    return LISTING.key(row, "created")


def is_wanted(row: Line, filters: Filters) -> bool:
    [since], [until] = filters.get("created_from", [None]), filters.get("created_to", [None])
    return (
        ("number" not in filters or row.id in filters["number"] or row.provider_order_id in filters["number"])
        and ("status" not in filters or row.status in filters["status"])
        and ("service" not in filters or row.service_id in filters["service"])
        and filters.get("user", (row.user,)) == (row.user,)
        and filters.get("mode", (row.mode,)) == (row.mode,)
        and (since is None or (row.created_at is not None and row.created_at >= since))
        and (until is None or (row.created_at is not None and row.created_at < until))
    )


@pytest.mark.parametrize("falling", [True, False], ids=["newest", "oldest"])
async def test_every_order_stands_on_exactly_one_page_whatever_is_asked(filled, falling):
    everything = walk(filled, falling=falling, limit=1000)
    expected = {name: [place_of(row) for row in everything if is_wanted(row, asked)] for name, asked in FILTERS.items()}
    found = {name: walk(filled, asked, falling=falling) for name, asked in FILTERS.items()}
    assert len(everything) == 300
    assert {name: [place_of(row) for row in rows] for name, rows in found.items()} == expected


async def test_the_newest_stand_first_and_those_without_a_date_last(filled):
    dates = [row.created_at for row in walk(filled)]
    dated = [date for date in dates if date]
    assert dates == sorted(dated, reverse=True) + [None] * (300 - len(dated))


@pytest.mark.parametrize("start", [0, 3, 50, 149, 250, 299])
async def test_going_back_from_a_row_finds_those_before_it(filled, start):
    rows = walk(filled)
    before = filled.read_now(
        lambda c: list_pages.page(
            c, EVERYTHING, ALL, LISTING, ANY, Place("created", key=place_of(rows[start]), backwards=True), 20
        )
    )
    assert [place_of(row) for row in before] == [place_of(row) for row in rows[max(0, start - 20) : start]]


@pytest.mark.parametrize("start", [0, 120, 295])
async def test_a_page_can_be_asked_for_from_its_first_row(filled, start):
    rows = walk(filled)
    place = Place("created", key=place_of(rows[start]), inclusive=True)
    again = filled.read_now(lambda c: list_pages.page(c, EVERYTHING, ALL, LISTING, ANY, place, 20))
    assert [place_of(row) for row in again] == [place_of(row) for row in rows[start : start + 20]]


async def test_many_panels_are_asked_for_in_several_statements(filled, monkeypatch):
    at_once = [place_of(row) for row in walk(filled)]
    monkeypatch.setattr(list_pages, "ARMS", 1)
    assert [place_of(row) for row in walk(filled)] == at_once


async def test_a_scope_hides_what_it_does_not_hold(filled):
    rows = walk(filled, scope=Scope(frozenset({1})))
    assert {row.panel_id for row in rows} == {1}
    assert walk(filled, scope=Scope(frozenset())) == []


async def test_statements_grow_with_neither_rows_nor_panels(filled):
    seen: list[str] = []
    event.listen(filled.reading, "before_cursor_execute", lambda *args: seen.append(args[2]))
    filled.read_now(lambda c: list_pages.page(c, EVERYTHING, ALL, LISTING, ANY, Place("created"), 100))
    assert [sql for sql in seen if sql.startswith("SELECT")] == seen[1:] == seen[-1:]


async def test_a_count_is_true_as_far_as_it_goes(filled):
    everything = walk(filled, limit=1000)
    expected = {name: Count(sum(is_wanted(row, asked) for row in everything), True) for name, asked in FILTERS.items()}
    found = {
        name: filled.read_now(lambda c, asked=asked: list_pages.count(c, EVERYTHING, ALL, LISTING, asked, "created"))
        for name, asked in FILTERS.items()
    }
    assert found == expected


@pytest.mark.parametrize("filters", [ANY, {"mode": ("manual",)}, {"status": ("fail",)}])
async def test_a_count_ends_at_its_bound_and_says_so(filled, filters, monkeypatch):
    monkeypatch.setattr(list_pages, "COUNTED_TO", 20)
    monkeypatch.setattr(list_pages, "EXAMINED", 30)
    found = filled.read_now(lambda c: list_pages.count(c, EVERYTHING, ALL, LISTING, filters, "created"))
    assert found.number <= 20
    assert not found.is_whole


async def test_what_came_above_a_row_is_counted(filled):
    rows = walk(filled)
    for start in (0, 1, 60):
        above = filled.read_now(
            lambda c, n=start: list_pages.newer(c, EVERYTHING, ALL, LISTING, ANY, "created", place_of(rows[n]), 101)
        )
        assert above == start
    assert (
        filled.read_now(lambda c: list_pages.newer(c, EVERYTHING, ALL, LISTING, ANY, "created", place_of(rows[60]), 10))
        == 10
    )


async def test_every_status_there_is_is_found(filled):
    assert filled.read_now(lambda c: statuses.present(c, EVERYTHING, ALL, table)) == sorted(STATUSES)
    assert filled.read_now(lambda c: statuses.present(c, Scope(frozenset()), ALL, table)) == []


async def test_an_order_of_a_foreign_panel_is_not_there(filled):
    [row] = walk(filled, {"number": ("7",)})
    for scope, found in ((EVERYTHING, True), (Scope(frozenset({99})), False)):
        assert (filled.read_now(lambda c, s=scope: orders.one(c, s, row.panel_id, row.id)) is not None) is found


async def test_changes_of_status_come_falling(filled):
    flips = [
        {"panel_id": 1, "order_id": "7", "number": n, "was": "a", "now": "b", "not_before": NOON, "not_after": NOON}
        for n in (1, 3, 2)
    ]
    async with filled.write() as connection:
        await connection.execute(insert(order_flips), [flip | {"was": str(flip["number"])} for flip in flips])
    assert [flip.was for flip in filled.read_now(lambda c: orders.flips(c, EVERYTHING, 1, "7"))] == ["3", "2", "1"]
    assert filled.read_now(lambda c: orders.flips(c, Scope(frozenset({2})), 1, "7")) == []


@pytest.mark.parametrize(
    ("status", "first_seen", "expected"),
    [
        ("pending", timedelta(days=-1), timedelta(minutes=-2)),
        ("completed", timedelta(days=-1), timedelta(hours=-5)),
        ("pending", timedelta(minutes=-1), timedelta(hours=-5)),
    ],
    ids=["an open one by the refresh", "a final one by its own reading", "one that the refresh did not know"],
)
async def test_an_order_is_as_old_as_its_last_proof(database, status, first_seen, expected):
    row = order("1", status=status) | {"first_seen_at": NOON + first_seen, "seen_at": NOON - timedelta(hours=5)}
    async with database.write() as connection:
        await connection.execute(insert(table).values(**row))
        refresh = update(plans).where(plans.c.plan == "refresh")
        await connection.execute(refresh.values(as_of=NOON - timedelta(minutes=2)))
    found = database.read_now(lambda c: orders.one(c, EVERYTHING, 1, "1"))
    assert database.read_now(lambda c: orders.as_of(c, EVERYTHING, found)) == NOON + expected


def plan_of(database, work) -> list[str]:
    """SQLite's plan of each statement that `work` runs."""
    ran: list[tuple[str, Any]] = []
    event.listen(database.reading, "before_cursor_execute", lambda c, cursor, sql, given, *_: ran.append((sql, given)))
    database.read_now(work)
    return [
        str(row[3])
        for sql, given in list(ran)
        for row in database.read_now(lambda c, s=sql, g=given: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", g).all())
    ]


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_reads_a_page_by_an_index_in_its_order(filled, filters):
    """The planner is led: after ANALYZE, or with another index, it would choose worse."""
    middle = walk(filled, limit=1000)[120]
    places = [
        Place("created"),
        Place("created", falling=False),
        Place("created", key=place_of(middle)),
        Place("created", key=place_of(middle), backwards=True),
    ]
    for place in places:
        steps = plan_of(filled, lambda c, place=place: list_pages.page(c, EVERYTHING, ALL, LISTING, filters, place, 20))
        reads = [step for step in steps if "orders" in step]
        assert [step for step in reads if not step.startswith("SEARCH orders USING ")] == []
        by_order = [step for step in reads if "PRIMARY KEY" not in step and "provider_order_id" not in step]
        assert "number" in filters or [step for step in by_order if "_created_at_id_gone_at (" not in step] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_counts_by_an_index_too(filled):
    for filters in FILTERS.values():
        steps = plan_of(
            filled, lambda c, asked=filters: list_pages.count(c, EVERYTHING, ALL, LISTING, asked, "created")
        )
        assert [step for step in steps if step.startswith("SCAN orders") and " INDEX " not in step] == []
