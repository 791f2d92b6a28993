"""Lists that are short enough to be read whole, panels and feeds: put in order by a key, and cut into pages that go on behind the last one's."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from hyperpanel.api.errors import BadAsk
from hyperpanel.api.listing import Asked, Page

T = TypeVar("T")
Key = tuple[str, ...]


def page(
    asked: Asked, rows: Sequence[T], key: Callable[[T], Key], falling: bool = False, as_of: datetime | None = None
) -> Page[T]:
    """`key`: of which no two rows have the same."""
    ordered = sorted(rows, key=key, reverse=falling)
    left = ordered
    if asked.cursor:
        last = read(asked.cursor)
        left = [row for row in ordered if (key(row) < last if falling else key(row) > last)]
    some = left[asked.offset : asked.offset + asked.rows]
    has_more = len(left) > asked.offset + len(some) and bool(some)
    return Page(some, written(key(some[-1])) if has_more else "", len(ordered), True, as_of)


def written(key: Key) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read(cursor: str) -> Key:
    try:
        whole = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(whole, type=tuple[str, ...])
    except (binascii.Error, ValueError):
        raise BadAsk("cursor: it is damaged. Give the next_cursor of a page of this list.", ["cursor"]) from None
