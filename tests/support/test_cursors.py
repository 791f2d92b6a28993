"""Places in a list: what was not written by this console is a damaged address, never a bug."""

import base64
from datetime import UTC, datetime

import msgspec
import pytest

from hyperpanel.db.lists import Key
from hyperpanel.errors import BadInput
from hyperpanel.support.cursors import EARLIEST, LATEST, Cursor, read


def forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


@pytest.mark.parametrize(
    "at",
    [
        None,
        (datetime(1, 1, 1, tzinfo=UTC),),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),),
        ("USD", 12),
        (-(2**62),),
        ("ş",),
    ],
)
def test_a_place_is_read_as_it_was_written(at):
    cursor = Cursor(Key(at, 1, "x"), 5)
    assert read(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text",
    [
        forged([[-253402300799000000]], 1, "x", 5),
        forged([[EARLIEST - 1]], 1, "x", 5),
        forged([[LATEST + 1]], 1, "x", 5),
        forged([[0]], -1, "x", 5),
        forged([[0]], 1, "x", 2**31),
        forged([[0]], 1, "\x00", 5),
        forged([["0"]], 1, "x", 5),
        forged([2**63], 1, "x", 5),
        forged(["\x00"], 1, "x", 5),
        forged([], 1, "x", 5),
        forged([1, 2, 3, 4, 5], 1, "x", 5),
        forged(0, 1, "x", 5),
        forged([[0]], 1, "x"),
        "ü",
        "a",
    ],
)
def test_a_forged_place_is_bad_input(text):
    with pytest.raises(BadInput):
        read(text)
