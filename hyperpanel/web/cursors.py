"""A place in a list as part of an address. It names a row by its key, so it holds wherever rows come and go."""

import base64
import binascii
from dataclasses import dataclass

import msgspec

from hyperpanel.db.order_lists import Key
from hyperpanel.db.types import from_micros, micros
from hyperpanel.errors import BadInput

EARLIEST, LATEST = -62_135_596_800_000_000, 253_402_300_799_000_000
"""The years 1 to 9999, which is all that a datetime holds."""

LARGEST_ID = 2**31 - 1
LONGEST = 600


@dataclass(frozen=True)
class Cursor:
    """`number` is the row's place counted from the start of the list, 0 where that is not known."""

    key: Key
    number: int = 0

    def __str__(self) -> str:
        at = None if self.key.created_at is None else micros(self.key.created_at)
        packed = msgspec.json.encode((at, self.key.panel_id, self.key.id, self.number))
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read(text: str) -> Cursor:
    """Raises BadInput for what was not written by this console; what it says is checked like anything typed."""
    try:
        packed = base64.urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text) % 4))
        at, panel_id, order_id, number = msgspec.json.decode(packed, type=tuple[int | None, int, str, int])
    except (binascii.Error, ValueError):
        raise BadInput("a damaged place in the list") from None
    counts = all(0 <= value <= LARGEST_ID for value in (panel_id, number))
    if not counts or not EARLIEST <= (at or 0) <= LATEST or "\x00" in order_id:
        raise BadInput("an impossible place in the list")
    return Cursor(Key(None if at is None else from_micros(at), panel_id, order_id), number)
