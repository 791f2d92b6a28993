"""What an open page is told: news of its own panels and streams alone, what it missed, and nothing once its person is gone."""

import asyncio
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from hyperpanel.db.news import Item
from hyperpanel.db.schema import news, plans, sessions, staff_panels
from hyperpanel.db.schema import staff as people
from hyperpanel.web import hub as module
from hyperpanel.web import tidings
from hyperpanel.web.listeners import WAITING
from tests.support.staged import NOON, PANELS
from tests.support.streams import listening


async def happen(staged, *ids: str, panel: str = "eu-1", stream: str = "orders", arrived: int = 0, **more: Any) -> None:
    """As the store writes it beside the rows."""
    told = json.dumps(ids)
    row = {"panel_id": PANELS[panel], "stream": stream, "at": staged.clock.time, "arrived": arrived, "ids": told}
    async with staged.database.write() as connection:
        await connection.execute(insert(news).values(**{**row, **more}))


async def heard(staged, open_page) -> list[tuple[str, Any]]:
    await staged.console.hub.beat()
    return [(name, data) for name, data, _ in await open_page.told() if name != "ages"]


def told(*ids: str, panel: str = "eu-1", stream: str = "orders", arrived: int = 0) -> tuple[str, Any]:
    return "news", {"stream": stream, "panel": panel, "ids": list(ids), "arrived": arrived}


async def test_live_tells_what_changed_on_the_panels_of_the_page(staged, ana):
    async with listening(staged, ana, "streams=orders&panel=eu-1") as page:
        await happen(staged, "1", "2", arrived=3)
        await happen(staged, "9", panel="us-2")
        await happen(staged, "7", stream="services")
        assert await heard(staged, page) == [told("1", "2", arrived=3)]
        assert await heard(staged, page) == []
        assert page.headers["content-type"].startswith("text/event-stream")
        assert (page.headers["cache-control"], page.headers["x-accel-buffering"]) == ("no-store", "no")
        assert "content-security-policy" in page.headers
        assert "content-encoding" not in page.headers


async def test_live_tells_nobody_of_panels_that_are_not_theirs(staged, ben):
    async with listening(staged, ben) as page:
        await happen(staged, "9", panel="us-2")
        await happen(staged, "1")
        assert await heard(staged, page) == [told("1")]


async def test_several_commits_of_a_second_are_told_as_one(staged, ana):
    async with listening(staged, ana) as page:
        await happen(staged, "1", arrived=1)
        await happen(staged, "2", "1", arrived=1)
        await happen(staged, ids=None, panel="us-2")
        [eu, us] = await heard(staged, page)
        assert eu == told("1", "2", arrived=2)
        assert us[1]["ids"] is None


@pytest.mark.parametrize("since", [{}, {"last-event-id": "1"}])
async def test_what_was_missed_is_told_first(staged, ana, since):
    await happen(staged, "1")
    await happen(staged, "2")
    await happen(staged, "3", panel="us-2")
    query = "streams=orders" if since else "streams=orders&since=1"
    async with listening(staged, ana, query, **since) as page:
        events = await page.told()
        assert [(name, data) for name, data, _ in events] == [told("2"), told("3", panel="us-2")]
        assert [id for _, _, id in events] == [2, 3]
        assert await heard(staged, page) == []


@pytest.mark.parametrize("since", ["1", "999"])
async def test_where_the_ring_does_not_reach_everything_is_read_anew(staged, ana, since):
    for id in ("1", "2", "3"):
        await happen(staged, id)
    async with staged.database.write() as connection:
        await connection.execute(news.delete().where(news.c.number < 3))
    async with listening(staged, ana, f"streams=orders&since={since}") as page:
        assert await page.told() == [("resync", {}, 3)]


async def test_a_page_that_is_up_to_date_is_told_nothing(staged, ana):
    await happen(staged, "1")
    async with listening(staged, ana, "streams=orders&since=1") as page:
        assert await page.told() == []


async def test_ages_are_told_when_they_change(staged, ana):
    async def ages() -> list[Any]:
        staged.clock.time += timedelta(seconds=5)
        await staged.console.hub.beat()
        return [data for name, data, _ in await page.told() if name == "ages"]

    async with listening(staged, ana, "streams=orders&panel=eu-1") as page:
        assert await ages() == [{"at": "2026-03-01T11:59:40Z", "state": "on_time"}]
        assert await ages() == []
        moment = NOON + timedelta(seconds=9)
        await staged.change(plans, {"as_of": moment}, panel_id=1, stream="orders")
        assert await ages() == [{"at": "2026-03-01T12:00:09Z", "state": "on_time"}]
        staged.clock.time += timedelta(seconds=265)
        assert [one["state"] for one in await ages()] == ["late"]


async def test_a_quiet_stream_gives_a_sign_of_life(staged, ana):
    async with listening(staged, ana) as page:
        await heard(staged, page)
        staged.clock.time += timedelta(seconds=16)
        await staged.console.hub.beat()
        assert ":\nid: 0\n\n" in await page.words()
        await staged.console.hub.beat()
        assert await page.words() == ""


async def sign_out(staged) -> None:
    async with staged.database.write() as connection:
        await connection.execute(sessions.delete())


async def disable(staged) -> None:
    await staged.change(people, {"disabled_at": NOON}, username="ben")


async def widen(staged) -> None:
    async with staged.database.write() as connection:
        ben = (await connection.execute(people.select().where(people.c.username == "ben"))).one()
        await connection.execute(insert(staff_panels).values(panel_id=2, staff_id=ben.id))


async def promote(staged) -> None:
    await staged.change(people, {"role": "manager"}, username="ben")


async def sit_idle(staged) -> None:
    staged.clock.time += timedelta(minutes=31)


@pytest.mark.parametrize("change", [sign_out, disable, widen, promote, sit_idle], ids=lambda change: change.__name__)
async def test_a_stream_ends_when_its_person_may_see_something_else(staged, ben, change):
    async with listening(staged, ben) as page:
        await heard(staged, page)
        await change(staged)
        staged.clock.time += timedelta(seconds=5)
        await heard(staged, page)
        assert page.ended.is_set()


@pytest.mark.parametrize("change", [sign_out, disable], ids=lambda change: change.__name__)
async def test_whoever_is_out_is_told_to_leave_at_the_next_look(staged, ben, change):
    async with listening(staged, ben) as page:
        await heard(staged, page)
        await change(staged)
        await happen(staged, "1")
        assert await heard(staged, page) == [("over", {})]
        assert page.ended.is_set()


async def test_whoever_may_see_something_else_is_not_sent_away(staged, ben):
    async with listening(staged, ben) as page:
        await widen(staged)
        assert await heard(staged, page) == []
        assert page.ended.is_set()


async def test_a_stream_ends_after_some_minutes(staged, ana):
    async with listening(staged, ana) as page:
        staged.clock.time += timedelta(minutes=11)
        await heard(staged, page)
        assert page.ended.is_set()


async def test_listening_does_not_keep_a_session_alive(staged, ana):
    staged.clock.time += timedelta(minutes=5)
    async with listening(staged, ana):
        await staged.console.settle()
    [row] = await staged.rows(sessions.select())
    assert row.seen_at == NOON


async def test_all_streams_end_with_the_process(staged, ana):
    async with listening(staged, ana) as page:
        staged.console.hub.close()
        await page.told()
        assert page.ended.is_set()
    async with listening(staged, ana) as late:
        assert late.ended.is_set()


async def test_whoever_leaves_is_forgotten(staged, ana):
    async with listening(staged, ana):
        assert len(staged.console.hub.listeners) == 1
    assert staged.console.hub.listeners == set()


async def test_one_who_does_not_keep_up_looks_at_everything_again(staged, ana):
    async with listening(staged, ana) as page:
        [listener] = staged.console.hub.listeners
        for number in range(WAITING + 1):
            listener.tell(tidings.numbered(tidings.ALIVE, number), number)
        assert await page.told() == [("resync", {}, WAITING)]


async def test_one_person_has_so_many_open_pages(staged, ana, monkeypatch):
    monkeypatch.setattr(module, "MOST_EACH", 1)
    async with listening(staged, ana), listening(staged, ana) as second:
        assert second.status == 429


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("streams=", 422),
        ("streams=orders,staff", 422),
        ("streams=orders&panel=us-2", 404),
        ("streams=orders&panel=nowhere", 404),
    ],
)
async def test_what_cannot_be_listened_to_is_refused_at_once(staged, ben, query, status):
    assert (await ben.get(f"/live?{query}")).status_code == status


async def test_foreign_panels_look_like_missing_ones(staged, ben):
    foreign, missing = [await ben.get(f"/live?streams=orders&panel={name}") for name in ("us-2", "no-2")]
    assert (foreign.status_code, len(foreign.content)) == (missing.status_code, len(missing.content))


async def test_a_stranger_is_asked_to_sign_in(staged):
    answer = await staged.browser().get("/live?streams=orders")
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")


async def test_a_hub_that_broke_down_sends_its_pages_to_come_again(staged, ana, monkeypatch):
    async with listening(staged, ana) as page:
        monkeypatch.setattr(tidings, "together", None)
        await happen(staged, "1")
        task = asyncio.create_task(staged.console.hub.beat())
        task.add_done_callback(staged.console.hub.ended)
        await asyncio.wait([task])
        await page.told()
        assert page.ended.is_set()


async def test_a_page_that_waits_for_the_first_look_ends_with_the_process(staged, ana, monkeypatch):
    tried = asyncio.Event()

    async def down() -> None:
        tried.set()
        raise OperationalError("", {}, Exception())

    hub = staged.console.hub
    monkeypatch.setattr(hub, "begin", down)
    opening = asyncio.create_task(opened(staged, ana))
    await tried.wait()
    hub.close()
    assert (await opening).is_set()


async def opened(staged, browser) -> asyncio.Event:
    async with listening(staged, browser) as page:
        await page.told()
        return page.ended


async def test_nothing_is_told_after_the_end(staged, ana):
    async with listening(staged, ana) as page:
        [listener] = staged.console.hub.listeners
        await page.told()
        listener.end()
        listener.lose(5)
        listener.tell(tidings.numbered(tidings.ALIVE, 5), 5)
        assert await page.told() == []
        assert page.ended.is_set()


def test_a_commit_that_appears_late_is_told_too():
    """PostgreSQL shows number 4 before number 3; what was told once is not told again."""
    hub = module.Hub(SimpleNamespace(is_sqlite=False), None, timedelta(), None)  # type: ignore[arg-type]
    assert hub.back == module.BACK
    items = {number: Item(number, 1, "orders", NOON, 0, (str(number),)) for number in (2, 3, 4)}
    hub.hand_out([items[2], items[4]], are_too_many=False)
    seen = [item.number for item in (items[2], items[3], items[4]) if item.number not in hub.told]
    assert (seen, hub.last) == ([3], 4)
