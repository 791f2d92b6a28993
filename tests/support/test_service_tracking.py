"""The report of services over a database: the same as a plain SQL one, as of any moment what it said then, and nobody else's rows."""

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, insert, text

from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import order_flips, orders, panels, service_speeds, services
from hyperpanel.db.scope import Scope
from hyperpanel.errors import BadInput
from hyperpanel.support import service_tracking
from hyperpanel.support.service_tracking import Asked
from reports.service_health import Measure
from reports.windows import Window, of_hours
from tests.support.histories import histories
from tests.support.staged import NOON, cast, mirrored, order

pytestmark = pytest.mark.loopback
HOUR, DAY, MICROSECOND = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
MINE = Scope(frozenset({1, 2}))
ALL = Measure(min_orders=0)
SPEEDS = {"170": 1000, "171": 300, "172": None}


@pytest.fixture
async def database(database_url):
    made = Database(address(database_url, Path.cwd()))
    await cast(made, NOON - 30 * DAY)
    yield made
    await made.close()


async def put(database, table, rows):
    async with database.write() as connection:
        names = {name for row in rows for name in row}
        await connection.execute(insert(table), [dict.fromkeys(names) | row for row in rows])


async def fast(database, speeds=SPEEDS):
    """These services promise so many a day, by a person's word."""
    told = {"name": "", "by": "ana", "at": NOON}
    pairs = [(panel, one) for panel in (1, 2, 3) for one in speeds]
    await put(
        database, service_speeds, [{"panel_id": p, "service_id": s, "per_day": speeds[s], **told} for p, s in pairs]
    )


async def report(database, window=None, scope=MINE, measure=ALL, picked=None):
    asked = Asked(scope, window or of_hours(24, NOON), measure, picked)
    return service_tracking.rows(await database.reader.ask(service_tracking.made, asked))


async def counts(database, **asked):
    """By service: stuck, finished, unobserved."""
    return {one.service_id: (one.stuck, one.finished, one.unobserved) for one in await report(database, **asked)}


def finished(id, at=NOON - HOUR, **changes):
    plain = {"status": "completed", "remains": 0, "created_at": at - HOUR, "finished_from": at, "finished_at": at}
    return order(id, **{**plain, **changes})


def waits(id, ago=DAY, **changes):
    return order(id, **{"created_at": NOON - ago, **changes})


async def test_a_window_holds_its_beginning_and_not_its_end(database):
    window = of_hours(2, NOON)
    edges = (window.since - MICROSECOND, window.since, NOON - MICROSECOND, NOON)
    await put(database, orders, [finished(str(n), at, service_id=str(n)) for n, at in enumerate(edges)])
    assert set(await counts(database, window=window)) == {"1", "2"}


async def test_stuck_is_more_than_so_long_ago(database):
    edges = (12 * HOUR, 12 * HOUR + MICROSECOND)
    await put(database, orders, [waits(str(n), ago, service_id=str(n)) for n, ago in enumerate(edges)])
    assert await counts(database) == {"1": (1, 0, 0)}


WAITING: tuple[dict[str, Any], ...] = (
    {"status": "awaiting"},
    {"status": "in_progress"},
    {"status": "processing"},
    {"remains": None},
    {"remains": None, "quantity": None},
)
NOT_WAITING: tuple[dict[str, Any], ...] = (
    {"remains": 0},
    {"remains": None, "quantity": 0},
    {"status": "canceled"},
    {"status": "fail"},
    {"status": "odd-one"},
    {"created_at": None},
)


async def test_what_waits(database):
    both = [*WAITING, *NOT_WAITING]
    await put(database, orders, [waits(str(n), service_id=str(n), **changes) for n, changes in enumerate(both)])
    assert set(await counts(database)) == {str(n) for n in range(len(WAITING))}


async def test_what_waits_counts_whatever_the_window(database):
    await put(database, orders, [waits("1", 60 * DAY)])
    assert await counts(database, window=of_hours(2, NOON)) == {"170": (1, 0, 0)}


async def test_what_nobody_saw_finishing_is_counted_apart(database):
    await put(database, orders, [finished("1"), finished("2", finished_from=None)])
    assert await counts(database) == {"170": (0, 1, 1)}


async def test_what_is_gone_is_in_no_figure_and_neither_are_other_panels(database):
    gone = [finished("1") | {"gone_at": NOON}, waits("2") | {"gone_at": NOON}]
    await put(database, orders, [*gone, finished("3", panel="dark"), waits("4", panel="us-2")])
    assert await counts(database, scope=Scope(frozenset({1, 3}))) == {"170": (0, 1, 0)}


async def test_services_are_picked_by_panel(database):
    await put(database, orders, [waits(str(n), service_id=s) for n, s in enumerate(("170", "171", "172"))])
    assert set(await counts(database, picked=frozenset({(1, "171"), (2, "172")}))) == {"171"}


async def test_an_odd_id_is_a_service_like_any_other(database):
    await put(database, orders, [waits("1", service_id="1'7%0", service_name="Odd"), waits("2", service_id=None)])
    assert {one.service_id: one.name for one in await report(database)} == {"1'7%0": "Odd", "": ""}


async def test_a_service_is_called_as_its_catalogue_says_and_else_as_its_newest_order(database):
    await put(database, services, [mirrored("services", "170", name="As listed")])
    old, new = (waits(str(n), n * DAY, service_id="171", service_name=f"Name {n}") for n in (2, 1))
    await put(database, orders, [waits("9", service_name="As ordered"), old, new])
    assert {one.service_id: one.name for one in await report(database)} == {"170": "As listed", "171": "Name 1"}


async def test_a_set_speed_goes_before_the_names_and_none_is_an_answer(database):
    named = "Followers | Speed: 5-10K/Day"
    await put(database, orders, [waits(s, service_id=s, service_name=named) for s in ("170", "172", "173")])
    await fast(database)
    told = {one.service_id: (one.per_day, one.origin, one.said) for one in await report(database)}
    assert told == {"170": (1000, "set", 5000), "172": (None, "set", 5000), "173": (5000, "name", 5000)}


ORACLE = """
WITH stuck AS (
  SELECT panel_id, COALESCE(service_id, '') AS service, COUNT(*) AS number FROM orders
  WHERE panel_id IN (1, 2) AND gone_at IS NULL AND created_at < {before}
    AND status IN ('pending', 'in_progress', 'processing', 'awaiting')
    AND CASE WHEN remains IS NOT NULL THEN remains WHEN quantity IS NOT NULL THEN quantity ELSE 1 END > 0
  GROUP BY 1, 2
), ended AS (
  SELECT o.panel_id, COALESCE(o.service_id, '') AS service, o.finished_from IS NOT NULL AS seen,
    {seconds_from} - {seconds_created} AS taken,
    (o.quantity - CASE WHEN o.status = 'partial' THEN COALESCE(o.remains, 0) ELSE 0 END) * 2.0 * 86400 / v.per_day AS allowed
  FROM orders o LEFT JOIN service_speeds v ON v.panel_id = o.panel_id AND v.service_id = o.service_id
  WHERE o.panel_id IN (1, 2) AND o.gone_at IS NULL AND o.finished_at >= {since} AND o.finished_at < {until}
), done AS (
  SELECT panel_id, service, SUM(CASE WHEN seen THEN 1 ELSE 0 END) AS finished, SUM(CASE WHEN seen THEN 0 ELSE 1 END) AS unobserved,
    SUM(CASE WHEN taken IS NOT NULL AND allowed IS NOT NULL THEN 1 ELSE 0 END) AS rated,
    SUM(CASE WHEN taken > allowed THEN 1 ELSE 0 END) AS slow
  FROM ended GROUP BY 1, 2
), known AS (SELECT panel_id, service FROM stuck UNION SELECT panel_id, service FROM done)
SELECT k.panel_id, k.service, COALESCE(s.number, 0), COALESCE(d.finished, 0), COALESCE(d.unobserved, 0), COALESCE(d.rated, 0),
  COALESCE(d.slow, 0), 100 - CASE WHEN s.number > 12 THEN 60 ELSE 5 * COALESCE(s.number, 0) END
  - CASE WHEN d.rated > 0 THEN 100.0 * d.slow / d.rated ELSE 0 END
FROM known k LEFT JOIN stuck s ON s.panel_id = k.panel_id AND s.service = k.service
LEFT JOIN done d ON d.panel_id = k.panel_id AND d.service = k.service ORDER BY 1, 2
"""


def oracle(database, window: Window) -> list[Any]:
    moments = {"before": window.until - 12 * HOUR, "since": window.since, "until": window.until}
    if database.is_sqlite:
        told = {name: str(round(at.timestamp() * 1e6)) for name, at in moments.items()}
        seconds = {"seconds_from": "o.finished_from / 1e6", "seconds_created": "o.created_at / 1e6"}
    else:
        told = {name: f"'{at.isoformat()}'" for name, at in moments.items()}
        seconds = {
            f"seconds_{n}": f"extract(epoch FROM o.{c})::float8"
            for n, c in (("from", "finished_from"), ("created", "created_at"))
        }
    return [tuple(row) for row in database.read_now(lambda c: c.execute(text(ORACLE.format(**told, **seconds)))).all()]


def chanced(chance: Random, number: int) -> dict[str, Any]:
    at = chance.choice([NOON - chance.random() * 40 * HOUR, NOON - chance.choice((0, 2, 24)) * HOUR])
    done = {"finished_from": chance.choice((None, at, at - chance.random() * DAY)), "finished_at": at}
    status = chance.choice(
        ("pending", "in_progress", "awaiting", "canceled", "odd-one", "completed", "completed", "partial")
    )
    plain = {"status": status, "service_id": chance.choice((None, "170", "171", "172", "173")), "service_name": ""}
    begun = chance.choice((at - chance.random() * 3 * DAY, at - chance.random() * 8 * HOUR))
    made = {"quantity": chance.choice((None, 100, 1000)), "remains": chance.choice((None, 0, 60))}
    row = order(str(number), chance.choice(("eu-1", "us-2", "dark")), **plain, **made, created_at=begun)
    return (
        row | (done if status in ("completed", "partial") else {}) | {"gone_at": chance.choice((None,) * 9 + (NOON,))}
    )


@pytest.mark.parametrize("hours", [2, 24])
async def test_it_equals_plain_sql_over_random_orders(database, hours):
    chance, window = Random(hours), of_hours(hours, NOON)
    await put(database, orders, [chanced(chance, number) for number in range(1500)])
    await fast(database)
    found = sorted(await report(database, window), key=lambda one: one.service)
    ours = [(*one.service, one.stuck, one.finished, one.unobserved, one.rated, one.slow, one.score) for one in found]
    assert len(ours) >= 9
    assert ours == [(*row[:-1], pytest.approx(float(row[-1]))) for row in oracle(database, window)]


async def set_to(database, told, at):
    """The database as it stood at a moment."""
    async with database.write() as connection:
        await connection.execute(delete(order_flips))
        await connection.execute(delete(orders))
    begun = [one for one in told if one.read[0][0] <= at]
    await put(database, orders, [one.row(at) for one in begun])
    await put(database, order_flips, [flip for one in begun for flip in one.flips(at)])


@pytest.mark.parametrize("seed", range(2))
async def test_as_of_a_past_moment_it_is_what_it_said_then(database, seed):
    told = histories(Random(seed), 400)
    await fast(database)
    moments = [NOON - hours * HOUR for hours in (0, 7, 20)]
    said = []
    for at in moments:
        await set_to(database, told, at)
        said.append(await report(database, of_hours(24, at)))
    await set_to(database, told, NOON + 9 * DAY)
    assert [await report(database, of_hours(24, at)) for at in moments] == said
    assert sum(one.stuck + one.finished + one.unobserved for one in said[0]) > 50


async def test_before_anything_was_read_there_is_no_report(database):
    with pytest.raises(BadInput, match="Nothing was read before 2026-01-30 12:00"):
        await report(database, of_hours(24, NOON - 31 * DAY))


async def test_a_panel_that_came_later_is_left_out_of_a_past_moment(database):
    async with database.write() as connection:
        await connection.execute(panels.update().where(panels.c.id == 2).values(created_at=NOON))
    await put(database, orders, [waits("1", 5 * DAY), waits("2", 5 * DAY, panel="us-2")])
    assert [one.panel_id for one in await report(database, of_hours(24, NOON - DAY))] == [1]
