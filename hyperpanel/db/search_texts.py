"""What of each record is found by any part of it, as the trigrams that both databases index.

A part is looked for by its trigrams, so it has three letters at least. Trigrams are of folded text and made here, for PostgreSQL too: its own
(pg_trgm) leave out what is no letter, and in a database of locale C every letter beyond ASCII. They find candidates; whether a candidate
holds the part is judged by `holds`, on the row itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from zlib import crc32

import xxhash

from hyperpanel.db.folding import fold

LONGEST = 2048
"""Letters of a text that are indexed: a link may have as many."""

MOST_GRAMS = 64
"""Of a part, among which the rarest are looked for."""

TEXTS = {
    "orders": ("link",),
    "users": ("username", "email"),
    "payments": ("memo",),
    "tickets": ("subject",),
    "services": ("name",),
}
"""Columns whose parts are found, by stream. A user's earlier names are found as well."""

PLACES = {stream: place for place, stream in enumerate(TEXTS)}
ROOM = 2**52
"""Numbers of texts that a stream has: they rise with time, so that the newest are found first."""

SLOTS = 64
"""Of one second."""

PRIVATE = 0xE000
BASE = 0x1800
"""Panels are written as three signs that no text has: from the private area."""


@dataclass(frozen=True)
class Sought:
    """The trigrams of a part, and the part itself, folded."""

    text: str
    grams: tuple[str, ...]


def grams(text: str) -> list[str]:
    return list(dict.fromkeys(text[place : place + 3] for place in range(len(text) - 2)))


def sought(text: str) -> Sought | None:
    """None for what is too short."""
    part = fold(text.strip())[:LONGEST]
    found = grams(part)
    return Sought(part, tuple(found[:: len(found) // MOST_GRAMS + 1])) if found else None


def folded(values: Iterable[str | None]) -> str:
    """All texts of a record as one. Between them stands what no part holds."""
    return "\n".join(fold(value)[:LONGEST] for value in values if value)


def digest(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) - 2**63


def holds(values: Iterable[str | None], part: str) -> bool:
    return any(part in fold(value) for value in values if value)


def panel_sign(panel_id: int) -> str:
    """Three signs, as the trigram that stands for a panel."""
    return "".join(chr(PRIVATE + panel_id // BASE**place % BASE) for place in (2, 1, 0))


def hashed(gram: str) -> int:
    """As PostgreSQL's integers have it. Two trigrams that hash alike make a candidate too many."""
    return crc32(gram.encode("utf-8", "surrogatepass")) - 2**31


def span(stream: str) -> tuple[int, int]:
    """The first and the last number of a stream's texts."""
    return PLACES[stream] * ROOM, (PLACES[stream] + 1) * ROOM - 1


def rank(created_at: datetime | None, id: str) -> int:
    """When it came; where that is not told, its own number says what came after what."""
    if created_at is not None:
        return min(max(0, int(created_at.timestamp())), ROOM // SLOTS // 2)
    return min(int(id), ROOM // SLOTS // 2) if id.isascii() and id.isdecimal() and len(id) < 19 else 0


def first_of(stream: str, rank: int) -> int:
    return span(stream)[0] + rank * SLOTS


def numbered(stream: str, ranks: Sequence[int], taken: set[int]) -> list[int]:
    """A number for each, near where it belongs, none of them `taken` (which grows by them)."""
    found, tried = [], dict[int, int]()
    for one in ranks:
        number = next(number for number in count(tried.get(one, first_of(stream, one))) if number not in taken)
        tried[one] = number + 1
        taken.add(number)
        found.append(number)
    return found


def words(record: Any, stream: str) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in TEXTS[stream])
