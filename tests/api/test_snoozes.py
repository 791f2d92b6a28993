"""Services put aside by a script: what it is judged by is kept, everybody sees it, and the log names the key."""

import json
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from hyperpanel.client.console import Snooze
from hyperpanel.db.schema import audit
from tests.support.staged import order

SCOPES = ("snoozes:read", "snoozes:set")
ASIDE = {"panel": "eu-1", "service": "170"}


@pytest.fixture
async def aside(staged, scripts):
    """Service 170 of eu-1 has six orders that are stuck."""
    old = staged.clock.time - timedelta(hours=30)
    await staged.keep(*(order(str(100 + n), created_at=old) for n in range(6)))
    return await scripts.script(*SCOPES)


async def test_it_keeps_what_it_is_judged_by(aside):
    answer = await aside.post("/snoozes", json={**ASIDE, "hours": 6, "why": "Known."})
    made = msgspec.convert(answer.json()["data"], Snooze)
    assert (made.stuck, made.score, made.report_hours, made.wakes) == (6, 70, 24, "time")
    assert made.until is not None
    assert (made.until - made.at, made.why, made.by[:4]) == (timedelta(hours=6), "Known.", "key ")
    assert await aside.rows("/snoozes") == [answer.json()["data"]]


async def test_without_a_word_it_lasts_a_day(aside):
    made = (await aside.post("/snoozes", json=ASIDE)).json()["data"]
    assert (made["until"], made["wakes"]) == ("2026-03-02T12:00:00Z", "time")
    open_end = (await aside.post("/snoozes", json={**ASIDE, "wakes": "worse"})).json()["data"]
    assert (open_end["until"], open_end["wakes"], len(await aside.rows("/snoozes"))) == (None, "worse", 1)


async def test_it_ends_once(staged, aside):
    await aside.post("/snoozes", json=ASIDE)
    ends = [(await aside.call("DELETE", "/snoozes/eu-1/170")).json()["data"]["ended"] for _ in range(2)]
    assert (ends, await aside.rows("/snoozes")) == ([1, 0], [])
    rows = await staged.rows(select(audit.c.action, audit.c.target, audit.c.details).order_by(audit.c.id))
    told = [(row.action, row.target, json.loads(row.details)) for row in rows][-2:]
    assert told == [
        ("snooze", "eu-1/170", {"wakes": "time", "until": "2026-03-02T12:00:00+00:00", "why": ""}),
        ("snooze-end", "eu-1/170", {}),
    ]


WRONG = [
    {"why": "a\0b"},
    {"service": "1\x0070"},
    {"profile": "a\0b"},
    {"wakes": "never"},
    {"hours": 0},
    {"hours": 3000},
    {"until": "2026-03-01T11:00:00Z"},
    {"until": "2026-03-02T11:00:00"},
    {"hours": 2, "until": "2026-03-02T11:00:00Z"},
    {"profile": "mine"},
    {"report_hours": 999},
    {"colour": "red"},
]


@pytest.mark.parametrize("more", WRONG, ids=str)
async def test_what_can_never_end_is_refused(aside, more):
    answer = await aside.post("/snoozes", json={**ASIDE, **more})
    assert (answer.status_code, await aside.rows("/snoozes")) == (400, [])


async def test_what_nobody_ordered_or_may_see_is_not_there(aside):
    for body in (
        {"panel": "eu-1", "service": "999"},
        {"panel": "us-2", "service": "170"},
        {"panel": "zz", "service": "1"},
    ):
        assert (await aside.post("/snoozes", json=body)).status_code == 404
    assert (await aside.call("DELETE", "/snoozes/us-2/170")).status_code == 404
    assert (await aside.call("DELETE", "/snoozes/eu-1/999")).status_code == 404


async def test_reading_and_setting_are_two_scopes(scripts, aside):
    reads, sets = await scripts.script("snoozes:read"), await scripts.script("snoozes:set")
    assert (await reads.post("/snoozes", json=ASIDE)).status_code == 403
    assert (await sets.get("/snoozes")).status_code == 403
    assert (await sets.post("/snoozes", json=ASIDE)).status_code == 200
