import json
from decimal import Decimal

import pytest

from hyperpanel.sandbox.spoils import rows

ORDER = (
    b'{"id":7,"charge":{"value":"12.50","currency_code":"EUR"},"link":"https://example.com/abcdef","quantity":100,'
    b'"status":"pending","created":"2026-09-01 12:00:00","created_timestamp":1788256800}'
)
PAYMENT = b'{"payment_id":9,"amount":12.5,"memo":"A deposit of mine","created":"0000-00-00 00:00:00"}'


def spoilt(kind: str, fair: bytes = ORDER, stream: str = "orders") -> bytes:
    [row], _ = rows(kind, stream, [fair], 1, [])
    return row


def test_ids_may_come_as_text():
    assert json.loads(spoilt("id_string"))["id"] == "7"
    assert json.loads(spoilt("id_string", PAYMENT, "payments"))["payment_id"] == "9"


def test_the_clock_on_the_wall_may_be_another_zones_while_the_seconds_stay():
    moved = json.loads(spoilt("zone_changed"))
    assert (moved["created"], moved["created_timestamp"]) == ("2026-09-01 15:00:00", 1788256800)
    assert json.loads(spoilt("zone_changed", PAYMENT, "payments"))["created"] == "0000-00-00 00:00:00"


@pytest.mark.parametrize(("kind", "said"), [("amount_decimals", "12.50000000"), ("amount_exponent", "1.250E+1")])
def test_an_amount_may_be_written_in_another_form(kind, said):
    assert json.loads(spoilt(kind))["charge"]["value"] == said
    assert Decimal(json.loads(spoilt(kind, PAYMENT, "payments"))["amount"]) == Decimal("12.5")


def test_an_amount_may_have_a_comma():
    assert json.loads(spoilt("amount_comma"))["charge"]["value"] == "12,50"


def test_a_number_may_have_five_thousand_digits():
    assert b'"quantity":' + b"9" * 5000 + b"," in spoilt("long_number")


def test_what_is_no_json_may_come_all_the_same():
    assert b'"quantity":NaN,' in spoilt("nan")


@pytest.mark.parametrize(
    ("kind", "torn"), [("lone_surrogate", rb"https://e\ud83dxample"), ("nul", rb"https://e\u0000xample")]
)
def test_a_text_may_be_torn(kind, torn):
    assert torn in spoilt(kind)


def test_of_two_keys_of_one_name_the_last_counts():
    row = spoilt("duplicate_keys")
    assert row.count(b'"id"') == row.count(b'"status"') == 2
    assert json.loads(row) == json.loads(ORDER)


@pytest.mark.parametrize("kind", ["id_string", "amount_exponent", "nan", "empty_page"])
def test_a_list_without_rows_stays_one(kind):
    assert rows(kind, "orders", [], 0, []) == ([], 0)
