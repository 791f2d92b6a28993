"""Scores by the hour: read back as a line, and forgotten by age but for midnights."""

from datetime import UTC, datetime, timedelta

import pytest

from hyperpanel.db import service_scores
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.service_scores import Point
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def point(at, service_id="170", panel_id=1, stuck=1):
    told = {"stuck": stuck, "slow": 2, "rated": 3, "finished": 4, "score": None}
    return {"panel_id": panel_id, "service_id": service_id, "at": at, **told}


async def keep(database, *rows):
    async with database.write() as connection:
        await service_scores.keep(connection, rows)


def line(database, services, scope=EVERYTHING, since=NOON - 48 * HOUR):
    found = database.read_now(lambda c: service_scores.trends(c, scope, services, since))
    return {service: [one.at for one in points] for service, points in found.items()}


async def test_lines_of_many_services_are_read_at_once_the_oldest_point_first(database):
    await keep(database, *(point(NOON - n * HOUR, s) for n in (0, 1, 60) for s in ("170", "171", "172")))
    two = [NOON - HOUR, NOON]
    assert line(database, [(1, "170"), (1, "172"), (2, "170")]) == {(1, "170"): two, (1, "172"): two}


async def test_other_panels_lines_are_not_read(database):
    await keep(database, point(NOON), point(NOON, panel_id=2))
    assert line(database, [(1, "170"), (2, "170")], Scope(frozenset({2}))) == {(2, "170"): [NOON]}


async def test_more_services_than_fit_into_one_question(database):
    names = [str(number) for number in range(500)]
    await keep(database, *(point(NOON, name) for name in names))
    assert len(line(database, [(1, name) for name in names])) == 500


async def test_a_point_holds_what_was_said(database):
    await keep(database, point(NOON))
    found = database.read_now(lambda c: service_scores.trend(c, EVERYTHING, 1, "170", NOON))
    assert found == [Point(NOON, None, 1, 2, 3, 4)]


async def test_an_hour_is_written_once(database):
    await keep(database, point(NOON))
    await keep(database, point(NOON, stuck=9), point(NOON, "171"))
    [found] = database.read_now(lambda c: service_scores.trend(c, EVERYTHING, 1, "170", NOON))
    assert found.stuck == 1


async def test_hours_are_kept_a_fortnight_and_midnights_three_months(database):
    midnight = datetime(2026, 3, 1, tzinfo=UTC)
    kept = [NOON, NOON - 13 * DAY, midnight - 20 * DAY, midnight - 89 * DAY]
    gone = [NOON - 15 * DAY, midnight - 20 * DAY + HOUR, midnight - 92 * DAY]
    await keep(database, *(point(at) for at in (*kept, *gone)))
    async with database.write() as connection:
        assert await service_scores.forget(connection, NOON) == 3
    assert line(database, [(1, "170")], since=NOON - 200 * DAY) == {(1, "170"): sorted(kept)}
