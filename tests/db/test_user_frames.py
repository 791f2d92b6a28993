"""User tracking over both databases: the same as plain SQL says, whoever was renamed, and read by the indexes that hold it."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from sqlalchemy import text

from hyperpanel.db import user_frames
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import orders, services, user_renames, users
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.db.types import Moment
from hyperpanel.support import user_tracking
from hyperpanel.support.user_tracking import Asked
from sync.money import Money
from tests.support.renamed import IDS, WINDOW, keep, world
from tests.support.staged import NOON, mirrored

ALL = Scope(frozenset(IDS.values()))
SPENT = """
    SELECT panel_id, link, count(*), sum(charge),
           sum(CASE status WHEN 'canceled' THEN charge WHEN 'refunded' THEN charge
                           WHEN 'partial' THEN charge * coalesce(remains, 0) / quantity ELSE 0 END)
    FROM orders
    WHERE charge_currency = :currency AND created_at >= :since AND created_at < :until AND gone_at IS NULL
    GROUP BY panel_id, link
"""
PAID = """
    SELECT panel_id, memo, count(*), sum(amount) FROM payments
    WHERE amount_currency = :currency AND status = 'completed' AND method <> 'Bonus' AND mode = 'auto'
      AND created_at >= :since AND created_at < :until AND gone_at IS NULL
    GROUP BY panel_id, memo
"""
USED = """
    SELECT panel_id, link, service_id, count(*) FROM orders
    WHERE charge_currency = :currency AND created_at >= :since AND created_at < :until AND gone_at IS NULL
    GROUP BY panel_id, link, service_id
"""


async def asked(database: Database, sql: str, currency: str) -> list[tuple[int, ...]]:
    moments = Moment()
    bound: dict[str, Any] = {"currency": currency, "since": WINDOW.since, "until": WINDOW.until}

    def answer(connection):
        given = {
            name: moments.process_bind_param(value, connection.dialect) if name != "currency" else value
            for name, value in bound.items()
        }
        return [tuple(int(cell) for cell in row) for row in connection.execute(text(sql), given)]

    return await database.read(answer)


async def rows_of(database: Database, **changes):
    report = await database.reader.ask(user_tracking.made, Asked(ALL, WINDOW, most=None, **changes))
    return {(row.panel_id, int(row.user_id)): row for row in report.rows}, report


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_report_says_what_sql_says_of_the_truth(database: Database, seed: int):
    await keep(database, world(seed))
    for currency in ("USD", "EUR"):
        found, report = await rows_of(database, currency=currency)
        spent = {(panel, user): rest for panel, user, *rest in await asked(database, SPENT, currency)}
        paid = {(panel, user): rest for panel, user, *rest in await asked(database, PAID, currency)}
        ours = {
            key: [one.spend.count, one.spend.units, one.spend.units - one.net]
            for key, one in found.items()
            if one.spend.count
        }
        assert ours == spent
        assert {key: [one.paid.count, one.paid.units] for key, one in found.items() if one.paid.count} == paid
        assert report.spend.units == sum(units for _, units, _ in spent.values())
        used: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for panel, user, service, count in await asked(database, USED, currency):
            used.setdefault((panel, user), []).append((-count, service))
        top = {
            key: [(-one.count, int(one.service_id)) for one in row.services]
            for key, row in found.items()
            if row.services
        }
        assert top == {key: sorted(some)[:3] for key, some in used.items()}


async def test_the_largest_spending_comes_first_and_pages_continue(database: Database):
    await keep(database, world(4))
    _, report = await rows_of(database)
    order = [(-row.spend.units, row.panel_id, len(row.user_id), row.user_id) for row in report.rows]
    assert order == sorted(order)
    pages = [
        await database.reader.ask(user_tracking.made, Asked(ALL, WINDOW, first=first, most=7))
        for first in range(0, 42, 7)
    ]
    assert [row for page in pages for row in page.rows] == report.rows[:42]
    assert report.currencies[0][0] == "USD"


async def test_only_the_panels_of_a_scope_are_in_it(database: Database):
    await keep(database, world(5))
    narrow = Asked(Scope(frozenset({2})), WINDOW, most=None)
    report = await database.reader.ask(user_tracking.made, narrow)
    assert {row.panel_id for row in report.rows} == {2}
    nobody = await database.reader.ask(user_tracking.made, Asked(Scope(frozenset()), WINDOW))
    assert (nobody.rows, nobody.currencies) == ([], [])


async def test_whoever_is_picked_is_told_of_even_if_they_did_nothing(database: Database):
    async with database.write() as connection:
        await connection.execute(users.insert(), [mirrored("users", "7", username="kadir", created_at=WINDOW.since)])
        await connection.execute(users.insert(), [mirrored("users", "8", username="ayla", created_at=WINDOW.until)])
        await connection.execute(orders.insert(), [mirrored("orders", "1", user="zoe", created_at=WINDOW.since)])
    found, report = await rows_of(database, picked=frozenset({(1, "7"), (1, "8"), (2, "7")}))
    assert {key: (row.name, row.is_new) for key, row in found.items()} == {
        (1, 7): ("kadir", True),
        (1, 8): ("ayla", False),
    }
    assert report.spend.units == 0


async def test_what_a_profile_asks_for_at_least(database: Database):
    await keep(database, world(6))
    everyone, _ = await rows_of(database, currency="USD")
    spends = sorted(row.spend.units for row in everyone.values())
    least = Money(spends[len(spends) // 2], "USD")
    rich, _ = await rows_of(database, currency="USD", min_spend=least)
    assert set(rich) == {key for key, row in everyone.items() if row.spend.units >= least.units}
    paying, _ = await rows_of(database, currency="USD", min_payments=1)
    assert set(paying) == {key for key, row in everyone.items() if row.paid.count}
    assert (await rows_of(database, min_spend=Money(1, "EUR")))[1].currency == "EUR"
    assert (await rows_of(database, min_spend=Money(1, "TRY")))[1].currency == "USD"
    euros, _ = await rows_of(database, currency="EUR", min_spend=least)
    assert euros == (await rows_of(database, currency="EUR"))[0]


async def test_an_order_in_the_doubtful_time_of_a_rename_is_nobodys(database: Database):
    async with database.write() as connection:
        await connection.execute(users.insert(), [mirrored("users", "7", username="new", created_at=None)])
        await connection.execute(
            users.insert(), [mirrored("users", "8", username="old", created_at=NOON - timedelta(hours=9))]
        )
        told = {"panel_id": 1, "user_id": "7", "number": 1, "was": "old", "now": "new"}
        between = {"not_before": NOON - timedelta(hours=20), "not_after": NOON - timedelta(hours=10)}
        await connection.execute(user_renames.insert(), [told | between])
        made = [
            mirrored("orders", str(hours), user="old", created_at=NOON - timedelta(hours=hours))
            for hours in (1, 9.5, 30)
        ]
        await connection.execute(orders.insert(), made)
    report = await database.reader.ask(user_tracking.made, Asked(ALL, WINDOW))
    assert [(row.user_id, row.name, row.spend.count) for row in report.rows] == [
        ("7", "new", 1),
        ("8", "old", 1),
        ("", "old", 1),
    ]


async def test_services_are_called_as_the_catalogue_says_or_their_newest_order(database: Database):
    async with database.write() as connection:
        await connection.execute(services.insert(), [mirrored("services", "170", name="Listed")])
        made = [
            mirrored(
                "orders",
                str(n),
                user="zoe",
                created_at=NOON - timedelta(hours=n),
                service_id=service,
                service_name=name,
            )
            for n, (service, name) in enumerate([("170", "Told"), ("171", "Newest"), ("171", "Older")], 1)
        ]
        await connection.execute(orders.insert(), made)
    report = await database.reader.ask(user_tracking.made, Asked(ALL, WINDOW))
    assert [(one.service_id, one.name, one.count) for one in report.rows[0].services] == [
        ("171", "Newest", 2),
        ("170", "Listed", 1),
    ]


async def test_a_month_of_orders_is_read_from_an_index_alone(database: Database):
    if not database.is_sqlite:
        return
    plans = await database.reader.ask(explained)
    assert "COVERING INDEX ix_orders_panel_id_created_at_id_gone_at" in plans[0]
    assert "COVERING INDEX ix_orders_panel_id_user_created_at_id_gone_at" in plans[1]


def explained(source: Source) -> list[str]:
    """The plans of what is read of all, and of one customer."""
    told: list[str] = []
    plain = source.fetched

    def listened(sql, values=None):
        shown = plain(f"EXPLAIN QUERY PLAN {sql}", values)
        told.append(" ".join(shown["detail"]))
        return plain(sql, values)

    source.fetched = listened  # type: ignore[method-assign]
    try:
        user_frames.ordered(source, ALL, WINDOW)
        names = pl.DataFrame({"panel_id": [1], "name": ["zoe"]})
        user_frames.of_names(source, ALL, WINDOW, names)
    finally:
        del source.fetched
    return told
