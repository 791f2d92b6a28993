"""Scheduled reports in the console: made, paused, deleted with a record of it, and files for whoever sees all that is in them."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from hyperpanel.config import Reports
from hyperpanel.db import schedules
from hyperpanel.db.schedules import File
from hyperpanel.db.schema import audit, staff, staff_panels
from hyperpanel.db.schema import schedules as table
from hyperpanel.support.schedules import place
from tests.support.staged import NOON

HERE = "/tracking/schedules"
GOOD = {
    "name": "Every morning",
    "report": "margins",
    "hours": "24",
    "by": "day",
    "every": "week",
    "weekday": "2",
    "time": "08:30",
}


async def make(browser, **changes):
    return await browser.post(f"{HERE}/new", data={**GOOD, "time_zone": "Asia/Kolkata", "format": "json", **changes})


async def only(staged):
    [found] = await staged.database.read(lambda connection: schedules.all_of(connection, None))
    return found


async def left(staged, tmp_path: Path, *panels: int) -> File:
    """A file of these panels, as a worker leaves it."""
    schedule = await only(staged)
    door = staged.app.asgi_handler
    settings = replace(staged.console.settings, reports=Reports(folder=str(tmp_path)))
    object.__setattr__(door.console, "settings", settings)
    file = File(schedule.id, NOON, "json", frozenset(panels), NOON, 1, 1, 12)
    async with staged.database.write() as connection:
        await schedules.keep(connection, file)
    place(str(tmp_path), file).parent.mkdir()
    place(str(tmp_path), file).write_bytes(b'{"rows": []}')
    return file


async def test_index_is_for_those_who_schedule(staged):
    for name, status in (("ana", 200), ("max", 200), ("ben", 403)):
        assert (await (await staged.signed_in(name)).get(HERE)).status_code == status


async def test_index_says_what_to_do_where_there_is_none(staged, ana):
    assert "No report is scheduled yet." in (await ana.get(HERE)).text


async def test_new_makes_one_that_is_due_by_the_clock_there(staged, ana):
    answer = await make(ana)
    assert answer.headers["location"] == f"{HERE}?done=added"
    found = await only(staged)
    assert (found.due_at, json.loads(found.settings)) == (
        NOON.replace(day=4, hour=3),
        {"hours": 24.0, "profile": "", "by": "day"},
    )
    page = (await ana.get(HERE)).text
    assert "Wednesday at 08:30, Asia/Kolkata" in page
    assert "Volume and margin, last 24" in page


async def test_new_begins_in_the_persons_zone(staged, ana):
    await ana.post("/preferences", data={"time_zone": "Asia/Kolkata"})
    assert re.search(r'name="time_zone"\s+value="Asia/Kolkata"', (await ana.get(f"{HERE}/new")).text)


async def test_what_is_wrong_is_said_beside_it(staged, ana):
    answer = await make(ana, time="late", name="")
    assert answer.status_code == 422
    assert 'id="e-time"' in answer.text
    assert 'id="e-name"' in answer.text


async def test_it_is_paused_and_goes_on(staged, ana):
    await make(ana)
    schedule = (await only(staged)).id
    await ana.post(f"{HERE}/pause", data={"schedule": schedule})
    assert (await only(staged)).is_paused
    await staged.change(table, {"due_at": NOON - timedelta(days=30)}, id=schedule)
    await ana.post(f"{HERE}/resume", data={"schedule": schedule})
    found = await only(staged)
    assert (found.is_paused, found.due_at > NOON) == (False, True)


async def test_it_is_deleted_with_its_files(staged, ana, tmp_path):
    await make(ana)
    file = await left(staged, tmp_path, 1)
    await ana.post(f"{HERE}/delete", data={"schedule": file.schedule_id})
    assert await staged.rows(select(table.c.id)) == []
    assert not place(str(tmp_path), file).exists()


async def test_each_act_is_in_the_audit(staged, ana):
    await make(ana)
    schedule = (await only(staged)).id
    for act in ("pause", "resume", "delete"):
        await ana.post(f"{HERE}/{act}", data={"schedule": schedule})
    acts = [row.action for row in await staged.rows(select(audit.c.action).order_by(audit.c.id))]
    assert acts[-4:] == ["schedule-add", "schedule-paused", "schedule-resumed", "schedule-remove"]


@pytest.mark.parametrize("act", ["pause", "resume", "delete"])
async def test_one_that_is_gone_is_missing(staged, ana, act):
    assert (await ana.post(f"{HERE}/{act}", data={"schedule": "gone"})).status_code == 404


async def test_a_file_is_for_whoever_sees_all_that_is_in_it(staged, ana, tmp_path):
    await make(ana)
    file = await left(staged, tmp_path, 1, 2)
    href = f"{HERE}/file?schedule={file.schedule_id}&at=20260301T120000Z"
    answer = await ana.get(href)
    assert (answer.status_code, answer.text) == (200, '{"rows": []}')
    assert answer.headers["content-disposition"] == 'attachment; filename="report-20260301T120000Z.json"'
    max = await staged.signed_in("max")
    await staged.change(staff, {"all_panels": False}, username="max")
    await staged.keep({"staff_id": (await staged.person("max")).id, "panel_id": 1}, table=staff_panels)
    assert (await max.get(href)).status_code == 404
    assert "holds panels that you do not see" in (await max.get(HERE)).text


@pytest.mark.parametrize("query", ["at=20260301T120000Z", "schedule=x", "schedule=x&at=../../etc/passwd"])
async def test_no_path_comes_from_the_address(staged, ana, query):
    assert (await ana.get(f"{HERE}/file?{query}")).status_code in (404, 422)


async def limited(staged, name: str, *panels: int):
    await staged.change(staff, {"all_panels": False, "role": "manager"}, username=name)
    person = (await staged.person(name)).id
    async with staged.database.write() as connection:
        await connection.execute(staff_panels.delete().where(staff_panels.c.staff_id == person))
    await staged.keep(*({"staff_id": person, "panel_id": one} for one in panels), table=staff_panels)
    return await staged.signed_in(name)


@pytest.mark.parametrize("act", ["pause", "resume", "delete"])
async def test_one_of_panels_that_are_not_seen_is_nobodys_to_change(staged, ana, tmp_path, act):
    await make(ana)
    file = await left(staged, tmp_path, 1)
    max = await limited(staged, "max", 1)
    page = (await max.get(HERE)).text
    assert f"{HERE}/delete" not in page
    assert f"{HERE}/pause" not in page
    assert (await max.post(f"{HERE}/{act}", data={"schedule": file.schedule_id})).status_code == 404
    assert place(str(tmp_path), file).exists()
    assert not (await only(staged)).is_paused


async def test_one_is_changed_by_its_owner_and_by_whoever_sees_all_of_it(staged, tmp_path):
    max = await limited(staged, "max", 1)
    await make(max)
    file = await left(staged, tmp_path, 1, 2)
    pause = {"url": f"{HERE}/pause", "data": {"schedule": file.schedule_id}}
    assert (await max.post(**pause)).status_code == 303
    assert (await (await limited(staged, "ben", 1)).post(**pause)).status_code == 404
    assert (await (await limited(staged, "ben", 1, 2)).post(**pause)).status_code == 303


async def test_of_a_file_that_is_not_seen_neither_rows_nor_size_is_told(staged, ana, tmp_path):
    await make(ana)
    await left(staged, tmp_path, 1, 2)
    assert "kB" in (await ana.get(HERE)).text
    page = (await (await limited(staged, "max", 1)).get(HERE)).text
    assert "holds panels that you do not see" in page
    assert "kB" not in page
