"""A user in each form in which an upstream may write one."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from sync.connectors.user_wire import user
from sync.verdicts import UnreadableRecord
from tests.support.wire import ISTANBUL, raw, spoiled, storable

RATE = {"service_id": 1, "service_name": "Likes", "custom_rate": "0.5", "percent": 0}
ROW = {
    "id": 1,
    "username": "login",
    "email": "a@b.example",
    "balance": {"value": "1.00", "currency_code": "USD", "formatted": "$1.00"},
    "spent": {"value": "9.00", "currency_code": "USD", "formatted": "$9.00"},
    "status": "active",
    "created": "2025-04-30 05:20:43",
    "created_timestamp": 1745979643,
    "last_auth": "2025-04-30 05:20:43",
    "last_auth_timestamp": 1745979643,
    "discount": {"formatted": "5%"},
    "custom_rates": [RATE],
    "password": "not whitelisted",
}
SEEN = datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)


def read(**changes):
    return user(raw(ROW, changes), "EUR", ISTANBUL)


def rates(*changes):
    rows = [{name: value for name, value in {**RATE, **change}.items() if value is not ...} for change in changes]
    return json.loads(read(custom_rates=rows).custom_rates)


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"id": "1"}, "id", "1"),
        ({"balance": "1.00"}, "balance", 100_000_000),
        ({"balance": 1}, "balance_currency", "EUR"),
        ({"balance": {"value": -2.5, "currency_code": "USD"}}, "balance", -250_000_000),
        ({"balance": "-2.50"}, "balance", -250_000_000),
        ({"balance": None}, "balance_currency", None),
        ({"spent": 9}, "spent", 900_000_000),
        ({"email": None}, "email", None),
        ({"status": "Suspended"}, "status", "suspended"),
        ({"status": "Suspended"}, "status_raw", "Suspended"),
        ({"created_timestamp": ...}, "created_at", SEEN),
        ({"last_auth": "0000-00-00 00:00:00", "last_auth_timestamp": 0}, "last_auth_at", None),
        ({"last_auth": "0000-00-00 00:00:00", "last_auth_timestamp": -62169984000}, "last_auth_at", None),
        ({"last_auth": "0000-00-00 00:00:00", "last_auth_timestamp": ...}, "last_auth_at", None),
        ({"last_auth": None, "last_auth_timestamp": None}, "last_auth_at", None),
        ({"last_auth": ..., "last_auth_timestamp": ...}, "last_auth_at", None),
        ({"last_auth_timestamp": ...}, "last_auth_at", SEEN),
        ({"discount": {"formatted": "", "value": "5.00"}}, "discount", "5%"),
        ({"discount": {"value": 5}}, "discount", "5%"),
        ({"discount": {}}, "discount", None),
        ({"discount": "5%"}, "discount", "5%"),
        ({"discount": "5"}, "discount", "5%"),
        ({"discount": 0}, "discount", "0%"),
        ({"discount": 2.5}, "discount", "2.5%"),
        ({"discount": "VIP"}, "discount", "VIP"),
        ({"discount": ""}, "discount", None),
        ({"discount": None}, "discount", None),
        ({"discount": ...}, "discount", None),
        ({"custom_rates": ...}, "custom_rates", None),
        ({"custom_rates": None}, "custom_rates", None),
        ({"custom_rates": []}, "custom_rates", "[]"),
    ],
)
def test_every_form_of_a_field_is_read(changes, name, value):
    assert getattr(read(**changes), name) == value


def test_special_prices_are_kept_in_one_writing():
    assert read().custom_rates == '[{"service_id":"1","service_name":"Likes","rate":"0.5","percent":false}]'
    assert read(custom_rates=[{**RATE, "service_id": "1", "percent": False}]) == read()


def test_a_special_price_is_kept_digit_by_digit():
    told = rates({"custom_rate": 0.5}, {"custom_rate": "0.50"}, {"custom_rate": ..., "rate": 3}, {"custom_rate": None})
    assert [one["rate"] for one in told] == ["0.5", "0.50", "3", None]


def test_percent_is_yes_or_no_however_it_is_written():
    told = rates({"percent": True}, {"percent": 1}, {"percent": "1"}, {"percent": "0"}, {"percent": ...})
    assert [one["percent"] for one in told] == [True, True, True, False, False]


@pytest.mark.parametrize(
    "changes",
    [
        {"username": ...},
        {"username": None},
        {"username": " "},
        {"username": "x" * 256},
        {"status": ...},
        {"status": ""},
        {"email": ...},
        {"email": "x" * 321},
        {"balance": ...},
        {"spent": ...},
        {"balance": {"value": "12,5"}},
        {"balance": True},
        {"discount": [5]},
        {"discount": True},
        {"custom_rates": {"1": RATE}},
        {"custom_rates": [{**RATE, "custom_rate": [1]}]},
        {"custom_rates": [{"service_name": "Likes"}]},
        {"created_timestamp": "soon"},
    ],
)
def test_what_cannot_be_read_is_said_instead_of_guessed(changes):
    with pytest.raises(UnreadableRecord):
        read(**changes)


def test_only_whitelisted_fields_are_kept():
    assert "not whitelisted" not in repr(read())


@given(spoiled(ROW))
def test_any_value_anywhere_is_read_or_refused(row):
    with contextlib.suppress(UnreadableRecord):
        assert storable(user(row, "USD", ISTANBUL))


@given(spoiled(RATE))
def test_any_value_in_a_special_price_is_read_or_refused(rate):
    with contextlib.suppress(UnreadableRecord):
        assert storable(read(custom_rates=[json.loads(bytes(rate))]))
