"""How the reading goes, and what a script can do about it: the same acts as the Sync page's, in the audit under the key's name."""

import json
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from hyperpanel.client.console import Feed
from hyperpanel.db import panels
from hyperpanel.db.panels import REMOVAL
from hyperpanel.db.schema import audit, pauses, plans, runs
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support.feed_acts import BY_ENGINE, LEAVING, PAUSED
from tests.support.staged import NOON
from tests.support.sync_pages import put

CONTROL = ("sync:read", "sync:control")
PAUSING = {"panel_id": 1, "id": "p", "by": "ana", "why": "Its owner moves it.", "at": NOON}
REFUSED = {"by": "engine", "why": "", "trouble": '{"code":"auth","details":{"panel":"The panel"}}'}
LEAVES = {"id": REMOVAL, "why": "", "trouble": '{"code":"removing","details":{"panel":"eu-1"}}'}


async def acts(staged):
    rows = await staged.rows(
        select(audit.c.actor, audit.c.action, audit.c.target, audit.c.details).order_by(audit.c.id)
    )
    return [(row.actor, row.action, row.target, json.loads(row.details)) for row in rows]


async def reasons(staged):
    rows = await staged.rows(
        EVERYTHING.select(pauses.c.stream, pauses.c.why).where(pauses.c.ended_at.is_(None)).order_by(pauses.c.at)
    )
    return [(row.stream, row.why) for row in rows]


async def refused(script, path, **given):
    answer = await script.post(path, **given)
    return answer.status_code, answer.json()["error_message"]


async def test_feeds_tell_lag_and_plans(staged, scripts):
    script = await scripts.script("sync:read", panels=None)
    await staged.change(plans, {"as_of": staged.clock.time - timedelta(seconds=9)}, panel_id=1)
    rows = await script.rows("/sync")
    assert [(row["panel"], row["stream"]) for row in rows][:3] == [
        ("dark", "orders"),
        ("dark", "services"),
        ("eu-1", "orders"),
    ]
    feed = msgspec.convert(rows[2], Feed)
    assert (feed.state, feed.lag, {plan.plan for plan in feed.plans}) == ("on_time", 9, {"backfill", "head", "refresh"})
    assert feed.on_time_within is not None


@pytest.mark.parametrize(
    ("done", "trouble", "told"),
    [
        (True, None, None),
        (False, '{"code":"timeout","details":{"seconds":9}}', "eu-1 (orders) took longer than 9 s to answer."),
    ],
)
async def test_the_last_run_tells_how_it_ended(staged, scripts, done, trouble, told):
    ended = {"started_at": NOON, "ended_at": NOON, "done": done, "trouble": trouble}
    await put(staged, runs, panel_id=1, number=1, stream="orders", plan="head", holder="a", **ended)
    last = (await (await scripts.script("sync:read")).data("/sync/eu-1/orders"))["last_run"]
    assert (last["done"], last["trouble"] and last["trouble"].split(" It is")[0]) == (done, told)


async def test_they_are_narrowed_by_stream_and_panel(scripts):
    script = await scripts.script("sync:read", panels=None)
    rows = await script.rows("/sync", stream="services", panel="eu-1,dark")
    assert [(row["panel"], row["stream"]) for row in rows] == [("dark", "services"), ("eu-1", "services")]
    assert (await script.get("/sync", stream="stars")).status_code == 400
    assert (await script.get("/sync/eu-1/tickets")).status_code == 404


async def test_reading_now_is_asked_for_and_audited(staged, scripts):
    script = await scripts.script(*CONTROL)
    await script.post("/sync/eu-1/orders", json={"plan": "head"})
    asked = await staged.rows(
        EVERYTHING.select(plans.c.plan).where(plans.c.panel_id == 1, plans.c.asked_at.is_not(None))
    )
    assert [row.plan for row in asked] == ["head"]
    assert (await script.post("/sync/eu-1/orders")).json()["error_code"] == 0
    told = [(action, target, details) for actor, action, target, details in await acts(staged) if actor[:4] == "key "]
    assert told == [("feed-run", "eu-1/orders", {"plan": "head"}), ("feed-run", "eu-1/orders", {})]


async def test_a_plan_or_a_stream_that_there_is_not_is_not_there(scripts):
    script = await scripts.script(*CONTROL)
    for path, plan in (("/sync/eu-1/orders", "moon"), ("/sync/eu-1/stars", "head"), ("/sync/us-2/orders", "head")):
        assert (await script.post(path, json={"plan": plan})).status_code == 404


async def test_a_pause_keeps_its_reason_and_ends(staged, scripts):
    script = await scripts.script(*CONTROL)
    paused = (await script.post("/sync/eu-1/orders/pause", json={"why": " Too  slow. "})).json()["data"]
    assert (paused["state"], paused["paused"]["why"], paused["paused"]["by"][:4]) == ("paused", "Too slow.", "key ")
    refused = await script.post("/sync/eu-1/orders")
    assert (refused.status_code, refused.json()["error_message"]) == (
        409,
        "It is paused, so nothing reads it. Resume it first.",
    )
    assert (await script.post("/sync/eu-1/orders/pause", json={"why": "Mended soon."})).status_code == 200
    again = (await script.post("/sync/eu-1/orders/resume")).json()["data"]
    assert again["paused"] is None
    told = [(action, details) for _, action, _, details in await acts(staged)]
    assert told[-3:] == [
        ("feed-pause", {"why": "Too slow."}),
        ("pause-explain", {"why": "Mended soon."}),
        ("feed-resume", {}),
    ]


@pytest.mark.parametrize(("path", "stream"), [("/sync/eu-1/orders", "orders"), ("/sync/eu-1", None)])
async def test_a_pause_without_a_reason_keeps_the_one_that_is_there(staged, scripts, path, stream):
    script = await scripts.script(*CONTROL, "panels:read")
    await put(staged, pauses, **PAUSING, stream=stream)
    again = (await script.post(f"{path}/pause")).json()["data"]
    assert again["paused"]["why"] == "Its owner moves it."
    assert [row for row in await acts(staged) if row[0][:4] == "key "] == []


async def test_a_feed_never_touches_the_reason_of_the_whole_panel(staged, scripts):
    script = await scripts.script(*CONTROL)
    await put(staged, pauses, **PAUSING)
    assert (await script.post("/sync/eu-1/orders/pause")).json()["data"]["paused"]["whole_panel"]
    assert await reasons(staged) == [(None, "Its owner moves it.")]
    staged.clock.time += timedelta(minutes=1)
    for why in ("Too slow.", "Mended soon."):
        await script.post("/sync/eu-1/orders/pause", json={"why": why})
        assert await reasons(staged) == [(None, "Its owner moves it."), ("orders", why)]
    assert [action for _, action, _, _ in await acts(staged)][-2:] == ["feed-pause", "pause-explain"]


async def test_resuming_what_is_not_paused_leaves_no_act(staged, scripts):
    script = await scripts.script(*CONTROL, "panels:read")
    for path in ("/sync/eu-1/orders/resume", "/sync/eu-1/resume"):
        assert (await script.post(path)).status_code == 200
    assert [row for row in await acts(staged) if row[0][:4] == "key "] == []


@pytest.mark.parametrize("has_own", [False, True])
@pytest.mark.parametrize("path", ["/pause", "/resume", "", "/orders/pause", "/orders/resume", "/orders"])
async def test_of_a_panel_that_is_being_removed_nothing_is_done(staged, scripts, path, has_own):
    script = await scripts.script(*CONTROL)
    if has_own:
        await put(staged, pauses, **PAUSING | {"at": NOON - timedelta(days=1)}, stream="orders")
    await put(staged, pauses, **PAUSING | LEAVES)
    before = await reasons(staged)
    given = {"json": {"why": "It moves."}} if path.endswith("pause") else {}
    assert await refused(script, f"/sync/eu-1{path}", **given) == (409, LEAVING)
    assert await reasons(staged) == before
    assert [row for row in await acts(staged) if row[0][:4] == "key "] == []


@pytest.mark.parametrize("given", [{}, {"json": {"why": "It moves."}}])
@pytest.mark.parametrize(("path", "stream"), [("/sync/eu-1/orders", "orders"), ("/sync/eu-1", None)])
async def test_what_the_engine_paused_is_not_said_to_be_paused_by_somebody_else(staged, scripts, path, stream, given):
    script = await scripts.script(*CONTROL, "panels:read")
    await put(staged, pauses, **PAUSING | REFUSED, stream=stream)
    assert await refused(script, f"{path}/pause", **given) == (409, BY_ENGINE)
    assert await reasons(staged) == [(stream, "")]
    assert [row for row in await acts(staged) if row[0][:4] == "key "] == []


@pytest.mark.parametrize("why", ["", "Too slow."])
async def test_a_feed_is_paused_beside_the_engines_pause_of_its_panel(staged, scripts, why):
    """Which ends when its key is replaced; the feed's own then goes on."""
    script = await scripts.script(*CONTROL)
    await put(staged, pauses, **PAUSING | REFUSED | {"at": NOON - timedelta(days=1)})
    assert (await script.post("/sync/eu-1/orders/pause", json={"why": why})).status_code == 200
    assert await reasons(staged) == [(None, ""), ("orders", why)]
    assert [action for _, action, _, _ in await acts(staged)][-1] == "feed-pause"


async def test_a_whole_panel_is_paused_run_and_resumed(staged, scripts):
    script = await scripts.script(*CONTROL)
    paused = (await script.post("/sync/eu-1/pause", json={"why": "It moves."})).json()["data"]
    assert (paused["name"], paused["state"], paused["paused"]["whole_panel"]) == ("eu-1", "paused", True)
    assert (await script.post("/sync/eu-1")).status_code == 409
    assert (await script.post("/sync/eu-1/resume")).json()["data"]["paused"] is None
    assert (await script.post("/sync/eu-1")).status_code == 200
    told = [(action, target) for _, action, target, _ in await acts(staged)]
    assert told[-3:] == [("panel-pause", "eu-1"), ("panel-resume", "eu-1"), ("panel-run", "eu-1")]


async def test_the_past_is_read_once_more_from_a_day_on(staged, scripts):
    script = await scripts.script(*CONTROL)
    answer = await script.post("/sync/eu-1/orders", json={"since": "2026-02-20"})
    assert answer.json()["data"]["backfill"]["since"] == "2026-02-20T00:00:00Z"
    assert [action for _, action, _, _ in await acts(staged)][-1] == "feed-backfill"
    for body in ({"since": "soon"}, {"since": "2027-01-01"}, {"since": "2026-02-20", "plan": "head"}):
        assert (await script.post("/sync/eu-1/orders", json=body)).status_code == 400


@pytest.mark.parametrize(
    ("row", "said"),
    [({"stream": "orders"}, PAUSED), ({}, PAUSED), (REFUSED, PAUSED), (LEAVES, LEAVING)],
    ids=["feed", "panel", "engine", "removal"],
)
async def test_the_past_of_what_nobody_reads_is_not_asked_for(staged, scripts, row, said):
    script = await scripts.script(*CONTROL)
    await put(staged, pauses, **PAUSING | row)
    assert await refused(script, "/sync/eu-1/orders", json={"since": "2026-02-20"}) == (409, said)
    assert await refused(script, "/sync/eu-1/orders") == (409, said)
    asked = EVERYTHING.select(plans.c.plan).where(plans.c.panel_id == 1, plans.c.asked_at.is_not(None))
    assert await staged.rows(asked) == []
    assert [row for row in await acts(staged) if row[0][:4] == "key "] == []


@pytest.mark.parametrize("body", [b"[1]", b"{", b'{"plans": "head"}', b'{"plan": 7}'])
async def test_a_body_that_means_nothing_is_refused(scripts, body):
    script = await scripts.script(*CONTROL)
    headers = {"content-type": "application/json"}
    assert (await script.post("/sync/eu-1/orders", content=body, headers=headers)).status_code == 400


async def test_a_reason_with_a_nul_is_refused(scripts):
    """PostgreSQL keeps none."""
    script = await scripts.script(*CONTROL)
    answer = await script.post("/sync/eu-1/orders/pause", json={"why": "a\0b"})
    assert (answer.status_code, "why" in answer.json()["error_message"]) == (400, True)


async def test_who_may_only_read_changes_nothing(staged, scripts):
    script = await scripts.script("sync:read")
    for path in ("/sync/eu-1/orders", "/sync/eu-1/orders/pause", "/sync/eu-1", "/sync/eu-1/resume"):
        assert (await script.post(path)).status_code == 403
    assert await staged.database.read(lambda connection: panels.running_pauses(connection, EVERYTHING)) == []


async def test_a_foreign_panel_looks_like_none(scripts):
    script = await scripts.script(*CONTROL)
    for path in ("/sync/{}/orders", "/sync/{}", "/sync/{}/pause", "/sync/{}/orders/resume"):
        answers = [await script.post(path.format(name)) for name in ("us-2", "zz-9")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.json()["error_message"] for answer in answers}) == 1
