"""Who is behind a ticket on both systems, and which orders are theirs: nobody else's, whatever they are called."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.db import customers, user_names
from hyperpanel.db.schema import orders, payments, tickets, user_renames, users
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.customers import customer, payment, renamed, ticket
from tests.support.staged import NOON, order

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("only_scoped")


@pytest.fixture
async def filled(database):
    """Kadir (7) was murat and before that deniz; somebody else (8) has been called deniz since yesterday."""
    rows = {
        users: [
            customer("7", username="kadir"),
            customer("8", username="deniz", created_at=NOON - DAY),
            customer("9", "us-2", username="kadir"),
        ],
        user_renames: [
            renamed("deniz", "murat", NOON - 6 * DAY, number=1),
            renamed("murat", "kadir", NOON - 3 * DAY, number=2),
        ],
        orders: [
            order("2000001", user="kadir"),
            order("2000002", user="murat", created_at=NOON - 4 * DAY),
            order("2000003", user="deniz"),
            order("2000004", "us-2", user="kadir"),
            order("2000005", user="ayşe"),
            order("2000006", user="deniz", created_at=NOON - 8 * DAY),
        ],
        tickets: [ticket("1"), ticket("2"), ticket("3", user="ayşe")],
        payments: [payment("1")],
    }
    async with database.write() as connection:
        for table, some in rows.items():
            await connection.execute(insert(table), some)
    return database


@pytest.mark.parametrize(
    ("user_id", "name", "found"),
    [
        ("7", "an old name", "7"),
        (None, "kadir", "7"),
        ("7", "deniz", "7"),
        (None, "nobody", None),
        ("99", "kadir", None),
    ],
)
async def test_a_customer_is_known_by_id_and_else_by_name(filled, user_id, name, found):
    one = filled.read_now(lambda c: customers.one(c, EVERYTHING, 1, user_id, name, NOON))
    assert (one.id if one else None) == found


async def test_a_customer_of_a_foreign_panel_is_nobody(filled):
    assert filled.read_now(lambda c: customers.one(c, Scope(frozenset({2})), 1, "7", "kadir")) is None


@pytest.mark.parametrize(
    ("name", "days", "found"),
    [
        ("kadir", 0, "7"),
        ("murat", 4, "7"),
        ("deniz", 8, "7"),
        ("deniz", 0, "8"),
        ("murat", 0, None),
        ("kadir", 4, None),
    ],
)
async def test_a_name_means_whoever_had_it_then(filled, name, days, found):
    at = NOON - days * DAY
    assert filled.read_now(lambda c: user_names.bearer(c, EVERYTHING, 1, name, at)) == found


async def test_only_orders_of_this_customer_on_this_panel_are_told(filled):
    numbers = [f"200000{n}" for n in range(1, 7)]
    mine = filled.read_now(lambda c: user_names.names_of(c, EVERYTHING, 1, "7"))
    found = filled.read_now(lambda c: customers.own_orders(c, EVERYTHING, 1, numbers, mine))
    assert sorted(found) == ["2000001", "2000002", "2000006"]
    assert filled.read_now(lambda c: customers.own_orders(c, Scope(frozenset({2})), 1, numbers, mine)) == {}


async def test_what_a_customer_has_is_counted_to_a_bound(filled, monkeypatch):
    counts = filled.read_now(lambda c: customers.counts(c, EVERYTHING, 1, "kadir"))
    assert counts == {"orders": 1, "tickets": 2, "payments": 1}
    monkeypatch.setattr(customers, "COUNTED_TO", 0)
    assert filled.read_now(lambda c: customers.counts(c, EVERYTHING, 1, "kadir"))["tickets"] == 1
    assert set(filled.read_now(lambda c: customers.counts(c, Scope(frozenset({2})), 1, "kadir")).values()) == {0}
