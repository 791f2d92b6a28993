"""Changes are followed by a cursor that the caller keeps; one that is too old comes back with a new one."""

from itertools import islice

import pytest

from hyperpanel.client import Client, Expired
from tests.client.conftest import KEY
from tests.support.scripted import data, refusal, scripted

pytestmark = pytest.mark.loopback
GONE = {"stream": "orders", "panel": "eu-1", "id": 7, "at": "2026-03-01T12:00:00Z", "gone": True, "record": None}


def told(*changes, cursor, more=False):
    return data({"list": changes, "count": len(changes), "has_more": more, "next_cursor": cursor})


def test_each_answer_goes_on_where_the_one_before_ended():
    script = (told(cursor="a"), told(GONE, cursor="b", more=True), told(cursor="c"))
    with scripted(*script) as server, Client(server.url, KEY) as client:
        answers = list(islice(client.follow(every=0, streams=["orders", "users"]), 3))
    assert [one.next_cursor for one in answers] == ["a", "b", "c"]
    [change] = answers[1].list
    assert (change.panel, change.id, change.gone) == ("eu-1", 7, True)
    path = "/adminapi/v2/changes?limit=1000&streams=orders%2Cusers"
    assert [one.path for one in server.seen] == [
        path,
        "/adminapi/v2/changes?since=a&limit=1000&streams=orders%2Cusers",
        "/adminapi/v2/changes?since=b&limit=1000&streams=orders%2Cusers",
    ]


def test_there_are_pauses_only_where_there_is_no_more():
    with (
        scripted(told(cursor="a", more=True), told(cursor="b", more=True)) as server,
        Client(server.url, KEY) as client,
    ):
        assert len(list(islice(client.follow("z", every=3600), 2))) == 2


def test_an_old_cursor_ends_it_with_a_new_one():
    with scripted(refusal(410, "Read the lists anew.", cursor="n")) as server, Client(server.url, KEY) as client:
        assert cursor_of(client) == "n"


def cursor_of(client):
    with pytest.raises(Expired, match="anew") as ended:
        next(client.follow("old"))
    return ended.value.cursor
