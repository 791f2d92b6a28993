"""The forms in which Perfect Panel and its kin write the same thing, read into one: ids, numbers, money, times, people, flags.

Facts are from the upstream protocol notes: `user` is a name in orders and an object elsewhere, ids are numbers or numeric strings,
amounts are strings, numbers or objects, times come as unix seconds or as a wall clock without zone, and where there is none PHP writes
`0000-00-00`, or a second long before Christ.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from sync import money
from sync.records import folded
from sync.verdicts import UnreadableRecord

Id = int | str
Number = int | str | float | None
Flag = bool | int | str | None
Decoded = TypeVar("Decoded")
NULL = b"null"
NOTHING = msgspec.Raw(NULL)
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, money.UnreadableAmount, UnreadableRecord)
"""All that a decoder may run into; what else is raised is our bug."""
SMALLEST, LARGEST = -(2**63), 2**63 - 1
BEYOND = 253402214400
"""The year 10 000, in unix seconds."""
LONGEST_NAME = 255
LONGEST_CODE = 16
LARGEST_RECORD = 256 * 1024
LARGEST_MENDED = 4 * 2**20
MOST_ODD = 100_000
"""Escaped surrogates in what is mended: each is a piece of its own until all is put together."""

FLAGS = {0: False, 1: True, "0": False, "1": True, "false": False, "true": True}
CONTROLS = bytes.maketrans(bytes(range(32)), b" " * 32)
ODD_ESCAPES = re.compile(
    rb"(?<!\\)((?:\\\\)*)"
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\u0000)"
)
"""Whole surrogate pairs, halves of one, and NUL."""
A_PAIR = 12


class WireMoney(msgspec.Struct, gc=False):
    value: msgspec.Raw
    currency_code: str | None = None


class WirePerson(msgspec.Struct, gc=False):
    """A user or one of the staff."""

    id: Id | None = None
    username: str | None = None
    login: str | None = None
    name: str | None = None


MONEY = msgspec.json.Decoder(WireMoney)
TEXT = msgspec.json.Decoder(str)


def read(decoder: msgspec.json.Decoder[Decoded], raw: msgspec.Raw, most: int = LARGEST_RECORD) -> Decoded:
    """One record, with nothing in its texts that PostgreSQL refuses."""
    return decoded(decoder, cleaned(bounded(raw, most), most))


def decoded(decoder: msgspec.json.Decoder[Decoded], text: bytes) -> Decoded:
    """JSON as strict as it should come, else mended: one customer's torn emoji must not hide a thousand other records."""
    try:
        return decoder.decode(text)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        if len(text) > LARGEST_MENDED or text.count(b"\\ud") + text.count(b"\\uD") > MOST_ODD:
            raise
        return decoder.decode(mended(text))


def bounded(raw: msgspec.Raw, most: int = LARGEST_MENDED) -> bytes:
    """Its bytes, if there are not too many of them to be copied."""
    if (size := memoryview(raw).nbytes) > most:
        raise UnreadableRecord(f"{size} bytes in one record")
    return bytes(raw)


def cleaned(raw: bytes, most: int = LARGEST_RECORD) -> bytes:
    """NUL is valid in JSON text and in no PostgreSQL text: it becomes U+FFFD."""
    if len(raw) > most:
        raise UnreadableRecord(f"{len(raw)} bytes in one record")
    has_nul = b"\\" in raw and b"\\u0000" in raw  # to look for one byte first makes a record a sixth cheaper to decode
    return ODD_ESCAPES.sub(mark, raw) if has_nul else raw


def mended(text: bytes) -> bytes:
    """Without a byte order mark, bytes that are no UTF-8, halves of surrogate pairs, and bare control characters."""
    text = text.removeprefix(b"\xef\xbb\xbf").decode(errors="replace").encode().translate(CONTROLS)
    return ODD_ESCAPES.sub(mark, text) if b"\\ud" in text or b"\\uD" in text else text


def mark(found: re.Match[bytes]) -> bytes:
    return found[0] if len(found[2]) == A_PAIR else found[1] + b"\\ufffd"


def key(value: Id) -> str:
    if type(value) is int and 0 < value <= LARGEST:
        return str(value)
    text = str(value).strip()
    if not text or len(text) > 64 or not text.isprintable():
        raise UnreadableRecord(f"the id {text[:64]!r} is none")
    return text


def optional_key(value: Id | None) -> str | None:
    return None if value is None or value == "" else key(value)


def person(value: str | WirePerson | None) -> str | None:
    """The username; None where there is none."""
    name = (value.username or value.login) if isinstance(value, WirePerson) else value
    return short(name, "user") or None


def person_id(value: str | WirePerson | None) -> str | None:
    """The user's id, where more than a name came."""
    return optional_key(value.id) if isinstance(value, WirePerson) else None


def short(value: str | None, name: str, most: int = LONGEST_NAME) -> str | None:
    """Columns with an index hold short text; what is longer is no name."""
    if value is not None and len(value) > most:
        raise UnreadableRecord(f"{name} has {len(value)} letters")
    return value


def needed(value: str, name: str) -> str:
    """An empty name is as much a change of format as one that is not there."""
    if not value.strip():
        raise UnreadableRecord(f"{name} is empty")
    short(value, name)
    return value


@lru_cache(maxsize=1024)
def state(status: str) -> str:
    """A status in one spelling."""
    word = folded(needed(status, "status"))
    return needed(word, "status")


def flag(value: Flag, name: str) -> bool | None:
    """Yes or no, in any of the ways to write it."""
    if value is None or value == "":
        return None
    try:
        return FLAGS[value]
    except KeyError:
        raise UnreadableRecord(f"{name} is {str(value)[:40]!r}") from None


def whole(value: Number, name: str) -> int | None:
    """A count: 5, "5" or 5.0; raises UnreadableRecord for anything else, or for what the database cannot hold."""
    if value is None or (type(value) is int and SMALLEST <= value <= LARGEST):
        return value
    if value == "":
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        raise UnreadableRecord(f"{name} is {str(value)[:40]!r}") from None
    if (isinstance(value, float) and value != number) or not SMALLEST <= number <= LARGEST:
        raise UnreadableRecord(f"{name} is {str(value)[:40]!r}")
    return number


def amount(value: WireMoney | msgspec.Raw | None, currency: str) -> tuple[int | None, str | None]:
    """Units and currency: its own where the amount names one, else the panel's; (None, None) for no amount."""
    if isinstance(value, msgspec.Raw):
        text = bytes(value)
        value = MONEY.decode(text) if text.startswith(b"{") else WireMoney(value)
    if value is None:
        return None, None
    code = value.currency_code or currency
    units = price_of(bytes(value.value), code)
    return (None, None) if units is None else (units, code)


def price(raw: msgspec.Raw, currency: str) -> int | None:
    """The digits as they stand in the JSON, quoted or not, so that no float comes between."""
    return price_of(bytes(raw), currency)


@lru_cache(maxsize=8192)
def price_of(text: bytes, currency: str) -> int | None:
    """Amounts come again and again: looking one up costs a tenth of reading it."""
    short(currency, "a currency", LONGEST_CODE)
    if text == NULL:
        return None
    if text[:1] in (b"{", b"[", b"t", b"f"):
        raise UnreadableRecord("an amount is no number")
    return money.units(written(text), currency)


def written(text: bytes) -> str:
    """A number or a string of the JSON, as it stands there."""
    if text[:1] != b'"':
        return text.decode()
    plain = text[1:-1]
    return plain.decode() if b"\\" not in plain else TEXT.decode(text)


def moment(seconds: Number, text: str | None, zone: ZoneInfo) -> datetime | None:
    """Unix seconds where given, else the wall clock read in the panel's zone. `0000-00-00` is no date."""
    stamp = seconds if type(seconds) is int and 0 < seconds < BEYOND else epoch(seconds, text, zone)
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)


def epoch(seconds: Number, text: str | None, zone: ZoneInfo) -> int | None:
    """As `moment`, in unix seconds. Raises UnreadableRecord for a time that is none."""
    stamp = exact(seconds)
    return wall_clock(text, zone) if stamp is None else stamp


def exact(seconds: Number) -> int | None:
    """Unix seconds; 0 and what lies before it are no date."""
    stamp = whole(seconds, "a time") if seconds else None
    if stamp is None or stamp <= 0:
        return None
    if stamp >= BEYOND:
        raise UnreadableRecord(f"the time {str(seconds)[:40]!r} is out of range")
    return stamp


def wall_clock(text: str | None, zone: ZoneInfo) -> int | None:
    """A time as it is written for people. PHP writes the year 0 as -0001 too."""
    text = (text or "").strip()
    if not text or text.startswith(("0000-", "-")):
        return None
    try:
        wall = datetime.fromisoformat(text)
        stamp = int((wall if wall.tzinfo else wall.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError):
        raise UnreadableRecord(f"the time {text[:40]!r} cannot be read") from None
    return exact(stamp)
