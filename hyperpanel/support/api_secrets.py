"""How a key of the API is written: `hp_live_`, 12 signs by which it is known, 32 secret ones, and 6 that are made of all before them.

The last ones tell a slip of the hand, and whoever searches files for lost keys, that a text is or is not one, without asking any database.
"""

import hashlib
import hmac
import secrets
import string
from dataclasses import dataclass
from zlib import crc32

START = "hp_live_"
SIGNS = string.digits + string.ascii_uppercase + string.ascii_lowercase
ID, SECRET, SUM = 12, 32, 6
"""How many signs of each part: 32 of 62 are 190 random bits, and 6 hold any CRC32."""

LENGTH = len(START) + ID + SECRET + SUM
KNOWN = frozenset(SIGNS)


@dataclass(frozen=True)
class Secret:
    """`text` is shown once, and kept nowhere."""

    id: str
    text: str

    def __repr__(self) -> str:
        return f"Secret(id={self.id!r}, text=***)"


def new_secret() -> Secret:
    key_id = drawn(ID)
    start = f"{START}{key_id}{drawn(SECRET)}"
    return Secret(key_id, start + checksum(start))


def drawn(number: int) -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(number))


def checksum(start: str) -> str:
    left, signs = crc32(start.encode()), ""
    for _ in range(SUM):
        left, at = divmod(left, len(SIGNS))
        signs = SIGNS[at] + signs
    return signs


def id_of(text: str) -> str | None:
    """None for what cannot be a key."""
    rest = text.removeprefix(START)
    if len(text) != LENGTH or len(rest) == len(text) or not KNOWN.issuperset(rest):
        return None
    return rest[:ID] if hmac.compare_digest(checksum(text[:-SUM]), text[-SUM:]) else None


def prefix(key_id: str) -> str:
    """What may be shown of a key."""
    return f"{START}{key_id}"


def hash_of(text: str) -> bytes:
    """A fast one is right for what was drawn: there is nothing to guess from."""
    return hashlib.sha256(text.encode()).digest()
