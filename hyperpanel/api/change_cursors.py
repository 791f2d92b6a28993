"""Where a follower of changes stands, as the text that it gives back: the place, the streams that it follows, the panels that it was told of.

The panels stand in it because nothing else could tell a follower that one is gone: of a panel that was removed no row is left to say so. It is
no secret and is not trusted: what it names is told only so far as the key may see it.
"""

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from hyperpanel.api.errors import BadAsk
from hyperpanel.db.changes import STREAMS, Place
from hyperpanel.db.types import from_micros, micros

VERSION = 1
LONGEST = 12_000
LARGEST = 200_000
"""Letters of a cursor, and bytes of what stands in it."""

ROOM = 6_000
"""Letters up to which names stand in it. Many long ones would not fit into an address, so that of each a digest stands there instead."""

DIGEST = "\x00"


class Known(NamedTuple):
    """A panel as it was when it was told of; `terms`: what else its records are written by, empty where it has to be read anew."""

    name: str
    terms: str

    def is_called(self, name: str | None) -> bool:
        return name is not None and self.name in (name, digest(name))

    @property
    def is_digest(self) -> bool:
        return self.name.startswith(DIGEST)


class Written(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    version: int
    written: int
    number: int
    at: int
    taken: int | None
    streams: tuple[str, ...]
    panels: dict[int, Known]


DECODER = msgspec.json.Decoder(Written)


@dataclass(frozen=True)
class Cursor:
    """`panels`: each by its number."""

    place: Place
    streams: frozenset[str]
    panels: Mapping[int, Known]


def dump(cursor: Cursor) -> str:
    place = cursor.place
    streams = tuple(name for name in STREAMS if name in cursor.streams)
    panels = {number: cursor.panels[number] for number in sorted(cursor.panels)}
    one = Written(VERSION, place.written, place.number, micros(place.at), place.taken, streams, panels)
    if len(text := packed(one)) <= ROOM:
        return text
    short = {number: known._replace(name=digest(known.name)) for number, known in panels.items()}
    return packed(msgspec.structs.replace(one, panels=short))


def packed(one: Written) -> str:
    return urlsafe_b64encode(zlib.compress(msgspec.json.encode(one), 9)).rstrip(b"=").decode()


def digest(name: str) -> str:
    """Of a digest itself the same."""
    if name.startswith(DIGEST):
        return name
    return DIGEST + urlsafe_b64encode(blake2b(name.encode(), digest_size=6).digest()).decode()


def load(text: str) -> Cursor:
    """Raises BadAsk for what no console has written."""
    try:
        one = DECODER.decode(unpacked(text))
        place = Place(one.written, one.number, from_micros(one.at), one.taken)
    except (ValueError, OverflowError, zlib.error, binascii.Error, msgspec.MsgspecError):
        raise bad() from None
    if one.version != VERSION or min(one.written, one.number, one.taken or 0) < 0 or not set(one.streams) <= {*STREAMS}:
        raise bad()
    if max(one.written, one.number) >= 1 << 62 or not 2000 <= place.at.year < 9000:
        raise bad()
    return Cursor(place, frozenset(one.streams), one.panels)


def unpacked(text: str) -> bytes:
    opened = zlib.decompressobj()
    packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    found = opened.decompress(packed, LARGEST)
    if not opened.eof:
        raise ValueError("too long, or cut off")
    return found


def bad() -> BadAsk:
    told = "since: this is no cursor of changes. Give back next_cursor as it came, or leave it out to begin at this moment."
    return BadAsk(told, ["since"])
