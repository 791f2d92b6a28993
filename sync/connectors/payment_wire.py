"""A payment as `GET /payments` writes it. What the panel's own page shows beside (balance, risk, update, mode) may be there or not."""

from zoneinfo import ZoneInfo

import msgspec

from sync.connectors import wire
from sync.connectors.wire import NOTHING, NULL, Id, Number, WirePerson
from sync.records import Payment
from sync.verdicts import UnreadableRecord


class WirePayment(msgspec.Struct, gc=False, kw_only=True):
    """Fields without a default must be there; the id is `payment_id`, or `id` where that is absent."""

    payment_id: Id | None = None
    id: Id | None = None
    user: str | WirePerson | None
    amount: msgspec.Raw
    method: str | None
    status: str
    memo: str | None = None
    balance: msgspec.Raw = NOTHING
    fraud_risk: msgspec.Raw = NOTHING
    mode: str | None = None
    created: str | None = None
    created_timestamp: Number = None
    updated: str | None = None
    updated_timestamp: Number = None


class WireRisk(msgspec.Struct, gc=False):
    formatted: str | None = None
    level: str | None = None


PAYMENT = msgspec.json.Decoder(WirePayment)
RISK = msgspec.json.Decoder(WireRisk)


def payment(raw: msgspec.Raw, currency: str, zone: ZoneInfo) -> Payment:
    """Raises UnreadableRecord."""
    try:
        row = wire.read(PAYMENT, raw)
        amount, amount_currency = wire.amount(row.amount, currency)
        balance, balance_currency = wire.amount(row.balance, currency)
        return Payment(
            id=number(row),
            user=wire.person(row.user),
            user_id=wire.person_id(row.user),
            amount=amount,
            amount_currency=amount_currency,
            balance=balance,
            balance_currency=balance_currency,
            method=wire.short(row.method, "method"),
            status=wire.state(row.status),
            status_raw=row.status,
            memo=row.memo,
            fraud_risk=risk(row.fraud_risk),
            mode=wire.short(row.mode, "mode"),
            created_at=wire.moment(row.created_timestamp, row.created, zone),
            updated_at=wire.moment(row.updated_timestamp, row.updated, zone),
        )
    except wire.UNREADABLE as problem:
        raise UnreadableRecord(str(problem)) from None


def number(row: WirePayment) -> str:
    found = row.id if row.payment_id is None else row.payment_id
    if found is None:
        raise UnreadableRecord("it has no payment_id")
    return wire.key(found)


def risk(raw: msgspec.Raw) -> str | None:
    """A score, a word, yes or no, or an object around one: kept as its text."""
    text = bytes(raw)
    if text == NULL:
        return None
    if text.startswith(b"{"):
        told = RISK.decode(text)
        word = told.formatted or told.level
        if word is None:
            raise UnreadableRecord("fraud_risk has no text")
        return wire.short(word, "fraud_risk") or None
    if text.startswith(b"["):
        raise UnreadableRecord("fraud_risk is a list")
    return wire.short(wire.written(text), "fraud_risk") or None
