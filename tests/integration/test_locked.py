"""A database that another process holds: pages are read, what cannot be written says when to come back, and the worker goes on afterwards."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
import structlog
from sqlalchemy import Connection, select

from hyperpanel.db.engine import PATIENCE, Database
from hyperpanel.db.schema import feeds, leases
from hyperpanel.worker import work
from tests.support import survivals
from tests.support.attached import QUICK, Attached, attached, settled
from tests.support.holders import held
from tests.support.staged import order, stage

HASTY = 0.3
SILENT = "the sign of life could not be written"


async def test_pages_are_read_and_those_that_write_say_when_to_come_back(database_url):
    async with stage(database_url, patience=HASTY) as staged:
        await staged.keep(order("1000"))
        ana = await staged.signed_in("ana")
        with held(database_url):
            page = await ana.get("/orders")
            refused = await ana.post("/preferences", data={"language": "tr"})
        assert (page.status_code, ">1000<" in page.text) == (200, True)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert (await ana.post("/preferences", data={"language": "tr"})).status_code < 400


async def test_the_worker_waits_and_goes_on_where_it_stood(database_url, tmp_path):
    await go_on(database_url, tmp_path, patience=HASTY, seconds=0)


@pytest.mark.full
async def test_half_a_minute_is_waited_out_too(database_url, tmp_path):
    await go_on(database_url, tmp_path, patience=PATIENCE, seconds=30)


async def go_on(database_url: str, folder, patience: float, seconds: float) -> None:
    """The database is held until the worker has said that it cannot write its sign of life, and for so long besides."""
    async with attached(database_url, folder, order_count=400) as found:
        stop, hasty = asyncio.Event(), Database(found.installation.database.url, patience=patience)
        settings = msgspec.structs.replace(found.installation.settings, sync=QUICK)
        with structlog.testing.capture_logs() as lines:
            worker = asyncio.create_task(work(replace(found.installation, settings=settings, database=hasty), stop))
            await settled(lambda: true(found))
            with held(database_url):
                await found.lever("eu-1/orders/new", {"count": 20})
                await found.lever("eu-1/orders/move", {"count": 20})
                await settled(lambda: said(lines, SILENT))
                await asyncio.sleep(seconds)
                assert len(await found.held(found.panels[0])) == 400
            await settled(lambda: true(found), 20)
            await settled(lambda: alive(found), 20)
            stop.set()
            await worker
            await hasty.close()
        assert [line for line in lines if line["log_level"] == "error"] == []
        assert await found.installation.database.read(survivals.doubled) == []
        assert await found.installation.database.read(troubles) == []


async def true(found: Attached) -> bool:
    return await found.wrong("orders") == []


async def said(lines, event: str) -> bool:
    return any(line["event"] == event for line in lines)


async def alive(found: Attached) -> bool:
    def until(connection: Connection) -> list[datetime]:
        return list(connection.scalars(select(leases.c.expires_at).where(leases.c.name.startswith("worker:"))))

    return max(await found.installation.database.read(until)) > datetime.now(UTC)


def troubles(connection: Connection) -> list[str]:
    return list(connection.scalars(select(feeds.c.trouble).where(feeds.c.trouble.is_not(None))))
