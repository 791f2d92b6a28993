"""A scope narrows whatever it selects from, and can only ever grow smaller."""

import pytest
from sqlalchemy import func, select

from hyperpanel.db.schema import PANEL_OWNED, order_flips, orders, panels
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.scoping import Unscoped, only_scoped_reads


@pytest.mark.parametrize("table", sorted(PANEL_OWNED, key=str), ids=str)
async def test_every_panel_owned_table_is_narrowed(database, table):
    mine = Scope(frozenset({1}))
    key = table.c.id if table is panels else table.c.panel_id
    found = database.read_now(lambda c: c.scalars(mine.select(key)).all())
    assert set(found) <= {1}
    assert "1" in str(mine.select(key).compile(compile_kwargs={"literal_binds": True}))


async def test_an_empty_scope_sees_nothing(database):
    assert database.read_now(lambda c: c.scalar(Scope(frozenset()).select(func.count(panels.c.id)))) == 0


async def test_the_owner_sees_every_panel(database):
    assert database.read_now(lambda c: c.scalar(EVERYTHING.select(func.count(panels.c.id)))) == 3


@pytest.mark.parametrize(
    ("own", "wanted", "narrow"),
    [(None, [1], {1}), ({1, 2}, [2, 3], {2}), ({1}, [3], set()), ({1}, None, {1}), (None, None, None)],
)
def test_asking_for_more_gives_no_more(own, wanted, narrow):
    scope = Scope(None if own is None else frozenset(own))
    assert scope.narrowed(wanted).panel_ids == (None if narrow is None else frozenset(narrow))


def test_a_join_is_narrowed_on_both_sides():
    made = Scope(frozenset({7})).select(orders.c.id, order_flips.c.now)
    assert str(made.compile(compile_kwargs={"literal_binds": True})).count("IN (7)") == 2


async def test_the_guard_finds_what_was_read_without_a_scope(database):
    with only_scoped_reads(), pytest.raises(Unscoped, match="orders"):
        database.read_now(lambda c: c.execute(select(orders.c.id)).all())
