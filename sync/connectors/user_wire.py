"""A user as `GET /users` writes it. A discount comes as its text or its number, a special price as a number or a string."""

import re
from zoneinfo import ZoneInfo

import msgspec

from sync.connectors import wire
from sync.connectors.wire import NOTHING, NULL, Id, Number
from sync.records import User
from sync.verdicts import UnreadableRecord

LONGEST_EMAIL = 320
A_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class WireUser(msgspec.Struct, gc=False, kw_only=True):
    """Fields without a default must be there."""

    id: Id
    username: str
    email: str | None
    balance: msgspec.Raw
    spent: msgspec.Raw
    status: str
    discount: msgspec.Raw = NOTHING
    custom_rates: list["WireRate"] | None = None
    created: str | None = None
    created_timestamp: Number = None
    last_auth: str | None = None
    last_auth_timestamp: Number = None


class WireRate(msgspec.Struct, gc=False, kw_only=True):
    service_id: Id
    service_name: str | None = None
    custom_rate: msgspec.Raw = NOTHING
    rate: msgspec.Raw = NOTHING
    percent: bool | int | float | str | None = None


class WireDiscount(msgspec.Struct, gc=False):
    formatted: str | None = None
    value: msgspec.Raw = NOTHING


class Rate(msgspec.Struct, gc=False):
    """A special price as it is kept."""

    service_id: str
    service_name: str | None
    rate: str | None
    percent: bool


USER = msgspec.json.Decoder(WireUser)
DISCOUNT = msgspec.json.Decoder(WireDiscount)


def user(raw: msgspec.Raw, currency: str, zone: ZoneInfo) -> User:
    """Raises UnreadableRecord."""
    try:
        row = wire.read(USER, raw)
        balance, balance_currency = wire.amount(row.balance, currency)
        spent, spent_currency = wire.amount(row.spent, currency)
        return User(
            id=wire.key(row.id),
            username=wire.needed(row.username, "username"),
            email=wire.short(row.email, "email", LONGEST_EMAIL),
            balance=balance,
            balance_currency=balance_currency,
            spent=spent,
            spent_currency=spent_currency,
            status=wire.state(row.status),
            status_raw=row.status,
            discount=discount(row.discount),
            custom_rates=None if row.custom_rates is None else canonical([rate(one) for one in row.custom_rates]),
            created_at=wire.moment(row.created_timestamp, row.created, zone),
            last_auth_at=wire.moment(row.last_auth_timestamp, row.last_auth, zone),
        )
    except wire.UNREADABLE as problem:
        raise UnreadableRecord(str(problem)) from None


def discount(raw: msgspec.Raw) -> str | None:
    """As a person reads it: 5, "5", "5%" and {"value": 5} are all 5%."""
    if bytes(raw).startswith(b"{"):
        told = DISCOUNT.decode(raw)
        return told.formatted or discount(told.value)
    text = plain(raw, "discount")
    if text and A_NUMBER.fullmatch(text):
        text = f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"
    return wire.short(text, "discount")


def rate(told: WireRate) -> Rate:
    price = told.rate if bytes(told.custom_rate) == NULL else told.custom_rate
    return Rate(
        service_id=wire.key(told.service_id),
        service_name=told.service_name,
        rate=plain(price, "a custom rate"),
        percent=told.percent not in (None, False, 0, "0", "", "false"),
    )


def plain(raw: msgspec.Raw, name: str) -> str | None:
    """A number or a text, digit by digit as it stands."""
    text = bytes(raw)
    if text == NULL:
        return None
    if text[:1] in (b"{", b"[", b"t", b"f"):
        raise UnreadableRecord(f"{name} is neither a number nor a text")
    return wire.short(wire.written(text).strip(), name) or None


def canonical(rates: list[Rate]) -> str:
    """One writing of the same prices, so that the upstream's own spaces and types make no change."""
    return msgspec.json.encode(rates).decode()
