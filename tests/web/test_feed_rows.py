"""A feed's line on the Sync page: its state by its own intervals, what a person can do about it, and what sweeps found."""

import json
from datetime import timedelta

import pytest

from hyperpanel.db.schema import holds, pauses, plans, set_aside, threads, tickets
from tests.support.staged import NOON
from tests.support.sync_pages import a_feed, a_sweep, line, panel_line, put


@pytest.mark.parametrize(
    ("stream", "as_of", "state"),
    [
        ("users", {"head": 200, "refresh": 200}, "On time"),
        ("users", {"head": 271, "refresh": 0}, "Late"),
        ("payments", {"head": 140, "refresh": 1200}, "On time"),
        ("payments", {"head": 151, "refresh": 0}, "Late"),
        ("payments", {"head": 0, "refresh": 1231}, "Late"),
        ("tickets", {"head": 91, "refresh": 0}, "Late"),
        ("messages", {"head": 80, "refresh": 90_000}, "On time"),
        ("messages", {"head": 91, "refresh": 0}, "Late"),
        ("users", {"head": None, "refresh": 0}, "Never read"),
    ],
)
async def test_index_holds_each_stream_to_its_own_intervals(staged, ana, stream, as_of, state):
    await a_feed(staged, stream, **as_of)
    assert state in line((await ana.get("/settings/sync")).text, "eu-1", stream)


async def test_a_worker_that_died_makes_feeds_late_by_time_alone(staged, ana):
    staged.clock.time += timedelta(minutes=5)
    page = (await ana.get("/settings/sync")).text
    assert "Late" in line(page, "eu-1")
    assert "0 of 3 panels on time" in page
    assert "No worker is running." in page


async def test_a_refused_key_is_a_state_of_its_own_and_asks_for_the_key(staged, ana):
    trouble = json.dumps({"code": "auth", "details": {"panel": "The panel"}})
    await put(staged, pauses, panel_id=1, id="p", by="engine", why="", at=NOON, trouble=trouble)
    page = (await ana.get("/settings/sync")).text
    assert "Key refused" in line(page, "eu-1")
    assert "Enter the key eu-1 refuses the key." in panel_line(page, "eu-1")
    assert 'href="/settings/panels/eu-1"' in page
    assert "/settings/panels/eu-1" not in (await (await staged.signed_in("ben")).get("/settings/sync")).text


async def test_every_page_says_that_a_key_is_refused(staged, ana):
    trouble = json.dumps({"code": "auth", "details": {"panel": "The panel"}})
    await put(staged, pauses, panel_id=1, id="p", by="engine", why="", at=NOON, trouble=trouble)
    page = (await ana.get("/orders?panel=eu-1")).text
    assert "status-bad" in page.split('id="as-of"')[1].split("</span>", maxsplit=1)[0]
    assert "eu-1 refuses the key." in page


async def test_index_says_how_far_a_history_reaches(staged, ana):
    reached = int((NOON - timedelta(days=30)).timestamp())
    walk = json.dumps({"walk": {"to": reached}})
    await staged.change(plans, {"cursor": walk}, panel_id=1, stream="orders", plan="backfill")
    told = line((await ana.get("/settings/sync")).text, "eu-1")
    assert "The history of eu-1 is still being read; it reaches back to Jan 30, 2026." in told


async def test_index_tells_what_the_last_sweep_found(staged, ana):
    await put(staged, plans, panel_id=1, stream="orders", plan="sweep", due_at=NOON)
    assert "not yet" in line((await ana.get("/settings/sync")).text, "eu-1")
    await a_sweep(staged, differed=3, gone=2)
    assert "2 h ago: 20,013 rows, 3 differed, 2 gone" in line((await ana.get("/settings/sync")).text, "eu-1")


async def test_index_calls_an_unproven_sweep_that_and_tells_the_last_proven_one(staged, ana):
    await put(staged, plans, panel_id=1, stream="orders", plan="sweep", due_at=NOON)
    await a_sweep(staged)
    await a_sweep(staged, 2, proven=False, read=400)
    page = (await ana.get("/settings/sync")).text
    assert "1 h ago: not proven" in line(page, "eu-1")
    assert "400" not in line(page, "eu-1")
    assert "The last proven sweep: 2 h ago: 20,013 rows, no drift." in page


async def test_index_tells_how_many_threads_are_read(staged, ana):
    seen = {"observed": 1, "digest": 7, "first_seen_at": NOON, "seen_at": NOON}
    for id in "ab":
        await put(staged, tickets, panel_id=1, id=id, status="closed", status_raw="closed", fields=1, **seen)
    await put(staged, threads, panel_id=1, ticket_id="a", read_for=7, digest=1, observed=1, read_at=NOON, messages=2)
    await a_feed(staged, "messages", head=5)
    assert "1 of 2 threads read" in line((await ana.get("/settings/sync")).text, "eu-1", "messages")


async def test_index_leads_to_what_is_set_aside_of_a_feed(staged, ana):
    record = {"panel_id": 1, "stream": "orders", "reason": "no status", "number": 1, "first_at": NOON, "at": NOON}
    for id in "789":
        await put(staged, set_aside, **record, record_id=id, dismissed_at=NOON if id == "9" else None)
    page = (await ana.get("/settings/sync")).text
    assert "2 set aside" in line(page, "eu-1")
    assert 'href="/settings/set-aside?panel=eu-1&amp;stream=orders"' in page
    assert "2 set aside" in line((await (await staged.signed_in("ben")).get("/settings/sync")).text, "eu-1")


async def test_index_says_that_decisions_wait(staged, ana):
    asked = {"stream": "orders", "kind": "deletes", "what": "", "rows": 9, "of_rows": 10, "at": NOON}
    await put(staged, holds, panel_id=1, id="a", **asked)
    assert "1 decision waits" in (await ana.get("/settings/sync")).text
    await put(staged, holds, panel_id=2, id="b", **asked)
    assert "2 decisions wait" in (await ana.get("/settings/sync")).text
    assert "1 decision waits" in (await (await staged.signed_in("ben")).get("/settings/sync")).text


async def test_a_feed_that_waits_for_a_decision_leads_to_it(staged, ana):
    trouble = json.dumps({"code": "vanished", "details": {"panel": "The panel", "field": "charge", "rows": 9}})
    paused = {"panel_id": 1, "id": "p", "stream": "orders", "by": "engine", "why": "", "at": NOON}
    await put(staged, pauses, **paused, trouble=trouble)
    page = (await ana.get("/settings/sync")).text
    assert "Decide eu-1 no longer sends charge" in line(page, "eu-1")
    assert 'href="/settings/set-aside?panel=eu-1"' in page
