"""Volume and margin from the database: as an independent statement counts it on random orders, and of what the scope holds alone."""

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from sqlalchemy import bindparam, insert, text

from hyperpanel.db.engine import Database
from hyperpanel.db.schema import orders
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.types import Moment
from hyperpanel.support.margins import BY, Asked, made
from reports.windows import Window
from tests.support.staged import NOON, order

DAY = Window(NOON - timedelta(days=1), NOON)
BOTH = Scope(frozenset({1, 2}))
COLUMNS = {"panel": "panel_id", "service": "panel_id, COALESCE(service_id, '')", "provider": "COALESCE(provider, '')"}
SQL = """
WITH o AS (
  SELECT {keys}, COALESCE(charge_currency, '') AS cur, COALESCE(charge, 0) AS charge, COALESCE(provider_charge, 0) AS cost, status,
    CASE WHEN provider_charge IS NOT NULL AND charge IS NOT NULL AND provider_charge_currency = charge_currency
      AND status NOT IN ('fail', 'error') THEN 1 ELSE 0 END AS known,
    CASE WHEN status = 'refunded' THEN 0 ELSE 1 END AS costs,
    CASE WHEN status IN ('canceled', 'refunded') THEN 1 WHEN status = 'partial' AND quantity > 0
      THEN CASE WHEN remains IS NULL OR remains < 0 THEN 0 WHEN remains > quantity THEN quantity ELSE remains END ELSE 0 END AS part,
    CASE WHEN status = 'partial' AND quantity > 0 THEN quantity ELSE 1 END AS whole
  FROM orders WHERE panel_id IN (1, 2) AND created_at >= :since AND created_at < :until AND gone_at IS NULL
)
SELECT {grouped}, cur, count(*), sum(charge), sum(charge * part / whole), sum(known), sum(known * (charge - charge * part / whole)),
  sum(known * (cost - costs * cost * part / whole))
FROM o GROUP BY {grouped}, cur
"""


def some(chance: random.Random, number: int) -> dict[str, object]:
    currency = chance.choice(("USD", "EUR"))
    charge = chance.choice((None, chance.randrange(10**9)))
    cost = chance.choice((None, chance.randrange(10**9), chance.randrange(10**9)))
    return order(
        str(1000 + number),
        chance.choice(("eu-1", "us-2", "dark")),
        created_at=NOON - timedelta(seconds=chance.choice((0, 1, 86_400, 86_401, chance.randrange(90_000)))),
        charge=charge,
        charge_currency=None if charge is None else currency,
        provider_charge=cost,
        provider_charge_currency=None if cost is None else chance.choice((currency, currency, "EUR")),
        service_id=chance.choice((None, "1", "2", "3")),
        provider=chance.choice((None, "prov-a", "prov-b")),
        status=chance.choice(
            ("completed", "canceled", "refunded", "partial", "partial", "fail", "error", "in_progress")
        ),
        quantity=chance.choice((None, 0, 7, 1000)),
        remains=chance.choice((None, -2, 0, 3, 5000)),
    ) | {"gone_at": chance.choice((None, None, None, NOON))}


async def fill(database: Database, count: int = 400, seed: int = 7) -> None:
    chance = random.Random(seed)
    async with database.write() as connection:
        await connection.execute(insert(orders), [some(chance, number) for number in range(count)])


@pytest.mark.parametrize("by", COLUMNS)
async def test_it_says_what_plain_sql_says(database, by):
    await fill(database)
    keys = [f"{column} AS k{n}" for n, column in enumerate(COLUMNS[by].split(", ", 1 if by == "service" else 0))]
    grouped = ", ".join(f"k{n}" for n in range(len(keys)))
    bounds = (bindparam("since", DAY.since, type_=Moment), bindparam("until", DAY.until, type_=Moment))
    statement = text(SQL.format(keys=", ".join(keys), grouped=grouped)).bindparams(*bounds)
    plain = await database.read(lambda connection: connection.execute(statement).all())
    found = (await database.reader.ask(made, Asked(BOTH, DAY, by, ZoneInfo("UTC")))).rows
    kept = found.drop("net", "margin", "share", *({"name"} & set(found.columns)))
    assert sorted(kept.rows()) == sorted(tuple(map(whole, row)) for row in plain)


def whole(value: object) -> object:
    return value if isinstance(value, str) else int(value)  # type: ignore[call-overload]


async def test_every_way_of_putting_them_together_comes_to_the_same(database):
    await fill(database, 200)
    names = ("orders", "revenue", "returned", "known", "cost", "margin")
    for by in BY:
        found = await database.reader.ask(made, Asked(BOTH, DAY, by, ZoneInfo("Asia/Kolkata")))
        summed = found.rows.group_by("currency").agg(pl.col(names).sum())
        assert sorted(summed.rows()) == sorted(found.totals.select("currency", *names).rows())


async def test_only_rows_that_are_asked_for_come_back(database):
    await fill(database)
    found = await database.reader.ask(made, Asked(BOTH, DAY, "service", ZoneInfo("UTC"), "USD", 2))
    assert (found.rows.height, set(found.rows["currency"]), "name" in found.rows.columns) == (2, {"USD"}, True)
    assert found.count["USD"] > 2
    assert {"USD", "EUR"} <= set(found.totals["currency"])


async def test_a_scope_that_holds_nothing_has_nothing(database):
    await fill(database, 20)
    found = await database.reader.ask(made, Asked(EVERYTHING.narrowed([]), DAY, "panel", ZoneInfo("UTC")))
    assert (found.totals.height, found.rows.height) == (0, 0)
