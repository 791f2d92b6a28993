"""The ledger on both systems: what is reserved counts, what is settled counts as it was, what a killed process left is found."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hyperpanel.db import ai_calls
from hyperpanel.db.ai_calls import Outcome, Spent
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import ai_calls as table
from hyperpanel.db.scope import Scope
from tests.support.records import NOON

HOUR = timedelta(hours=1)
ROW = {"by": "ana", "purpose": "translate", "provider": "openai", "model": "m", "attempt": 1, "reserved": 100}


async def begun(database: Database, at=NOON, **values: Any) -> int:
    return await database.commit(lambda connection: ai_calls.begin(connection, at, {**ROW, **values}))


async def settled(database: Database, number: int, outcome: Outcome) -> None:
    await database.commit(lambda connection: ai_calls.settle(connection, number, outcome))


async def spent(database: Database, **whose: int) -> Spent:
    return await database.read(lambda connection: ai_calls.spent(connection, NOON - HOUR, NOON + HOUR, **whose))


async def test_what_is_reserved_counts_until_what_was_taken_does(database):
    number = await begun(database, reserved_cost=7000)
    assert await spent(database) == Spent(100, 7000)
    await settled(database, number, Outcome("done", tokens_in=30, tokens_out=4, cost=500))
    assert await spent(database) == Spent(34, 500)


async def test_what_failed_before_it_took_anything_took_nothing(database):
    await settled(database, await begun(database, reserved_cost=1), Outcome("failed", "key_refused"))
    assert await spent(database) == Spent(0, 0)


async def test_it_is_summed_by_window_panel_and_person(database):
    await begun(database, at=NOON - 2 * HOUR)
    await begun(database, at=NOON + HOUR)
    await begun(database, at=NOON - HOUR, panel_id=1, staff_id=1)
    await begun(database, panel_id=1, staff_id=2)
    await begun(database, panel_id=2, staff_id=1)
    told = [await spent(database), await spent(database, panel_id=1), await spent(database, staff_id=2)]
    assert [one.tokens for one in told] == [300, 200, 100]


async def test_an_attempt_whose_process_ended_is_settled_with_all_it_had_reserved(database):
    await begun(database, reserved_cost=7000)
    await begun(database, at=NOON + ai_calls.LOST_AFTER)
    async with database.write() as connection:
        assert await ai_calls.settle_lost(connection, NOON + ai_calls.LOST_AFTER + timedelta(seconds=1)) == 1
    columns = (table.c.state, table.c.problem, table.c.is_estimated, table.c.tokens_in, table.c.cost)
    rows = await database.read(lambda connection: connection.execute(select(*columns).order_by(table.c.id)).all())
    assert [tuple(row) for row in rows] == [
        ("failed", "interrupted", True, 100, 7000),
        ("asking", None, False, None, None),
    ]


async def test_rows_are_kept_400_days(database):
    await begun(database, at=NOON - timedelta(days=401))
    await begun(database, at=NOON - timedelta(days=399))
    async with database.write() as connection:
        assert await ai_calls.forget(connection, NOON) == 1


async def test_a_panel_is_named_within_a_scope(database: Database):
    def name(panel_id: int) -> str:
        return database.read_now(lambda connection: ai_calls.panel_name(connection, Scope(frozenset({panel_id}))))

    assert (name(1), name(999)) == ("eu-1", "")


async def test_large_sums_are_whole_numbers(database):
    most = 2**40
    await begun(database, reserved=most, reserved_cost=most)
    await begun(database, reserved=most, reserved_cost=most)
    assert await spent(database) == Spent(2 * most, 2 * most)
