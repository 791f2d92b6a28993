"""How a panel stands: as its worst feed, and as of its oldest."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from hyperpanel.config import Sync
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import pauses, plans
from hyperpanel.db.scope import Scope
from hyperpanel.support import feed_ages
from tests.support import databases
from tests.support.staged import NOON, cast

ALL = Scope(frozenset({1, 2, 3}))
LATE = NOON - timedelta(minutes=40)


@pytest.fixture
async def database(run_folder, tmp_path):
    made = Database(address(databases.sqlite_copy(run_folder, tmp_path, True), tmp_path))
    await cast(made)
    yield made
    await made.close()


async def change(database, statement):
    async with database.write() as connection:
        await connection.execute(statement)


def standing(database, streams=("orders", "services"), scope=ALL):
    found = database.read_now(lambda c: feed_ages.standings(c, scope, streams, Sync(), NOON))
    return {one.panel_id: (one.state, one.as_of) for one in found.values()}


async def test_each_panel_is_as_of_its_oldest_feed(database):
    late = update(plans).where(plans.c.panel_id == 2, plans.c.stream == "orders", plans.c.plan == "refresh")
    await change(database, late.values(as_of=LATE))
    fresh = NOON - timedelta(seconds=20)
    assert standing(database) == {1: ("on_time", fresh), 2: ("late", LATE), 3: ("never", None)}
    assert standing(database, ["services"], Scope(frozenset({2}))) == {2: ("on_time", fresh)}


async def test_a_pause_and_a_refused_key_are_states_of_their_own(database):
    pause = {"id": "a", "by": "ana", "why": "", "at": NOON}
    await change(database, insert(pauses).values(panel_id=1, **pause))
    refused = '{"code": "auth", "details": {"panel": "us-2"}}'
    await change(database, insert(pauses).values(panel_id=2, trouble=refused, **pause))
    assert [state for state, _ in standing(database).values()] == ["paused", "key", "never"]


async def test_what_is_read_less_often_is_late_later_and_what_is_read_more_often_no_sooner(database):
    orders = update(plans).where(plans.c.panel_id == 1, plans.c.stream == "orders", plans.c.plan == "refresh")
    read = NOON - timedelta(minutes=6)
    for usual, every, state in ((120.0, 120.0, "late"), (120.0, 480.0, "on_time"), (480.0, 10.0, "on_time")):
        await change(database, orders.values(as_of=read, usual=usual, every=every))
        assert standing(database, ["orders"], Scope(frozenset({1}))) == {1: (state, read)}
