"""What may be shown of a record that could not be read, and what may not."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.connectors.excerpts import FIELDS, MOST, values
from tests.support.wire import VALUES, Row, raw

SECRETS = {"password": "hunter2", "token": "hunter2", "ip_address": "hunter2", "api_key": "hunter2"}


def shown(stream, row):
    return values(stream, msgspec.Raw(row) if isinstance(row, bytes) else raw(row))


@pytest.mark.parametrize("stream", FIELDS)
def test_only_what_would_have_been_kept_is_shown_at_every_depth(stream):
    nested: Row = {
        **dict.fromkeys(FIELDS[stream], SECRETS),
        **SECRETS,
        "user": {"username": "login", **SECRETS},
        "files": [SECRETS],
    }
    assert "hunter2" not in shown(stream, nested)
    assert "password" not in shown(stream, nested)


def test_values_are_shown_as_they_came():
    row = {
        "id": 5,
        "user": {"id": 7, "username": "login"},
        "charge": {"value": "12,5o", "currency_code": "USD"},
        "quantity": 1.5,
    }
    assert json.loads(shown("orders", row)) == row


def test_long_texts_and_lists_are_cut():
    told = json.loads(shown("messages", {"message": "x" * 100_000, "files": [{"name": "a"}] * 500}))
    assert told["message"] == "x" * 500 + "…"
    assert 0 < len(told["files"]) < 30


def test_numbers_beyond_all_bounds_are_shown_by_their_beginning():
    row = b'{"id":1,"quantity":' + b"9" * 5000 + b',"remains":1e999,"start_count":' + b"9" * 30 + b"}"
    told = json.loads(shown("orders", row))
    assert told == {"id": 1, "quantity": "9" * 20 + "…", "remains": "1e999…", "start_count": "9" * 30}


@pytest.mark.parametrize("text", [b"", b"{", b"7", b"[]", b"null", b"<html>"])
def test_nothing_is_shown_of_what_is_no_record(text):
    assert shown("users", text) is None


def test_the_worst_row_stays_short():
    whole = {name: {"username": "ü" * 9000, "name": ["é" * 9000] * 100} for name in FIELDS["orders"]}
    assert len(shown("orders", whole).encode()) <= MOST


@given(st.sampled_from(sorted(FIELDS)), st.data())
def test_what_is_shown_is_always_short_json_without_nul(stream, data):
    row = data.draw(st.dictionaries(st.sampled_from(FIELDS[stream]), VALUES, max_size=30))
    text = shown(stream, row)
    if text is not None:
        assert len(text.encode()) <= MOST
        assert json.loads(text).keys() <= row.keys()
        assert "\\u0000" not in text
