"""The forms in which Perfect Panel and its kin write the same thing, read into one: ids, numbers, money, times, people.

Facts are from the upstream protocol notes: `user` is a name in orders and an object elsewhere, ids are numbers or numeric strings,
amounts are strings, numbers or objects, times come as unix seconds or as a wall clock without zone.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from sync import money
from sync.records import Order, Service, folded
from sync.verdicts import UnreadableRecord

Id = int | str
Number = int | str | float | None
NOTHING = msgspec.Raw(b"null")
SMALLEST, LARGEST = -(2**63), 2**63 - 1
BEYOND = 253402300800
"""The year 10 000, in unix seconds."""
LONGEST_NAME = 255
PLAIN_RECORD = 1500
LARGEST_RECORD = 256 * 1024


class WireMoney(msgspec.Struct, gc=False):
    value: msgspec.Raw
    currency_code: str | None = None


class WireUser(msgspec.Struct, gc=False):
    username: str | None = None
    login: str | None = None


class WireKey(msgspec.Struct, gc=False):
    """What paging needs of a record, and no more."""

    id: Id
    created_timestamp: Number = None
    created: str | None = None


AmountForm = TypeVar("AmountForm")


class WireOrder(msgspec.Struct, Generic[AmountForm], gc=False, kw_only=True):
    """Fields without a default must be there: one that vanishes is a change of format, not an empty value.

    Amounts are nearly always objects (`WireMoney`), which decode in one go; the form with Raw takes them however they come.
    """

    id: Id
    user: str | WireUser | None
    charge: AmountForm
    link: str | None
    quantity: Number
    service_id: Id | None
    status: str
    external_id: Id | None = None
    creation_type: str | None = None
    provider_charge: AmountForm = None  # type: ignore[assignment]  # Raw in a union is not supported; absent is None either way
    start_count: Number = None
    service_type: str | None = None
    service_name: str | None = None
    provider: str | None = None
    remains: Number = None
    is_autocomplete: bool | int | None = None
    created: str | None = None
    created_timestamp: Number = None
    last_update: str | None = None
    last_update_timestamp: Number = None
    mode: str | None = None


class WireService(msgspec.Struct, gc=False):
    service: Id
    name: str
    rate: msgspec.Raw
    min: Number
    max: Number
    type: str | None = None
    category: str | None = None
    refill: bool | int | None = None
    cancel: bool | int | None = None


ORDER = msgspec.json.Decoder(WireOrder[WireMoney | None])
LOOSE_ORDER = msgspec.json.Decoder(WireOrder[msgspec.Raw])
SERVICE = msgspec.json.Decoder(WireService)
MONEY = msgspec.json.Decoder(WireMoney)
TEXT = msgspec.json.Decoder(str)


def order(raw: msgspec.Raw, currency: str, zone: ZoneInfo) -> Order:
    """One order of `GET /orders`. Raises UnreadableRecord."""
    try:
        text = bytes(raw)
        wire = order_struct(text)
        if len(text) > PLAIN_RECORD:
            refuse_long(wire)
        charge, charge_currency = amount(wire.charge, currency)
        cost, cost_currency = amount(wire.provider_charge, currency)
        return Order(
            id=key(wire.id),
            provider_order_id=optional_key(wire.external_id),
            user=person(wire.user),
            creation_type=wire.creation_type,
            mode=wire.mode,
            charge=charge,
            charge_currency=charge_currency,
            provider_charge=cost,
            provider_charge_currency=cost_currency,
            link=wire.link,
            start_count=whole(wire.start_count, "start_count"),
            quantity=whole(wire.quantity, "quantity"),
            service_id=optional_key(wire.service_id),
            service_type=wire.service_type,
            service_name=wire.service_name,
            provider=wire.provider or None,
            status=folded(wire.status),
            status_raw=wire.status,
            remains=whole(wire.remains, "remains"),
            is_autocomplete=None if wire.is_autocomplete is None else bool(wire.is_autocomplete),
            created_at=moment(wire.created_timestamp, wire.created, zone),
            last_update_at=moment(wire.last_update_timestamp, wire.last_update, zone),
        )
    except (msgspec.MsgspecError, money.UnreadableAmount) as problem:
        raise UnreadableRecord(str(problem)) from None


def service(raw: msgspec.Raw, currency: str) -> Service:
    """One line of the `services` action. Raises UnreadableRecord."""
    try:
        wire = SERVICE.decode(cleaned(bytes(raw)))
        return Service(
            id=key(wire.service),
            name=wire.name,
            type=wire.type and folded(wire.type),
            category=wire.category,
            rate=price(wire.rate, currency),
            min=whole(wire.min, "min"),
            max=whole(wire.max, "max"),
            refill=None if wire.refill is None else bool(wire.refill),
            cancel=None if wire.cancel is None else bool(wire.cancel),
        )
    except (msgspec.MsgspecError, money.UnreadableAmount) as problem:
        raise UnreadableRecord(str(problem)) from None


def order_struct(raw: bytes) -> WireOrder[WireMoney | None] | WireOrder[msgspec.Raw]:
    text = cleaned(raw)
    try:
        return ORDER.decode(text)
    except msgspec.ValidationError:
        return LOOSE_ORDER.decode(text)


def refuse_long(wire: WireOrder[WireMoney | None] | WireOrder[msgspec.Raw]) -> None:
    """Columns with an index hold short text; what is longer is no status or name."""
    for name in ("status", "provider", "creation_type", "mode", "service_type"):
        value = getattr(wire, name)
        if isinstance(value, str) and len(value) > LONGEST_NAME:
            raise UnreadableRecord(f"{name} has {len(value)} letters")


def cleaned(raw: bytes) -> bytes:
    """NUL is valid in JSON text and in no PostgreSQL text: it becomes U+FFFD."""
    if len(raw) > LARGEST_RECORD:
        raise UnreadableRecord(f"{len(raw)} bytes in one record")
    return raw.replace(b"\\u0000", b"\\ufffd") if b"\\u0000" in raw else raw


def key(value: Id) -> str:
    if type(value) is int and 0 < value <= LARGEST:
        return str(value)
    text = str(value).strip()
    if not text or len(text) > 64 or not text.isprintable():
        raise UnreadableRecord(f"the id {text[:64]!r} is none")
    return text


def optional_key(value: Id | None) -> str | None:
    return None if value is None or value == "" else key(value)


def person(value: str | WireUser | None) -> str | None:
    name = (value.username or value.login) if isinstance(value, WireUser) else value
    if name is not None and len(name) > LONGEST_NAME:
        raise UnreadableRecord(f"user has {len(name)} letters")
    return name


def whole(value: Number, name: str) -> int | None:
    """A count: 5, "5" or 5.0; raises UnreadableRecord for anything else, or for what the database cannot hold."""
    if value is None or (type(value) is int and SMALLEST <= value <= LARGEST):
        return value
    if value == "":
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        raise UnreadableRecord(f"{name} is {value!r}") from None
    if (isinstance(value, float) and value != number) or not SMALLEST <= number <= LARGEST:
        raise UnreadableRecord(f"{name} is {value!r}")
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
    if text == b"null":
        return None
    if text[:1] == b'"':
        plain = text[1:-1]
        return money.units(plain.decode() if b"\\" not in plain else TEXT.decode(text), currency)
    if text[:1] in b"{[tf":
        raise UnreadableRecord("an amount is no number")
    return money.units(text.decode(), currency)


def moment(seconds: Number, text: str | None, zone: ZoneInfo) -> datetime | None:
    """Unix seconds where given, else the wall clock read in the panel's zone. `0000-00-00` is no date."""
    stamp = seconds if type(seconds) is int and 0 < seconds < BEYOND else epoch(seconds, text, zone)
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)


def epoch(seconds: Number, text: str | None, zone: ZoneInfo) -> int | None:
    """As `moment`, in unix seconds. Raises UnreadableRecord for a time that is none."""
    if seconds:
        stamp = whole(seconds, "a time")
        if stamp is None or not 0 <= stamp < BEYOND:
            raise UnreadableRecord(f"the time {seconds!r} is out of range")
        return stamp or None
    if not text or text.startswith("0000-00-00"):
        return None
    try:
        wall = datetime.fromisoformat(text)
        stamp = int((wall if wall.tzinfo else wall.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError):
        raise UnreadableRecord(f"the time {text[:40]!r} cannot be read") from None
    if not 0 <= stamp < BEYOND:
        raise UnreadableRecord(f"the time {text[:40]!r} is out of range")
    return stamp
