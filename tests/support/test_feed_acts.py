"""What is done with a feed leaves a row in the audit where something changed, and none where somebody else was first."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from hyperpanel.db.audit import Act
from hyperpanel.db.engine import Database, address
from hyperpanel.db.panels import REMOVAL
from hyperpanel.db.schema import audit, pauses
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.errors import Conflict
from hyperpanel.support import feed_acts
from hyperpanel.support.feed_acts import BY_ENGINE, LEAVING, PAUSED, Doer
from tests.support import databases
from tests.support.staged import NOON, cast

ANA = Doer("ana", lambda action, target, panel_id, **details: Act("ana", action, target, panel_id, details), NOON)
PAUSE: dict[str, Any] = {"panel_id": 1, "id": "p", "by": "ben", "why": "", "at": NOON}
VANISHED = {"by": "engine", "trouble": '{"code":"vanished","details":{"panel":"eu-1","field":"charge"}}'}
LEAVES = {"id": REMOVAL, "trouble": '{"code":"removing","details":{"panel":"eu-1"}}'}


@pytest.fixture
async def database(run_folder, tmp_path):
    made = Database(address(databases.sqlite_copy(run_folder, tmp_path, True), tmp_path))
    await cast(made)
    yield made
    await made.close()


def found(database):
    return database.read_now(lambda connection: feed_acts.find(connection, EVERYTHING, "eu-1", "orders", NOON))


async def put(database, **changes):
    async with database.write() as connection:
        await connection.execute(insert(pauses).values(**PAUSE | changes))


async def done(database, act, *given):
    async with database.write() as connection:
        await act(connection, ANA, *given)


def told(database):
    return list(database.read_now(lambda connection: connection.scalars(select(audit.c.action)).all()))


async def test_whoever_is_second_pauses_and_resumes_nothing(database):
    """Both saw the feed before either had done anything."""
    feed, where = found(database)
    for _ in range(2):
        await done(database, feed_acts.pause, where, feed, "")
    for _ in range(2):
        await done(database, feed_acts.go_on, where, feed)
    assert told(database) == ["feed-pause", "feed-resume"]


async def test_a_reason_beside_a_person_and_the_engine_is_the_persons(database):
    await put(database)
    await put(database, id="v", **VANISHED)
    _, where = found(database)
    await done(database, feed_acts.stop, where, None, "")
    await done(database, feed_acts.pause_whole, where, "It moves.")
    rows = database.read_now(lambda c: c.execute(EVERYTHING.select(pauses.c.id, pauses.c.why)).all())
    assert (sorted(map(tuple, rows)), told(database)) == ([("p", "It moves."), ("v", "")], ["pause-explain"])


async def test_where_the_engine_alone_paused_it_a_person_is_told_what_to_do(database):
    feed, where = found(database)
    await put(database, stream="orders", **VANISHED)
    with pytest.raises(Conflict, match=BY_ENGINE):
        await done(database, feed_acts.pause, where, feed, "It moves.")


async def test_a_feed_that_was_paused_meanwhile_is_not_run(database):
    feed, where = found(database)
    await put(database)
    with pytest.raises(Conflict, match=PAUSED):
        await done(database, feed_acts.run, where, feed)


async def test_a_panel_whose_removal_began_meanwhile_is_left_alone(database):
    feed, where = found(database)
    await put(database, **LEAVES)
    for act, given in ((feed_acts.pause, [feed, "x"]), (feed_acts.go_on, [feed]), (feed_acts.run, [feed])):
        with pytest.raises(Conflict, match=LEAVING):
            await done(database, act, where, *given)
    assert told(database) == []
