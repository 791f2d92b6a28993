"""What every record is made of, in each form in which an upstream may write it."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.connectors import wire
from sync.connectors.wire import WirePerson
from sync.verdicts import UnreadableRecord
from tests.support.wire import ISTANBUL, TEXTS

ANYTHING = msgspec.json.Decoder()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (rb'"\ud83d\ude00"', "😀"),
        (rb'"a\ud83d"', "a\ufffd"),
        (rb'"a\ud83db"', "a\ufffdb"),
        (rb'"\ude00\ud83d\ude00"', "\ufffd😀"),
        (rb'"\\ud83d\ud83d"', "\\ud83d\ufffd"),
        (rb'"\\\ud83d"', "\\\ufffd"),
        (b'"a\xff"', "a\ufffd"),
        (b'"\xed\xa0\x80"', "\ufffd\ufffd\ufffd"),
        (b'"a\nb"', "a b"),
        (b'\xef\xbb\xbf"a"', "a"),
    ],
)
def test_torn_text_is_mended(text, value):
    assert wire.decoded(ANYTHING, text) == value


def test_nul_becomes_a_mark_and_a_written_backslash_stays():
    assert ANYTHING.decode(wire.cleaned(rb'"a\u0000b\\u0000"')) == "a\ufffdb\\u0000"


@given(st.text(st.sampled_from('\\u0dD83ecEfn"'), max_size=40))
def test_mending_touches_nothing_that_was_whole(text):
    whole = msgspec.json.encode(text)
    assert wire.mended(whole) == whole


@given(st.lists(TEXTS))
def test_whatever_text_json_can_write_can_be_stored(texts):
    told = wire.decoded(ANYTHING, wire.cleaned(json.dumps(texts).encode()))
    assert len(told) == len(texts)
    assert not any("\x00" in text or "\ud800" <= max(text, default="") <= "\udfff" for text in told)


def test_what_is_no_json_stays_so():
    with pytest.raises(msgspec.MsgspecError):
        wire.decoded(ANYTHING, b'{"a":')


@pytest.mark.parametrize(
    ("seconds", "text", "moment"),
    [
        (1745979643, None, datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)),
        ("1745979643", "0000-00-00 00:00:00", datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)),
        (None, "2025-04-30 05:20:43", datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)),
        (0, "2025-04-30 05:20:43", datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)),
        (None, "2025-04-30T02:20:43+00:00", datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)),
        (-62169984000, "0000-00-00 00:00:00", None),
        (-62169984000, "-0001-11-30 00:00:00", None),
        (0, "1970-01-01 02:00:00", None),
        ("0", "", None),
        ("", None, None),
        (None, None, None),
        (None, "0001-01-01T00:00:00Z", None),
    ],
)
def test_each_form_of_a_time_is_read(seconds, text, moment):
    assert wire.moment(seconds, text, ISTANBUL) == moment


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (10**15, None),
        (1.5, None),
        ("soon", None),
        (None, "tomorrow"),
        (None, "30/04/2025"),
        (None, "9999-12-31 23:59:59-23:59"),
    ],
)
def test_a_time_that_is_none_is_said(seconds, text):
    with pytest.raises(UnreadableRecord):
        wire.moment(seconds, text, ISTANBUL)


@pytest.mark.parametrize(
    ("value", "read"), [(True, True), (0, False), ("1", True), ("false", False), ("", None), (None, None)]
)
def test_each_form_of_yes_and_no_is_read(value, read):
    assert wire.flag(value, "is_read") is read


@pytest.mark.parametrize("value", [2, -1, "yes please"])
def test_what_is_neither_yes_nor_no_is_said(value):
    with pytest.raises(UnreadableRecord):
        wire.flag(value, "is_read")


def test_a_person_is_a_name_or_an_object_with_one():
    assert wire.person("login") == wire.person(WirePerson(login="login")) == wire.person(WirePerson(username="login"))
    assert (wire.person_id("login"), wire.person_id(WirePerson(7, "login"))) == (None, "7")


def test_a_reason_repeats_no_more_than_the_beginning_of_a_value():
    with pytest.raises(UnreadableRecord) as refused:
        wire.whole("9" * 5000, "quantity")
    assert len(str(refused.value)) < 80
