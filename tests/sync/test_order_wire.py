"""An order in each form in which an upstream may write it, and what cannot be read."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given

from sync.connectors.order_wire import order
from sync.verdicts import UnreadableRecord
from tests.support.wire import ISTANBUL, raw, spoiled, storable

ROW = {
    "id": 906386,
    "external_id": "77120",
    "user": "login",
    "charge": {"value": "0.03", "currency_code": "USD", "formatted": "$0.03"},
    "link": "https://social.example/p",
    "start_count": None,
    "quantity": 100,
    "service_id": 170,
    "status": "In progress",
    "remains": 100,
    "created": "2025-04-30 02:20:43",
    "created_timestamp": 1745979643,
    "ip_address": "203.0.113.1",
    "secret": "not whitelisted",
}


def read(**changes):
    return order(raw(ROW, changes), "EUR", ISTANBUL)


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"id": "906386"}, "id", "906386"),
        ({"external_id": 77120}, "provider_order_id", "77120"),
        ({"external_id": ""}, "provider_order_id", None),
        ({"user": {"id": 7, "username": "login"}}, "user", "login"),
        ({"user": {"id": 7, "login": "login"}}, "user", "login"),
        ({"user": None}, "user", None),
        ({"user": ""}, "user", None),
        ({"charge": {"value": 0.03, "currency_code": "USD"}}, "charge", 3_000_000),
        ({"charge": "0.03"}, "charge", 3_000_000),
        ({"charge": 0.03}, "charge_currency", "EUR"),
        ({"charge": None}, "charge", None),
        ({"provider_charge": ...}, "provider_charge", None),
        ({"quantity": "100"}, "quantity", 100),
        ({"remains": ...}, "remains", None),
        ({"status": "Cancelled"}, "status", "canceled"),
        ({"status": "In progress"}, "status", "in_progress"),
        ({"status": "Queued up"}, "status", "queued_up"),
        ({"status": "In progress"}, "status_raw", "In progress"),
        ({"created_timestamp": "1745979643"}, "created_at", datetime(2025, 4, 30, 2, 20, 43, tzinfo=UTC)),
        ({"created_timestamp": ...}, "created_at", datetime(2025, 4, 29, 23, 20, 43, tzinfo=UTC)),
        ({"created": "0000-00-00 00:00:00", "created_timestamp": 0}, "created_at", None),
        ({"last_update_timestamp": 1745979700}, "last_update_at", datetime(2025, 4, 30, 2, 21, 40, tzinfo=UTC)),
        ({"user": "a\x00b"}, "user", "a\ufffdb"),
        ({"user": "a\ud83d"}, "user", "a\ufffd"),
    ],
)
def test_every_form_of_a_field_is_read(changes, name, value):
    assert getattr(read(**changes), name) == value


@pytest.mark.parametrize(
    "changes",
    [
        {"charge": ...},
        {"status": ...},
        {"user": ...},
        {"quantity": ...},
        {"service_id": ...},
        {"link": ...},
        {"charge": {"value": "1,000"}},
        {"charge": {"value": [1]}},
        {"charge": {"value": "1", "currency_code": "x" * 17}},
        {"quantity": "many"},
        {"quantity": 1.5},
        {"quantity": 2**70},
        {"status": None},
        {"status": " "},
        {"status": "-"},
        {"id": " "},
        {"id": "x" * 65},
        {"created_timestamp": 10**15},
        {"created": "yesterday", "created_timestamp": ...},
        {"provider": "x" * 1500},
        {"link": "x" * 300_000},
    ],
)
def test_what_cannot_be_read_is_said_instead_of_guessed(changes):
    with pytest.raises(UnreadableRecord):
        read(**changes)


def test_only_whitelisted_fields_are_kept():
    assert "not whitelisted" not in repr(read())
    assert "203.0.113.1" not in repr(read())


@given(spoiled(ROW))
def test_any_value_anywhere_is_read_or_refused(row):
    with contextlib.suppress(UnreadableRecord):
        assert storable(order(row, "USD", ISTANBUL))
