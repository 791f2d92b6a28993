"""Sums of one customer on both systems: what is theirs and nothing else, exact to the last unit, by an index alone."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert

from hyperpanel.db import days, user_sums
from hyperpanel.db.schema import orders, payments, services, tickets
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.user_arms import Whose
from hyperpanel.db.user_names import Borne
from hyperpanel.db.user_sums import Asked, Day, Ordered, Paid, Used
from tests.support.customers import SEEN, payment, ticket
from tests.support.staged import NOON, order

pytestmark = pytest.mark.usefixtures("only_scoped")
DAY = timedelta(days=1)
KADIR = Whose(1, "7", [Borne("kadir", since=NOON - 9 * DAY), Borne("old", until=NOON - 8 * DAY)])
LARGEST = 2**62


@pytest.fixture
async def filled(database):
    rows = [
        order("1", charge=5, created_at=NOON - DAY),
        order("2", charge=7, status="partial", created_at=NOON - 2 * DAY, service_id="88"),
        order("3", charge=11, created_at=NOON - 20 * DAY),
        order("4", charge=13, user="old", created_at=NOON - 20 * DAY),
        order("5", charge=17, user="old", created_at=NOON - DAY),
        order("6", charge=19, user="somebody", created_at=NOON - DAY),
        order("7", "us-2", charge=23, created_at=NOON - DAY),
        order("8", charge=None, charge_currency=None, created_at=NOON - DAY),
        order("9", charge=29, charge_currency="EUR", created_at=NOON - DAY, service_id="88"),
    ]
    async with database.write() as connection:
        await connection.execute(insert(orders), rows)
    return database


def ask(database, asked, *given, scope=EVERYTHING, whose=KADIR):
    return database.read_now(lambda c: asked(c, scope, whose, *given))


async def test_orders_are_added_up_by_name_status_and_currency(filled):
    assert sorted(ask(filled, user_sums.ordered), key=str) == [
        Ordered(0, "partial", "USD", 1, 7),
        Ordered(0, "pending", "EUR", 1, 29),
        Ordered(0, "pending", "USD", 1, 5),
        Ordered(0, "pending", None, 1, 0),
        Ordered(1, "pending", "USD", 1, 13),
    ]


async def test_nothing_is_told_of_a_foreign_panel(filled):
    assert ask(filled, user_sums.ordered, scope=Scope(frozenset({2}))) == []
    assert ask(filled, user_sums.first_order, scope=Scope(frozenset({2}))) is None


async def test_sums_are_exact_beyond_what_a_database_holds(database):
    rows = [order(str(n), charge=LARGEST + n, created_at=NOON) for n in range(5)] + [order("9", charge=-3)]
    async with database.write() as connection:
        await connection.execute(insert(orders), rows)
    assert [one.units for one in ask(database, user_sums.ordered)] == [5 * LARGEST + 10 - 3]


async def test_what_was_spent_is_told_day_by_day(filled):
    since = NOON - 10 * DAY
    parts = days.ahead(ZoneInfo("Asia/Kolkata"), since, NOON)
    assert sorted(ask(filled, user_sums.by_day, since, parts), key=str) == [
        Day(date(2026, 2, 27), "USD", 1, 7),
        Day(date(2026, 2, 28), "EUR", 1, 29),
        Day(date(2026, 2, 28), "USD", 1, 5),
    ]


async def test_services_are_told_with_their_sums(filled):
    found = ask(filled, user_sums.services_used, NOON - 3 * DAY)
    assert sorted(found, key=str) == [
        Used("170", "USD", 1, 5),
        Used("170", None, 1, 0),
        Used("88", "EUR", 1, 29),
        Used("88", "USD", 1, 7),
    ]


async def test_the_newest_and_the_first_are_found_under_every_name(filled):
    found = ask(filled, user_sums.last, orders, user_sums.Order, 3)
    assert [one.id for one in found] == ["9", "8", "1"]
    assert ask(filled, user_sums.first_order) == NOON - 20 * DAY


async def test_too_many_orders_are_added_up_from_the_newest(filled, monkeypatch):
    assert ask(filled, user_sums.summed_from) is None
    monkeypatch.setattr(user_sums, "MOST_SUMMED", 3)
    since = ask(filled, user_sums.summed_from)
    assert since == NOON - 2 * DAY
    assert sum(one.count for one in ask(filled, user_sums.ordered, since)) == 4


async def test_a_payment_of_another_customer_of_that_name_is_left_out(database):
    async with database.write() as connection:
        rows = [payment("1", user_id="7"), payment("2", user_id="8"), payment("3", mode="manual", method="Manual")]
        await connection.execute(insert(payments), rows)
        await connection.execute(insert(tickets), [ticket("1", user_id="8"), ticket("2"), ticket("3", user_id=None)])
    assert sorted(ask(database, user_sums.paid), key=str) == [
        Paid(0, "completed", "Manual", "manual", "USD", 1, 1_000_000_000),
        Paid(0, "completed", "PayPal", "auto", "USD", 1, 1_000_000_000),
    ]
    assert ask(database, user_sums.asked) == [Asked(0, "pending", 2)]
    assert [one.id for one in ask(database, user_sums.last, tickets, user_sums.Ticket, 9)] == ["3", "2"]


async def test_services_are_named(database):
    row = {"panel_id": 1, "id": "170", "name": "Followers", **SEEN}
    async with database.write() as connection:
        await connection.execute(insert(services).values(**row))
    assert database.read_now(lambda c: user_sums.service_names(c, EVERYTHING, 1, ["170", "9"])) == {"170": "Followers"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_adds_up_without_looking_at_an_order(filled):
    ran = []
    event.listen(filled.reading, "before_cursor_execute", lambda c, cursor, sql, given, *_: ran.append((sql, given)))
    parts = days.ahead(ZoneInfo("UTC"), NOON - DAY, NOON)
    for asked, *given in (
        (user_sums.ordered,),
        (user_sums.by_day, NOON - DAY, parts),
        (user_sums.services_used, NOON - DAY),
        (user_sums.summed_from,),
        (user_sums.first_order,),
    ):
        ask(filled, asked, *given)
    steps = [
        str(row[3])
        for sql, given in list(ran)
        for row in filled.read_now(lambda c, s=sql, g=given: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", g).all())
    ]
    reads = [step for step in steps if " orders " in step]
    assert reads
    assert [step for step in reads if not step.startswith("SEARCH orders USING COVERING INDEX")] == []
