"""The worker over real HTTP: what appears and moves upstream is held soon after, and one panel's trouble stays its own."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select

from hyperpanel.db.schema import feeds, leases, pauses
from hyperpanel.db.scope import EVERYTHING
from sync.connectors.perfect_panel import PerfectPanel
from tests.support.attached import attached, differences, settled, working


async def true(found, number=0) -> bool:
    panel = found.panels[number]
    return differences(await found.truth(panel.name), await found.held(panel)) == []


async def test_a_worker_brings_the_cache_up_to_date_and_keeps_it_so(database_url, tmp_path):
    async with attached(database_url, tmp_path, order_count=1500) as found, working(found):
        await settled(lambda: true(found))
        await found.lever("eu-1/orders/new", {"count": 20})
        await found.lever("eu-1/orders/move", {"count": 20})
        await settled(lambda: true(found))


async def test_a_panel_that_fails_in_every_way_does_not_hold_up_its_neighbour(database_url, tmp_path):
    async with attached(database_url, tmp_path, panel_count=2, order_count=800) as found:
        for kind in ("500", "reset", "truncated", "challenge", "429"):
            await found.lever(f"{found.panels[0].name}/faults", {"kind": kind, "every": 2})
        async with working(found):
            await settled(lambda: true(found, 1))


async def test_a_rejected_key_is_asked_once_and_the_panel_waits_for_a_person(database_url, tmp_path):
    async with attached(database_url, tmp_path, order_count=100) as found:
        await found.lever("eu-1/key", {"admin_key": "another"})
        async with working(found):
            await settled(lambda: waiting(found))
            await asyncio.sleep(1)  # time to ask again, for one that would
        asked = [row for row in await found.lever("eu-1/log") if "/orders" in row["path"]]
        assert len(asked) == 1


async def waiting(found) -> bool:
    statement = EVERYTHING.select(pauses.c.id).where(pauses.c.ended_at.is_(None))
    return await found.installation.database.read(lambda c: c.scalar(statement)) is not None


async def test_a_worker_is_seen_while_it_lives_and_gone_after(database_url, tmp_path):
    async def seen(found) -> list[datetime]:
        return list(await found.installation.database.read(lambda c: c.scalars(select(leases.c.expires_at)).all()))

    async with attached(database_url, tmp_path, order_count=100) as found:
        async with working(found):
            await settled(lambda: seen(found))
            [until] = await seen(found)
            assert until > datetime.now(UTC)
        assert await seen(found) == []


async def test_a_fault_of_our_own_is_told_on_its_feed_and_the_others_go_on(database_url, tmp_path, monkeypatch):
    decode = PerfectPanel.decode

    def broken(self, stream, raw):
        if self.access.panel == "eu-1" and stream == "orders":
            raise ZeroDivisionError
        return decode(self, stream, raw)

    monkeypatch.setattr(PerfectPanel, "decode", broken)
    async with attached(database_url, tmp_path, panel_count=2, order_count=300) as found, working(found):
        await settled(lambda: true(found, 1))
        await settled(lambda: told(found, '"bug"'))


async def told(found, word) -> bool:
    statement = EVERYTHING.select(feeds.c.trouble).where(
        feeds.c.panel_id == found.panels[0].id, feeds.c.stream == "orders"
    )
    return word in (await found.installation.database.read(lambda c: c.scalar(statement)) or "")
