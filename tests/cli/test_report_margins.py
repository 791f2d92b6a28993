"""`report margins`: the same figures as the function that the page shows, currency by currency, for people and for scripts."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from hyperpanel.clock import SystemClock
from hyperpanel.db.schema import orders
from tests.support.staged import cast, order

pytestmark = pytest.mark.loopback
REPORT = ("report", "margins")


@pytest.fixture
def told(home, opened):
    now = SystemClock().now()
    usual: dict[str, Any] = {
        "charge": 10**8,
        "charge_currency": "USD",
        "provider_charge": 4 * 10**7,
        "provider_charge_currency": "USD",
    }
    rows = [
        order("1", created_at=now - timedelta(hours=1), **usual),
        order("2", created_at=now - timedelta(hours=1), **{**usual, "charge_currency": "EUR"}),
        order("3", created_at=now - timedelta(days=8), **usual),
    ]

    async def fill():
        async with opened() as database:
            await cast(database, now - timedelta(days=9))
            async with database.write() as connection:
                await connection.execute(insert(orders), rows)

    asyncio.run(fill())
    return now


def test_each_currency_has_its_own_rows(home, told):
    answer = home.told(*REPORT, "--by", "panel")
    found = {(row["panel"], row["currency"]): (row["net"], row["margin"]) for row in answer["rows"]}
    assert found == {("eu-1", "USD"): ("1.00000000", "0.60000000"), ("eu-1", "EUR"): ("1.00000000", None)}
    assert (answer["hours"], answer["panels_in_all"]) == (168, 3)


def test_people_are_told_how_old_it_is(home, told):
    said = home.run(*REPORT, "--hours", "720", "--by", "day").output
    assert "panels on time" in said
    assert "orders_of_margin" in said


def test_a_zone_that_is_none_is_one_sentence(home, told):
    answer = home.run(*REPORT, "--zone", "Mars/Base")
    assert answer.exit_code == 1
    assert "is no time zone" in answer.output
