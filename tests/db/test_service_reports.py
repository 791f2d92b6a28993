"""Reports of services: listed by time, counted by service, each resolved once, and never seen through another person's panels."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from hyperpanel.db import service_reports
from hyperpanel.db.schema import services
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.service_reports import OPEN, RESOLVED, Filters, New, Place
from tests.support.staged import NOON, mirrored

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE = Scope(frozenset({1}))
HOUR = timedelta(hours=1)


def new(service_id="170", panel_id=1, reason="No start.", by="ben"):
    return New(panel_id, service_id, "Likes", reason, by)


async def add(database, *some, at=NOON):
    async with database.write() as connection:
        return [await service_reports.add(connection, one, at) for one in some]


def one(database, id, panel_id=1, scope=EVERYTHING):
    return database.read_now(lambda c: service_reports.one(c, scope, panel_id, id))


async def resolve(database, report, by="max", words=None):
    async with database.write() as connection:
        return await service_reports.resolve(connection, report, by, words, NOON + HOUR)


def reasons(database, filters=None, place=None, scope=EVERYTHING, limit=100):
    found = database.read_now(lambda c: service_reports.page(c, scope, filters or Filters(), place or Place(), limit))
    return [report.reason for report in found]


async def test_it_is_kept_as_it_was_made(database):
    [id] = await add(database, new())
    found = one(database, id)
    assert {name: getattr(found, name) for name in vars(new())} == vars(new())
    assert (found.at, found.is_open, found.resolved_by, found.resolution, found.stamp) == (NOON, True, None, None, "")
    assert one(database, id, scope=Scope(frozenset({2}))) is None


async def test_it_is_resolved_once_and_by_the_first(database):
    [id] = await add(database, new())
    report = one(database, id)
    done = await asyncio.gather(*(resolve(database, report, by, by) for by in ("max", "ana")))
    assert sorted(done) == [False, True]
    found = one(database, id)
    assert found.resolved_by == found.resolution == ("max", "ana")[done.index(True)]


async def test_only_the_resolution_that_was_read_is_taken_back(database):
    [id] = await add(database, new())
    await resolve(database, one(database, id))
    stale = one(database, id)
    async with database.write() as connection:
        assert await service_reports.reopen(connection, stale)
        assert await service_reports.resolve(connection, stale, "ana", "again", NOON + 2 * HOUR)
        assert not await service_reports.reopen(connection, stale)
    assert (one(database, id).resolved_by, one(database, id).resolution) == ("ana", "again")


async def test_pages_go_on_from_a_row_in_either_direction(database):
    for n in range(6):
        await add(database, new(reason=str(n), panel_id=1 + n % 2), at=NOON + n // 2 * HOUR)
    whole = reasons(database)
    assert whole == ["5", "4", "3", "2", "1", "0"]
    rows = database.read_now(lambda c: service_reports.page(c, EVERYTHING, Filters(), Place(), 10))
    for at, row in enumerate(rows):
        assert reasons(database, place=Place(row.key)) == whole[at + 1 :]
        assert reasons(database, place=Place(row.key, backwards=True)) == whole[:at]
    assert reasons(database, place=Place(rows[4].key, backwards=True), limit=2) == ["3", "2"]
    assert reasons(database, scope=MINE) == ["4", "2", "0"]


async def test_they_are_narrowed_and_counted(database):
    [id, *_] = await add(database, new(reason="a"), new("171", reason="b", by="max"), new(panel_id=2, reason="c"))
    await resolve(database, one(database, id))
    assert sorted(reasons(database, Filters(OPEN))) == ["b", "c"]
    assert reasons(database, Filters(RESOLVED)) == ["a"]
    assert reasons(database, Filters(service_id="170", by="ben"), scope=MINE) == ["a"]
    counts = database.read_now(lambda c: service_reports.counts(c, EVERYTHING, Filters(OPEN, service_id="170")))
    assert counts == {OPEN: 1, RESOLVED: 1}
    assert database.read_now(lambda c: service_reports.reporters(c, EVERYTHING)) == ["ben", "max"]


async def test_marks_and_what_waits_count_open_ones_alone(database):
    [id, *_] = await add(database, new(), new(), new("171"))
    await add(database, new(panel_id=2), at=NOON + HOUR)
    await resolve(database, one(database, id))
    assert database.read_now(lambda c: service_reports.marks(c, EVERYTHING)) == {
        (1, "170"): 1,
        (1, "171"): 1,
        (2, "170"): 1,
    }
    assert database.read_now(lambda c: service_reports.waiting(c, EVERYTHING)) == (3, NOON)
    assert database.read_now(lambda c: service_reports.waiting(c, Scope(frozenset({2})))) == (1, NOON + HOUR)
    assert database.read_now(lambda c: service_reports.waiting(c, Scope(frozenset({3})))) == (0, None)


async def test_two_who_report_at_once_are_not_both_first(database):
    async def report(by):
        async with database.write() as connection:
            await service_reports.alone(connection)
            if await service_reports.unseen(connection, EVERYTHING, (1, "170"), "", 5):
                return False
            await service_reports.add(connection, new(by=by), NOON)
            return True

    assert sorted(await asyncio.gather(report("ben"), report("max"))) == [False, True]


async def test_what_was_seen_is_not_shown_again(database):
    [id] = await add(database, new(reason="first"))
    async with database.write() as connection:
        shown = await service_reports.unseen(connection, EVERYTHING, (1, "170"), "", 5)
        assert [report.reason for report in shown] == ["first"]
        assert await service_reports.unseen(connection, EVERYTHING, (1, "170"), id, 5) == []


async def test_services_are_named_as_they_are_now(database):
    rows = [mirrored("services", "170", name="Likes"), mirrored("services", "171", name="Views")]
    async with database.write() as connection:
        await connection.execute(insert(services), rows)
        await connection.execute(update(services).where(services.c.id == "171").values(gone_at=NOON))
    wanted = [(1, "170"), (1, "171"), (1, "172"), (2, "170")]
    found = database.read_now(lambda c: service_reports.named(c, EVERYTHING, wanted))
    assert {service: (one.name, one.gone_at) for service, one in found.items()} == {
        (1, "170"): ("Likes", None),
        (1, "171"): ("Views", NOON),
    }
    assert database.read_now(lambda c: service_reports.named(c, EVERYTHING, [])) == {}
