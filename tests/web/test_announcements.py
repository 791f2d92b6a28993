"""Announcements: written by managers, a line on everybody's dashboard until each has read it, and a page that keeps them."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import announcements
from hyperpanel.db.schema import announcement_reads, audit
from hyperpanel.db.schema import announcements as table
from tests.support.staged import NOON

HERE = "/announcements"
GOOD = {
    "title": "The panel moves tonight",
    "body": "From **22:00** on.",
    "tone": "warning",
    "until": "2026-03-02 08:00",
}


async def announce(browser, **changes):
    return await browser.post(f"{HERE}/new", data={**GOOD, **changes})


async def read(browser, id="1", **more):
    return await browser.post(f"{HERE}/read", data={"announcement": id, **more})


def seen(page: str) -> str:
    [found] = re.findall(r'name="seen" value="(\d+)"', page)
    return str(found)


def titles(page: str) -> list[str]:
    return re.findall(r"<h3>\s*<bdi>(.*?)</bdi>", page)


def lines(page: str) -> list[str]:
    return re.findall(r'class="told-title"[^>]*><bdi>(.*?)</bdi>', page)


async def test_index_is_for_everybody_and_writing_for_managers(staged):
    for name, status in (("ana", 200), ("max", 200), ("ben", 403), ("vic", 403)):
        browser = await staged.signed_in(name)
        page = await browser.get(HERE)
        assert page.status_code == 200
        assert ("/announcements/new" in page.text) == (status == 200)
        assert (await browser.get(f"{HERE}/new")).status_code == status
        assert (await announce(browser)).status_code in (303, 403)
    assert len(await staged.rows(select(table))) == 2


async def test_index_shows_what_is_current_and_what_was(staged, ana):
    await announce(ana, title="Over soon", until="2026-03-01 12:05")
    await announce(ana, title="Stays", until="")
    staged.clock.time += timedelta(minutes=10)
    page = (await ana.get(HERE)).text
    now, past = page.partition('id="past-title"')[::2]
    assert (titles(now), titles(past)) == (["Stays"], ["Over soon"])
    assert "From <strong>22:00</strong> on." in now


async def test_index_goes_on_where_a_page_ends(staged, ana, monkeypatch):
    monkeypatch.setattr(announcements, "PAGE", 2)
    monkeypatch.setattr("hyperpanel.web.announcements.PAGE", 2)
    for number in range(5):
        await announce(ana, title=str(number), until="2026-03-01 12:01")
    staged.clock.time += timedelta(minutes=10)
    page, found = (await ana.get(HERE)).text, []
    while older := re.search(r'href="([^"]+)"\s+rel="next"', page):
        found += titles(page)
        page = (await ana.get(older[1])).text
    assert [*found, *titles(page)] == ["4", "3", "2", "1", "0"]


async def test_index_tells_managers_how_many_have_read_it(staged, ana, ben):
    await announce(ana)
    await read(ben)
    cy = (await staged.person("cy")).id
    await staged.keep({"announcement_id": 1, "staff_id": cy, "at": NOON}, table=announcement_reads)
    assert "read by 1 of 5 people" in (await ana.get(HERE)).text
    assert "read by" not in (await ben.get(HERE)).text


async def test_the_dashboard_has_a_line_until_it_is_read(ana, ben):
    await announce(ana, title="For all")
    assert lines((await ben.get("/")).text) == ["For all"]
    answer = await read(ben, next="/?panel=eu-1")
    assert answer.headers["location"] == "/?panel=eu-1"
    assert lines((await ben.get("/")).text) == []
    assert lines((await ana.get("/")).text) == ["For all"]


async def test_the_dashboard_has_warnings_first_and_nothing_that_is_over(staged, ana):
    await announce(ana, title="A warning")
    await announce(ana, title="News", tone="info")
    await announce(ana, title="Over soon", until="2026-03-01 12:05")
    staged.clock.time += timedelta(minutes=10)
    assert lines((await ana.get("/")).text) == ["A warning", "News"]


async def test_reading_twice_is_reading_once(staged, ana, ben):
    await announce(ana)
    for _ in range(2):
        assert (await read(ben)).status_code == 303
    assert len(await staged.rows(select(announcement_reads))) == 1


async def test_new_says_what_is_wrong_beside_it(staged, ana):
    answer = await announce(ana, title=" ", body="x" * 10_001, until="soon", tone="loud")
    assert answer.status_code == 422
    for told in ("Give it a title.", "At most 10,000 characters", "Write a time like", "Choose one of these."):
        assert told in answer.text
    assert "This time has passed already." in (await announce(ana, until="2026-03-01 11:00")).text
    assert await staged.rows(select(table)) == []


async def test_new_reads_times_by_the_clock_of_whoever_writes(staged, ana):
    await ana.post("/preferences", data={"time_zone": "Europe/Istanbul"})
    await announce(ana, until="2026-03-01 16:00")
    [row] = await staged.rows(select(table))
    assert row.until == NOON + timedelta(hours=1)


async def change(browser, **changes):
    page = (await browser.get(f"{HERE}/edit?announcement=1")).text
    return await browser.post(f"{HERE}/edit", data={**GOOD, "announcement": "1", "seen": seen(page), **changes})


async def test_edit_changes_it_and_says_who(staged, ana, ben):
    await announce(ana)
    await read(ben)
    page = (await ana.get(f"{HERE}/edit?announcement=1")).text
    assert 'value="2026-03-02 08:00:00"' in page
    staged.clock.time += timedelta(minutes=1)
    max = await staged.signed_in("max")
    assert (await change(max, title="Tomorrow")).headers["location"] == f"{HERE}?done=saved"
    assert "changed by <bdi>max</bdi>" in (await ana.get(HERE)).text
    assert lines((await ben.get("/")).text) == []


async def test_edit_shows_it_again_if_that_is_wanted(ana, ben):
    await announce(ana)
    await read(ben)
    await change(ana, title="Tomorrow", again="yes")
    assert lines((await ben.get("/")).text) == ["Tomorrow"]


async def test_edit_by_two_tells_the_second_and_loses_nothing(staged, ana):
    await announce(ana)
    stamp = seen((await ana.get(f"{HERE}/edit?announcement=1")).text)
    await change(await staged.signed_in("max"), title="First")
    second = {**GOOD, "announcement": "1", "seen": stamp, "title": "Second"}
    answer = await ana.post(f"{HERE}/edit", data=second)
    assert answer.status_code == 409
    assert "changed or ended after you opened it" in answer.text
    assert re.search(r"<pre[^>]*>First", answer.text)
    assert 'value="Second"' in answer.text
    again = await ana.post(f"{HERE}/edit", data={**second, "seen": seen(answer.text)})
    assert again.status_code == 303


async def test_edit_with_something_wrong_keeps_the_version_it_was_opened_with(ana):
    await announce(ana)
    stamp = seen((await ana.get(f"{HERE}/edit?announcement=1")).text)
    answer = await change(ana, title="")
    assert (answer.status_code, seen(answer.text)) == (422, stamp)


async def test_it_is_ended_early_and_that_is_undone(staged, ana, ben):
    await announce(ana)
    staged.clock.time += timedelta(minutes=1)
    ended = await ana.post(f"{HERE}/end", data={"announcement": "1"})
    assert lines((await ben.get("/")).text) == []
    page = (await ana.get(ended.headers["location"])).text
    assert "/announcements/resume" in page
    assert (await ana.get(f"{HERE}/edit?announcement=1")).status_code == 404
    assert "/announcements/resume" not in (await ben.get(ended.headers["location"])).text
    await ana.post(f"{HERE}/resume", data={"announcement": "1"})
    assert lines((await ben.get("/")).text) == [GOOD["title"]]


@pytest.mark.parametrize("act", ["read", "end", "resume"])
async def test_one_that_is_not_there_is_missing(ana, act):
    assert (await ana.post(f"{HERE}/{act}", data={"announcement": "7"})).status_code == 404


async def test_each_act_is_in_the_audit(staged, ana):
    await announce(ana)
    await change(ana, title="Tomorrow")
    for act in ("read", "read", "end", "resume", "resume"):
        await ana.post(f"{HERE}/{act}", data={"announcement": "1"})
    rows = await staged.rows(select(audit).where(audit.c.action.like("announcement-%")).order_by(audit.c.id))
    acts = [row.action.removeprefix("announcement-") for row in rows]
    assert acts == ["add", "edit", "read", "end", "resume"]
    details = json.loads(rows[1].details)
    assert (details["before"]["title"], details["after"]["title"]) == (GOOD["title"], "Tomorrow")


async def test_a_title_is_text_and_nothing_else(ana):
    await announce(ana, title="<b>x</b>\u202e", body="<img src=x onerror=alert(1)>")
    for path in (HERE, "/"):
        page = (await ana.get(path)).text.partition("<main")[2]
        assert "<b>" not in page
        assert "<img" not in page
        assert "U+202E" in page


async def test_resume_says_where_the_end_has_passed(staged, ana):
    await announce(ana, until="2026-03-01 12:10")
    await ana.post(f"{HERE}/end", data={"announcement": "1"})
    staged.clock.time += timedelta(minutes=20)
    answer = await ana.post(f"{HERE}/resume", data={"announcement": "1"})
    assert "Its end has passed meanwhile" in (await ana.get(answer.headers["location"])).text
