"""Panels as scripts see them: those of the key, how each stands and why, and never a key or an address."""

from datetime import timedelta

import msgspec
from sqlalchemy import update

from hyperpanel.client.console import Panel
from hyperpanel.db import panels
from hyperpanel.db.schema import plans


async def test_each_panel_tells_how_it_stands(staged, scripts):
    script = await scripts.script("panels:read", panels=None)
    await staged.change(plans, {"as_of": staged.clock.time}, panel_id=1)
    found = {row["name"]: row for row in await script.rows("/panels")}
    assert {name: row["state"] for name, row in found.items()} == {
        "eu-1": "on_time",
        "us-2": "on_time",
        "dark": "never",
    }
    assert found["dark"]["reason"] == "dark (orders) has not been read yet."
    assert found["eu-1"]["streams"][0] == {
        "stream": "orders",
        "state": "on_time",
        "lag": 0.0,
        "as_of": "2026-03-01T12:00:00Z",
        "rows": 0,
    }
    assert all(msgspec.convert(row, Panel) for row in found.values())


async def test_neither_keys_nor_addresses_leave(scripts):
    text = (await (await scripts.script("panels:read", panels=None)).get("/panels")).text
    assert "http" not in text.replace("http_", "")
    assert "admin_key" not in text


async def test_a_pause_says_who_and_why(staged, scripts):
    async with staged.database.write() as connection:
        await panels.pause(connection, 1, None, "ana", "Its owner moves it.", staged.clock.time)
    told = await (await scripts.script("panels:read")).data("/panels/eu-1")
    assert (told["state"], told["reason"]) == ("paused", "eu-1 was paused by ana. Its owner moves it.")
    assert told["paused"] == {
        "by": "ana",
        "why": "Its owner moves it.",
        "at": "2026-03-01T12:00:00Z",
        "whole_panel": True,
    }


async def test_a_foreign_panel_is_none(scripts):
    script = await scripts.script("panels:read")
    assert [row["name"] for row in await script.rows("/panels")] == ["eu-1"]
    foreign, missing = await script.get("/panels/us-2"), await script.get("/panels/zz-9")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.json()["error_message"] == missing.json()["error_message"]


async def test_pages_go_on_behind_the_last(scripts):
    script = await scripts.script("panels:read", panels=None)
    first = (await script.get("/panels", limit=2)).json()
    assert (first["data"]["count"], [row["name"] for row in first["data"]["list"]]) == (3, ["dark", "eu-1"])
    second = (await script.get(first["pagination"]["next_page_href"])).json()
    assert [row["name"] for row in second["data"]["list"]] == ["us-2"]
    assert second["pagination"]["next_page_href"] == ""
    assert (await script.get("/panels", cursor="zzz")).status_code == 400


async def test_lines_end_with_their_number(scripts):
    script = await scripts.script("panels:read", panels=None)
    lines = (await script.get("/panels", headers={"accept": "application/x-ndjson"})).text.splitlines()
    assert (len(lines), lines[-1]) == (4, '{"end":{"count":3,"next_cursor":""}}')


async def test_a_late_panel_says_so(staged, scripts):
    async with staged.database.write() as connection:
        long_ago = staged.clock.time - timedelta(days=1)
        await connection.execute(update(plans).where(plans.c.panel_id == 1).values(as_of=long_ago))
    told = await (await scripts.script("panels:read")).data("/panels/eu-1")
    assert (told["state"], told["reason"]) == ("late", "eu-1 (orders) has not been read in time.")
    assert told["streams"][0]["lag"] == 86_400
