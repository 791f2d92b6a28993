"""A payment in each form in which an upstream may write one."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given

from sync.connectors.payment_wire import payment
from sync.verdicts import UnreadableRecord
from tests.support.wire import ISTANBUL, raw, spoiled, storable

ROW = {
    "payment_id": 181680,
    "user": {"username": "login"},
    "amount": {"value": "10.00", "currency_code": "USD", "formatted": "$10.00"},
    "method": "PayPal",
    "status": "completed",
    "memo": "thanks",
    "created": "2025-04-30 05:20:43",
}
GUESSED = {
    "balance": {"value": "12.50", "currency_code": "USD", "formatted": "$12.50"},
    "fraud_risk": "low",
    "updated": "2025-04-30 05:20:43",
    "updated_timestamp": 1745979643,
    "mode": "auto",
    "created_timestamp": 1745979643,
}
SEEN = datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)


def read(**changes):
    return payment(raw(ROW, changes), "EUR", ISTANBUL)


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"payment_id": "181680"}, "id", "181680"),
        ({"payment_id": ..., "id": 5}, "id", "5"),
        ({"id": 5}, "id", "181680"),
        ({"user": "login"}, "user", "login"),
        ({"user": "login"}, "user_id", None),
        ({"user": {"id": 7, "username": "login"}}, "user_id", "7"),
        ({"user": {"id": "7", "login": "login"}}, "user", "login"),
        ({"user": None}, "user", None),
        ({"amount": 10}, "amount", 1_000_000_000),
        ({"amount": "10.00"}, "amount_currency", "EUR"),
        ({"amount": {"value": 10.5, "currency_code": "USD"}}, "amount", 1_050_000_000),
        ({"method": None}, "method", None),
        ({"status": "Fail"}, "status", "fail"),
        ({"memo": ...}, "memo", None),
        ({"memo": ""}, "memo", ""),
        ({}, "created_at", SEEN),
        ({}, "balance", None),
        ({}, "fraud_risk", None),
        ({}, "updated_at", None),
        (GUESSED, "balance", 1_250_000_000),
        (GUESSED, "balance_currency", "USD"),
        (GUESSED, "mode", "auto"),
        (GUESSED, "updated_at", SEEN),
        ({"balance": "-3.00"}, "balance", -300_000_000),
        ({"updated": "2025-04-30 05:20:43"}, "updated_at", SEEN),
        ({"fraud_risk": "low"}, "fraud_risk", "low"),
        ({"fraud_risk": 0.35}, "fraud_risk", "0.35"),
        ({"fraud_risk": True}, "fraud_risk", "true"),
        ({"fraud_risk": None}, "fraud_risk", None),
        ({"fraud_risk": {"formatted": "Low (3)", "value": 3}}, "fraud_risk", "Low (3)"),
        ({"fraud_risk": {"level": "low"}}, "fraud_risk", "low"),
    ],
)
def test_every_form_of_a_field_is_read(changes, name, value):
    assert getattr(read(**changes), name) == value


@pytest.mark.parametrize(
    "changes",
    [
        {"payment_id": ...},
        {"payment_id": {"value": 5}, "id": 5},
        {"user": ...},
        {"user": 7},
        {"user": "x" * 256},
        {"amount": ...},
        {"amount": {"value": "ten"}},
        {"method": ...},
        {"method": "x" * 256},
        {"status": ...},
        {"status": ""},
        {"status": {"name": "completed"}},
        {"fraud_risk": ["low"]},
        {"fraud_risk": {"unheard": "of"}},
        {"updated_timestamp": "soon"},
    ],
)
def test_what_cannot_be_read_is_said_instead_of_guessed(changes):
    with pytest.raises(UnreadableRecord):
        read(**changes)


@given(spoiled({**ROW, **GUESSED}))
def test_any_value_anywhere_is_read_or_refused(row):
    with contextlib.suppress(UnreadableRecord):
        assert storable(payment(row, "USD", ISTANBUL))
