"""Tickets over the API: the last touched first, and one with its messages, as hostile as they came."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from hyperpanel.api import listing
from hyperpanel.api import tickets as module
from hyperpanel.db.schema import messages, threads, tickets
from tests.support.api_shelf import row, shelf_over
from tests.support.staged import NOON, PANELS

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
FILES = '[{"name":"a.png","size":123,"url":"https://files.example/a.png"}]'


@pytest.fixture
async def shelf(database_url):
    async with shelf_over(database_url) as made:
        yield made


def ticket(id: str, panel: str = "eu-1", hours: int = 1, **changes: Any) -> dict[str, Any]:
    touched = {"last_update_at": NOON - timedelta(hours=hours), "created_at": NOON - timedelta(hours=9 + hours)}
    return row("tickets", id, panel, **{**touched, **changes})


def message(place: int, body: str = "<p>hello</p>", **changes: Any) -> dict[str, Any]:
    told = {"sender": "kadir", "is_staff": False, "is_unread": True, "body": body, "files": None}
    seen = {"observed": 1, "digest": 1, "fields": 1, "first_seen_at": NOON, "seen_at": NOON, "gone_at": None}
    at = {"place": place, "created_at": NOON + timedelta(minutes=place)}
    return {"panel_id": PANELS["eu-1"], "ticket_id": "255", "id": f"m{place}", **told, **seen, **at, **changes}


ASKED: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [3, 2, 1]),
    ({"sort": "last-update-asc"}, [1, 2, 3]),
    ({"sort": "created-at-desc"}, [3, 2, 1]),
    ({"user": "ayşe"}, [2]),
    ({"status": "Closed,pending"}, [3, 1]),
    ({"user": "kadir", "status": "closed"}, [1]),
    ({"updated_to": int((NOON - timedelta(hours=2)).timestamp())}, [2, 1]),
    ({"updated_from": int((NOON - timedelta(hours=2)).timestamp()), "limit": 1}, [3]),
    ({"created_from": int((NOON - timedelta(hours=10)).timestamp())}, [3]),
    ({"ids": "2"}, [2]),
]


async def test_a_filter_gives_all_its_rows_and_no_other(shelf):
    await shelf.keep(
        "tickets",
        ticket("1", hours=3, status="closed"),
        ticket("2", "us-2", hours=2, status="answered", user="ayşe"),
        ticket("3", hours=1),
    )
    script = await shelf.script()
    assert [(query, await script.ids("tickets", **query)) for query, _ in ASKED] == ASKED


async def test_a_ticket_is_told_as_its_panel_tells_it_with_its_messages(shelf):
    await shelf.keep("tickets", ticket("255", assignee="max", status_raw="Pending"))
    late = message(3, "<p>gone</p>", gone_at=NOON)
    await shelf.put(messages, message(2, "<p>b</p>", is_staff=True, files=FILES), message(1, HOSTILE), late)
    read = {"panel_id": 1, "ticket_id": "255", "read_for": 1, "digest": 1, "observed": 1, "messages": 2}
    await shelf.put(threads, read | {"read_at": NOON})
    script = await shelf.script()
    found, [listed] = await script.one("tickets/255"), await script.listed("tickets")
    assert {name: found[name] for name in listed} == listed
    assert listed["user"] == {"username": "kadir", "id": 7}
    assert (listed["status"], listed["state"], listed["assignee"]) == ("Pending", "pending", "max")
    assert [(one["message"], one["is_staff"], one["files"]) for one in found["messages"]] == [
        (HOSTILE, False, []),
        ("<p>b</p>", True, [{"name": "a.png", "size": 123, "url": "https://files.example/a.png"}]),
    ]
    assert found["messages"][0]["created_timestamp"] == int(NOON.timestamp()) + 60
    assert (found["messages_before"], found["messages_as_of"]) == (0, "2026-03-01T12:00:00Z")


async def test_hostile_html_is_sent_as_data_that_no_browser_runs(shelf):
    await shelf.keep("tickets", ticket("255"))
    await shelf.put(messages, message(1, HOSTILE))
    answer = await (await shelf.script()).get("tickets/255")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_long_thread_is_told_from_its_end_and_a_long_message_is_cut(shelf, monkeypatch):
    monkeypatch.setattr(module, "MOST_MESSAGES", 3)
    await shelf.keep("tickets", ticket("255"))
    await shelf.put(messages, *(message(place) for place in range(1, 5)), message(5, "ş" * 70_000))
    found = await (await shelf.script()).one("tickets/255")
    assert [one["created_timestamp"] - int(NOON.timestamp()) for one in found["messages"]] == [180, 240, 300]
    assert found["messages_before"] == 2
    assert [(len(one["message"]), one["is_cut"]) for one in found["messages"]][-1] == (65_536, True)


async def test_a_ticket_that_was_never_opened_has_no_messages_yet(shelf):
    await shelf.keep("tickets", ticket("255"))
    found = await (await shelf.script()).one("tickets/255")
    assert (found["messages"], found["messages_as_of"]) == ([], None)


async def test_lines_of_all_tickets_lack_none_that_is_touched_meanwhile(shelf, monkeypatch):
    """They come by when they were made; a list by when they were touched would pass it over."""
    monkeypatch.setattr(listing, "AT_ONCE", 5)
    await shelf.keep("tickets", *(ticket(str(n), last_update_at=NOON - timedelta(hours=n)) for n in range(1, 13)))
    judge = listing.still_good

    async def touched(caller):
        async with shelf.database.write() as connection:
            await connection.execute(update(tickets).where(tickets.c.id == "12").values(last_update_at=NOON))
        await judge(caller)

    monkeypatch.setattr(listing, "still_good", touched)
    answer = await (await shelf.script()).get("tickets", as_lines=True)
    *rows, end = [json.loads(line) for line in answer.text.splitlines()]
    assert (sorted(one["id"] for one in rows), end["end"]["count"]) == ([*range(1, 13)], 12)
