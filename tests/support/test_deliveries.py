"""How one service delivers, over a database: its ranges and its audited promise, of its own orders alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import orders, service_speeds
from hyperpanel.db.scope import Scope
from hyperpanel.support import deliveries
from hyperpanel.support.deliveries import Asked
from tests.support.staged import NOON, cast, order

pytestmark = pytest.mark.loopback
HOUR = timedelta(hours=1)
SCOPE = Scope(frozenset({1}))


@pytest.fixture
async def database(database_url):
    made = Database(address(database_url, Path.cwd()))
    await cast(made, NOON)
    async with made.write() as connection:
        done = [finished(str(n), 2 * HOUR) for n in range(30)]
        others = [finished(f"x{n}", 40 * HOUR, service_id="171") for n in range(30)]
        waits = [order(f"w{n}", service_id="170", quantity=500, created_at=NOON - HOUR) for n in range(3)]
        names = {name for row in (*done, *waits) for name in row}
        every = [dict.fromkeys(names) | row for row in (*done, *others, *waits)]
        await connection.execute(insert(orders), every)
        speed = {"panel_id": 1, "service_id": "170", "name": "", "per_day": 12_000, "by": "ana", "at": NOON}
        await connection.execute(insert(service_speeds), [speed])
    yield made
    await made.close()


def finished(id, took, **changes):
    at = NOON - 5 * HOUR
    usual = {"service_id": "170", "status": "completed", "remains": 0, "quantity": 500, "created_at": at - took}
    return order(id, **{**usual, "finished_from": at, "finished_at": at, **changes})


async def test_a_service_is_told_by_its_own_orders(database):
    made = await database.reader.ask(deliveries.made, Asked(SCOPE, (1, "170"), NOON, NOON))
    [one], [audit] = made.ranges, made.audits
    assert (one.band, one.n, one.open) == (1, 30, 3)
    assert one.low == one.high == pytest.approx(7200)
    assert (audit.n, audit.kept, audit.verdict, audit.times) == (30, 0, "short", 2.0)


async def test_nothing_is_told_beyond_the_scope(database):
    made = await database.reader.ask(deliveries.made, Asked(Scope(frozenset({2})), (1, "170"), NOON))
    assert made == deliveries.Made([], [])
