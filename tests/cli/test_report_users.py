"""`report users`: the same figures as the function that the page shows, one currency at a time, for people and for scripts."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.clock import SystemClock
from hyperpanel.db.schema import orders, users
from hyperpanel.db.schema import profiles as profiles_table
from hyperpanel.db.scope import Scope
from hyperpanel.support import profiles, user_tracking
from hyperpanel.support.user_tracking import Asked
from reports.windows import of_hours
from tests.support.staged import cast, mirrored, order

pytestmark = pytest.mark.loopback
HOUR = timedelta(hours=1)
USD = 10**8
REPORT = ("report", "users")


@pytest.fixture
def told(home, opened):
    now = SystemClock().now()
    some = [
        order("1", user="kadir", charge=5 * USD, created_at=now - HOUR),
        order("2", user="kadir", charge=USD // 4, status="canceled", created_at=now - HOUR),
        order("3", "us-2", user="zoe", charge=9 * USD, created_at=now - 30 * HOUR),
        order("4", "us-2", user="zoe", charge=7 * USD, charge_currency="EUR", created_at=now - HOUR),
    ]

    async def fill():
        async with opened() as database:
            await cast(database, now - timedelta(days=3))
            async with database.write() as connection:
                await connection.execute(insert(users), [mirrored("users", "7", username="kadir")])
                await connection.execute(insert(orders), some)
                kept = {"kind": "users", "created_at": now, "created_by": "ana", "id": "p"}
                rich = profiles.written(profiles.Users(min_spend=6 * USD, hours=48))
                await connection.execute(
                    insert(profiles_table).values(**kept, name="Rich", folded="rich", settings=rich)
                )

    asyncio.run(fill())
    return now


def test_its_figures_are_those_that_the_page_is_made_of(home, told, opened):
    answer = home.told(*REPORT, "--hours", "48")

    async def made():
        async with opened() as database:
            asked = Asked(Scope(frozenset({1, 2, 3})), of_hours(48, told))
            return await database.reader.ask(user_tracking.made, asked)

    report = asyncio.run(made())
    ours = [(row.name, row.spend.units, row.net, row.paid.count) for row in report.rows]
    theirs = [
        (
            row["username"],
            round(float(row["spend"]["amount"]) * USD),
            round(float(row["net"]) * USD),
            row["paid"]["count"],
        )
        for row in answer["rows"]
    ]
    assert theirs == ours == [("zoe", 9 * USD, 9 * USD, 0), ("kadir", 525 * USD // 100, 5 * USD, 0)]
    assert answer["totals"]["spend"] == {"count": 3, "amount": "14.25000000"}


def test_it_says_how_old_each_panel_is_and_which_other_currencies_there_are(home, told):
    answer = home.told(*REPORT, "--panel", "us-2", "--currency", "EUR")
    assert [(row["username"], row["user"], row["panel_state"]) for row in answer["rows"]] == [("zoe", None, "late")]
    assert answer["panels_in_all"] == 1
    text = home.run(*REPORT).output
    assert "0 of 3 panels on time" in text
    assert "Other currencies, with the number of orders: EUR 1." in text


def test_a_profile_brings_its_window_and_limits(home, told):
    assert [row["username"] for row in home.told(*REPORT, "--profile", "rich")["rows"]] == ["zoe"]
    assert "There is no profile" in home.refused(*REPORT, "--profile", "none")
