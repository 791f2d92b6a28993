"""A ticket and a message in each form in which an upstream may write them."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from sync.connectors.ticket_wire import message, ticket
from sync.verdicts import UnreadableRecord
from tests.support.wire import ISTANBUL, raw, spoiled, storable

TICKET = {
    "id": 255,
    "user": {"id": 7, "username": "login"},
    "subject": "Orders - Refill",
    "status": "pending",
    "assignee": "staff",
    "is_read": False,
    "created": "2025-04-30 05:20:43",
    "created_timestamp": 1745979643,
    "last_update": "2025-04-30 05:20:43",
    "last_update_timestamp": 1745979643,
}
FILE = {"name": "a.png", "size": 123, "url": "https://files.example/a.png"}
MESSAGE = {
    "message": "<p>html</p>",
    "sender_name": "login",
    "is_staff": False,
    "is_unread": True,
    "created": "2025-04-30 05:20:43",
    "created_timestamp": 1745979643,
    "files": [FILE],
}
SEEN = datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)


def read(**changes):
    return ticket(raw(TICKET, changes), ISTANBUL)


def said(**changes):
    return message(raw(MESSAGE, changes), ISTANBUL)


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"id": "255"}, "id", "255"),
        ({}, "user_id", "7"),
        ({"user": {"id": 7, "login": "login"}}, "user", "login"),
        ({"user": "login"}, "user", "login"),
        ({"user": "login"}, "user_id", None),
        ({"user": None}, "user", None),
        ({"subject": ""}, "subject", ""),
        ({"status": "Open"}, "status", "open"),
        ({"assignee": None}, "assignee", None),
        ({"assignee": ""}, "assignee", None),
        ({"assignee": ...}, "assignee", None),
        ({"assignee": {"id": 1, "username": "staff"}}, "assignee", "staff"),
        ({"assignee": {"id": 1, "username": "staff", "name": "Ana"}}, "assignee", "Ana"),
        ({"is_read": 1}, "is_read", True),
        ({"is_read": 0}, "is_read", False),
        ({"is_read": ...}, "is_read", None),
        ({"created_timestamp": ...}, "created_at", SEEN),
        ({"last_update_timestamp": ...}, "last_update_at", SEEN),
        ({"last_update": ..., "last_update_timestamp": ...}, "last_update_at", None),
    ],
)
def test_every_form_of_a_ticket_is_read(changes, name, value):
    assert getattr(read(**changes), name) == value


@pytest.mark.parametrize(
    "changes",
    [
        {"user": ...},
        {"subject": ...},
        {"subject": {"text": "help"}},
        {"status": ...},
        {"status": ""},
        {"assignee": 5},
        {"assignee": "x" * 256},
        {"is_read": 7},
        {"last_update_timestamp": "soon"},
    ],
)
def test_a_ticket_that_cannot_be_read_is_said(changes):
    with pytest.raises(UnreadableRecord):
        read(**changes)


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({}, "body", "<p>html</p>"),
        ({"message": "<script>alert(1)</script> \u202e"}, "body", "<script>alert(1)</script> \u202e"),
        ({"message": "a\x00b"}, "body", "a\ufffdb"),
        ({"message": "torn \ud83d"}, "body", "torn \ufffd"),
        ({"message": "   "}, "body", "   "),
        ({"message": "x" * 300_000}, "body", "x" * 300_000),
        ({"message": None}, "body", ""),
        ({"sender_name": None}, "sender", None),
        ({"sender_name": ""}, "sender", None),
        ({"sender_name": ...}, "sender", None),
        ({"is_staff": 1}, "is_staff", True),
        ({"is_unread": ...}, "is_unread", None),
        ({"is_unread": 0}, "is_unread", False),
        ({"created_timestamp": ...}, "created_at", SEEN),
        ({"created": "0000-00-00 00:00:00", "created_timestamp": 0}, "created_at", None),
        ({}, "files", '[{"name":"a.png","size":123,"url":"https://files.example/a.png"}]'),
        ({"files": []}, "files", None),
        ({"files": None}, "files", None),
        ({"files": ...}, "files", None),
        ({"files": [{**FILE, "size": "123"}]}, "files", said().files),
        ({"files": [{**FILE, "size": 123.0, "hash": "dropped"}]}, "files", said().files),
        ({"files": [{"url": "javascript:x"}]}, "files", '[{"name":null,"size":null,"url":"javascript:x"}]'),
        ({"files": ["https://f.example/1"]}, "files", '[{"name":null,"size":null,"url":"https://f.example/1"}]'),
        ({"files": [{"size": "1.2 MB"}]}, "files", '[{"name":null,"size":"1.2 MB","url":null}]'),
    ],
)
def test_every_form_of_a_message_is_read(changes, name, value):
    assert getattr(said(**changes), name) == value


@pytest.mark.parametrize(
    "changes",
    [
        {"message": ...},
        {"message": {"html": "hi"}},
        {"message": "x" * 1_100_000},
        {"is_staff": ...},
        {"is_staff": None},
        {"is_staff": "perhaps"},
        {"sender_name": "x" * 256},
        {"files": {"name": "a.png"}},
        {"files": [{"size": 10**40}]},
    ],
)
def test_a_message_that_cannot_be_read_is_said(changes):
    with pytest.raises(UnreadableRecord):
        said(**changes)


@pytest.mark.parametrize("text", [b"7", b"null", b"[]", b'"hi"', b"{", b""])
def test_what_is_no_object_is_no_message(text):
    with pytest.raises(UnreadableRecord):
        message(text, ISTANBUL)


@given(spoiled(TICKET))
def test_any_value_anywhere_in_a_ticket_is_read_or_refused(row):
    with contextlib.suppress(UnreadableRecord):
        assert storable(ticket(row, ISTANBUL))


@given(spoiled(MESSAGE) | spoiled(FILE).map(lambda file: raw(MESSAGE, {"files": [json.loads(bytes(file))]})))
def test_any_value_anywhere_in_a_message_is_read_or_refused(row):
    with contextlib.suppress(UnreadableRecord):
        assert storable(message(row, ISTANBUL))
