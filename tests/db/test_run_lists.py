"""The history of runs as pages: the newest first over all feeds, narrowed, and no row lost or told twice between two pages."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.db import run_lists
from hyperpanel.db.run_lists import Filters
from hyperpanel.db.schema import runs
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import NOON

PLAIN = {"panel_id": 1, "stream": "orders", "plan": "head", "holder": "h", "done": True, "calls": 1}
pytestmark = pytest.mark.usefixtures("only_scoped")
EVERY = Filters()
TROUBLE = '{"code":"rate","details":{"panel":"The panel"}}'


def row(number: int, ago: timedelta, **changes):
    at = NOON - ago
    return {**PLAIN, "number": number, "started_at": at, "ended_at": at, "new": 0, "trouble": None, **changes}


@pytest.fixture
async def history(database):
    """Some of them at the same moment, some days apart."""
    rows = [row(number, timedelta(hours=number // 3), panel_id=1 + number % 2) for number in range(40)]
    rows += [
        row(100, timedelta(days=3), new=4),
        row(101, timedelta(days=9), trouble=TROUBLE, plan="sweep"),
        row(102, timedelta(days=1), stream="services", ended_at=None),
    ]
    async with database.write() as connection:
        for one in rows:
            await connection.execute(insert(runs).values(**one))
    return database


def numbers(history, filters=EVERY, before=None, limit=100, scope=EVERYTHING):
    found = history.read_now(lambda c: run_lists.page(c, scope, filters, before, NOON, limit))
    return [line.number for line in found]


async def test_the_newest_come_first_over_all_feeds(history):
    assert numbers(history, limit=6) == [1, 2, 0, 5, 3, 4]


async def test_pages_follow_on_each_other_whatever_lies_between(history):
    found, before = [], None
    while True:
        lines = history.read_now(lambda c, at=before: run_lists.page(c, EVERYTHING, Filters(), at, NOON, 7))
        found += [line.number for line in lines]
        if len(lines) < 7:
            break
        before = lines[-1].key
    assert len(found) == len(set(found)) == 43
    assert found[-2:] == [100, 101]


async def test_filters_narrow(history):
    assert numbers(history, Filters(outcome="fault")) == [101]
    assert numbers(history, Filters(outcome="news", plan="head")) == [100]
    assert numbers(history, Filters(outcome="open")) == [102]
    assert numbers(history, Filters(stream="services")) == [102]
    assert numbers(history, Filters(plan="sweep", stream="services")) == []


async def test_runs_of_other_panels_are_not_seen(history):
    assert set(numbers(history, scope=Scope(frozenset({2})))) == {number for number in range(40) if number % 2}
    assert numbers(history, scope=Scope(frozenset())) == []


async def test_a_fault_is_told_as_a_trouble(history):
    [line] = history.read_now(lambda c: run_lists.page(c, EVERYTHING, Filters(outcome="fault"), None, NOON))
    assert line.trouble is not None
    assert line.trouble.code == "rate"
