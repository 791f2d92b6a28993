"""Large exports: made in the background by one process at a time, fetched by their own person alone, and gone after a day."""

import asyncio
import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hyperpanel.db import exports as stored
from hyperpanel.db.schema import audit, exports, staff
from hyperpanel.support import export_files
from hyperpanel.web import export_plans, export_runs
from tests.support import databases
from tests.support.exported import begun, exported, files, listed, many, settled, sheet, table
from tests.support.staged import stage


@pytest.fixture
async def staged(cast_file, tmp_path):
    web = {"exports_folder": str(tmp_path / "exports")}
    async with stage(databases.copy_of(cast_file, tmp_path), is_cast=True, web=web) as made:
        yield made


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(export_plans, "AT_ONCE", 2)


async def test_a_large_export_is_made_in_the_background_and_fetched(database_url, tmp_path, large):
    async with stage(database_url, web={"exports_folder": str(tmp_path / "exports")}) as made:
        await many(made)
        ana = await made.signed_in("ana")
        expected = await listed(ana, "orders", "status=fail")
        for format in ("csv", "xlsx"):
            wanted = await begun(made, ana, "status=fail", format)
            await settled(made)
            answer = await ana.get(f"/exports/file?export={wanted}")
            rows = table(answer) if format == "csv" else sheet(answer.content)
            assert [row[0] for row in rows[1:]] == [key.rpartition("-")[2] for key in expected]
            assert int(answer.headers["content-length"]) == len(answer.content)
        told = await made.rows(select(audit.c.action, audit.c.details).where(audit.c.action == "export-end"))
        assert [json.loads(details)["rows"] for _, details in told] == [len(expected)] * 2


async def test_index_shows_how_far_each_has_come_and_asks_again_only_while_one_is_made(staged, ana, large):
    await many(staged)
    async with staged.console.exports.making:
        await begun(staged, ana)
        page = (await ana.get("/exports")).text
    assert 'hx-trigger="every 2s"' in page
    assert "Waiting" in page
    await settled(staged)
    part = (await ana.part("/exports", "lines")).text
    assert "every 2s" not in part
    assert "Ready" in part
    assert "230" in part


async def test_nobody_gets_another_persons_export(staged, ana, large):
    await many(staged)
    wanted = await begun(staged, ana)
    await settled(staged)
    other = await staged.signed_in("max")
    assert wanted not in (await other.get("/exports")).text
    assert (await other.get(f"/exports/file?export={wanted}")).status_code == 404
    for act in ("stop", "delete"):
        assert (await other.post(f"/exports/{act}", data={"export": wanted})).status_code == 404
    assert (await ana.get(f"/exports/file?export={wanted}")).status_code == 200


LOSSES = [
    (staff, {"role": "viewer"}, {"username": "max"}),
    (staff, {"role": "support"}, {"username": "max"}),
    (staff, {"all_panels": False}, {"username": "max"}),
]


@pytest.mark.parametrize(("changed", "changes", "where"), LOSSES, ids=["exports", "provider", "panels"])
async def test_a_file_is_fetched_only_by_who_may_still_see_all_of_it(staged, large, changed, changes, where):
    await many(staged)
    other = await staged.signed_in("max")
    wanted = await begun(staged, other)
    await settled(staged)
    await staged.change(changed, changes, **where)
    assert (await other.get(f"/exports/file?export={wanted}")).status_code in (403, 404)


@pytest.mark.parametrize(("changed", "changes", "where"), LOSSES, ids=["exports", "provider", "panels"])
async def test_who_may_no_longer_have_it_gets_no_file(staged, large, changed, changes, where):
    await many(staged)
    async with staged.console.exports.making:
        await begun(staged, await staged.signed_in("max"))
        await staged.change(changed, changes, **where)
    await settled(staged)
    assert await staged.rows(select(exports.c.state, exports.c.problem)) == [("failed", "rights")]
    assert files(staged) == []


async def test_stop_ends_one_under_way_and_leaves_no_file(staged, ana, large):
    await many(staged)
    async with staged.console.exports.making:
        wanted = await begun(staged, ana)
        assert (await ana.post("/exports/stop", data={"export": wanted})).status_code == 303
    await settled(staged)
    assert await staged.rows(select(exports.c.state)) == [("stopped",)]
    assert files(staged) == []


async def test_one_that_was_taken_by_another_leaves_no_file(staged, ana, large):
    await many(staged)
    async with staged.console.exports.making:
        await begun(staged, ana)
        found, holder = await export_runs.claimed(staged.console) or (None, "")
        assert found is not None
        await staged.change(exports, {"holder": "another"}, id=found.id)
        await export_runs.Making(staged.console, found, holder).run()
    assert files(staged) == []
    assert await staged.rows(select(exports.c.state, exports.c.holder)) == [("running", "another")]


async def test_a_maker_that_was_thought_dead_does_not_touch_the_file_of_another(staged, ana, large):
    await many(staged)
    async with staged.console.exports.making:
        wanted = await begun(staged, ana)
        late, holder = await export_runs.claimed(staged.console) or (None, "")
        assert late is not None
        staged.clock.time += timedelta(seconds=61)
    await settled(staged)
    await export_runs.Making(staged.console, late, holder).run()
    assert files(staged) == [f"{wanted}.csv"]
    assert await staged.rows(select(exports.c.state)) == [("done",)]


async def test_delete_takes_the_file_too(staged, ana, large):
    await many(staged)
    wanted = await begun(staged, ana)
    await settled(staged)
    assert files(staged) == [f"{wanted}.csv"]
    assert (await ana.post("/exports/delete", data={"export": wanted})).status_code == 303
    assert files(staged) == []
    assert await staged.rows(select(exports.c.id)) == []


async def test_more_than_three_at_once_are_refused(staged, ana, large):
    await many(staged)
    async with staged.console.exports.making:
        for _ in range(3):
            await begun(staged, ana)
        assert (await exported(ana)).headers["location"] == "/exports?done=full"
        assert "At most three" in (await ana.get("/exports?done=full")).text
    await settled(staged)


async def test_what_ends_with_its_process_is_taken_up_by_another(staged, ana, large):
    await many(staged)
    wanted = await begun(staged, ana)
    await asyncio.sleep(0)
    await staged.console.settle()
    assert await staged.rows(select(exports.c.state)) == [("waiting",)]
    await export_runs.run(staged.console)
    assert (await ana.get(f"/exports/file?export={wanted}")).status_code == 200


async def test_one_whose_maker_fell_silent_is_taken_up_a_minute_later(staged, ana, large):
    await many(staged)
    async with staged.console.exports.making:
        await begun(staged, ana)
        assert await export_runs.claimed(staged.console)
        assert await export_runs.claimed(staged.console) is None
        staged.clock.time += timedelta(seconds=61)
    await settled(staged)
    assert await staged.rows(select(exports.c.state, exports.c.rows)) == [("done", 230)]


async def test_a_file_is_kept_for_a_day(staged, ana, large):
    await many(staged)
    wanted = await begun(staged, ana)
    await settled(staged)
    staged.clock.time += timedelta(hours=25)
    browser = await staged.signed_in("ana")
    assert (await browser.get(f"/exports/file?export={wanted}")).status_code == 404
    assert await export_files.forget(staged.database, staged.console.settings.web, staged.clock.time) == 1
    assert files(staged) == []
    assert await staged.rows(select(exports.c.id)) == []


def left_behind(folder: Path) -> None:
    folder.mkdir()
    (folder / "x.y.part").touch()
    os.utime(folder / "x.y.part", (0, 0))


async def test_what_a_dead_maker_left_goes_too(staged):
    left_behind(Path(staged.console.settings.web.exports_folder))
    await export_files.forget(staged.database, staged.console.settings.web, staged.clock.time)
    assert files(staged) == []


async def test_one_that_ends_its_makers_is_given_up(staged, ana, large):
    await many(staged)
    await begun(staged, ana)
    await settled(staged)
    await staged.change(exports, {"state": "running", "tries": 3, "seen_at": staged.clock.time, "ended_at": None})
    staged.clock.time += timedelta(minutes=2)
    async with staged.database.write() as connection:
        assert await stored.claim(connection, "late", staged.clock.time) is None
    assert [tuple(row) for row in await staged.rows(select(exports.c.state, exports.c.problem))] == [
        ("failed", "broken")
    ]


async def test_a_file_that_no_row_names_goes(staged, ana, large):
    await many(staged)
    wanted = await begun(staged, ana)
    await settled(staged)
    async with staged.database.write() as connection:
        await stored.forget_panel(connection, 1)
    path = Path(staged.console.settings.web.exports_folder) / f"{wanted}.csv"
    os.utime(path, (0, staged.clock.time.timestamp() - 600))
    await export_files.forget(staged.database, staged.console.settings.web, staged.clock.time)
    assert files(staged) == []


async def test_nobody_else_can_read_the_folder(staged, ana, large):
    await many(staged)
    wanted = await begun(staged, ana)
    await settled(staged)
    folder = Path(staged.console.settings.web.exports_folder)
    assert [modes(folder), modes(folder / f"{wanted}.csv")] == [0o700, 0o600]


def modes(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_list_that_is_longer_than_any_file_says_so(staged, ana, large, monkeypatch):
    monkeypatch.setattr(export_plans, "MOST_ROWS", 100)
    await many(staged)
    wanted = await begun(staged, ana)
    await settled(staged)
    assert len(table(await ana.get(f"/exports/file?export={wanted}"))) == 101
    assert "Filter the list" in (await ana.get("/exports")).text
