"""Both clients on a real socket: what they send, what they send again, how they page, and what is never told of the key."""

import inspect
import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from hyperpanel.client import (
    AsyncClient,
    BadKey,
    Broken,
    Client,
    Cut,
    NoConsole,
    Patience,
    TooFast,
    Unreachable,
    Unsure,
)
from tests.support.scripted import GONE, Said, data, lines, refusal, rows, scripted

pytestmark = pytest.mark.loopback
KEY = "hp_live_0123456789abcanary0canary0canary0canary0canary0"
ONE, TWO, THREE = ({"id": number, "panel": "eu-1"} for number in (1, 2, 3))


def refused(kind, asks, *words):
    with pytest.raises(kind) as problem:
        asks(*words)
    return str(problem.value)


def orders(client):
    return client.orders(order_status=["fail", "error"])


def test_a_list_is_read_page_by_page_to_its_end(asks):
    with scripted(rows(ONE, TWO, cursor="c2"), rows(THREE)) as server:
        assert [order.id for order in asks(server.url, orders, page_size=2)] == [1, 2, 3]
    first, second = (one.path for one in server.seen)
    assert first == "/adminapi/v2/orders?order_status=fail%2Cerror&limit=2"
    assert second == "/adminapi/v2/orders?order_status=fail%2Cerror&limit=2&cursor=c2"


def test_pages_are_fetched_only_as_they_are_needed():
    with scripted(rows(ONE, TWO, cursor="c2"), rows(THREE)) as server, Client(server.url, KEY) as client:
        assert next(iter(client.orders())).id == 1
        assert len(server.seen) == 1


def test_one_page_says_where_the_next_begins(asks):
    with scripted(rows(ONE, cursor="c2")) as server:
        page = asks(server.url, lambda client: client.orders().page(limit=1, offset=5))
    assert (page.rows[0].id, page.count, page.next_cursor) == (1, 1, "c2")
    assert server.seen[0].path == "/adminapi/v2/orders?limit=1&offset=5"


def test_a_perfect_panel_is_read_by_offset_until_a_page_is_empty(asks):
    def panel(*found):
        return data({"count": len(found), "list": found}, pagination={"offset": 0, "limit": 100})

    with scripted(
        panel({"id": 1, "user": "a"}, {"id": 2, "user": "b"}), panel({"id": 3, "user": "c"}), panel()
    ) as server:
        assert [(order.id, order.user) for order in asks(server.url, lambda client: client.orders())] == [
            (1, "a"),
            (2, "b"),
            (3, "c"),
        ]
    assert [one.path.partition("offset=")[2] for one in server.seen] == ["", "2", "3"]


def test_a_panel_that_passes_over_the_offset_is_not_read_for_ever(asks):
    same = data({"count": 1, "list": [{"id": 1, "user": "a"}]}, pagination={"offset": 0, "limit": 100})
    with scripted(same, same, same) as server:
        assert "same page" in refused(NoConsole, asks, server.url, lambda client: client.orders())
    assert len(server.seen) == 2


@pytest.mark.parametrize("bad", [GONE, Said(502, b"<html>"), refusal(503), Said(200, b'{"data": {"list"', cut=3)])
def test_what_passes_is_asked_again(asks, bad):
    with scripted(bad, bad, rows(ONE)) as server:
        assert [order.id for order in asks(server.url, orders)] == [1]
    assert len(server.seen) == 3


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_kept_in_each_form(asks, form):
    now = datetime.now(UTC)
    told = "1" if form == "seconds" else format_datetime(now + timedelta(seconds=1), usegmt=True)
    headers = {"Retry-After": told, "Date": format_datetime(now, usegmt=True)}
    with scripted(refusal(429, headers=headers), rows(ONE)) as server:
        assert len(asks(server.url, orders)) == 1
    first, second = (one.at for one in server.seen)
    assert second - first >= 1


@pytest.mark.parametrize("told", ["1000000000", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_absurd_retry_after_is_not_waited_for(asks, told):
    with (
        scripted(refusal(429, "Wait.", {"Retry-After": told})) as server,
        pytest.raises(TooFast, match="Wait") as refused,
    ):
        asks(server.url, orders)
    assert (refused.value.after or 0) > 10**8
    assert len(server.seen) == 1


def test_a_limit_is_kept_to_and_not_run_into(asks):
    """Sixty a second, none left: the second call goes when one is earned."""
    limit = {"X-RateLimit-Limit": "3600", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "60"}
    with scripted(rows(ONE, cursor="c", headers=limit), rows(TWO, cursor="d", headers=limit), rows(THREE)) as server:
        assert len(asks(server.url, orders)) == 3
    assert len(server.seen) == 3


def test_an_act_is_sent_once(asks):
    for bad, kind in (
        (GONE, Unsure),
        (refusal(500, "Our bug.", error_id="abcd-efgh"), Broken),
        (refusal(429), TooFast),
    ):
        with scripted(bad, data({})) as server, pytest.raises(kind):
            asks(server.url, lambda client: client.run_now("eu-1", "orders"))
        assert [one.method for one in server.seen] == ["POST"]


def test_an_act_says_what_it_wants(asks):
    with scripted(data({"panel": "eu/1", "stream": "orders"})) as server:
        assert asks(server.url, lambda client: client.pause("eu/1", "orders", "Its owner asked.")).panel == "eu/1"
    [seen] = server.seen
    assert (seen.path, seen.body) == ("/adminapi/v2/sync/eu%2F1/orders/pause", b'{"why":"Its owner asked."}')


def test_lines_come_one_by_one(asks):
    with scripted(lines(ONE, TWO, end=2)) as server:
        assert [order.id for order in asks(server.url, lambda client: client.orders().lines())] == [1, 2]
    assert server.seen[0].headers["accept"] == "application/x-ndjson"
    assert server.seen[0].path == "/adminapi/v2/orders"


def test_lines_tell_where_to_go_on():
    with scripted(lines(ONE, TWO, end=2, cursor="c2")) as server, Client(server.url, KEY) as client:
        some = client.orders().lines(limit=2)
        assert (some.next_cursor, [order.id for order in some], some.next_cursor) == ("", [1, 2], "c2")


def test_lines_that_are_not_wanted_are_closed():
    with scripted(lines(ONE, TWO, end=2)) as server, Client(server.url, KEY) as client:
        some = client.orders().lines()
        assert next(some).id == 1
        some.close()
        assert list(some) == []


@pytest.mark.parametrize("cut_off", [lines(ONE, TWO, end=None), lines(ONE, TWO, end=3), lines(ONE, TWO, end=2, cut=40)])
def test_lines_that_lack_their_end_are_an_error(asks, cut_off):
    with scripted(cut_off) as server, pytest.raises(Cut, match="rows"):
        asks(server.url, lambda client: client.orders().lines())
    assert len(server.seen) == 1


def test_lines_of_a_server_that_has_none_are_refused(asks):
    with scripted(rows(ONE)) as server, pytest.raises(NoConsole, match="lists in lines"):
        asks(server.url, lambda client: client.orders().lines())


def test_the_key_goes_nowhere_else(asks):
    with scripted(rows(ONE)) as other, scripted(Said(302, b"", {"Location": other.url})) as server:
        assert refused(NoConsole, asks, server.url, orders).startswith("The address leads on")
        assert (len(server.seen), other.seen) == (1, [])


def test_the_key_is_in_nothing_that_can_be_printed(asks, caplog):
    caplog.set_level(logging.DEBUG)
    with scripted(refusal(401, f"Not {KEY}.")) as server:
        with pytest.raises(BadKey) as refused:
            asks(server.url, orders)
        assert server.seen[0].headers["x-api-key"] == KEY
        client = Client(server.url, KEY)
        client.close()
    told = f"{refused.value!r} {refused.value.__cause__!r} {client!r} {client._core!r} {caplog.text}"
    assert "canary" not in told


def test_a_key_that_would_break_its_header_is_refused_and_not_repeated():
    for bad in ("", "two words", "line\nend", "ké"):
        with pytest.raises(BadKey) as refused:
            Client("https://console.example", bad)
        assert not bad or bad not in str(refused.value)


def test_nobody_at_an_address_is_said_soon(asks):
    with pytest.raises(Unreachable, match=r"Nobody answers at 127\.0\.0\.1:9"):
        asks("http://127.0.0.1:9", orders, Patience(connecting=0))


def test_an_answer_of_another_shape_is_said_to_be_one(asks):
    with scripted(data({"list": "none"})) as server, pytest.raises(NoConsole, match="another shape"):
        asks(server.url, orders)


def test_both_clients_have_the_same_calls():
    def calls(kind):
        return {
            name: [str(one) for one in inspect.signature(call).parameters.values()]
            for name, call in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("_")
        }

    assert calls(Client) == calls(AsyncClient)
