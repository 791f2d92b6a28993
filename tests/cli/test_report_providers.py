"""`report providers`: the same rows and outages as the function that the page shows, for people and for scripts."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.clock import SystemClock
from hyperpanel.db.schema import orders
from tests.support.deliveries import NOW, World
from tests.support.staged import cast, order

pytestmark = pytest.mark.loopback
REPORT = ("report", "providers", "--panel", "eu-1", "--panel", "us-2")
MOMENTS = ("created_at", "finished_from", "finished_at")


@pytest.fixture
def told(home, opened):
    """prov-1 is down."""
    now = SystemClock().now()
    rows = World(paces={"prov-1": (8.0, 0.0)}).orders().to_dicts()
    for row in rows:
        row |= {name: row[name] + (now - NOW) for name in MOMENTS if row[name]}
    kept = [order(row.pop("id"), {1: "eu-1", 2: "us-2"}[row.pop("panel_id")], **row) for row in rows]

    async def fill():
        async with opened() as database:
            await cast(database, now - timedelta(days=9))
            async with database.write() as connection:
                await connection.execute(insert(orders), kept)

    asyncio.run(fill())
    return now


def test_scripts_are_told_of_an_outage_with_its_evidence(home, told):
    answer = home.told(*REPORT)
    [outage] = answer["outages"]
    assert (outage["provider"], outage["panels"]) == ("prov-1", ["eu-1", "us-2"])
    assert outage["deliveries"]["came"] == 0 < outage["deliveries"]["due"]
    assert set(outage["at_risk"]) == {"EUR", "USD"}
    assert next((row["provider"], row["state"]) for row in answer["rows"]) == ("prov-1", "down")
    assert answer["panels_in_all"] == 2


def test_people_are_told_in_a_sentence(home, told):
    said = home.run(*REPORT).output
    assert "prov-1 is inferred to be down since" in said
    assert "panels on time" in said


def test_hours_that_are_none_are_one_sentence(home, told):
    assert home.run(*REPORT, "--hours", "0").exit_code == 1
