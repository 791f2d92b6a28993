"""What wakes a snooze: its time, a recovery, or getting worse, by the report that it was set in; and nothing that nobody knows."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from hyperpanel.config import Sync
from hyperpanel.db import snoozes
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import orders, panels, plans
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.snoozes import Snooze
from hyperpanel.errors import BadInput
from hyperpanel.support import snoozing
from hyperpanel.support.service_tracking import Row
from hyperpanel.support.snoozing import Wish, state
from reports.service_health import Measure
from tests.support.staged import NOON, cast, order

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPEED: dict[str, Any] = {"per_day": None, "said": None, "part": "", "origin": "none"}
COUNTS: dict[str, Any] = {"finished": 20, "unobserved": 0, "rated": 20, "slow": 0, "stuck_term": 45, "slow_term": 0.0}


def row(score=55.0, stuck=9, band="warning", service_id="170"):
    return Row(1, service_id, "Followers", stuck=stuck, oldest=None, **COUNTS, score=score, band=band, **SPEED)


def snooze(wakes="worse", until=None, score=55.0, stuck=9):
    set_at = Wish("ana", NOON, wakes, NOON + HOUR)
    new = replace(snoozing.new(row(score, stuck), set_at), until=until)
    ended: dict[str, Any] = dict.fromkeys(("ended_at", "ended_by", "ended_why", "ended_score", "ended_stuck"))
    return Snooze(**vars(new), id="a", at=NOON, **ended)


def why(found, now=NOON, **of):
    return state(snooze(**of), found, now).why


@pytest.mark.parametrize(
    ("score", "stuck", "woke"), [(41, 9, None), (40, 9, "worse"), (55, 17, None), (55, 18, "worse")]
)
def test_worse_is_fifteen_points_or_twice_the_stuck_orders(score, stuck, woke):
    assert why(row(score, stuck)) == woke


@pytest.mark.parametrize(("stuck", "woke"), [(0, None), (1, "worse")])
def test_where_none_was_stuck_one_is_worse(stuck, woke):
    assert why(row(stuck=stuck), stuck=0) == woke


def test_the_score_counts_as_it_is_and_not_as_it_is_shown():
    assert why(row(-20), score=-5) == "worse"


def test_without_a_score_stuck_orders_alone_tell():
    assert why(row(None)) is None
    assert why(row(10), score=None) is None
    assert why(row(None, 18), score=None) == "worse"


def test_what_had_no_score_is_worse_once_it_is_urgent():
    assert why(row(-60, band="critical"), score=None) == "worse"
    assert why(row(None, band="few"), score=None) is None


@pytest.mark.parametrize(("band", "woke"), [("healthy", "recovered"), ("warning", None), ("few", None)])
def test_recovered_is_healthy(band, woke):
    assert why(row(90, 0, band), wakes="recovered") == woke


def test_each_wakes_for_its_own_reason_alone():
    assert why(row(90, 0, "healthy"), wakes="worse") is None
    assert why(row(10, 50, "critical"), wakes="recovered") is None
    assert why(row(10, 50, "critical"), wakes="time", until=NOON + HOUR) is None


@pytest.mark.parametrize("wakes", ["time", "recovered", "worse"])
def test_any_of_them_ends_with_its_time(wakes):
    assert why(None, wakes=wakes, until=NOON) == "time"
    assert why(None, wakes=wakes, until=NOON + HOUR) is None


def test_it_says_what_the_report_said():
    found = state(snooze(), row(38.5, 20), NOON)
    assert (found.is_asleep, found.score, found.stuck) == (False, 38.5, 20)
    assert state(snooze(), row(), NOON).is_asleep


@pytest.mark.parametrize(
    ("wakes", "until", "field"),
    [
        ("never", NOON + DAY, "wakes"),
        ("time", None, "until"),
        ("worse", NOON, "until"),
        ("time", NOON + 91 * DAY, "until"),
    ],
)
def test_one_that_could_not_end_is_refused(wakes, until, field):
    with pytest.raises(BadInput) as refused:
        Wish("ana", NOON, wakes, until)
    assert refused.value.field == field


@pytest.fixture
async def database(database_url):
    made = Database(address(database_url, Path.cwd()))
    await cast(made, NOON - 30 * DAY)
    async with made.write() as connection:
        await connection.execute(update(plans).where(plans.c.panel_id != 3).values(as_of=NOON))
    yield made
    await made.close()


async def put(database, *some):
    """(service, panel, what wakes it, until, measure)"""
    async with database.write() as connection:
        for service_id, panel_id, wakes, until, measure in some:
            wish = Wish("ana", NOON, wakes, until, "", measure)
            one = replace(row(stuck=2, service_id=service_id), panel_id=panel_id)
            await snoozes.put(connection, [snoozing.new(one, wish)], NOON)


async def woken(database, now=NOON):
    number = await snoozing.wake_up(database, Sync(), now)
    told = {one.service: one.ended_why for one in database.read_now(lambda c: snoozes.woken(c, EVERYTHING, NOON))}
    assert number == len(told)
    return told


USUAL, HASTY = Measure(min_orders=0), Measure(stuck_after=timedelta(minutes=30), min_orders=0)


async def stuck(database, *panels):
    some = [order(f"{n}", panel=panel, created_at=NOON - HOUR) for panel in panels for n in range(4)]
    async with database.write() as connection:
        await connection.execute(insert(orders), some)


@pytest.mark.loopback
async def test_each_is_judged_by_the_report_that_it_was_set_in(database):
    await stuck(database, "eu-1", "us-2")
    await put(database, ("170", 1, "worse", None, HASTY), ("170", 2, "worse", None, USUAL))
    assert await woken(database) == {(1, "170"): "worse"}


@pytest.mark.loopback
async def test_what_cannot_be_computed_stays_asleep(database):
    await put(database, ("171", 1, "recovered", None, USUAL), ("171", 2, "worse", None, USUAL))
    assert await woken(database) == {}


@pytest.mark.loopback
async def test_a_report_that_fails_keeps_no_other_snooze_asleep(database):
    await stuck(database, "eu-1", "us-2")
    await put(database, ("170", 1, "worse", None, USUAL), ("170", 2, "worse", None, HASTY))
    async with database.write() as connection:
        later = update(panels).where(panels.c.id == 1).values(created_at=NOON + HOUR)
        await connection.execute(later)
    assert await woken(database) == {(2, "170"): "worse"}


@pytest.mark.loopback
async def test_a_panel_that_was_not_read_in_time_wakes_by_time_alone(database):
    later = NOON + 6 * HOUR
    await stuck(database, "eu-1")
    await put(database, ("170", 1, "worse", None, HASTY), ("171", 1, "time", later, USUAL))
    assert await woken(database, later) == {(1, "171"): "time"}


@pytest.mark.loopback
async def test_nothing_asleep_asks_nothing(database):
    assert await woken(database) == {}
