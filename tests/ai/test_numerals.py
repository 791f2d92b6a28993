"""Signs and letters that count, by their value; the list of signs is Unicode's own."""

import re
import unicodedata

import pytest

from hyperpanel.ai.numerals import HAN, PLAIN_HAN, SIGNS, TWO, value


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("½", "0.5"),
        ("Ⅻ", "12"),
        ("十五", "15"),
        ("五百", "500"),
        ("三万二千", "32000"),
        ("一億", "100000000"),
        ("二〇二六", "2026"),
    ],
)
def test_a_numeral_has_its_value(numeral, number):
    assert str(value(numeral).normalize()) == str(type(value(numeral))(number).normalize())


def test_every_sign_that_counts_and_is_no_digit_and_no_letter_is_listed():
    listed = re.compile(f"[{SIGNS}{PLAIN_HAN}]")
    numbers = (chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) in ("No", "Nl"))
    assert [sign for sign in numbers if unicodedata.numeric(sign, None) is not None and not listed.match(sign)] == []


def test_every_letter_that_is_listed_counts():
    assert all(unicodedata.numeric(sign, None) is not None for sign in HAN if sign != TWO)
