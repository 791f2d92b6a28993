"""A report as a file: CSV that a spreadsheet opens without taking anybody's text for a formula, or JSON that says what it is about."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Cell = str | int | float | bool | Decimal | date | None
"""Times are dates too, with their zone."""

FORMULA = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20", "\t", "\r", "\n")
"""By which a text begins that a spreadsheet calculates; some take the wide signs for the plain ones."""
FORMATS = ("csv", "json")


@dataclass(frozen=True)
class Table:
    """A report's columns, by names for scripts, and its rows."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def csv_of(table: Table) -> bytes:
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([[safe(cell) for cell in row] for row in table.rows])
    return into.getvalue().encode()


def safe(cell: Cell) -> str | int | float:
    """Numbers of ours are numbers, negative ones too; a text that begins like a formula is told by an apostrophe to be none."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return "" if cell is None else cell if isinstance(cell, int | float) else plain(cell)


def json_of(table: Table, about: Mapping[str, object]) -> bytes:
    """`about`: what the report is and how old its data."""
    rows = [dict(zip(table.columns, map(told, row), strict=True)) for row in table.rows]
    return json.dumps({**about, "rows": rows}, ensure_ascii=False, indent=1).encode()


def told(cell: Cell) -> str | int | float | None:
    return cell if cell is None or isinstance(cell, str | int | float) else plain(cell)


def plain(cell: Decimal | date) -> str:
    """An amount with all its digits, as text: a float would not keep them."""
    return f"{cell:f}" if isinstance(cell, Decimal) else cell.isoformat()
