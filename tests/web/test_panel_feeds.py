"""A panel's line on the Sync page, which opens to its feeds: by the address, so that a live update keeps it open."""

import re
from datetime import timedelta

from hyperpanel.db.schema import plans
from tests.support.staged import NOON
from tests.support.sync_pages import a_fleet, panel_line


async def test_a_fleet_begins_closed_and_each_panel_opens_by_its_address(staged, ana):
    await a_fleet(staged)
    page = (await ana.get("/settings/sync")).text
    assert 'id="feed-' not in page
    assert "1 of 1 on time" in panel_line(page, "p10")
    opened = (await ana.get("/settings/sync?open=p10&open=eu-1")).text
    assert set(re.findall(r'id="feed-([^"]+)-orders"', opened)) == {"p10", "eu-1"}
    assert 'href="/settings/sync?open=eu-1"' in opened


async def test_a_closed_panel_says_what_is_wrong_with_a_feed_that_nobody_sees(staged, ana):
    await a_fleet(staged)
    await staged.change(plans, {"as_of": NOON - timedelta(hours=1)}, panel_id=12)
    assert "Late 0 of 1 on time p12 has not been read in time." in panel_line(
        (await ana.get("/settings/sync")).text, "p12"
    )


async def test_the_last_open_panel_can_be_closed(ana):
    page = (await ana.get("/settings/sync?panel=eu-1")).text
    assert 'href="/settings/sync?panel=eu-1&amp;open=-"' in page
    assert 'id="feed-' not in (await ana.get("/settings/sync?panel=eu-1&open=-")).text
