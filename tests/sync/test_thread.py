"""A ticket's messages, oldest first, however they come."""

import json

import msgspec
import pytest

from sync.connectors import thread
from sync.verdicts import Trouble
from tests.support.wire import ISTANBUL, raw

AT = 1745979643


def said(*messages, ticket="255"):
    return thread.page(raw({"id": 255, "messages": list(messages)}), ticket, ISTANBUL, 1)


def at(seconds, text="hello"):
    return {"message": text, "created_timestamp": AT + seconds}


def wall(time, text="hello"):
    return {"message": text, "created": f"2025-10-26 {time}"}


def texts(page):
    return [bytes(one).split(b'"message": "')[1].split(b'"')[0].decode() for one in page.raws]


def test_messages_come_oldest_first_with_their_places_for_keys():
    page = said(at(0, "a"), at(9, "b"))
    assert (page.keys, page.created, texts(page)) == (["0", "1"], [AT, AT + 9], ["a", "b"])
    assert (page.whole, page.more, len(page.digests)) == (True, False, 2)


def test_the_newest_first_are_turned_round():
    assert texts(said(at(9, "c"), at(5, "b"), at(0, "a"))) == ["a", "b", "c"]


def test_messages_of_one_second_keep_the_direction_of_the_list():
    assert texts(said(at(0, "a"), at(0, "b"), at(9, "c"))) == ["a", "b", "c"]
    assert texts(said(at(9, "c"), at(0, "b"), at(0, "a"))) == ["a", "b", "c"]
    assert texts(said(at(0, "a"), at(0, "b"))) == ["a", "b"]


def test_one_message_out_of_place_is_put_where_it_belongs():
    assert texts(said(at(0, "a"), at(20, "c"), at(10, "b"), at(30, "d"))) == ["a", "b", "c", "d"]


def test_a_message_without_a_time_stays_where_it_stood():
    assert texts(said(at(0, "a"), {"message": "b"}, at(9, "c"))) == ["a", "b", "c"]
    assert texts(said(at(9, "c"), {"message": "b"}, at(0, "a"))) == ["a", "b", "c"]
    assert said({"message": "a"}, 7, None).created == [None] * 3


def test_the_end_of_summer_time_turns_nothing_round():
    berlin = [wall("02:50:00", "a"), wall("02:10:00", "b"), wall("02:20:00", "c"), wall("03:05:00", "d")]
    assert texts(said(*berlin)) == ["a", "b", "c", "d"]
    assert texts(said(*berlin[::-1])) == ["a", "b", "c", "d"]


def test_a_thread_may_be_empty():
    assert len(said()) == 0


@pytest.mark.parametrize(
    "detail", [{"id": 255}, {"id": 255, "messages": None}, {"id": 255, "messages": {}}, {"messages": []}, [], 7]
)
def test_a_ticket_without_messages_is_no_empty_thread(detail):
    with pytest.raises(Trouble) as trouble:
        thread.page(msgspec.Raw(json.dumps(detail).encode()), "255", ISTANBUL, 1)
    assert trouble.value.code == "shape"


def test_another_ticket_is_refused():
    with pytest.raises(Trouble, match="255 came"):
        said(at(0), ticket="256")


def test_a_thread_without_end_is_refused():
    with pytest.raises(Trouble, match="10001 messages"):
        said(*[0] * 10_001)
