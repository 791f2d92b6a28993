"""New records a day in a person's own days, and since when something waits."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert, update

from hyperpanel.db import totals
from hyperpanel.db.schema import orders, set_aside
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.totals import AGAIN, LONGEST, Lines
from tests.support.staged import NOON, order

pytestmark = pytest.mark.usefixtures("only_scoped")
TEHRAN = ZoneInfo("Asia/Tehran")
DAYS = tuple(
    datetime(2026, 2, 27 + n, tzinfo=TEHRAN) if n < 2 else datetime(2026, 3, n - 1, tzinfo=TEHRAN) for n in range(4)
)
"""Three days: the first of March, at noon in UTC, is the last of them."""


async def put(database, *rows, table=orders) -> None:
    async with database.write() as connection:
        for row in rows:
            await connection.execute(insert(table).values(**row))


def line(database, lines: Lines, held: int, now=NOON, scope=EVERYTHING) -> tuple[int, ...]:
    found: tuple[int, ...] = database.read_now(lambda c: lines.of(c, scope, {(1, "orders"): held}, DAYS, now))[
        1, "orders"
    ]
    return found


@pytest.fixture
async def filled(database):
    at = datetime(2026, 2, 28, tzinfo=TEHRAN)
    second = timedelta(seconds=1)
    await put(
        database,
        order("1", created_at=at - second),
        order("2", created_at=at),
        order("3", created_at=at) | {"gone_at": NOON},
        order("4", created_at=DAYS[2] - second),
        order("5", created_at=DAYS[2]),
        order("6", created_at=None),
        order("7", created_at=DAYS[0] - second),
        order("8", "us-2", created_at=at),
    )
    return database


async def test_a_day_is_that_of_the_persons_zone(filled):
    assert line(filled, Lines(), 6) == (1, 2, 1)


async def test_every_stream_and_panel_has_its_own_line(filled):
    held = {(panel, stream): 0 for panel in (1, 2) for stream in totals.TABLES}
    found = filled.read_now(lambda c: Lines().of(c, EVERYTHING, held, DAYS, NOON))
    assert found[2, "orders"] == (0, 1, 0)
    assert found.keys() == held.keys()
    assert sum(map(sum, found.values())) == 5


async def test_a_past_that_stays_is_counted_once(filled):
    lines, seen = Lines(), []
    line(filled, lines, 6)
    event.listen(filled.reading, "before_cursor_execute", lambda *args: seen.append(args[2]))
    await put(filled, order("9", created_at=NOON))
    assert line(filled, lines, 7, NOON + AGAIN) == (1, 2, 2)
    assert sum("days" in sql for sql in seen) == 1


async def test_a_past_that_changed_is_counted_again_after_a_while(filled):
    lines = Lines()
    line(filled, lines, 6)
    await put(filled, order("9", created_at=DAYS[1]))
    assert line(filled, lines, 7, NOON + AGAIN / 2) == (1, 2, 1)
    assert line(filled, lines, 7, NOON + AGAIN) == (1, 3, 1)


async def test_no_past_is_believed_for_ever(filled):
    lines = Lines()
    line(filled, lines, 6)
    async with filled.write() as connection:
        await connection.execute(update(orders).where(orders.c.id == "1").values(created_at=DAYS[1]))
    assert line(filled, lines, 6, NOON + LONGEST) == (0, 3, 1)
    assert line(filled, lines, 6, NOON) == (0, 3, 1)


async def test_what_is_not_open_to_somebody_is_not_counted(filled):
    held = {(2, "orders"): 0}
    with pytest.raises(KeyError):
        filled.read_now(lambda c: Lines().of(c, Scope(frozenset({1})), held, DAYS, NOON))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_counts_days_by_spans_of_an_index(filled):
    sql: list[tuple[str, tuple[object, ...]]] = []
    event.listen(filled.reading, "before_cursor_execute", lambda c, cursor, text, given, *_: sql.append((text, given)))
    filled.read_now(lambda c: totals.days(c, EVERYTHING, tuple(totals.TABLES), DAYS))
    filled.read_now(lambda c: totals.waiting_since(c, EVERYTHING, "orders", ("fail", "error")))
    filled.read_now(lambda c: totals.waiting_since(c, EVERYTHING, "tickets", ("pending",)))
    asked = [one for one in sql if "SELECT" in one[0]]
    steps = [
        str(row[3])
        for text, given in asked
        for row in filled.read_now(lambda c, t=text, g=given: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {t}", g).all())
    ]
    reads = [step for step in steps if any(f" {name} " in step for name in totals.TABLES)]
    assert len(reads) == 7
    assert [step for step in reads if not step.startswith("SEARCH") or " COVERING INDEX " not in step] == []


async def test_the_longest_wait_is_found_whatever_stands_before_it(database):
    await put(
        database,
        order("1", status="fail", created_at=NOON),
        order("2", status="error", created_at=NOON - timedelta(days=2)),
        order("3", status="error", created_at=NOON - timedelta(days=9)) | {"gone_at": NOON},
        order("4", status="fail", created_at=None),
        order("5", "us-2", status="fail", created_at=NOON - timedelta(days=4)),
    )

    def since(scope: Scope, *statuses: str):
        return database.read_now(lambda c: totals.waiting_since(c, scope, "orders", statuses))

    assert since(EVERYTHING, "fail", "error") == NOON - timedelta(days=4)
    assert since(Scope(frozenset({1})), "fail", "error") == NOON - timedelta(days=2)
    assert since(EVERYTHING, "partial") is None


async def test_what_is_set_aside_waits_since_it_was_first_met(database):
    row = {"panel_id": 1, "stream": "orders", "record_id": "1", "reason": "?", "number": 1, "at": NOON}
    early = {**row, "record_id": "2", "first_at": NOON - timedelta(days=1), "dismissed_at": NOON}
    await put(database, {**row, "first_at": NOON, "dismissed_at": None}, early, table=set_aside)
    assert database.read_now(lambda c: totals.set_aside_since(c, EVERYTHING)) == NOON


async def test_days_that_are_over_are_forgotten_and_no_others(filled):
    lines = Lines()
    old = tuple(day - timedelta(days=400) for day in DAYS)
    for number in range(200):
        lines.pasts[(*old[:-1], old[-1] + timedelta(microseconds=number)), "orders"] = {}
    first = line(filled, lines, 4)
    assert line(filled, lines, 4) == first
    assert [bounds for bounds, _ in lines.pasts] == [DAYS]
