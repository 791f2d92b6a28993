"""A panel edited and removed while it is read: what is held is true of the new settings, and nothing stays of what is gone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func

from hyperpanel.clock import SystemClock
from hyperpanel.db import removals
from hyperpanel.db.audit import Act
from hyperpanel.db.schema import orders
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import editing
from hyperpanel.support.editing import Edit
from hyperpanel.support.removals import begin, finish
from tests.support.attached import attached, settled, working


def act(action: str, target: str, panel_id: int | None = None, **details: object) -> Act:
    return Act("ana", action, target, panel_id, details)


async def edit(found, **changes) -> None:
    [before] = found.panels
    after = replace(before, **changes)
    async with found.installation.database.write() as connection:
        vault = found.installation.vault
        await editing.apply(connection, vault, Edit(before, after, {}), (), act, datetime.now(UTC))
    found.panels = [after]


def digests(found) -> dict[str, tuple[int, int]]:
    asked = EVERYTHING.select(orders.c.id, orders.c.digest, orders.c.fields)
    rows = found.installation.database.read_now(lambda connection: connection.execute(asked).all())
    return {row.id: (row.digest, row.fields) for row in rows}


@pytest.mark.parametrize("change", [{"currency": "TRY"}, {"time_zone": "Asia/Tehran"}])
async def test_another_currency_or_zone_has_every_record_read_anew(database_url, tmp_path, change):
    async with attached(database_url, tmp_path, order_count=800) as found:
        await found.sync()
        before = digests(found)
        await edit(found, **change)
        await found.sync()
        after = digests(found)
        assert before.keys() == after.keys()
        assert [key for key in before if before[key][0] == after[key][0] or before[key][1] == after[key][1]] == []
        assert await found.wrong("orders") == []


async def test_another_name_has_nothing_read_anew(database_url, tmp_path):
    async with attached(database_url, tmp_path, order_count=800) as found:
        await found.sync()
        before = digests(found)
        await edit(found, name="eu-one", rate=400.0)
        assert digests(found) == before
        assert {result.trouble for result in await found.sync()} == {None}


async def test_a_panel_that_is_being_read_is_removed_whole_and_its_neighbour_goes_on(database_url, tmp_path):
    async with attached(database_url, tmp_path, panel_count=2, order_count=3000) as found, working(found):
        gone, stays = found.panels
        database, clock = found.installation.database, SystemClock()
        await settled(lambda: held(database, gone.id))
        async with database.write() as connection:
            await begin(connection, gone, {}, act, clock.now())
        assert await finish(database, gone.id, clock)
        assert await database.read(lambda connection: rows_of(connection, gone.id)) == {}
        await settled(lambda: equal(found, stays), 60)
        assert await database.read(lambda connection: rows_of(connection, gone.id)) == {}


async def held(database, panel_id: int) -> bool:
    return bool((await database.read(lambda connection: rows_of(connection, panel_id))).get("orders"))


async def equal(found, panel) -> bool:
    return len(await found.held(panel)) == len(await found.truth(panel.name))


def rows_of(connection, panel_id: int) -> dict[str, int]:
    """By table, where there are any."""
    tables = (*removals.LARGE, *removals.SMALL)
    counts = {
        table.name: connection.scalar(
            EVERYTHING.select(func.count()).select_from(table).where(table.c.panel_id == panel_id)
        )
        for table in tables
    }
    return {name: rows for name, rows in counts.items() if rows}
