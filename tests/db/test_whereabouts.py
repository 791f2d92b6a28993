"""On which panels an id is: live rows of the panels that are named and allowed, on both systems."""

import pytest
from sqlalchemy import event, insert

from hyperpanel.db.schema import orders
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.whereabouts import holders
from tests.support.staged import NOON, order

pytestmark = pytest.mark.usefixtures("only_scoped")


@pytest.mark.parametrize(
    ("scope", "panel_ids", "found"),
    [
        (EVERYTHING, [1, 2, 3], [1, 2]),
        (EVERYTHING, [2, 3], [2]),
        (Scope(frozenset({1})), [1, 2], [1]),
        (Scope(frozenset()), [1, 2], []),
        (EVERYTHING, [], []),
    ],
)
async def test_an_id_is_where_a_live_row_has_it(database, scope, panel_ids, found):
    rows = [order("7"), order("7", "us-2"), order("7", "dark")]
    async with database.write() as connection:
        await connection.execute(insert(orders), rows[:2])
        await connection.execute(insert(orders).values(**rows[2], gone_at=NOON))
    assert database.read_now(lambda c: holders(c, scope, panel_ids, orders, "7")) == found
    assert database.read_now(lambda c: holders(c, scope, panel_ids, orders, "8")) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_looks_into_the_primary_key_for_each_panel(database):
    ran = []
    event.listen(database.reading, "before_cursor_execute", lambda c, cursor, sql, given, *_: ran.append((sql, given)))
    database.read_now(lambda c: holders(c, EVERYTHING, [1, 2], orders, "7"))
    sql, given = ran[-1]
    steps = database.read_now(lambda c: [row[3] for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)])
    assert steps == ["SEARCH orders USING PRIMARY KEY (panel_id=? AND id=?)"]
