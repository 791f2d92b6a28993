"""The provider view over a database: the same counts as a plain SQL statement, nobody else's rows, and outages found through it."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import bindparam, insert, text

from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import orders, service_speeds
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment
from hyperpanel.support import providers
from hyperpanel.support.providers import Asked
from reports.windows import of_hours
from sync.money import Money
from tests.support.deliveries import NOW as WORLDS_NOW
from tests.support.deliveries import SCHEMA, World
from tests.support.staged import NOON, cast, order

pytestmark = pytest.mark.loopback
HOUR = timedelta(hours=1)
MINE = Scope(frozenset({1, 2}))
PLAIN = text("""
    SELECT provider, panel_id,
        SUM(CASE WHEN finished_at IS NULL AND created_at < :before THEN 1 ELSE 0 END) AS stuck,
        SUM(CASE WHEN finished_at IS NOT NULL AND finished_from IS NOT NULL THEN 1 ELSE 0 END) AS finished,
        SUM(CASE WHEN finished_at IS NOT NULL AND finished_from IS NULL THEN 1 ELSE 0 END) AS unobserved
    FROM orders
    WHERE provider IS NOT NULL AND gone_at IS NULL AND panel_id IN (1, 2) AND (
        (finished_at >= :since AND finished_at < :until)
        OR (finished_at IS NULL AND created_at < :before AND COALESCE(remains, quantity, 1) > 0
            AND status IN ('awaiting', 'in_progress', 'pending', 'processing')))
    GROUP BY provider, panel_id
""").bindparams(*(bindparam(name, type_=Moment) for name in ("since", "until", "before")))


@pytest.fixture
async def database(database_url):
    made = Database(address(database_url, Path.cwd()))
    await cast(made, NOON)
    yield made
    await made.close()


async def put(database, table, rows):
    async with database.write() as connection:
        names = {name for row in rows for name in row}
        await connection.execute(insert(table), [dict.fromkeys(names) | row for row in rows])


async def made(database, scope=MINE, **asked):
    return await database.reader.ask(providers.made, Asked(scope, of_hours(24, NOON), **asked))


def finished(id, panel="eu-1", ago=HOUR, took=HOUR, **changes):
    at = NOON - ago
    usual = {"status": "completed", "remains": 0, "provider": "prov-a"}
    return order(id, panel, **{**usual, "created_at": at - took, "finished_from": at, "finished_at": at, **changes})


def waits(id, panel="eu-1", **changes):
    return order(id, panel, **{"created_at": NOON - 20 * HOUR, "provider": "prov-a", "remains": 10, **changes})


def anyhow(chance: Random, number: int):
    """An order as it may come."""
    panel, provider = chance.choice(["eu-1", "us-2", "dark"]), chance.choice(["prov-a", "prov-b", None])
    gone = {"gone_at": chance.choice([None, None, None, NOON])}
    if chance.random() < 0.5:
        ago = timedelta(hours=chance.uniform(0, 40))
        seen = {} if chance.random() < 0.8 else {"finished_from": None}
        return finished(str(number), panel, ago, provider=provider, **seen) | gone
    status = chance.choice(["pending", "in_progress", "canceled", "awaiting"])
    created = NOON - timedelta(hours=chance.uniform(0, 40))
    remains = chance.choice([None, 0, 5])
    return waits(str(number), panel, provider=provider, status=status, created_at=created, remains=remains) | gone


async def test_counts_are_those_of_plain_sql(database):
    chance = Random(3)
    await put(database, orders, [anyhow(chance, number) for number in range(400)])
    times = {"since": NOON - 24 * HOUR, "until": NOON, "before": NOON - 12 * HOUR}
    plain = await database.read(lambda connection: connection.execute(PLAIN, times).mappings().all())
    expected: dict[str, tuple[int, ...]] = {}
    for row in plain:
        known = expected.get(row["provider"], (0, 0, 0))
        counts = (row["stuck"], row["finished"], row["unobserved"])
        expected[row["provider"]] = tuple(one + int(other) for one, other in zip(known, counts, strict=True))
    found = {one.provider: (one.stuck, one.finished, one.unobserved) for one in (await made(database)).rows}
    assert found == expected


async def test_slow_is_by_the_speed_of_the_service(database):
    speed = {"panel_id": 1, "service_id": "170", "name": "", "per_day": 1000, "by": "ana", "at": NOON}
    await put(database, service_speeds, [speed])
    slow = [finished(f"s{n}", quantity=100, service_id="170", took=9 * HOUR) for n in range(7)]
    quick = [finished(f"q{n}", quantity=100, service_id="170", took=4 * HOUR) for n in range(14)]
    await put(database, orders, [*slow, *quick])
    [row] = (await made(database)).rows
    assert (row.rated, row.slow, row.state) == (21, 7, "struggling")


async def test_stuck_orders_are_told_in_each_currency(database):
    costs = [("USD", 5, "eu-1"), ("USD", 6, "us-2"), ("EUR", 7, "us-2")]
    rows = [waits(str(n), panel, charge=Money(c, k)) for n, (k, c, panel) in enumerate(costs)]
    await put(database, orders, [with_charge(row) for row in rows])
    [row] = (await made(database)).rows
    assert row.at_risk == {"USD": 11, "EUR": 7}


def with_charge(row):
    charge = row.pop("charge")
    return {**row, "charge": charge.units, "charge_currency": charge.currency}


async def test_one_provider_is_opened_to_its_services(database):
    await put(
        database,
        orders,
        [waits("1", service_id="170"), finished("2", "us-2", service_id="9"), waits("3", provider="b")],
    )
    found = await made(database, provider="prov-a")
    assert [row.provider for row in found.rows] == ["prov-a"]
    assert [(one.panel_id, one.service_id, one.stuck) for one in found.services] == [(1, "170", 1), (2, "9", 0)]


async def test_nobody_else_s_orders_are_counted(database):
    await put(database, orders, [waits("1"), waits("2", "us-2")])
    [row] = (await made(database, Scope(frozenset({1})))).rows
    assert (row.stuck, row.panels) == (1, 1)
    assert (await made(database, Scope(frozenset()))).rows == []


async def test_an_outage_is_found_through_the_database(database):
    world = World(paces={"prov-1": (8.0, 0.0)}).orders()
    await put(database, orders, [mirrored_of(row) for row in world.to_dicts()])
    inferred = await database.reader.ask(providers.inferred, MINE, NOON)
    found = await made(database, outages=inferred)
    assert [(one.provider, one.at_risk.keys()) for one in found.outages] == [("prov-1", {"EUR", "USD"})]
    assert (found.rows[0].provider, found.rows[0].state) == ("prov-1", "down")
    assert inferred == found.outages


def mirrored_of(values):
    assert WORLDS_NOW == NOON
    panel = {1: "eu-1", 2: "us-2"}[values["panel_id"]]
    kept = {name: values[name] for name in SCHEMA if name not in ("panel_id", "id", "charge", "charge_currency")}
    return {
        **order(values["id"], panel, **kept),
        "charge": values["charge"],
        "charge_currency": values["charge_currency"],
    }
