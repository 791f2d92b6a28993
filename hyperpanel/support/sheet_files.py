"""Rows as files for a spreadsheet: what a cell may be, and CSV that nobody's text becomes a formula in. XLSX is in workbooks.py.

A CSV has no types, and whoever opens it may choose another separator than ours: so a text that begins like a formula, or has a part behind a
semicolon, tab or line end that does, is told by an apostrophe to be none, and everything is quoted.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import IO, Any

from sync.money import Money, scale

Cell = str | int | Decimal | Money | datetime | None
"""Money is its amount alone: a column beside it has the currency. A time has a zone."""

MEDIA = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM = "\ufeff".encode()
"""Without it Excel takes UTF-8 for the computer's own code page."""

SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
SKIPPED = "\\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb"
"""What a spreadsheet may pass over, or take off, before it looks whether a formula begins."""

PARTED = re.compile("[;\t\r\n]")
RISKY = re.compile(f"(^|[;\t\r\n])(?=[{SKIPPED}]*[{SIGNS}])|^(?=[\t\r\n])")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""

LONGEST = 32_767


def plain(amount: Money) -> str:
    """All digits that are not zeros at the end, with a point, and no others: 1234.56."""
    places = scale(amount.currency)
    digits = str(abs(amount.units)).rjust(places + 1, "0")
    fraction = digits[-places:].rstrip("0")
    return f"{'-' if amount.units < 0 else ''}{digits[:-places]}{'.' if fraction else ''}{fraction}"


def told(text: str) -> str:
    """A text as a cell of a CSV. Nearly all begin with a letter or digit and have no parts: looking for that first takes a tenth of the time."""
    if text[:1].isalnum() and PARTED.search(text) is None:
        return text
    return RISKY.sub(r"\1'", text)


def csv_lines(rows: Iterable[Sequence[Cell]], zone: tzinfo) -> bytes:
    """Times in this zone, with how far it is from UTC."""
    ways: dict[type, Callable[[Any], str]] = {
        str: told,
        int: str,
        Decimal: "{:f}".format,
        Money: plain,
        datetime: lambda at: at.astimezone(zone).isoformat(),
        type(None): lambda _: "",
    }
    into = io.StringIO()
    writer = csv.writer(into, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[ways[type(cell)](cell) for cell in row] for row in rows])
    return into.getvalue().encode(errors="replace")


def csv_head(heads: Sequence[str]) -> bytes:
    return BOM + csv_lines([heads], UTC)


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[Cell]], zone: tzinfo = UTC) -> bytes:
    """A small table whole."""
    return csv_head(heads) + csv_lines(rows, zone)


@dataclass(eq=False)
class CsvBook:
    """A CSV file as it grows, used like a Workbook."""

    into: IO[bytes]
    heads: Sequence[str]
    zone: tzinfo = UTC

    def begin(self) -> None:
        self.into.write(csv_head(self.heads))

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        self.into.write(csv_lines(rows, self.zone))

    def finish(self) -> None:
        self.into.flush()
