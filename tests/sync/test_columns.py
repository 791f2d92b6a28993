"""Rows of any form as the columns of a page."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.connectors.columns import columns, one_by_one
from tests.support.wire import ISTANBUL, VALUES, listing, raw

AT = 1745979643
WALL = "2025-04-30 05:20:43"


def page(stream, *rows):
    raws = [raw(row) for row in rows]
    return columns(stream, json.dumps(listing(*rows)).encode(), raws, ISTANBUL, 1)


@pytest.mark.parametrize(
    ("stream", "name"), [("orders", "id"), ("users", "id"), ("payments", "payment_id"), ("tickets", "id")]
)
def test_ids_and_times_come_from_where_the_stream_has_them(stream, name):
    for identity in (5, "5"):
        read = page(stream, {name: identity, "created_timestamp": AT})
        assert (read.keys, read.created) == (["5"], [AT])


def test_one_pass_tells_the_same_as_one_by_one():
    rows = [{"id": number, "created_timestamp": AT - number, "last_update_timestamp": AT} for number in range(1, 9)]
    assert page("tickets", *rows) == one_by_one("tickets", [raw(row) for row in rows], ISTANBUL, 1)


def test_a_payment_without_payment_id_has_an_id():
    assert page("payments", {"id": 5}, {"id": 7, "payment_id": 6}).keys == ["5", "6"]


def test_a_wall_clock_counts_where_it_is_the_rule_and_is_left_out_where_it_is_not():
    told = page("orders", {"id": 1, "created": WALL}, {"id": 2, "created": WALL})
    assert (told.created, told.exact_times) == ([AT, AT], False)
    mixed = page(
        "orders", {"id": 1, "created": WALL}, {"id": 2, "created_timestamp": AT}, {"id": 3, "created_timestamp": AT}
    )
    assert (mixed.created, mixed.exact_times) == ([None, AT, AT], True)


@pytest.mark.parametrize(
    "created", [{}, {"created": None}, {"created": "0000-00-00 00:00:00", "created_timestamp": -62169984000}]
)
def test_no_date_is_no_time(created):
    told = page("users", {"id": 1, **created}, {"id": 2, "created_timestamp": AT})
    assert (told.keys, told.created, told.unread) == (["1", "2"], [None, AT], [])


def test_tickets_tell_when_they_were_touched():
    told = page(
        "tickets",
        {"id": 1, "created_timestamp": AT, "last_update_timestamp": AT + 5},
        {"id": 2, "created_timestamp": AT},
    )
    assert told.touched == [AT + 5, None]


def test_tickets_without_any_update_have_no_such_column():
    assert page("tickets", {"id": 1, "created_timestamp": AT}).touched == []


def test_updates_by_the_wall_clock_are_no_exact_times():
    told = page("tickets", {"id": 1, "created_timestamp": AT, "last_update": WALL})
    assert (told.touched, told.exact_times) == ([AT], False)


def test_an_update_at_no_time_is_the_decoders_matter():
    told = page("tickets", {"id": 1, "created_timestamp": AT, "last_update": "soon"})
    assert (told.keys, told.touched, told.unread) == (["1"], [], [])


def test_a_row_whose_time_is_none_is_set_aside_under_its_id_and_the_others_stay():
    [unread] = (told := page("payments", {"payment_id": 1, "created": ["soon"]}, {"payment_id": 2})).unread
    assert (unread.key, unread.values) == ("1", '{"payment_id":1,"created":["soon"]}')
    assert told.keys == ["2"]


def test_a_row_without_an_id_is_told_apart_by_its_bytes():
    keys = [unread.key for unread in page("users", {"username": "a"}, {"username": "b"}, {"id": 1}).unread]
    assert len(set(keys)) == 2
    assert all(key.startswith("?") for key in keys)


def test_a_digest_is_of_the_bytes_and_the_version():
    first, again, other, newer = (
        one_by_one("users", [raw(row)], ISTANBUL, version).digests
        for row, version in [({"id": 1}, 1), ({"id": 1}, 1), ({"id": 2}, 1), ({"id": 1}, 2)]
    )
    assert first == again
    assert other != first != newer


@given(st.sampled_from(["orders", "users", "payments", "tickets", "services"]), st.lists(VALUES, max_size=6))
def test_every_row_of_any_kind_is_either_keyed_or_unread(stream, rows):
    told = one_by_one(stream, [msgspec.Raw(json.dumps(row).encode()) for row in rows], ISTANBUL, 1)
    assert len(told) == len(rows)
    assert len(told.keys) == len(told.created) == len(told.raws) == len(told.digests)
