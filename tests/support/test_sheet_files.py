"""Cells of a CSV: text that is no formula to anybody, numbers with all their digits, times with their zone."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.support.sheet_files import Cell, csv_lines, csv_of, plain, told
from sync.money import Money

ISTANBUL = ZoneInfo("Europe/Istanbul")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\uff1d1", "'\uff1d1"),
        ("  \u00a0=1", "'  \u00a0=1"),
        ("\u200b\u202e=1", "'\u200b\u202e=1"),
        ("\"'=1", "'\"'=1"),
        ("\tplain", "'\tplain"),
        ("\nplain", "'\nplain"),
        ("x;=1", "x;'=1"),
        ("x\t =1", "x\t' =1"),
        ('x\n"=1', "x\n'\"=1"),
        ("'tis", "'tis"),
        ("a=b; c - d", "a=b; c - d"),
        ("https://a.example/?x=1&y=-2", "https://a.example/?x=1&y=-2"),
        ("", ""),
    ],
)
def test_a_text_never_begins_like_a_formula(text, cell):
    assert told(text) == cell


@pytest.mark.parametrize(
    ("amount", "digits"),
    [
        (Money(123_456_000_000, "USD"), "1234.56"),
        (Money(-1, "USD"), "-0.00000001"),
        (Money(0, "USD"), "0"),
        (Money(-250_000, "IRT"), "-25"),
        (Money(2**62, "USD"), "46116860184.27387904"),
    ],
)
def test_an_amount_has_all_its_digits(amount, digits):
    assert plain(amount) == digits


def test_every_cell_is_in_quotes_and_numbers_stay_as_they_are():
    row: list[Cell] = ["0012", -5, Decimal("1E+3"), Money(-150_000_000, "USD"), NOON, None]
    assert csv_lines([row], ISTANBUL) == b'"0012","-5","1000","-1.5","2026-03-01T15:00:00+03:00",""\r\n'


def test_a_file_begins_with_the_mark_of_its_encoding_and_is_read_back():
    made = csv_of(["Ünvan", "ID"], [['a "b", c', "x\r\ny"]])
    assert made.startswith(b'\xef\xbb\xbf"')
    assert list(csv.reader(io.StringIO(made.decode("utf-8-sig")))) == [["Ünvan", "ID"], ['a "b", c', "x\r\ny"]]


def test_half_a_character_does_not_end_the_file():
    assert csv_lines([["a\ud800b"]], UTC) == b'"a?b"\r\n'
