"""Settings → Sync: where each feed stands, and who may pause, resume and run it."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from hyperpanel.db.schema import audit, budgets, feeds, leases, pauses, plans, runs
from tests.support.staged import NOON
from tests.support.sync_pages import line, panel_line, put

PAUSE = "/settings/sync/eu-1/orders/pause"
RUN = "/settings/sync/eu-1/orders/run"


async def a_run(staged, **changes) -> None:
    values = {"panel_id": 1, "number": 9, "stream": "orders", "plan": "head", "holder": "h"}
    values |= {"started_at": NOON - timedelta(minutes=1), "ended_at": NOON, "done": True, "calls": 10}
    await put(staged, runs, **{**values, **changes})


async def test_index_shows_every_feed_of_the_allowed_panels(ana, ben):
    page = (await ana.get("/settings/sync")).text
    assert [page.count(f'id="feed-{panel}-orders"') for panel in ("eu-1", "us-2", "dark")] == [1, 1, 1]
    mine = (await ben.get("/settings/sync")).text
    assert "eu-1" in mine
    assert "us-2" not in mine


async def test_index_answers_htmx_with_the_table_alone(ana):
    assert (await ana.part("/settings/sync", "feeds")).text.strip().startswith('<div id="feeds"')


async def test_index_calls_nothing_on_time_that_was_never_read(ana):
    page = (await ana.get("/settings/sync")).text
    assert "On time" in line(page, "eu-1")
    assert "Never read" in line(page, "dark")
    assert "dark has not been read yet." in line(page, "dark")


async def test_index_says_what_the_last_run_found(staged, ana):
    await a_run(staged, new=12, changed=3)
    await a_run(staged, number=10, panel_id=2)
    page = (await ana.get("/settings/sync")).text
    assert "12 new, 3 changed" in line(page, "eu-1")
    assert "nothing new" in line(page, "us-2")
    assert " 2 " in line(page, "eu-1")


async def test_index_tells_of_a_run_under_way(staged, ana):
    await a_run(staged, plan="backfill", ended_at=None, read=12_000)
    assert "Running" not in line((await ana.get("/settings/sync")).text, "eu-1")
    await staged.change(feeds, {"leased_until": NOON + timedelta(minutes=1)}, panel_id=1, stream="orders")
    assert "history, 12,000 read" in line((await ana.get("/settings/sync")).text, "eu-1")


async def test_index_says_why_a_feed_is_late(staged, ana):
    trouble = json.dumps({"code": "server", "details": {"panel": "The panel", "status": 502}})
    await staged.change(feeds, {"trouble": trouble}, panel_id=1, stream="orders")
    await staged.change(plans, {"as_of": NOON - timedelta(hours=1)}, panel_id=1, stream="orders")
    page = (await ana.get("/settings/sync")).text
    assert "Late" in line(page, "eu-1")
    assert "eu-1 has a fault of its own (HTTP 502)." in line(page, "eu-1")


async def test_index_says_so_in_the_persons_language(staged, ana):
    trouble = json.dumps({"code": "auth", "details": {"panel": "The panel"}})
    paused = {"panel_id": 1, "id": "p", "by": "engine", "why": "", "at": NOON, "trouble": trouble}
    await put(staged, pauses, **paused)
    await ana.post("/preferences", data={"language": "tr"})
    assert "eu-1 anahtarı kabul etmiyor." in (await ana.get("/settings/sync")).text


async def test_index_tells_whether_anybody_reads_the_panels(staged, ana):
    assert "No worker is running." in (await ana.get("/settings/sync")).text
    seen = {"seen_at": NOON - timedelta(seconds=2), "expires_at": NOON + timedelta(seconds=8)}
    await put(staged, leases, name="worker:h", holder="h", fence=1, **seen)
    assert "1 worker, last seen 2 s ago" in (await ana.get("/settings/sync")).text
    staged.clock.time += timedelta(minutes=2)
    assert "No worker is running; the last was seen 2 min ago." in (await ana.get("/settings/sync")).text


async def test_index_issues_as_many_queries_for_six_feeds_as_for_two(staged, ana):
    async def queries(path: str) -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(staged.database.reading, "before_cursor_execute", note)
        await ana.get(path)
        event.remove(staged.database.reading, "before_cursor_execute", note)
        return len(seen)

    assert await queries("/settings/sync") == await queries("/settings/sync?panel=eu-1")


async def test_pausing_is_a_row_and_a_line_in_the_audit(staged, ana):
    answer = await ana.put(
        PAUSE,
        headers={
            "HX-Request": "true",
            "HX-Target": "feeds",
            "HX-Current-URL": f"{staged.address}/settings/sync?panel=eu-1",
        },
    )
    assert "eu-1 was paused by ana 0 s ago." in answer.text
    assert 'hx-get="/settings/sync?panel=eu-1"' in answer.text
    [row] = await staged.rows(select(pauses).execution_options(scoped=True))
    assert (row.panel_id, row.stream, row.by, row.ended_at) == (1, "orders", "ana", None)
    [told] = await staged.rows(select(audit))
    assert (told.actor, told.action, told.target, told.panel_id) == ("ana", "feed-pause", "eu-1/orders", 1)


async def test_pausing_twice_is_pausing_once(staged, ana):
    await ana.put(PAUSE)
    await ana.put(PAUSE)
    assert len(await staged.rows(select(pauses.c.id).execution_options(scoped=True))) == 1


async def test_resuming_ends_the_pause_and_reads_at_once(staged, ana):
    await ana.put(PAUSE)
    staged.clock.time += timedelta(minutes=5)
    assert (await ana.delete(PAUSE)).status_code == 303
    [row] = await staged.rows(select(pauses).execution_options(scoped=True))
    assert (row.ended_by, row.ended_at) == ("ana", staged.clock.time)


async def test_resuming_a_feed_of_a_paused_panel_resumes_the_panel(staged, ana):
    await put(staged, pauses, panel_id=1, id="p", by="engine", why="the key", at=NOON)
    await ana.delete(PAUSE)
    [row] = await staged.rows(select(pauses).execution_options(scoped=True))
    assert row.ended_by == "ana"


async def test_run_now_makes_every_plan_due(staged, ana):
    staged.clock.time -= timedelta(seconds=5)
    await ana.post(RUN)
    due = await staged.rows(
        select(plans.c.due_at).where(plans.c.panel_id == 1, plans.c.stream == "orders").execution_options(scoped=True)
    )
    assert {row.due_at for row in due} == {staged.clock.time}


async def test_what_is_paused_is_not_run(staged, ana):
    await ana.put(PAUSE)
    assert (await ana.post(RUN)).status_code == 409


@pytest.mark.parametrize("name", ["ben", "vic"])
async def test_whoever_only_looks_is_offered_no_button(staged, name):
    page = (await (await staged.signed_in(name)).get("/settings/sync")).text
    assert "hx-put" not in page
    assert "hx-post" not in page


@pytest.mark.parametrize("path", ["/settings/sync/eu-1/tickets/pause", "/settings/sync/zz/orders/pause"])
async def test_a_feed_that_is_not_there_cannot_be_paused(ana, path):
    assert (await ana.put(path)).status_code == 404


async def test_a_pause_of_one_feed_is_told_as_that(staged, ana):
    await put(staged, pauses, panel_id=1, id="p", stream="orders", by="ana", why="", at=NOON)
    page = (await ana.get("/settings/sync")).text
    assert "“Orders” of eu-1 was paused by ana" in line(page, "eu-1")
    assert "eu-1 was paused" not in page.replace("of eu-1 was paused", "")


async def test_a_pause_by_the_command_line_is_told_in_the_readers_language(staged, ana):
    await put(staged, pauses, panel_id=1, id="p", stream=None, by="command line", why="", at=NOON)
    assert "paused by the command line" in (await ana.get("/settings/sync")).text
    await ana.post("/preferences", data={"language": "tr"})
    page = (await ana.get("/settings/sync")).text
    assert "komut satırı" in page
    assert "command line" not in page


async def test_an_overdue_run_counts_down_to_nothing(staged, ana):
    await put(
        staged, leases, name="worker:h", holder="h", fence=1, seen_at=NOON, expires_at=NOON + timedelta(minutes=1)
    )
    await staged.change(plans, {"due_at": NOON - timedelta(minutes=50)}, panel_id=1, stream="orders")
    assert "50 min" not in line((await ana.get("/settings/sync")).text, "eu-1").split("Orders")[-1]


async def test_without_a_worker_no_next_run_is_promised(staged, ana):
    await staged.change(plans, {"due_at": NOON + timedelta(minutes=7)}, panel_id=1, stream="orders")
    assert "7 min" not in line((await ana.get("/settings/sync")).text, "eu-1")


async def test_index_counts_what_is_held_by_resource_over_the_chosen_panels(staged, ana):
    await staged.change(feeds, {"cached": 1200}, stream="orders")
    held = (await ana.get("/settings/sync")).text.split('class="held"')[1].split("</dl>", maxsplit=1)[0]
    assert "Orders" in held
    assert "3,600" in held
    assert "1,200" in (await ana.get("/settings/sync?panel=eu-1")).text.split('class="held"')[1]


async def test_index_tells_the_interval_now_and_opens_why(staged, ana):
    await staged.change(plans, {"every": 12.0, "why": "longest"}, panel_id=1, stream="orders", plan="head")
    page = (await ana.get("/settings/sync")).text
    assert "12 s" in line(page, "eu-1")
    assert 'popovertarget="times-eu-1-orders"' in page
    assert "As long as it may be: news is rare." in page.split('id="times-eu-1-orders"')[1]


async def test_index_tells_what_the_panel_gives_at_once_beside_what_is_asked_for(staged, ana):
    await staged.change(feeds, {"manners": '{"cap":650}'}, panel_id=1, stream="orders")
    assert "650 of 1,000" in line((await ana.get("/settings/sync")).text, "eu-1")


async def test_index_tells_how_a_panels_budget_stands(staged, ana):
    slow = {"pace": 1.5, "slowed_at": NOON - timedelta(minutes=3), "told_until": NOON + timedelta(seconds=40)}
    await staged.change(budgets, slow, panel_id=1)
    await staged.change(budgets, {"down_since": NOON - timedelta(hours=1), "probe_at": NOON}, panel_id=2)
    page = (await ana.get("/settings/sync")).text
    assert "0 of 240 calls a minute" in panel_line(page, "eu-1")
    assert "slowed down 3 min ago to 1.5 of 4 calls a second" in panel_line(page, "eu-1")
    assert "asked not to be called for another 40 s" in panel_line(page, "eu-1")
    assert "has not answered for 1 h; tried again in 0 s" in panel_line(page, "us-2")


async def test_a_pause_of_one_feed_asks_why_afterwards(ana):
    await ana.put(PAUSE)
    assert 'href="/settings/sync/eu-1/orders#reading"' in (await ana.get("/settings/sync")).text


async def test_index_tells_that_somebody_waits_for_a_feed(staged, ana):
    seen = {"seen_at": NOON, "expires_at": NOON + timedelta(minutes=1)}
    await put(staged, leases, name="worker:h", holder="h", fence=1, **seen)
    await staged.change(plans, {"asked_at": NOON}, panel_id=1, stream="orders", plan="head")
    assert "asked for" in line((await ana.get("/settings/sync")).text, "eu-1")
