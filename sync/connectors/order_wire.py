"""An order as `GET /orders` writes it, by far the most frequent record: what comes as it should decodes in one go."""

from functools import lru_cache
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from sync.connectors import wire
from sync.connectors.wire import Id, Number, WireMoney, WirePerson
from sync.records import Order
from sync.verdicts import UnreadableRecord

PLAIN_RECORD = 1500
"""Bytes below which no text can be too long for its column by much: only larger records are measured."""

AmountForm = TypeVar("AmountForm")


class WireOrder(msgspec.Struct, Generic[AmountForm], gc=False, kw_only=True):
    """Fields without a default must be there: one that vanishes is a change of format, not an empty value.

    Amounts are nearly always objects (`WireMoney`), which decode in one go; the form with Raw takes them however they come.
    """

    id: Id
    user: str | WirePerson | None
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


ORDER = msgspec.json.Decoder(WireOrder[WireMoney | None])
LOOSE_ORDER = msgspec.json.Decoder(WireOrder[msgspec.Raw])
service_key = lru_cache(maxsize=8192)(wire.optional_key)
"""A panel has far fewer services than orders."""


def order(raw: msgspec.Raw, currency: str, zone: ZoneInfo) -> Order:
    """Raises UnreadableRecord."""
    try:
        text = bytes(raw)
        row = struct(text)
        if len(text) > PLAIN_RECORD:
            refuse_long(row)
        charge, charge_currency = wire.amount(row.charge, currency)
        cost, cost_currency = wire.amount(row.provider_charge, currency)
        user = row.user
        # By position, in the order of the record's own fields: by name they cost a tenth of the decoding.
        return Order(
            wire.key(row.id),
            wire.optional_key(row.external_id),
            user if type(user) is str and 0 < len(user) <= wire.LONGEST_NAME else wire.person(user),
            row.creation_type,
            row.mode,
            charge,
            charge_currency,
            cost,
            cost_currency,
            row.link,
            wire.whole(row.start_count, "start_count"),
            wire.whole(row.quantity, "quantity"),
            service_key(row.service_id),
            row.service_type,
            row.service_name,
            row.provider or None,
            wire.state(row.status),
            row.status,
            wire.whole(row.remains, "remains"),
            None if row.is_autocomplete is None else bool(row.is_autocomplete),
            wire.moment(row.created_timestamp, row.created, zone),
            wire.moment(row.last_update_timestamp, row.last_update, zone),
        )
    except wire.UNREADABLE as problem:
        raise UnreadableRecord(str(problem)) from None


def struct(raw: bytes) -> WireOrder[WireMoney | None] | WireOrder[msgspec.Raw]:
    text = wire.cleaned(raw)
    try:
        return ORDER.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return wire.decoded(LOOSE_ORDER, text)


def refuse_long(row: WireOrder[WireMoney | None] | WireOrder[msgspec.Raw]) -> None:
    for name in ("provider", "creation_type", "mode", "service_type"):
        value = getattr(row, name)
        if isinstance(value, str):
            wire.short(value, name)
