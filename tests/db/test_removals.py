"""A panel removed: all of its rows and no other's, whoever reads it meanwhile, and whoever gets its id next."""

import asyncio

from sqlalchemy import ForeignKeyConstraint, Table, event, insert, select

from hyperpanel.db import panel_ids, removals
from hyperpanel.db import panels as stored
from hyperpanel.db.engine import Database
from hyperpanel.db.panels import Panel, named
from hyperpanel.db.schema import audit, exports, feeds, metadata, order_flips, orders, panels, pauses, runs
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support.removals import finish
from tests.support.clocks import Hand
from tests.support.staged import NOON, VAULT, order


async def mark(database: Database, name: str = "eu-1") -> Panel:
    [panel] = await database.read(lambda connection: named(connection, EVERYTHING, [name]))
    async with database.write() as connection:
        await removals.mark(connection, panel, "ana", NOON)
    return panel


async def put(database, table, *rows) -> None:
    async with database.write() as connection:
        await connection.execute(insert(table), list(rows))


def count(database: Database, table: Table) -> int:
    return database.read_now(lambda c: len(c.execute(select(table)).all()))


def test_every_table_that_belongs_to_a_panel_is_emptied():
    """One that is added later must be a panel's own, or it would keep the panel from going."""
    owned = {
        table
        for table in metadata.sorted_tables
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint) and key.referred_table is panels
    }
    assert owned == {*removals.SMALL, *removals.LARGE, *removals.DETACHED}


async def test_it_says_what_it_holds(database):
    await put(database, orders, order("1"), order("2"), order("3", "us-2"))
    flip = {"panel_id": 1, "order_id": "1", "number": 2, "was": "a", "now": "b", "not_before": NOON, "not_after": NOON}
    await put(database, order_flips, flip)
    held = database.read_now(lambda c: removals.holdings(c, 1))
    assert {name: rows for name, rows in held.items() if rows} == {"orders": 2, "history": 1}


async def test_everything_goes_and_the_audit_says_so(database):
    await put(database, orders, order("1"), order("3", "us-2"))
    panel = await mark(database)
    assert await removals.remove(database, panel.id, NOON)
    assert {row.id for row in database.read_now(lambda c: c.execute(select(orders.c.id)).all())} == {"3"}
    [told] = database.read_now(lambda c: c.execute(select(audit)).all())
    assert (told.actor, told.action, told.target) == ("ana", "panel-removed", "eu-1")


async def test_many_rows_go_in_small_steps(database, monkeypatch):
    monkeypatch.setattr(removals, "REMOVED_AT_ONCE", 7)
    await put(database, orders, *(order(str(number)) for number in range(30)))
    panel = await mark(database)
    await removals.remove(database, panel.id, NOON)
    assert count(database, orders) == 0


async def test_what_is_not_marked_is_not_removed(database):
    await put(database, orders, order("1"))
    assert not await removals.remove(database, 1, NOON)
    assert count(database, orders) == 1


async def test_marking_twice_is_marking_once(database):
    panel = await mark(database)
    async with database.write() as connection:
        assert not await removals.mark(connection, panel, "max", NOON)


async def test_whoever_was_reading_has_lost_the_claim(database):
    run = {"panel_id": 1, "number": 4, "stream": "orders", "plan": "head", "holder": "h", "started_at": NOON}
    await put(database, runs, run)
    before = database.read_now(lambda c: c.execute(select(feeds.c.fence).where(feeds.c.panel_id == 1)).all())
    await mark(database)
    after = database.read_now(lambda c: c.execute(select(feeds.c.fence).where(feeds.c.panel_id == 1)).all())
    assert [row.fence for row in after] == [row.fence + 1 for row in before]
    assert database.read_now(lambda c: c.execute(select(runs.c.ended_at)).scalar_one()) == NOON


async def test_the_next_panel_of_the_same_id_is_left_alone(database):
    """SQLite gives the id of a panel that is gone to the next one; a second process may still be at work on the first."""
    panel = await mark(database, "dark")
    await removals.remove(database, panel.id, NOON)
    async with database.write() as connection:
        again = Panel(0, "next", "perfect_panel", "https://next.example", "USD", "UTC", 4, False)
        new = await stored.add(connection, again, {"admin_key": "k"}, [], VAULT, NOON)
        await connection.execute(insert(feeds).values(panel_id=new, stream="orders"))
    assert not await removals.remove(database, panel.id, NOON)
    assert not await removals.remove(database, new, NOON)
    assert "next" in {one.name for one in database.read_now(lambda c: stored.all_of(c, EVERYTHING))}


async def test_a_row_that_comes_late_is_removed_with_another_try(database):
    panel = await mark(database)
    run = {"panel_id": panel.id, "number": 9, "stream": "orders", "plan": "head", "holder": "h", "started_at": NOON}
    seen = []

    def late(connection, _cursor, statement, *_rest) -> None:
        """Between the emptying of the tables and the end, as a commit that was under way would do it."""
        if statement.startswith("DELETE FROM plans"):
            seen.append(statement)
            if len(seen) == 1:
                connection.execute(insert(runs).values(**run))

    event.listen(database.writing.sync_engine, "before_cursor_execute", late)
    assert await finish(database, panel.id, Hand(NOON))
    assert len(seen) == 2
    assert count(database, runs) == 0


async def test_a_person_cannot_call_it_off(database):
    panel = await mark(database)
    async with database.write() as connection:
        await stored.resume(connection, panel.id, None, "max", NOON)
    assert database.read_now(lambda c: c.execute(select(pauses.c.ended_at)).scalar_one()) is None


async def test_a_removal_that_is_broken_off_midway_goes_on_where_it_stopped(database, monkeypatch):
    monkeypatch.setattr(removals, "REMOVED_AT_ONCE", 10)
    await put(database, orders, *(order(str(number)) for number in range(1000)))
    panel = await mark(database)
    task = asyncio.create_task(finish(database, panel.id, Hand(NOON)))
    while count(database, orders) == 1000:  # noqa: ASYNC110 -- until some rows are gone
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert 0 < count(database, orders) < 1000
    assert await finish(database, panel.id, Hand(NOON))
    assert count(database, orders) == 0


async def test_a_removed_panels_number_is_not_given_again(database):
    last = await mark(database, "dark")
    await removals.remove(database, last.id, NOON)
    async with database.write() as connection:
        [later] = await panel_ids.given(connection, 1)
    assert later == ({"id": last.id + 1} if database.is_sqlite else {})


async def test_exports_of_a_removed_panel_go_with_it(database):
    told = {"staff_id": 1, "noun": "orders", "query": "", "permissions": "[]", "format": "csv", "state": "done"}
    more = {"language": "en", "time_zone": "UTC", "at": NOON}
    await put(database, exports, *({"id": f"e{n}", "panels": f"[{n}]", **told, **more} for n in (1, 2)))
    await mark(database)
    await removals.remove(database, 1, NOON)
    assert [row.id for row in database.read_now(lambda c: c.execute(select(exports.c.id)).all())] == ["e2"]
