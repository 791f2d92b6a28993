"""One service opened: its terms, the orders behind each, and the same row as in the report."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import order_flips, orders, service_speeds
from hyperpanel.db.scope import Scope
from hyperpanel.support import service_explaining, service_tracking
from hyperpanel.support.service_tracking import Asked
from reports.service_health import Measure
from reports.service_levers import Lever
from reports.windows import of_hours
from tests.support.staged import NOON, cast, order

pytestmark = pytest.mark.loopback
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED = Asked(Scope(frozenset({1, 2})), of_hours(24, NOON), Measure(min_orders=0))


def finished(id, took, **changes):
    at = NOON - HOUR
    plain = {"status": "completed", "created_at": at - took, "finished_from": at, "finished_at": at + HOUR / 2}
    return order(id, **{**plain, **changes})


ROWS = [
    order("1", created_at=NOON - 2 * DAY, remains=None, provider=None),
    order("2", created_at=NOON - 3 * DAY, remains=40, status="in_progress"),
    order("3", created_at=NOON - 3 * DAY, service_id="171"),
    order("4", panel="us-2", created_at=NOON - 3 * DAY),
    finished("5", 3 * DAY),
    finished("6", 5 * DAY),
    finished("7", HOUR),
    finished("8", 5 * DAY, quantity=None),
    finished("9", 5 * DAY, finished_from=None),
    finished("10", 4 * DAY, service_id="171"),
]


@pytest.fixture
async def database(database_url):
    made = Database(address(database_url, Path.cwd()))
    await cast(made, NOON - 30 * DAY)
    async with made.write() as connection:
        await connection.execute(insert(orders), ROWS)
        told = {"panel_id": 1, "service_id": "170", "per_day": 100, "name": "", "by": "ana", "at": NOON}
        await connection.execute(insert(service_speeds), told)
    yield made
    await made.close()


async def opened(database, service_id="170", panel_id=1, asked=ASKED):
    return await database.reader.ask(service_explaining.one, asked, panel_id, service_id)


async def test_its_row_is_the_reports(database):
    rows = service_tracking.rows(await database.reader.ask(service_tracking.made, ASKED))
    [mine] = [one for one in rows if one.service == (1, "170")]
    found = await opened(database)
    assert found.row == mine
    assert (mine.stuck, mine.finished, mine.unobserved, mine.rated, mine.slow, found.unrated) == (2, 4, 1, 3, 2, 1)


async def test_the_orders_behind_each_term_stand_the_worst_first(database):
    found = await opened(database)
    assert [(one.id, one.remains, one.provider) for one in found.stuck] == [
        ("2", 40, "provider-a.example"),
        ("1", None, ""),
    ]
    assert [(one.id, one.taken, one.allowed) for one in found.slow] == [
        ("6", 5 * DAY, 2 * DAY),
        ("5", 3 * DAY, 2 * DAY),
    ]
    assert [(one.id, one.delivered, one.finished_at) for one in found.in_time] == [("7", 100, NOON - HOUR / 2)]


async def test_what_would_change_it_is_told(database):
    one, two = (await opened(database)).levers
    assert (one.what, one.by, one.band) == ("slow", -1, "warning")
    assert one.score == pytest.approx(56.67, abs=0.01)
    assert two == Lever("slow", -2, 90, "healthy")


async def test_what_is_allowed_longer_than_a_span_can_hold_counts_as_the_longest(database):
    async with database.write() as connection:
        await connection.execute(insert(orders), [finished("11", HOUR, quantity=10**16)])
    assert service_explaining.LONGEST in [one.allowed for one in (await opened(database)).in_time]


async def test_its_name_is_that_of_the_report(database):
    named = await database.reader.ask(service_explaining.name, ASKED.scope, (1, "170"))
    assert named == (await opened(database)).row.name
    assert named != ""
    assert await database.reader.ask(service_explaining.name, ASKED.scope, (1, "999")) == ""


async def test_a_service_without_orders_has_noughts(database):
    found = await opened(database, "999")
    assert (found.row.stuck, found.row.score, found.row.band, found.stuck, found.levers) == (0, None, "few", [], [])


async def test_another_persons_panel_has_nothing_to_open(database):
    found = await opened(database, panel_id=2, asked=Asked(Scope(frozenset({1})), ASKED.window, ASKED.measure))
    assert (found.row.stuck, found.row.finished) == (0, 0)


async def test_as_of_a_past_moment_its_orders_are_those_of_then(database):
    flip = {"panel_id": 1, "order_id": "7", "number": 1, "was": "pending", "now": "completed"}
    async with database.write() as connection:
        await connection.execute(insert(order_flips).values(**flip, not_before=NOON - HOUR, not_after=NOON - HOUR / 2))
    past = Asked(ASKED.scope, of_hours(24, NOON - HOUR), Measure(timedelta(minutes=30), min_orders=0))
    assert [(one.id, one.status) for one in (await opened(database, asked=past)).stuck] == [
        ("2", "in_progress"),
        ("1", "pending"),
        ("7", "pending"),
    ]
