"""Panels stored: many at once, in one transaction, on both systems."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from hyperpanel.db import panels
from hyperpanel.db.panels import NameTaken, New, Panel
from hyperpanel.db.schema import budgets, feeds, plans
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.errors import Missing
from sync.connectors.base import Stream
from tests.support.staged import NOON, VAULT

STREAMS = (Stream("orders", ("head", "backfill")), Stream("services", ("head",)))


def new(name: str, **keys: str) -> New:
    panel = Panel(0, name, "perfect_panel", f"https://{name}.example", "EUR", "UTC", 2.0, False, "Europe")
    return New(panel, {"admin_key": f"key of {name}", **keys}, STREAMS)


async def add(database, *names: str):
    async with database.write() as connection:
        return await panels.add_all(connection, [new(name) for name in names], VAULT, NOON)


async def test_each_gets_its_own_id_keys_and_feeds(database):
    ids = await add(database, "z-1", "a-1", "m-1")
    opened = [database.read_now(lambda c, id=id: panels.access(c, VAULT, id)) for id in ids]
    assert [(one.panel, one.admin_key) for one in opened] == [(n, f"key of {n}") for n in ("z-1", "a-1", "m-1")]
    due = EVERYTHING.select(plans.c.stream, plans.c.plan).where(plans.c.panel_id == ids[1])
    rows = database.read_now(lambda c: [tuple(row) for row in c.execute(due)])
    assert sorted(rows) == [("orders", "backfill"), ("orders", "head"), ("services", "head")]


@pytest.mark.parametrize("names", [("x-1", "EU-1"), ("x-1", "eu-1")])
async def test_one_name_in_use_adds_none_of_them(database, names):
    with pytest.raises(NameTaken, match=r"'(EU|eu)-1' is there already"):
        await add(database, *names)
    known = database.read_now(lambda c: panels.all_of(c, EVERYTHING))
    assert [panel.name for panel in known] == ["dark", "eu-1", "us-2"]


async def test_two_of_one_name_are_none(database):
    with pytest.raises(NameTaken):
        await add(database, "x-1", "X-1")


async def test_nothing_to_add_is_fine(database):
    assert await add(database) == []


async def test_a_thousand_panels_take_as_many_statements_as_one(database):
    ids = await add(database, *(f"p-{number}" for number in range(1000)))
    assert len(set(ids)) == 1000
    count = database.read_now(lambda c: len(c.execute(EVERYTHING.select(feeds.c.stream)).all()))
    assert count >= 2000


async def test_keys_are_opened_within_a_scope_alone(database):
    [panel_id] = await add(database, "x-1")
    with pytest.raises(Exception, match="No row was found"):
        database.read_now(lambda c: panels.access(c, VAULT, panel_id, Scope(frozenset({1}))))


async def test_a_name_of_another_scope_is_missing(database):
    with pytest.raises(Missing):
        database.read_now(lambda c: panels.named(c, Scope(frozenset({1})), ["us-2"]))


async def test_who_waits_goes_first_and_makes_one_call_to_a_panel_that_is_down(database):
    later, ids = NOON + timedelta(hours=1), await add(database, "x-1", "y-1")
    async with database.write() as connection:
        await connection.execute(update(plans).values(due_at=later))
        await connection.execute(update(budgets).values(probe_at=later))
        await connection.execute(update(budgets).where(budgets.c.panel_id == ids[0]).values(down_since=NOON))
        for panel_id in ids:
            await panels.run_now(connection, panel_id, "orders", NOON)
    asked = EVERYTHING.select(plans.c.stream, plans.c.due_at, plans.c.asked_at).where(plans.c.panel_id.in_(ids))
    rows = {tuple(row) for row in database.read_now(lambda c: c.execute(asked).all())}
    assert rows == {("orders", NOON, NOON), ("services", later, None)}
    probes = EVERYTHING.select(budgets.c.probe_at).where(budgets.c.panel_id.in_(ids)).order_by(budgets.c.panel_id)
    assert database.read_now(lambda c: list(c.scalars(probes))) == [NOON, later]
