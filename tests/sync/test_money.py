from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.money import LARGEST, Money, UnreadableAmount, units


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("0.03", "USD", 3_000_000),
        ("10", "USD", 1_000_000_000),
        ("-1.5", "USD", -150_000_000),
        ("1e-3", "USD", 100_000),
        ("0.00000001", "USD", 1),
        ("250000.5", "IRT", 2_500_005_000),
        ("1234567890123.25", "IRT", 12_345_678_901_232_500),
    ],
)
def test_an_amount_becomes_whole_units(text, currency, expected):
    assert units(text, currency) == expected


@pytest.mark.parametrize(
    "text", ["", "abc", "1,000.00", "NaN", "Infinity", "0.123456789", "1e40", "٣", "1_0", "9" * 30, "1e999999999"]
)
def test_what_does_not_fit_is_refused_rather_than_rounded(text):
    with pytest.raises(UnreadableAmount):
        units(text, "USD")


@given(st.integers(-LARGEST, LARGEST))
def test_every_amount_survives_being_written_out(value):
    text = format(Money(value, "USD").amount, "f")
    assert units(text, "USD") == value


def test_an_amount_is_told_exactly():
    assert Money(3_000_000, "USD").amount == Decimal("0.03")
