"""What reports are made of is read from one index each, which holds all that is asked for."""

from typing import Any

import polars as pl
import pytest

from hyperpanel.db import frames, past_frames
from hyperpanel.db.schema import order_flips, orders
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from reports.windows import of_hours
from tests.support.staged import NOON, order

MINE = Scope(frozenset({1, 2}))
WINDOW = of_hours(24, NOON)


def asked(source: Source, what: str) -> pl.DataFrame:
    """By name: a job of the reader process is sent there."""
    told = {
        "waiting": lambda: frames.waiting(source, MINE, NOON),
        "waiting then": lambda: frames.waiting(source, MINE, NOON, *frames.TOLD_WAITING, at=NOON),
        "waiting of one": lambda: frames.waiting(source, MINE, NOON, *frames.TOLD_WAITING, service=(1, "170")),
        "finished": lambda: frames.finished(source, MINE, WINDOW),
        "finished then": lambda: frames.finished(source, MINE, WINDOW, *frames.TOLD_FINISHED, at=NOON),
        "finished of one": lambda: frames.finished(source, MINE, WINDOW, "id", service=(1, "170")),
        "changes": lambda: past_frames.changes(source, MINE, NOON),
        "finishes": lambda: past_frames.finishes(source, MINE, NOON),
    }
    return told[what]()


def plan(source: Source, what: str) -> list[str]:
    """How SQLite would answer it, step by step."""
    plain = source.fetched
    found: list[str] = []

    def listened(sql, values=None):
        found.extend(plain(f"EXPLAIN QUERY PLAN {sql}")["detail"])
        return plain(sql, values)

    source.fetched = listened  # type: ignore[method-assign]
    try:
        asked(source, what)
    finally:
        del source.fetched
    return found


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def sqlite(database):
    """After ANALYZE of some rows, since its planner may choose otherwise then."""
    async with database.write() as connection:
        told: dict[str, Any] = {"created_at": NOON, "service_id": "170"}
        await connection.execute(orders.insert(), [order(str(n), **told) for n in range(300)])
        flip = {"panel_id": 1, "was": "pending", "now": "completed", "not_before": NOON, "not_after": NOON}
        await connection.execute(order_flips.insert(), [{**flip, "order_id": str(n), "number": n} for n in range(9)])
        await connection.exec_driver_sql("ANALYZE")
    return database


@ON_SQLITE
@pytest.mark.parametrize("what", ["waiting", "waiting then", "finished", "finished then"])
async def test_one_index_holds_all_that_is_asked_for(sqlite, what):
    [step] = await sqlite.reader.ask(plan, what)
    assert step.startswith("SEARCH orders USING COVERING INDEX ix_orders_")


@ON_SQLITE
@pytest.mark.parametrize(("what", "by"), [("waiting of one", "service_id=?"), ("finished of one", "finished_at>?")])
async def test_one_service_is_looked_up(sqlite, what, by):
    [step] = await sqlite.reader.ask(plan, what)
    assert "COVERING INDEX" in step
    assert by in step


@ON_SQLITE
@pytest.mark.parametrize(("what", "then"), [("changes", "orders"), ("finishes", "order_flips")])
async def test_changes_since_a_moment_are_found_by_it_and_their_orders_by_key(sqlite, what, then):
    first, second = await sqlite.reader.ask(plan, what)
    assert "ix_order_flips_panel_id_not_after (panel_id=? AND not_after>?)" in first
    assert second.startswith(f"SEARCH {then} USING PRIMARY KEY")


@pytest.mark.parametrize("what", ["waiting", "finished then", "changes", "finishes"])
async def test_no_rows_have_the_columns_of_some(database, what):
    found = await database.reader.ask(asked, what)
    assert found.is_empty()
    assert {"panel_id"} <= set(found.columns)
