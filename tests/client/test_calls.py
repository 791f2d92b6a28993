"""What was asked, as the API writes it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hyperpanel.client.calls import Call, place, query

NOON = datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=3)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("fail", "fail"),
        (["fail", "error"], "fail,error"),
        ((1, 2), "1,2"),
        (7, "7"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
    ],
)
def test_a_value_is_written_as_the_api_reads_it(value, text):
    assert query({"x": value}) == {"x": text}


def test_what_does_not_matter_is_left_out():
    assert query({"x": None}) == {}


@pytest.mark.parametrize("value", ["", " ", [], (), [""]])
def test_none_of_them_is_never_taken_for_all(value):
    with pytest.raises(ValueError, match="x is empty"):
        query({"x": value})


def test_a_moment_is_in_seconds_where_a_panel_wants_them():
    assert query({"created_from": NOON, "at": NOON}) == {
        "created_from": "1772366400",
        "at": "2026-03-01T12:00:00+00:00",
    }
    assert int(NOON.timestamp()) == 1772366400


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        query({"created_from": datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)})


def test_a_name_with_any_character_stays_one_part_of_a_path():
    assert place("panels", "a/../b ?#é") == "/panels/a%2F..%2Fb%20%3F%23%C3%A9"


def test_only_reading_is_safe_to_repeat():
    assert Call("/orders").is_safe
    assert not Call("/sync/eu-1/orders", method="POST").is_safe
    assert Call("/sync/eu-1/orders", method="POST").content == b"{}"
