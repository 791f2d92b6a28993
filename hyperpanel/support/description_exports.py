"""Descriptions as a file, which the import reads back unchanged: a row for each service of the catalogue, with what it is for reference."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import IO

from hyperpanel.db.descriptions import Described
from hyperpanel.db.panels import Panel
from hyperpanel.support.description_files import COLUMNS
from hyperpanel.support.description_texts import for_csv, for_xlsx
from hyperpanel.support.sheet_files import MEDIA, Cell, CsvBook
from hyperpanel.support.workbooks import Workbook
from sync.money import Money

NAME = "descriptions"
FORMATS = tuple(MEDIA)


def book(into: IO[bytes], kind: str) -> CsvBook | Workbook:
    return Workbook(into, NAME, COLUMNS) if kind == "xlsx" else CsvBook(into, COLUMNS)


def rows(found: Iterable[Described], panels: Mapping[int, Panel], kind: str) -> Iterator[list[Cell]]:
    """The number is a text: of 00170 a spreadsheet would make 170."""
    is_csv = kind == "csv"
    written = for_csv if is_csv else for_xlsx
    for one in found:
        panel = panels[one.panel_id]
        number, rate = for_xlsx(one.service_id) if not is_csv else one.service_id, amount(one.rate, panel.currency)
        told = (one.name, one.category, one.type)
        yield [panel.name, number, *told, rate, one.min, one.max, written(one.body)]


def amount(rate: int | None, currency: str) -> Decimal | Money | None:
    return None if rate is None else Money(rate, currency)
