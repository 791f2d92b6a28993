"""Jobs by the clock: done by one worker, and forgetting what is old and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings
from hyperpanel.db import panels
from hyperpanel.db.opening import opened
from hyperpanel.db.panels import Panel
from hyperpanel.db.schema import holds, runs
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.worker.chores import SCHEDULES, perform
from tests.support.clocks import Hand
from tests.support.records import NOON

pytestmark = pytest.mark.loopback


@pytest.fixture
async def installation(database_url, tmp_path):
    found = await opened(Settings(database=DatabaseSettings(url=database_url)), tmp_path)
    yield found
    await found.database.close()


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule.name)
async def test_of_two_workers_one_does_the_job_and_again_next_time(installation, schedule):
    clock = Hand()
    assert [await perform(schedule, installation, holder, clock) for holder in ("a", "b")] == [True, False]
    clock.time += schedule.every
    assert await perform(schedule, installation, "b", clock)


async def test_runs_of_the_last_fortnight_are_kept(installation):
    async with installation.database.write() as connection:
        panel = Panel(0, "eu-1", "perfect_panel", "https://panel.example", "USD", "UTC", 4.0, False)
        panel_id = await panels.add(connection, panel, {}, (), installation.vault, NOON)
        for number, days in ((1, 20), (2, 1)):
            started = NOON - timedelta(days=days)
            row = {
                "panel_id": panel_id,
                "number": number,
                "stream": "orders",
                "plan": "head",
                "holder": "h",
                "started_at": started,
            }
            await connection.execute(insert(runs).values(**row))
    await perform(SCHEDULES[0], installation, "a", Hand())
    left = await installation.database.read(lambda c: c.execute(EVERYTHING.select(runs.c.number)).all())
    assert [row.number for row in left] == [2]


async def test_decisions_about_fields_stand_and_old_ones_about_deletes_do_not(installation):
    async with installation.database.write() as connection:
        panel = Panel(0, "eu-1", "perfect_panel", "https://panel.example", "USD", "UTC", 4.0, False)
        panel_id = await panels.add(connection, panel, {}, (), installation.vault, NOON)
        long_ago = NOON - timedelta(days=100)
        for kind in ("deletes", "fields"):
            hold = {"panel_id": panel_id, "id": kind, "stream": "orders", "kind": kind, "what": "", "at": long_ago}
            said = {"rows": 60, "of_rows": 1000, "decision": "accept", "decided_at": long_ago}
            await connection.execute(insert(holds).values(**hold, **said))
    [forget] = [schedule for schedule in SCHEDULES if schedule.name == "forget decisions"]
    await perform(forget, installation, "a", Hand())
    left = await installation.database.read(lambda c: c.execute(EVERYTHING.select(holds.c.kind)).all())
    assert [row.kind for row in left] == ["fields"]
