"""Where feeds stand: plans, pauses, runs and calls, for the panels of a scope."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, update

from hyperpanel.db import feeds
from hyperpanel.db.schema import feeds as table
from hyperpanel.db.schema import leases, pauses, plans, runs
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE = Scope(frozenset({1}))


async def put(database, where, *rows) -> None:
    async with database.write() as connection:
        await connection.execute(insert(where), list(rows))


def all_of(database, scope=EVERYTHING, **how):
    return {
        (feed.panel_id, feed.stream): feed for feed in database.read_now(lambda c: feeds.all_of(c, scope, NOON, **how))
    }


def run(number: int, **changes):
    plain = {"panel_id": 1, "number": number, "stream": "orders", "plan": "head", "holder": "h", "calls": 5}
    at = {"started_at": NOON - timedelta(minutes=1), "ended_at": NOON}
    return {**plain, **at, "read": 0, "new": 0, "changed": 0, "set_aside": 0, **changes}


async def test_a_feed_knows_its_plans(database):
    found = all_of(database)[1, "orders"]
    assert found.as_of["refresh"] == NOON - timedelta(seconds=20)
    assert set(found.due_at) == {"head", "refresh", "backfill"}


async def test_a_scope_holds_its_panels_feeds_alone(database):
    assert set(all_of(database, MINE)) == {(1, "orders"), (1, "services")}
    assert set(all_of(database, MINE, stream="orders")) == {(1, "orders")}


async def test_a_history_that_is_still_read_is_told(database):
    assert [all_of(database)[key].is_filling for key in ((1, "orders"), (3, "orders"), (3, "services"))] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(("stream", "paused"), [("orders", [True, False]), (None, [True, True])])
async def test_a_pause_holds_for_its_stream_or_for_the_panel(database, stream, paused):
    await put(database, pauses, {"panel_id": 1, "id": "a", "stream": stream, "by": "ana", "why": "", "at": NOON})
    found = all_of(database)
    assert [found[1, name].pause is not None for name in ("orders", "services")] == paused
    assert found[2, "orders"].pause is None


async def test_a_pause_that_ended_holds_no_more(database):
    ended = {"panel_id": 1, "id": "a", "stream": None, "by": "ana", "why": "", "at": NOON, "ended_at": NOON}
    await put(database, pauses, ended)
    assert all_of(database)[1, "orders"].pause is None


async def test_a_lease_counts_while_it_lasts(database):
    async with database.write() as connection:
        await connection.execute(update(table).where(table.c.panel_id == 1).values(leased_until=NOON + timedelta(1)))
        await connection.execute(update(table).where(table.c.panel_id == 2).values(leased_until=NOON - timedelta(1)))
    found = all_of(database)
    assert [found[number, "orders"].is_held for number in (1, 2, 3)] == [True, False, False]


async def test_a_trouble_of_another_version_is_none(database):
    async with database.write() as connection:
        await connection.execute(update(table).values(trouble='{"code": "unheard of", "details": {}}'))
    assert all_of(database)[1, "orders"].trouble is None


async def test_the_last_run_that_ended_and_the_one_under_way(database):
    ago = timedelta(hours=1)
    await put(
        database,
        runs,
        run(1, new=1, started_at=NOON - ago),
        run(2, new=2),
        run(3, ended_at=None, read=9),
        run(4, panel_id=2, new=4),
    )
    ended = database.read_now(lambda c: feeds.last_runs(c, EVERYTHING, ended=True))
    under_way = database.read_now(lambda c: feeds.last_runs(c, EVERYTHING, ended=False))
    assert {key: found.new for key, found in ended.items()} == {(1, "orders"): 2, (2, "orders"): 4}
    assert {key: found.read for key, found in under_way.items()} == {(1, "orders"): 9}
    assert set(database.read_now(lambda c: feeds.last_runs(c, MINE, ended=True))) == {(1, "orders")}


async def test_calls_are_those_of_the_last_minutes(database):
    await put(database, runs, run(1), run(2), run(3, started_at=NOON - timedelta(minutes=6)), run(4, panel_id=2))
    found = database.read_now(lambda c: feeds.calls(c, EVERYTHING, NOON))
    assert found == {(1, "orders"): 2.0, (2, "orders"): 1.0}
    assert set(database.read_now(lambda c: feeds.calls(c, MINE, NOON))) == {(1, "orders")}


async def test_workers_are_told_the_latest_first(database):
    rows = [
        {"name": name, "holder": name, "fence": 1, "seen_at": NOON - timedelta(seconds=n), "expires_at": NOON}
        for n, name in enumerate(["schedule", "worker:a", "worker:b"])
    ]
    await put(database, leases, *rows)
    assert [worker.holder for worker in database.read_now(feeds.workers)] == ["worker:a", "worker:b"]


async def test_statements_do_not_grow_with_feeds(database):
    def count(scope) -> int:
        seen: list[str] = []
        event.listen(database.reading, "before_cursor_execute", lambda *args: seen.append(args[2]))
        all_of(database, scope)
        return len(seen)

    assert count(MINE) == 4
    async with database.write() as connection:
        await connection.execute(update(plans).values(as_of=None))
    assert all_of(database)[1, "orders"].as_of["head"] is None
