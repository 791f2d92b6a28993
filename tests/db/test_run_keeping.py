"""What is kept of the history of runs: all of a day, what found something for a fortnight."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.db import run_keeping
from hyperpanel.db.schema import runs
from tests.support.kits import kit_over
from tests.support.records import NOON


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as kit:
        yield kit


def run(number: int, hours: int, **changes):
    usual = {"ended_at": NOON, "done": True, "proven": True, "new": 0, "changed": 0, "set_aside": 0, "missing": 0}
    here = {"panel_id": 1, "number": number, "stream": "orders", "plan": "head", "holder": "host:1:a", "trouble": None}
    return {**here, **usual, "started_at": NOON - timedelta(hours=hours), **changes}


async def test_a_quiet_run_is_kept_for_a_day_and_any_other_for_a_fortnight(kit):
    told = [
        run(1, 23),
        run(2, 25),
        run(3, 25, new=1),
        run(4, 25, changed=1),
        run(5, 25, set_aside=1),
        run(6, 25, missing=1),
        run(7, 25, trouble='{"code": "cut", "details": {}}'),
        run(8, 25, proven=False),
        run(9, 25, ended_at=None, done=None, proven=None),
        run(10, 14 * 24 - 1, new=1),
        run(11, 14 * 24 + 1, new=1),
        run(12, 14 * 24 + 1, ended_at=None, done=None, proven=None),
        run(13, 25, stream="users"),
    ]
    await kit.change(lambda connection: connection.execute(insert(runs), told))
    assert await run_keeping.forget(kit.database, NOON) == 4
    assert [row.number for row in await kit.rows(runs)] == [1, 3, 4, 5, 6, 7, 8, 9, 10]
    assert await run_keeping.forget(kit.database, NOON) == 0


async def test_many_runs_go_in_portions(kit, monkeypatch):
    monkeypatch.setattr(run_keeping, "QUIET", run_keeping.QUIET.limit(7))
    monkeypatch.setattr(run_keeping, "AT_ONCE", 7)
    told = [run(number, 25 + number % 20) for number in range(1, 41)]
    await kit.change(lambda connection: connection.execute(insert(runs), told))
    assert await run_keeping.forget(kit.database, NOON) == 40
    assert await kit.rows(runs) == []
