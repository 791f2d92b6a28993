"""XLSX: numbers are numbers, text is text whatever it says, and sheets go on where one is full."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import fastexcel
import pytest

from hyperpanel.support.sheet_files import Cell
from hyperpanel.support.workbooks import Workbook, xlsx_of
from sync.money import Money

NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)


def read(made: bytes, sheet: int = 0) -> list[tuple[Any, ...]]:
    return fastexcel.read_excel(made).load_sheet(sheet, header_row=None, dtypes="string").to_polars().rows()


def cell(value: Cell) -> object:
    """As what a program takes it."""
    made = xlsx_of("Orders", ["A", "B"], [[value, "x"], [value, "x"]], ZoneInfo("Europe/Istanbul"))
    return fastexcel.read_excel(made).load_sheet(0).to_polars()["A"][0]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (5, 5),
        (-5, -5),
        (123_456_789_012_345, 123_456_789_012_345),
        (1_234_567_890_123_456_789, "1234567890123456789"),
        (Decimal("-1.50"), -1.5),
        (Money(-12_345_600_000, "USD"), -123.456),
        (Money(2**62, "USD"), "46116860184.27387904"),
        (NOON, datetime(2026, 3, 1, 15, 0, 5)),  # noqa: DTZ001 -- a sheet has no zones
        ("0012", "0012"),
        ("1E5", "1E5"),
        ("-5", "-5"),
        ("=1+1", "=1+1"),
        ("  two  spaces ", "  two  spaces "),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("_x003D_1", "_x003D_1"),
        ("a\x00\x07b\ud800", "ab"),
        ("https://a.example", "https://a.example"),
        (datetime(1899, 5, 1, tzinfo=UTC), "1899-05-01T01:56:56+01:56:56"),
    ],
)
def test_a_cell_is_what_it_was(value, found):
    assert cell(value) == found


def test_a_text_is_cut_to_what_a_spreadsheet_takes():
    assert len(str(cell("a" * 40_000))) == 32_767


def test_rows_beyond_a_sheet_go_on_in_the_next_with_the_same_heads():
    into = io.BytesIO()
    book = Workbook(into, "Orders", ["ID"], most_rows=3)
    book.begin()
    book.write([[str(n)] for n in range(3)])
    book.write([[str(n)] for n in range(3, 5)])
    book.finish()
    assert fastexcel.read_excel(into.getvalue()).sheet_names == ["Orders", "Orders 2", "Orders 3"]
    found = [[row[0] for row in read(into.getvalue(), sheet)] for sheet in range(3)]
    assert found == [["ID", "0", "1"], ["ID", "2", "3"], ["ID", "4"]]


def test_a_name_that_a_sheet_cannot_have_is_made_fit():
    made = xlsx_of("[A]: 'x'/" + "y" * 40, ["ID"], [["1"]])
    assert fastexcel.read_excel(made).sheet_names == ["A    x  " + "y" * 16]


def test_nothing_in_the_file_is_a_formula_or_a_link():
    made = xlsx_of("Orders", ["=1+1"], [["=HYPERLINK(1)"], ["https://a.example"], ["@x"]])
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        content = held.read("xl/worksheets/sheet1.xml")
    assert b"<f" not in content
    assert b"yperlinks" not in content
