"""Settings → Sync → one feed: all that is told of it, its pause with why, and its past read again."""

from datetime import timedelta

from sqlalchemy import select

from hyperpanel.db.panels import REMOVAL
from hyperpanel.db.schema import audit, pauses, plans, runs
from sync.cursors import Backfill, load
from tests.support.staged import NOON
from tests.support.sync_pages import put

HERE = "/settings/sync/eu-1/orders"


async def running(staged):
    return await staged.rows(select(pauses).execution_options(scoped=True))


async def test_show_tells_how_each_plan_is_timed_and_why(staged, ana):
    await staged.change(plans, {"every": 12.0, "why": "paced"}, panel_id=1, stream="orders", plan="head")
    await staged.change(plans, {"every": 30.0, "why": "shortest"}, panel_id=1, stream="orders", plan="refresh")
    page = (await ana.get(HERE)).text
    assert "Set by how often news is found." in page
    assert "As short as it may be: news is found often." in page
    assert "7 s to 2 min" in page
    assert "90 days" in page


async def test_show_answers_htmx_with_what_is_told_alone(ana):
    part = (await ana.part(HERE, "feed")).text.strip()
    assert part.startswith('<section id="feed"')
    assert "<form" not in part


async def test_show_lists_its_last_runs_and_leads_to_all(staged, ana):
    run = {"panel_id": 1, "number": 7, "stream": "orders", "plan": "head", "holder": "h"}
    await put(staged, runs, **run, started_at=NOON, ended_at=NOON, done=True, changed=3)
    page = (await ana.get(HERE)).text
    assert 'id="run-eu-1-7"' in page
    assert 'href="/settings/sync/runs?panel=eu-1&amp;stream=orders"' in page


async def test_a_pause_says_why_at_once_or_afterwards(staged, ana):
    answer = await ana.post(f"{HERE}/pause", data={"why": "  the host\n moves "})
    assert answer.headers["location"] == HERE
    await ana.post(f"{HERE}/pause", data={"why": "it moved on"})
    [row] = await running(staged)
    assert (row.stream, row.by, row.why) == ("orders", "ana", "it moved on")
    assert "it moved on" in (await ana.get(HERE)).text
    told = await staged.rows(select(audit.c.action, audit.c.details))
    assert [(act, "the host moves" in details) for act, details in told] == [
        ("feed-pause", True),
        ("pause-explain", False),
    ]


async def test_resuming_from_its_page_ends_the_pause(staged, ana):
    await ana.post(f"{HERE}/pause", data={"why": ""})
    assert (await ana.post(f"{HERE}/resume")).headers["location"] == HERE
    [row] = await running(staged)
    assert row.ended_by == "ana"


async def test_a_backfill_is_asked_for_from_the_persons_own_midnight(staged, ana):
    await ana.post("/preferences", data={"time_zone": "Europe/Istanbul"})
    answer = await ana.post(f"{HERE}/backfill", data={"since": "2026-02-01"})
    assert answer.status_code == 303
    [row] = await staged.rows(
        select(plans.c.cursor, plans.c.asked_at)
        .where(plans.c.panel_id == 1, plans.c.stream == "orders", plans.c.plan == "backfill")
        .execution_options(scoped=True)
    )
    past = load("backfill", row.cursor)
    assert isinstance(past, Backfill)
    assert past.again is not None
    assert past.again.since == 1769893200  # 2026-01-31 21:00 UTC
    assert row.asked_at == NOON
    page = (await ana.get(HERE)).text
    assert "reading again, 0 %" in page
    assert "asked by ana" in page
    [told] = await staged.rows(select(audit).where(audit.c.action == "feed-backfill"))
    assert (told.target, told.panel_id) == ("eu-1/orders", 1)


async def test_a_date_that_cannot_be_read_from_is_said_beside_it(staged, ana):
    for typed, said in {
        "soon": "Write a date like 2026-01-31.",
        "2027-01-01": "This date is yet to come.",
        "2020-01-01": "Records are kept for 90 d.",
    }.items():
        answer = await ana.post(f"{HERE}/backfill", data={"since": typed})
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{typed}"' in answer.text
    assert not await staged.rows(select(audit))


async def test_a_feed_without_a_past_of_its_own_offers_no_backfill(ana):
    assert "/backfill" not in (await ana.get("/settings/sync/eu-1/services")).text
    assert (await ana.post("/settings/sync/eu-1/services/backfill", data={"since": "2026-02-01"})).status_code == 409


async def test_whoever_only_looks_is_offered_no_form(ben):
    page = (await ben.get(HERE)).text.split("<main")[1].split("</main>", maxsplit=1)[0]
    assert "<form" not in page
    assert "/settings/sync/settings" not in page


async def test_what_the_engine_paused_has_its_reason(staged, ana):
    trouble = '{"code":"auth","details":{"panel":"The panel"}}'
    await put(staged, pauses, panel_id=1, id="p", stream="orders", by="engine", why="", at=NOON, trouble=trouble)
    assert 'name="why"' not in (await ana.get(HERE)).text
    await ana.post(f"{HERE}/pause", data={"why": "mine"})
    [row] = await running(staged)
    assert row.why == ""


async def test_only_what_happened_is_in_the_audit(staged, ana):
    for _ in range(2):
        await ana.put(f"{HERE}/pause")
    for _ in range(2):
        assert (await ana.delete(f"{HERE}/pause")).status_code == 303
    assert [told.action for told in await staged.rows(select(audit))] == ["feed-pause", "feed-resume"]


async def test_what_the_engine_paused_is_not_paused_by_a_person_too(staged, ana):
    trouble = '{"code":"auth","details":{"panel":"The panel"}}'
    kept = {"panel_id": 1, "by": "engine", "why": "", "at": NOON, "trouble": trouble}
    await put(staged, pauses, **kept, id="p", stream="orders")
    await put(staged, pauses, **kept, id="q")
    assert (await ana.put(f"{HERE}/pause")).status_code == 409
    assert (await ana.put("/settings/sync/eu-1/pause")).status_code == 409
    assert await staged.rows(select(audit)) == []


async def test_a_feed_of_a_panel_that_is_being_removed_is_shown_and_left_alone(staged, ana):
    trouble = '{"code":"removing","details":{"panel":"eu-1"}}'
    await put(staged, pauses, panel_id=1, id=REMOVAL, by="ana", why="", at=NOON, trouble=trouble)
    for answer in (await ana.put(f"{HERE}/pause"), await ana.delete(f"{HERE}/pause"), await ana.post(f"{HERE}/run")):
        assert answer.status_code == 409
    assert await staged.rows(select(audit)) == []
    assert (await ana.get(HERE)).status_code == 200


async def test_a_feed_that_nobody_reads_promises_no_next_run(staged, ana):
    await staged.change(plans, {"due_at": NOON + timedelta(minutes=7)}, panel_id=1, stream="orders")
    assert "7 min" not in (await ana.get(HERE)).text
