"""Lists, whatever of: where they go on, and that lines are whole or seen to be cut."""

import asyncio
import json

import pytest
import structlog
from litestar.exceptions import LitestarException

from hyperpanel.api import listing
from hyperpanel.api.listing import Asked, Page, answer, lines, reply
from hyperpanel.client.envelopes import Health
from hyperpanel.db import api_keys, list_pages
from tests.support.staged import order

NDJSON = {"accept": "application/x-ndjson"}
ROWS = 25


@pytest.fixture
async def filled(staged):
    await staged.keep(*(order(str(1000 + number)) for number in range(ROWS)))


def ids(rows):
    return [row["id"] for row in rows]


async def test_the_next_page_is_where_its_address_leads(filled, script):
    found, path = [], "/orders?limit=10&sort=date-asc"
    while path:
        told = (await script.call("GET", path)).json()
        found += ids(told["data"]["list"])
        path = told["pagination"]["next_page_href"]
        assert told["data"]["count"] == ROWS
        assert "offset=" not in path
    assert found == list(range(1000, 1000 + ROWS))


async def test_an_offset_has_a_page_before_it(filled, script):
    told = (await script.get("/orders", limit=10, offset=15, user="x")).json()["pagination"]
    assert (told["offset"], told["limit"]) == (15, 10)
    assert told["prev_page_href"] == "/adminapi/v2/orders?limit=10&user=x&offset=5"


async def test_addresses_stay_behind_the_panels_own(filled, scripts):
    script = await scripts.script(base="/p/eu-1/adminapi/v2")
    told = (await script.get("/orders", limit=10)).json()["pagination"]
    assert told["next_page_href"].startswith("/p/eu-1/adminapi/v2/orders?limit=10&cursor=")
    assert len((await script.call("GET", told["next_page_href"])).json()["data"]["list"]) == 10


async def test_an_empty_list_goes_nowhere(script):
    told = (await script.get("/orders")).json()
    assert (told["data"], told["error_code"]) == ({"count": 0, "count_is_total": True, "list": []}, 0)
    assert (told["pagination"]["next_page_href"], told["pagination"]["next_cursor"]) == ("", "")


@pytest.mark.parametrize("panel", ["us-2", "zz-9", "eu-1,us-2"])
async def test_panels_that_are_not_the_keys_are_not_there(script, panel):
    assert (await script.get("/orders", panel=panel)).status_code == 404


async def test_panels_are_named_in_any_case_and_several_at_once(staged, scripts):
    await staged.keep(order("1"), order("2", "us-2"), order("3", "dark"))
    script = await scripts.script(panels=None)
    assert sorted(ids(await script.rows("/orders", panel="EU-1, us-2"))) == [1, 2]
    assert (await script.get("/orders", group="nowhere")).status_code == 404


async def test_cursor_and_offset_are_not_given_together(script):
    assert (await script.get("/orders", cursor="x", offset=1)).json()["fields"] == ["cursor", "offset"]


async def test_lines_are_all_rows_and_an_end(filled, script):
    answer = await script.get("/orders", headers=NDJSON)
    *rows, end = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert sorted(ids(rows)) == list(range(1000, 1000 + ROWS))
    assert end == {"end": {"count": ROWS, "next_cursor": ""}}


async def test_lines_with_a_limit_say_where_they_go_on(filled, script):
    *rows, end = [
        json.loads(line) for line in (await script.get("/orders", headers=NDJSON, limit=10)).text.splitlines()
    ]
    assert (len(rows), end["end"]["count"]) == (10, 10)
    on = await script.get("/orders", headers=NDJSON, cursor=end["end"]["next_cursor"])
    assert len(on.text.splitlines()) == ROWS - 10 + 1


async def test_lines_of_nothing_are_an_end(script):
    assert (await script.get("/orders", headers=NDJSON)).text == '{"end":{"count":0,"next_cursor":""}}\n'


async def test_one_page_at_a_time_is_fetched(monkeypatch):
    """However many there are: the next page is not asked for before the last has gone."""
    fetched = []

    async def fetch(part):
        fetched.append(part.cursor)
        return Page([Health()] * 2, next_cursor=str(len(fetched)) if len(fetched) < 3 else "")

    asked = Asked(None, 0, "", [1], wants_lines=True)
    pieces = []
    async for piece in lines(asked, await fetch(asked), fetch):
        pieces.append((len(piece.splitlines()), len(fetched)))
    assert pieces == [(2, 1), (2, 2), (2, 3), (1, 3)]
    assert fetched == ["", "1", "2"]


async def test_lines_end_where_their_limit_does():
    async def fetch(part):
        return Page([Health()] * part.rows, next_cursor="on")

    asked = Asked(1500, 0, "", [1], wants_lines=True)
    pieces = [piece async for piece in lines(asked, Page([Health()] * 1000, next_cursor="on"), fetch)]
    assert sum(len(piece.splitlines()) for piece in pieces) == 1501
    assert pieces[-1] == b'{"end":{"count":1500,"next_cursor":"on"}}\n'


async def test_what_breaks_off_has_no_end(filled, script, monkeypatch):
    async def broken(*_):
        yield b'{"id":1}\n'
        raise ZeroDivisionError

    monkeypatch.setattr(listing, "lines", broken)
    with structlog.testing.capture_logs() as told, pytest.raises(LitestarException):
        await script.get("/orders", headers=NDJSON)
    assert [line["event"] for line in told if line.get("error")] == ["bug", "call"]


async def test_lines_end_with_their_key(filled, script, staged, monkeypatch):
    """Without a last line that says that they are whole."""
    judge, held_back = listing.still_good, []
    monkeypatch.setattr(listing, "AT_ONCE", 10)

    async def revoked(caller):
        async with staged.database.write() as connection:
            await api_keys.revoke(connection, caller.key.id, caller.now)
        held_back.append(caller.key.id)
        await judge(caller)

    monkeypatch.setattr(listing, "still_good", revoked)
    with pytest.raises(LitestarException):
        await script.get("/orders", headers=NDJSON)
    assert len(held_back) == 1


async def test_head_does_not_go_through_the_lines(filled, script, monkeypatch):
    fetched = []
    fetch = list_pages.page

    def noted(*given):
        fetched.append(given)
        return fetch(*given)

    monkeypatch.setattr(listing, "AT_ONCE", 10)
    monkeypatch.setattr(list_pages, "page", noted)
    answer = await script.call("HEAD", "/orders", headers=NDJSON)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, NDJSON["accept"], b"")
    assert len(fetched) == 1


async def test_a_client_that_goes_ends_the_reading(filled, script, monkeypatch):
    """Where nobody takes the answer, no further page is read."""
    ended = asyncio.Event()

    async def endless(*_):
        try:
            while True:
                yield b"{}\n"
                await asyncio.sleep(0)
        finally:
            ended.set()

    monkeypatch.setattr(listing, "lines", endless)
    app, taken = script.client._transport.app, asyncio.Event()

    async def receive():
        await taken.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.body":
            taken.set()

    headers = [(b"x-api-key", script.client.headers["x-api-key"].encode()), (b"accept", b"application/x-ndjson")]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/adminapi/v2/orders",
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 1),
    }
    async with asyncio.timeout(10):
        await app({**scope, "raw_path": b"/adminapi/v2/orders"}, receive, send)
        await ended.wait()


async def test_a_reply_without_lines_is_an_envelope():
    async def fetch(_):
        return Page([Health()], count=1)

    told = await reply(Asked(100, 0, "", [1], path="/x"), fetch)
    assert told == answer(Asked(100, 0, "", [1], path="/x"), Page([Health()], count=1))


async def test_a_group_without_a_name_is_refused(scripts):
    """It would be all panels that are in none."""
    script = await scripts.script(panels=None)
    assert (await script.get("/orders", group=" ")).json()["fields"] == ["group"]


async def test_a_cursor_is_of_one_list_in_one_order(staged, script):
    await staged.keep(*(order(str(1000 + number)) for number in range(5)))
    cursor = (await script.get("/orders", limit=2)).json()["pagination"]["next_cursor"]
    assert (await script.get("/orders", limit=2, cursor=cursor, sort="date-desc")).status_code == 200
    for path, sort in (("/orders", "date-asc"), ("/payments", "created-at-desc"), ("/tickets", "created-at-desc")):
        answer = await script.get(path, cursor=cursor, sort=sort)
        assert (answer.status_code, answer.json()["fields"]) == (400, ["cursor"])
