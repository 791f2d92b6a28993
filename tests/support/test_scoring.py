"""Scores by the hour: what the usual report of a day says, once in an hour."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from hyperpanel.config import Sync
from hyperpanel.db import service_scores
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import orders, plans
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import scoring
from tests.support.staged import NOON, cast, order

pytestmark = pytest.mark.loopback
LATER = NOON + timedelta(minutes=20)


@pytest.fixture
async def database(database_url):
    made = Database(address(database_url, Path.cwd()))
    await cast(made, NOON - timedelta(days=9))
    async with made.write() as connection:
        await connection.execute(update(plans).where(plans.c.panel_id != 3).values(as_of=LATER))
    yield made
    await made.close()


async def stuck(database, number, services=1):
    ago = NOON - timedelta(days=1)
    rows = [order(f"{s}-{n}", created_at=ago, service_id=str(s)) for s in range(services) for n in range(number)]
    async with database.write() as connection:
        await connection.execute(insert(orders), rows)


def line(database, service_id="0"):
    return database.read_now(lambda c: service_scores.trend(c, EVERYTHING, 1, service_id, NOON - timedelta(days=1)))


async def test_an_hour_is_written_down_once(database):
    await stuck(database, 7)
    assert await scoring.write_down(database, Sync(), LATER) == 1
    await scoring.write_down(database, Sync(), LATER + timedelta(minutes=1))
    [point] = line(database)
    assert (point.at, point.stuck, point.finished, point.score) == (NOON, 7, 0, 65)


async def test_more_services_than_one_transaction_takes(database):
    await stuck(database, 1, services=service_scores.AT_ONCE + 3)
    assert await scoring.write_down(database, Sync(), LATER) == service_scores.AT_ONCE + 3
    assert line(database, str(service_scores.AT_ONCE + 2))


async def test_without_panels_there_is_nothing_to_write(database_url):
    empty = Database(address(database_url, Path.cwd()))
    assert await scoring.write_down(empty, Sync(), NOON) == 0
    await empty.close()


@pytest.mark.parametrize("changes", [{"as_of": NOON - timedelta(hours=1)}, {"cursor": "{}"}])
async def test_a_panel_that_is_late_or_not_read_through_has_a_gap(database, changes):
    await stuck(database, 7)
    async with database.write() as connection:
        await connection.execute(update(plans).where(plans.c.panel_id == 1).values(**changes))
    assert await scoring.write_down(database, Sync(), LATER) == 0
