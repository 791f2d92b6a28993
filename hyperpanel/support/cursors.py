"""A place in a list as part of an address. It names a row by its key, so it holds wherever rows come and go."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

import msgspec

from hyperpanel.db.lists import Key, Value
from hyperpanel.db.types import from_micros, micros
from hyperpanel.errors import BadInput

EARLIEST, LATEST = -62_135_596_800_000_000, 253_402_300_799_000_000
"""The years 1 to 9999, which is all that a datetime holds."""

LARGEST_ID = 2**31 - 1
LARGEST = 2**63 - 1
LONGEST = 1200
MOST_VALUES = 4
Packed = tuple[list[int | str | tuple[int]] | None, int, str, int]
"""A time is wrapped, so that it is told apart from a number."""


@dataclass(frozen=True)
class Cursor:
    """`number` is the row's place counted from the start of the list, 0 where that is not known."""

    key: Key
    number: int = 0

    def __str__(self) -> str:
        at = None if self.key.at is None else [packed(value) for value in self.key.at]
        whole = msgspec.json.encode((at, self.key.panel_id, self.key.id, self.number))
        return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def packed(value: Value) -> int | str | tuple[int]:
    return (micros(value),) if isinstance(value, datetime) else value


def read(text: str) -> Cursor:
    """Raises BadInput for what was not written by this console; what it says is checked like anything typed."""
    try:
        whole = base64.urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text) % 4))
        at, panel_id, row_id, number = msgspec.json.decode(whole, type=Packed)
        values = None if at is None else tuple(unpacked(value) for value in at)
    except (binascii.Error, ValueError):
        raise BadInput("a damaged place in the list") from None
    counts = all(0 <= value <= LARGEST_ID for value in (panel_id, number))
    if not counts or (values is not None and not 0 < len(values) <= MOST_VALUES) or "\x00" in row_id:
        raise BadInput("an impossible place in the list")
    return Cursor(Key(values, panel_id, row_id), number)


def unpacked(value: int | str | tuple[int]) -> Value:
    """Raises ValueError for what neither a database nor a calendar holds."""
    if isinstance(value, tuple):
        if not EARLIEST <= value[0] <= LATEST:
            raise ValueError("no such time")
        return from_micros(value[0])
    if (isinstance(value, int) and abs(value) > LARGEST) or (isinstance(value, str) and "\x00" in value):
        raise ValueError("no such value")
    return value
