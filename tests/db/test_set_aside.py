"""Records set aside: a page by its place in the list, and dismissing, restoring and retrying those that a person may see."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from hyperpanel.db import set_aside
from hyperpanel.db.schema import plans
from hyperpanel.db.schema import set_aside as table
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.set_aside import Filters, Key, Place
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE = Scope(frozenset({1}))
DISMISSED = Filters(dismissed=True)


def row(number: int, **changes: Any) -> dict[str, Any]:
    """The higher its number, the later it was met."""
    plain = {"panel_id": 1, "stream": "orders", "record_id": str(number), "reason": "no status", "number": number}
    at = NOON + timedelta(minutes=number)
    nobody = {"dismissed_at": None, "dismissed_by": None}
    return {**plain, "first_at": at, "at": at, "sealed": b"sealed", **nobody, **changes}


async def put(database, *rows) -> None:
    async with database.write() as connection:
        await connection.execute(insert(table), list(rows))


def ids(database, scope=EVERYTHING, filters=Filters(), place=Place(), limit=100) -> list[str]:  # noqa: B008
    return [line.record_id for line in database.read_now(lambda c: set_aside.page(c, scope, filters, place, limit))]


def counts(database, scope=EVERYTHING, filters=None):
    return database.read_now(lambda c: set_aside.counts(c, scope, filters))


async def test_the_last_to_be_met_stands_first(database):
    await put(database, row(1), row(3, panel_id=2), row(2, stream="tickets"))
    assert ids(database) == ["3", "2", "1"]


async def test_a_scope_holds_its_panels_records_alone(database):
    await put(database, row(1), row(2, panel_id=2))
    assert ids(database, MINE) == ["1"]
    assert counts(database, MINE) == {(1, "orders"): 1}
    assert database.read_now(lambda c: set_aside.one(c, MINE, 2, "orders", "2")) is None


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["4", "2", "1"]),
        (Filters(stream="tickets"), ["2"]),
        (Filters(record_id="1"), ["1"]),
        (Filters(until=NOON + timedelta(minutes=2)), ["2", "1"]),
        (DISMISSED, ["3"]),
        (replace(DISMISSED, dismissed_at=NOON), ["3"]),
        (replace(DISMISSED, dismissed_at=NOON + timedelta(seconds=1)), []),
    ],
)
async def test_filters(database, filters, found):
    gone = {"dismissed_at": NOON, "dismissed_by": "ana"}
    await put(database, row(1), row(2, stream="tickets"), row(3, **gone), row(4))
    assert ids(database, filters=filters) == found


async def test_pages_lead_on_and_back_without_a_gap_even_among_equals(database):
    at = {"first_at": NOON}
    await put(database, *(row(number, panel_id=number % 2 + 1, **at) for number in range(7)))
    whole = database.read_now(lambda c: set_aside.page(c, EVERYTHING, Filters(), Place(), 7))
    key = whole[2].key
    assert ids(database, limit=3) == [line.record_id for line in whole[:3]]
    assert ids(database, place=Place(key), limit=9) == [line.record_id for line in whole[3:]]
    assert ids(database, place=Place(key, inclusive=True), limit=9) == [line.record_id for line in whole[2:]]
    assert ids(database, place=Place(key, backwards=True), limit=9) == [line.record_id for line in whole[:2]]


async def test_what_came_above_a_row_is_counted(database):
    await put(database, *(row(number) for number in range(5)))
    place = Key(NOON + timedelta(minutes=2), 1, "orders", "2")
    assert database.read_now(lambda c: set_aside.newer(c, EVERYTHING, Filters(), place, 10)) == 2


async def test_a_page_reads_its_index_and_sorts_no_more_than_equals(database):
    def plan(connection) -> str:
        if connection.dialect.name != "sqlite":
            return "ix_set_aside_listed ("
        place = Place(Key(NOON, 1, "orders", "1"))
        asked = set_aside.listing(MINE, set_aside.shape_of(Filters(), place)).limit(9)
        values = asked.params(set_aside.parameters(Filters(), place))
        statement = values.compile(connection, compile_kwargs={"literal_binds": True})
        return str(connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all())

    found = database.read_now(plan)
    assert "ix_set_aside_listed (" in found
    assert "TEMP B-TREE FOR ORDER BY" not in found


async def test_dismissing_takes_what_matches_and_leaves_what_came_since(database):
    await put(database, row(1), row(2), row(3, panel_id=2), row(4))
    async with database.write() as connection:
        until = Filters(until=NOON + timedelta(minutes=3))
        assert await set_aside.dismiss(connection, MINE, until, "ana", NOON) == 2
    assert ids(database) == ["4", "3"]
    found = database.read_now(lambda c: set_aside.one(c, MINE, 1, "orders", "1"))
    assert (found[0].dismissed_by, found[0].dismissed_at, found[1]) == ("ana", NOON, b"sealed")


async def test_one_dismissal_is_undone_by_itself(database):
    earlier = NOON - timedelta(hours=1)
    await put(database, row(1, dismissed_at=earlier, dismissed_by="ben"), row(2), row(3))
    async with database.write() as connection:
        await set_aside.dismiss(connection, EVERYTHING, Filters(), "ana", NOON)
        assert await set_aside.restore(connection, EVERYTHING, Filters(dismissed_at=NOON)) == 2
    assert ids(database) == ["3", "2"]
    assert ids(database, filters=DISMISSED) == ["1"]


async def test_many_are_changed_in_parts(database, monkeypatch):
    monkeypatch.setattr(set_aside, "AT_ONCE", 2)
    await put(database, row(1), row(2), row(3))
    async with database.write() as connection:
        assert await set_aside.dismiss(connection, EVERYTHING, Filters(), "ana", NOON) == 2
        assert await set_aside.dismiss(connection, EVERYTHING, Filters(), "ana", NOON) == 1
        assert await set_aside.dismiss(connection, EVERYTHING, Filters(), "ana", NOON) == 0


@pytest.mark.parametrize(
    ("stream", "plan"),
    [("orders", "refresh"), ("users", "refresh"), ("services", "head"), ("tickets", "sweep"), ("messages", "sweep")],
)
async def test_a_retry_makes_the_plan_due_that_asks_for_such_records(database, stream, plan):
    mine = {"panel_id": 1, "stream": stream, "due_at": NOON + timedelta(hours=1)}
    async with database.write() as connection:
        await connection.execute(plans.delete().where(plans.c.stream == stream))
        await connection.execute(insert(plans), [{**mine, "plan": plan}, {**mine, "plan": "backfill"}])
        await set_aside.retry(connection, [(1, stream)], NOON)
    due = EVERYTHING.select(plans.c.plan).where(plans.c.stream == stream, plans.c.due_at == NOON)
    assert database.read_now(lambda c: c.scalars(due).all()) == [plan]


async def test_what_is_due_already_is_not_put_off(database):
    before = NOON - timedelta(hours=1)
    async with database.write() as connection:
        await connection.execute(plans.update().values(due_at=before))
        await set_aside.retry(connection, [(1, "orders")], NOON)
        assert await connection.scalar(select(plans.c.due_at).where(plans.c.panel_id == 1).distinct()) == before
