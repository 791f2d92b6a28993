from datetime import timedelta

import pytest


async def test_panels_are_told_with_their_keys(caller):
    told = (await caller.http.get("/_truth/panels")).json()
    panel = caller.panel
    assert told == [
        {
            "name": "eu-1",
            "path": "/eu-1",
            "admin_key": panel.admin_key,
            "services_key": panel.services_key,
            "currency": "EUR",
            "time_zone": "Europe/Berlin",
            "orders": 600,
            "users": 60,
            "payments": 90,
            "tickets": 15,
        }
    ]


async def test_the_levers_are_listed(caller):
    told = (await caller.http.get("/_truth")).json()
    assert told["fleet"] == ["panels", "clock"]
    assert "orders/move" in told["panel"]["POST"]


async def test_the_clock_is_stopped_and_stepped(caller):
    assert await caller.lever("clock", step=90) == {"now": "2026-09-01T12:01:30Z", "speed": 1.0, "stopped": True}
    assert (await caller.lever("clock", now="2026-09-02T00:00:00Z"))["now"] == "2026-09-02T00:00:00Z"


async def test_the_clock_runs_again_at_another_speed(caller):
    told = await caller.lever("clock", stopped=False, speed=3600)
    assert (told["speed"], told["stopped"]) == (3600, False)


@pytest.mark.parametrize("body", [{"step": -1}, {"speed": 0}, {"now": "2020-01-01T00:00:00Z"}, {"hands": 3}])
async def test_the_clock_refuses_what_no_clock_does(caller, body):
    assert (await caller.http.post("/_truth/clock", json=body)).status_code == 400
    assert caller.fleet.clock.now().isoformat()[:16] == "2026-09-01T12:00"


async def test_stepping_the_clock_brings_orders_and_moves_them(caller):
    before = await caller.truth()
    caller.fleet.clock.step(timedelta(days=3).total_seconds())
    after = await caller.truth()
    assert len(after) > len(before)
    assert any(after[key] != before[key] for key in before)


async def test_the_truth_stands_while_the_clock_does(caller):
    assert await caller.truth() == await caller.truth()


async def test_last_update_is_true_only_where_the_list_shows_it(caller):
    caller.panel.switch(last_update="detail")
    assert {row["last_update_timestamp"] for row in (await caller.truth()).values()} == {None}


@pytest.mark.parametrize("path", ["nothing", "eu-1/nothing", "xx-9/orders"])
async def test_an_unknown_truth_is_404(caller, path):
    assert (await caller.http.get(f"/_truth/{path}")).status_code == 404


async def test_a_lever_without_a_json_object_is_400(caller):
    assert (await caller.http.post("/_truth/eu-1/orders/new", content=b"[1]")).status_code == 400
