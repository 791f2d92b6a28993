"""Scheduled reports, run: once, for what their person may see then, until somebody is disabled; files are kept whole, and thirty of them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace as changed
from sqlalchemy import insert, update

from hyperpanel.config import Reports, Settings
from hyperpanel.db import schedules, staff
from hyperpanel.db.opening import Installation
from hyperpanel.db.schema import orders, staff_panels
from hyperpanel.db.schema import staff as people
from hyperpanel.support import schedules as work
from hyperpanel.support.reports import REPORTS
from hyperpanel.support.schedules import place, run_due
from tests.support.staged import NOON, VAULT, order

DUE = NOON - timedelta(minutes=3)


@pytest.fixture
def installation(database, tmp_path):
    return Installation(changed(Settings(), reports=Reports(folder=str(tmp_path / "files"))), database, VAULT)


async def plan(installation, name="ana", report="margins", **changes) -> str:
    person = await installation.database.read(lambda connection: staff.named(connection, name))
    usual = {
        "name": "Every noon",
        "report": report,
        "settings": '{"hours": 24}',
        "staff_id": person.id,
        "every": "day",
        "at_minute": 717,
        "weekday": 0,
        "time_zone": "UTC",
        "format": "csv",
        "created_at": NOON - timedelta(days=2),
        "due_at": DUE,
    }
    async with installation.database.write() as connection:
        return await schedules.add(connection, **{**usual, **changes})


async def state(installation, schedule):
    def look(connection):
        return schedules.one(connection, schedule, None), schedules.files(connection, [schedule])

    return await installation.database.read(look)


def body(installation, file) -> bytes:
    return place(installation.settings.reports.folder, file).read_bytes()


async def trade(installation, *panels: str) -> None:
    rows = [order(str(n), name, charge=5, charge_currency="USD") for n, name in enumerate(panels)]
    async with installation.database.write() as connection:
        await connection.execute(insert(orders), rows)


async def test_what_is_due_is_made_once(installation):
    await trade(installation, "eu-1")
    schedule = await plan(installation)
    assert [await run_due(installation, NOON), await run_due(installation, NOON)] == [1, 0]
    found, files = await state(installation, schedule)
    assert (found.due_at, found.ran_at, found.trouble) == (DUE + timedelta(days=1), NOON, None)
    assert [(file.at, file.rows) for file in files] == [(DUE, 1)]
    assert b"eu-1,USD,1,0.00000005" in body(installation, files[0])


async def test_of_two_workers_one_makes_it(installation):
    schedule = await plan(installation)
    found, _ = await state(installation, schedule)
    async with installation.database.write() as connection:
        claims = [await schedules.claim(connection, found, NOON) for _ in range(2)]
    assert claims == [True, False]


async def test_one_that_was_broken_off_is_made_again(installation):
    schedule = await plan(installation)
    found, _ = await state(installation, schedule)
    async with installation.database.write() as connection:
        await schedules.claim(connection, found, NOON)
    assert await run_due(installation, NOON + timedelta(minutes=9)) == 0
    assert await run_due(installation, NOON + timedelta(minutes=10)) == 1
    assert [file.at for file in (await state(installation, schedule))[1]] == [DUE]


async def test_it_is_of_the_panels_that_its_person_sees_when_it_runs(installation):
    await trade(installation, "eu-1", "us-2")
    async with installation.database.write() as connection:
        await connection.execute(update(people).where(people.c.username == "ben").values(role="manager"))
    schedule = await plan(installation, "ben", format="json")
    await run_due(installation, NOON)
    [file] = (await state(installation, schedule))[1]
    told = json.loads(body(installation, file))
    assert ([row["panel"] for row in told["rows"]], [one["panel"] for one in told["panels"]]) == (["eu-1"], ["eu-1"])
    assert file.panel_ids == frozenset({1})


async def test_it_stops_with_its_person(installation):
    schedule = await plan(installation, "cy")
    await run_due(installation, NOON)
    found, files = await state(installation, schedule)
    assert (found.trouble, found.is_paused, files) == ("disabled", True, [])
    assert await run_due(installation, NOON + timedelta(days=2)) == 0


@pytest.mark.parametrize(
    ("name", "more", "trouble"),
    [("vic", {}, "role"), ("ana", {"report": "users", "settings": '{"hours": 24, "profile": "gone"}'}, "profile")],
)
async def test_what_keeps_it_from_being_made_is_told(installation, name, more, trouble):
    schedule = await plan(installation, name, **more)
    await run_due(installation, NOON)
    found, files = await state(installation, schedule)
    assert (found.trouble, found.is_paused, files) == (trouble, False, [])


async def test_whoever_sees_no_panel_has_no_file(installation):
    async with installation.database.write() as connection:
        await connection.execute(update(people).where(people.c.username == "ben").values(role="manager"))
        await connection.execute(staff_panels.delete())
    schedule = await plan(installation, "ben")
    await run_due(installation, NOON)
    assert (await state(installation, schedule))[0].trouble == "panels"


async def test_a_folder_that_cannot_be_written_is_told(installation, tmp_path):
    (tmp_path / "files").write_text("in the way")
    schedule = await plan(installation)
    await run_due(installation, NOON)
    assert (await state(installation, schedule))[0].trouble == "unwritten"


@pytest.mark.parametrize("report", REPORTS)
async def test_every_report_can_be_a_file(installation, report):
    await trade(installation, "eu-1")
    schedule = await plan(installation, report=report, due_at=DUE + timedelta(days=1))
    await run_due(installation, NOON + timedelta(days=1))
    found, files = await state(installation, schedule)
    assert (found.trouble, len(files)) == (None, 1)


async def test_the_last_thirty_files_are_kept(installation):
    schedule = await plan(installation)
    await run_due(installation, NOON)
    [file] = (await state(installation, schedule))[1]
    older = [replace(file, at=file.at - timedelta(days=n)) for n in range(1, 32)]
    async with installation.database.write() as connection:
        for one in older:
            await schedules.keep(connection, one)
            place(installation.settings.reports.folder, one).write_bytes(b"")
    await run_due(installation, NOON + timedelta(days=1))
    files = (await state(installation, schedule))[1]
    assert (len(files), files[-1].at) == (30, file.at - timedelta(days=28))
    assert len(list(place(installation.settings.reports.folder, file).parent.iterdir())) == 30


def windows_of(installation, files) -> list[tuple[str, str]]:
    """Of JSON files, the oldest first."""
    told = [json.loads(body(installation, file)) for file in reversed(files)]
    return [(one["since"], one["until"]) for one in told]


async def test_what_was_missed_is_made_afterwards_without_a_gap(installation):
    schedule = await plan(installation, format="json")
    await run_due(installation, NOON)
    assert await run_due(installation, NOON + timedelta(days=3)) == 3
    files = (await state(installation, schedule))[1]
    spans = windows_of(installation, files)
    assert [file.at for file in files] == [DUE + timedelta(days=n) for n in (3, 2, 1, 0)]
    assert all(until == since for (_, until), (since, _) in pairwise(spans))


async def test_no_more_is_made_afterwards_than_is_kept(installation):
    schedule = await plan(installation)
    assert await run_due(installation, NOON + timedelta(days=50)) == 30
    found, files = await state(installation, schedule)
    assert (found.due_at, files[-1].at) == (DUE + timedelta(days=51), DUE + timedelta(days=21))


@pytest.mark.parametrize(("every", "hours"), [("day", 24), ("week", 168)])
async def test_no_time_is_in_no_file_where_clocks_are_put_back(installation, every, hours):
    """In Berlin on 25 October 2026, a Sunday, before eight in the morning."""
    due = datetime(2026, 10, 18, 6, tzinfo=UTC)
    clock = {"time_zone": "Europe/Berlin", "at_minute": 480, "weekday": 6, "every": every}
    settings = json.dumps({"hours": hours})
    schedule = await plan(installation, format="json", due_at=due, settings=settings, **clock)
    await run_due(installation, due + timedelta(days=7, hours=2))
    spans = windows_of(installation, (await state(installation, schedule))[1])
    assert spans[-1][1] == "2026-10-25T07:00:00+00:00"
    assert all(until == since for (_, until), (since, _) in pairwise(spans))


@pytest.mark.parametrize("bad", [{"settings": '{"hours": 1e-10}'}, {"settings": "{"}, {"time_zone": "Mars/Base"}])
async def test_one_that_cannot_be_read_stops_no_other(installation, bad):
    broken = await plan(installation, due_at=DUE - timedelta(days=1), **bad)
    good = await plan(installation)
    await run_due(installation, NOON)
    assert [file.at for file in (await state(installation, good))[1]] == [DUE]
    found, files = await state(installation, broken)
    assert (found.trouble, found.due_at > NOON, files) == ("failed", True, [])


async def test_one_that_is_deleted_while_it_is_made_leaves_no_file(installation):
    schedule = (await state(installation, await plan(installation)))[0]
    file = await work.make(installation, schedule, NOON)
    async with installation.database.write() as connection:
        assert await schedules.remove(connection, schedule.id) == []
    await work.note(installation, schedule, NOON, file, "")
    assert (await state(installation, schedule.id)) == (None, [])
    assert not place(installation.settings.reports.folder, file).exists()
