"""A console whose own database was put back from a copy: what it does not know yet is not gone for whoever reads it."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, update

from hyperpanel.api import frame
from hyperpanel.db.schema import orders, plans
from sync import engine
from sync.budget import Gate
from sync.connectors.hyperpanel import Hyperpanel
from sync.engine import Limits
from tests.support.api_shelf import row, shelf_over
from tests.support.databases import sqlite_copy
from tests.support.kits import kit_over
from tests.support.staged import NOON
from tests.support.wire import access

HOUR = timedelta(hours=1)
WHOLE = '{"done":true,"reached":1000000000,"floor":1000000000}'
EVER = timedelta(days=36_000)


@pytest.fixture
async def shelf(database_url):
    async with shelf_over(database_url) as made:
        yield made


async def run(kit, connector, plan):
    gate = Gate(kit.store, kit.clock, kit.feed.panel_id)
    return await engine.run(await kit.claim(plan), connector, kit.store, gate, kit.clock, Limits(since=EVER))


async def test_what_a_console_does_not_know_yet_is_not_gone(shelf, run_folder, tmp_path):
    """It holds nothing that is younger than it says it is; what it lacks of before is gone in the end."""
    await shelf.keep("orders", *(row("orders", str(n), created_at=NOON - n * HOUR) for n in range(1, 41)))
    connector = Hyperpanel(access(url="http://console/p/eu-1", admin_key=await shelf.key("eu-1")))
    door: Any = frame.build(shelf.api)
    connector.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(door))
    async with shelf.database.write() as connection:
        await connection.execute(update(plans).where(plans.c.plan == "backfill").values(cursor=WHOLE))
    (tmp_path / "b").mkdir()
    url = sqlite_copy(run_folder, tmp_path / "b", migrated=True)
    async with kit_over(url, tmp_path, "orders", connector.streams(), rate=1000.0) as kit:
        for plan in ("head", "backfill"):
            await run(kit, connector, plan)
        assert len(await kit.rows(orders)) == 40
        async with shelf.database.write() as connection:
            lost = (orders.c.created_at > NOON - 3 * HOUR) | (orders.c.id == "20")
            await connection.execute(delete(orders).where(lost))
            await connection.execute(update(plans).values(as_of=NOON - 4 * HOUR))
        for _ in range(5):
            kit.clock.time += timedelta(days=1)
            await run(kit, connector, "sweep")
        gone = [one.id for one in await kit.rows(orders) if one.gone_at]
    assert gone == ["20"]
