"""Settings → Sync → the pause of a whole panel, and why."""

from sqlalchemy import select

from hyperpanel.db.panels import REMOVAL
from hyperpanel.db.schema import audit, pauses, plans
from tests.support.staged import NOON
from tests.support.sync_pages import panel_line, put

HERE = "/settings/sync/eu-1/pause"


async def rows(staged):
    return await staged.rows(select(pauses).execution_options(scoped=True))


async def test_edit_asks_why_and_pauses_all_of_it(staged, ana):
    assert "Nothing of eu-1 is read until it is resumed." in (await ana.get(HERE)).text
    await ana.post(HERE, data={"why": "the owner asked"})
    [row] = await rows(staged)
    assert (row.stream, row.by, row.why) == (None, "ana", "the owner asked")
    assert "the owner asked" in panel_line((await ana.get("/settings/sync")).text, "eu-1")


async def test_one_key_pauses_and_the_line_then_asks_why(staged, ana):
    await ana.put(HERE)
    page = (await ana.get("/settings/sync")).text
    assert "Say why" in panel_line(page, "eu-1")
    await ana.post(HERE, data={"why": "by mistake"})
    [row] = await rows(staged)
    assert row.why == "by mistake"
    assert "Say why" not in panel_line((await ana.get("/settings/sync")).text, "eu-1")
    assert [told.action for told in await staged.rows(select(audit))] == ["panel-pause", "pause-explain"]


async def test_resuming_the_panel_resumes_all_its_streams(staged, ana):
    await ana.put(HERE)
    await ana.put("/settings/sync/eu-1/orders/pause")
    await ana.delete(HERE)
    assert all(row.ended_by == "ana" for row in await rows(staged))


async def test_all_of_a_panel_is_run_but_for_what_is_paused(staged, ana):
    await put(staged, pauses, panel_id=1, id="p", stream="services", by="ana", why="", at=NOON)
    assert (await ana.post("/settings/sync/eu-1/run")).status_code == 303
    asked = await staged.rows(
        select(plans.c.stream).where(plans.c.panel_id == 1, plans.c.due_at <= NOON).execution_options(scoped=True)
    )
    assert {row.stream for row in asked} == {"orders"}
    await ana.put(HERE)
    assert (await ana.post("/settings/sync/eu-1/run")).status_code == 409


async def test_a_panel_that_is_being_removed_is_past_pausing(staged, ana):
    trouble = '{"code":"removing","details":{"panel":"The panel"}}'
    await put(staged, pauses, panel_id=1, id=REMOVAL, by="ana", why="", at=NOON, trouble=trouble)
    assert (await ana.put(HERE)).status_code == 409
    assert (await ana.delete(HERE)).status_code == 409
