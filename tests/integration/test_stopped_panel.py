"""A panel that stops answering: within two intervals its part of every report is Late, and totals say of how many panels they are."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from hyperpanel.app import create_app
from hyperpanel.clock import SystemClock
from hyperpanel.config import Settings, Web
from hyperpanel.db import staff
from hyperpanel.db.schema import plans
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import feed_ages
from reports import freshness
from tests.support.attached import attached, hurry
from tests.support.staged import PASSWORD_HASH, Hand, Stage

SETTINGS = Settings(web=Web(plain_http=True))
PAGES = ("/tracking/services", "/tracking/users", "/tracking/providers", "/tracking/margins")
FEEDS = [(stream, plan) for stream in ("orders", "users", "payments") for plan in ("head", "refresh")]
ALLOWED = [2 * feed_ages.paced(SETTINGS.sync).interval(*feed) + freshness.GRACE for feed in FEEDS]


async def time_passes(found, span: timedelta) -> None:
    """As if all that was read had been read so much earlier."""
    async with found.installation.database.write() as connection:
        for at in set((await connection.execute(EVERYTHING.select(plans.c.as_of))).scalars()) - {None}:
            await connection.execute(update(plans).where(plans.c.as_of == at).values(as_of=at - span))


@pytest.mark.parametrize("late", [False, True])
async def test_its_parts_turn_late_within_two_intervals(database_url, tmp_path, monkeypatch, late):
    hurry(monkeypatch)
    async with attached(database_url, tmp_path, panel_count=3, order_count=300, people=(20, 20, 5)) as found:
        await found.sync()
        await found.lever("us-2/faults", {"kind": "503", "every": 1})
        await time_passes(found, max(ALLOWED) + timedelta(seconds=1) if late else min(ALLOWED) / 3)
        await found.sync()
        clock = Hand(SystemClock().now())
        app = create_app(SETTINGS, found.installation.database, clock, vault=found.installation.vault)
        stage = Stage(found.installation.database, clock, app)
        async with stage.database.write() as connection:
            await staff.add(connection, "ana", PASSWORD_HASH, "admin", None, clock.time)
        ana = await stage.signed_in("ana")
        for page in PAGES:
            told = (await ana.get(page)).text
            assert ("2 of 3 panels on time" in told) == late, page
            assert ('data-state="late"' in told) == late, page
            assert ("us-2 " in told) >= late, page
        await ana.aclose()
