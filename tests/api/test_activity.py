"""The activity log for scripts: by the panels of the key, narrowed as the page narrows it, on by its own numbers."""

import pytest

from hyperpanel.db import audit
from hyperpanel.db.audit import Act


@pytest.fixture
async def acted(staged):
    """Nine acts of ana: three of each panel 1 and 2, three of none."""
    async with staged.database.write() as connection:
        for n in range(9):
            panel_id = (1, 2, None)[n % 3]
            act = Act(
                "ana",
                "feed-run" if n % 2 else "panel-pause",
                f"target {n}",
                panel_id,
                {"why": f"reason {n}"},
                "192.0.2.7",
            )
            await audit.write(connection, act, staged.clock.time)


async def targets(script, **params):
    return [row["target"] for row in await script.rows("/activity", **params)]


async def test_a_key_of_every_panel_sees_all(scripts, acted):
    script = await scripts.script("activity:read", panels=None)
    found = await targets(script, by="ana")
    assert found == [f"target {n}" for n in reversed(range(9))]
    [row] = await script.rows("/activity", q="reason 4")
    assert (row["panel"], row["action"], row["details"], row["address"]) == (
        "us-2",
        "panel-pause",
        {"why": "reason 4"},
        "192.0.2.7",
    )


async def test_a_key_of_one_panel_sees_what_concerns_it(scripts, acted):
    script = await scripts.script("activity:read")
    assert await targets(script, by="ana") == ["target 6", "target 3", "target 0"]
    assert (await script.get("/activity", panel="us-2")).status_code == 404


async def test_a_key_of_one_panel_sees_nobody_sign_in(scripts, staged):
    async with staged.database.write() as connection:
        await audit.write(connection, Act("ana", "sign-in", "ana", None, {}, "192.0.2.7"), staged.clock.time)
    one, every = await scripts.script("activity:read"), await scripts.script("activity:read", panels=None)
    assert await targets(one, action="sign-in") == []
    assert await targets(every, action="sign-in") == ["ana"]


async def test_it_is_narrowed_as_the_page_is(scripts, acted):
    script = await scripts.script("activity:read", panels=None)
    assert await targets(script, by="ana", action="feed-run", panel="eu-1") == ["target 3"]
    assert await targets(script, by="ana", created_from=1772366401) == []
    assert len(await targets(script, by="ana", created_to=1772366400, address="192.0.2.")) == 9


async def test_pages_lead_on(scripts, acted):
    script = await scripts.script("activity:read", panels=None)
    first = (await script.get("/activity", by="ana", limit=5)).json()
    second = (await script.get(first["pagination"]["next_page_href"])).json()
    told = [row["target"] for page in (first, second) for row in page["data"]["list"]]
    assert told == [f"target {n}" for n in reversed(range(9))]
    for wrong in ({"cursor": "x"}, {"cursor": "9" * 30}, {"offset": "1"}):
        assert (await script.get("/activity", **wrong)).status_code == 400
