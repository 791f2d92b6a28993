"""What is asked of each list: nothing that it is not known to take."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sync.connectors.base import Ask
from sync.connectors.queries import address, params
from sync.verdicts import Trouble

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
EVERYTHING: dict[str, Any] = {
    "limit": 50,
    "offset": 80,
    "created_from": NOON,
    "created_to": NOON,
    "ids": ("1", "2"),
    "user": "login",
}
COMMON = {"limit": "50", "offset": "80"}


@pytest.mark.parametrize(
    ("stream", "query"),
    [
        (
            "orders",
            {
                "sort": "date-desc",
                "ids": "1,2",
                "created_from": "1767268800",
                "created_to": "1767268800",
                "user": "login",
            },
        ),
        ("users", {"sort": "created-at-desc", "ids": "1,2", "username": "login"}),
        ("payments", {"sort": "created-at-desc", "username": "login"}),
        ("tickets", {"user": "login"}),
    ],
)
def test_a_list_is_asked_for_what_it_knows(stream, query):
    assert params(Ask(stream, **EVERYTHING)) == {**COMMON, **query}


def test_the_first_page_is_asked_for_without_an_offset():
    assert params(Ask("tickets")) == {"limit": "1000"}


@pytest.mark.parametrize("key", ["pull", "5/reply", "..", "5?x=1", "٥", "5,6", ""])
def test_an_id_that_could_name_another_door_is_in_no_address(key):
    with pytest.raises(Trouble):
        address("orders", key)


def test_a_record_has_an_address():
    assert (address("orders", "5"), address("tickets", "a-5_b")) == ("/orders/5", "/tickets/a-5_b")
