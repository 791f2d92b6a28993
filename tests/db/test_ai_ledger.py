"""The ledger of AI as it is read: sums that add up, pages that miss nothing, and no statement that reads all of it for a page."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert

from hyperpanel.db import ai_calls as ai_calls_kept
from hyperpanel.db import ai_ledger
from hyperpanel.db.ai_ledger import Filters
from hyperpanel.db.schema import ai_calls
from tests.support.staged import NOON

ISTANBUL = ZoneInfo("Europe/Istanbul")
DAY = timedelta(days=1)
ALL = Filters(NOON - 30 * DAY, NOON + DAY)
ROW = {
    "at": NOON, "panel_id": 1, "ticket_id": "70", "staff_id": None, "by": "ana", "purpose": "translate", "prompt_id": None,
    "prompt_version": 0, "provider": "openai", "model": "canned", "attempt": 1, "state": "done", "problem": None, "reserved": 900,
    "reserved_cost": None, "tokens_in": 100, "tokens_out": 20, "is_estimated": False, "cost": 5_000, "first_ms": 90, "ms": 400,
    "request_id": None,
}  # fmt: skip


async def put(database, *changes):
    async with database.write() as connection:
        await connection.execute(insert(ai_calls), [{**ROW, **change} for change in changes])


async def sums(database, way, filters=ALL):
    found = await database.read(lambda connection: ai_ledger.sums(connection, filters, way, ISTANBUL))
    return {one.key: one for one in found}


async def page(database, filters=ALL, after=None, limit=ai_ledger.PAGE):
    return await database.read(lambda connection: ai_ledger.page(connection, filters, after, limit))


async def test_sums_tell_tokens_cost_and_what_has_no_price(database):
    await put(
        database,
        {},
        {"cost": None},
        {"state": "failed", "problem": "limited", "tokens_in": None, "tokens_out": None, "cost": None},
    )
    (one,) = (await sums(database, "model")).values()
    assert (one.key, one.count, one.failed, one.tokens_in, one.tokens_out) == (("openai", "canned"), 3, 1, 200, 40)
    assert (one.cost, one.unpriced) == (5_000, 1)


async def test_a_day_is_that_of_the_zone(database):
    late = NOON.replace(hour=21, minute=30)
    await put(database, {"at": late}, {"at": NOON})
    assert sorted(one.count for one in (await sums(database, "day")).values()) == [1, 1]


async def test_every_way_adds_up_to_the_same(database):
    await put(
        database,
        {},
        {"by": "ben", "purpose": "intent"},
        {"panel_id": None, "purpose": "test"},
        {"prompt_id": 3, "prompt_version": 2},
    )
    for way in ai_ledger.WAYS:
        assert sum(one.count for one in (await sums(database, way)).values()) == 4


async def test_latencies_are_of_what_was_answered(database):
    rows = [{"ms": number * 100} for number in range(1, 101)]
    await put(database, *rows, {"ms": 900_000, "state": "failed", "problem": "timeout"})
    (one,) = (await sums(database, "all")).values()
    assert (one.middle, one.late) == (5_020, 9_520)


async def test_nothing_asked_sums_to_nothing(database):
    (one,) = (await sums(database, "all")).values()
    assert (one.count, one.cost, one.middle) == (0, 0, None)


async def test_pages_miss_and_repeat_nothing_where_many_share_a_moment(database):
    await put(database, *({"at": NOON - (number // 7) * timedelta(seconds=1)} for number in range(50)))
    seen, after = [], None
    while True:
        found = await page(database, after=after, limit=8)
        seen += [call.id for call in found.rows]
        after = found.further
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 50


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"purposes": ("intent",)}, 1),
        ({"providers": ("anthropic",)}, 1),
        ({"states": ("failed",)}, 1),
        ({"by": "ben"}, 1),
        ({"ticket": "71", "panels": frozenset({1})}, 1),
        ({"ticket": "71", "panels": frozenset({2})}, 0),
        ({"panels": frozenset({1})}, 5),
        ({"panels": frozenset()}, 0),
        ({}, 6),
    ],
)
async def test_a_page_is_narrowed(database, wanted, count):
    changes = [
        {"purpose": "intent"},
        {"provider": "anthropic"},
        {"state": "failed"},
        {"by": "ben"},
        {"ticket_id": "71"},
    ]
    await put(database, *changes, {"panel_id": None})
    filters = Filters(ALL.since, ALL.until, **wanted)
    assert len((await page(database, filters)).rows) == count
    assert sum(one.count for one in (await sums(database, "purpose", filters)).values()) == count


async def test_what_no_index_answers_is_looked_for_in_so_many_at_a_time(database, monkeypatch):
    monkeypatch.setattr(ai_ledger, "EXAMINED", 10)
    await put(database, {"by": "ben", "at": NOON - DAY}, *({} for _ in range(15)))
    first = await page(database, Filters(ALL.since, ALL.until, by="ben"))
    assert (first.rows, first.is_cut) == ([], True)
    second = await page(database, Filters(ALL.since, ALL.until, by="ben"), first.further)
    assert [call.by for call in second.rows] == ["ben"]


async def test_what_is_under_way_counts_as_used(database):
    await put(
        database, {}, {"state": "asking", "tokens_in": None, "tokens_out": None, "cost": None, "reserved_cost": 7}
    )
    used = await database.read(lambda connection: ai_ledger.used(connection, NOON, NOON + DAY, None, "panel_id"))
    assert used == {1: (1_020, 5_007)}


@pytest.mark.parametrize("text", ["", "x", "1", "1-", "-1", "1-x", "1" * 20 + "-1", "١-٢"])
def test_a_place_that_no_page_leads_to_is_none(text):
    assert ai_ledger.place(text) is None


def test_a_place_is_read_as_it_was_written():
    place = ai_ledger.Place(NOON, 17)
    assert ai_ledger.place(str(place)) == place


@pytest.mark.parametrize("wanted", [{}, {"by": "ben"}, {"panels": frozenset({1}), "ticket": "70"}])
async def test_no_page_reads_all_of_it(database, wanted):
    """PostgreSQL would look through so few rows one by one, so it is told not to."""
    await put(database, *({"at": NOON - timedelta(minutes=number)} for number in range(60)))
    filters, after = Filters(ALL.since, ALL.until, **wanted), ai_ledger.Place(NOON, 50)
    steps = planned(database, lambda connection: ai_ledger.page(connection, filters, after))
    assert [line for line in steps if "ix_ai_calls" in line]
    assert [line for line in steps if line.strip().startswith(("SCAN ai_calls", "Seq Scan on ai_calls"))] == []


async def test_what_was_lost_is_found_by_its_own_index(database):
    """Every minute, so not by reading the whole ledger."""
    await put(database, *({"at": NOON - timedelta(minutes=number)} for number in range(60)))
    asked: list[tuple[str, object]] = []
    async with database.write() as connection:
        event.listen(connection.sync_connection, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
        await ai_calls_kept.settle_lost(connection, NOON)
    assert any("ix_ai_calls_asking" in line for line in plan(database, *asked[0]))


def planned(database, ask):
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, values, *_rest):
        if "ai_calls" in statement:
            asked.append((statement, values))

    event.listen(database.reading, "before_cursor_execute", note)
    database.read_now(ask)
    event.remove(database.reading, "before_cursor_execute", note)
    return [line for one in asked for line in plan(database, *one)]


def plan(database, statement, values):
    with database.reading.connect() as connection, connection.begin():
        if database.is_sqlite:
            return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]
