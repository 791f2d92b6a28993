"""XLSX in constant memory: of a million rows only those being written are held.

It is written by hand. XlsxWriter takes 6 µs for a cell, which is a minute and a half for a million orders; and a text is here a text by the
way it is written, so that no other people's text can become a formula or a link.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import IO, Any
from xml.sax.saxutils import escape

from hyperpanel.support.sheet_files import ILLEGAL, LONGEST, Cell, plain
from sync.money import Money

ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""By which XLSX writes a sign by its number: a text that has it means just that."""

EXACT = 15
"""Digits that a spreadsheet keeps of a number. One with more is written as text."""

MOST_ROWS = 1_048_576
FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC).toordinal()
DAY = 86_400_000_000
EARLIEST = 61
"""Spreadsheets count a 29 February 1900 that never was: days before March 1900 are written as text."""


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="0.00######"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6"><xf/><xf fontId="1" applyFont="1"/>'
    '<xf numFmtId="1" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
HEAD, WHOLE, AMOUNT, TIME, TEXT = 1, 2, 3, 4, 5


@dataclass(eq=False)
class Workbook:
    """An XLSX file as it grows: only the rows being written are in memory. Rows beyond a sheet's last go on in a further one."""

    into: IO[bytes]
    name: str
    heads: Sequence[str]
    zone: tzinfo = UTC
    most_rows: int = MOST_ROWS
    sheets: int = 0
    rows: int = 0
    sheet: IO[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.ways: dict[type, Callable[[Any], str]] = {
            str: text_cell,
            int: lambda number: number_cell(str(number), WHOLE),
            Decimal: lambda number: number_cell(f"{number:f}", AMOUNT),
            Money: lambda amount: number_cell(plain(amount), AMOUNT),
            datetime: self.time_cell,
            type(None): lambda _: "<c/>",
        }

    def begin(self) -> None:
        self.zip = zipfile.ZipFile(self.into, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.begin_sheet()

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        ways = self.ways
        made: list[str] = []
        for row in rows:
            if self.rows >= self.most_rows:
                self.put("".join(made))
                made = []
                self.end_sheet()
                self.begin_sheet()
            made.append("<row>" + "".join([ways[type(cell)](cell) for cell in row]) + "</row>")
            self.rows += 1
        self.put("".join(made))

    def put(self, xml: str) -> None:
        if self.sheet is not None:
            self.sheet.write(xml.encode())

    def begin_sheet(self) -> None:
        self.sheets, self.rows = self.sheets + 1, 1
        self.sheet = self.zip.open(f"xl/worksheets/sheet{self.sheets}.xml", "w", force_zip64=True)
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{width(head)}" customWidth="1"/>' for n, head in self.numbered
        )
        top = "".join(text_cell(head, HEAD) for head in self.heads)
        pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        self.put(f'{XML}<worksheet xmlns="{MAIN}">{views}<cols>{widths}</cols><sheetData><row>{top}</row>')

    @property
    def numbered(self) -> list[tuple[int, str]]:
        return list(enumerate(self.heads, 1))

    def end_sheet(self) -> None:
        self.put("</sheetData></worksheet>")
        if self.sheet is not None:
            self.sheet.close()

    def finish(self) -> None:
        """What says which sheets there are comes last: a ZIP may have it in any place."""
        self.end_sheet()
        for path, xml in parts(self.name, self.sheets).items():
            self.zip.writestr(path, XML + xml)
        self.zip.close()

    def time_cell(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        days = local.toordinal() - FIRST_DAY
        if days < EARLIEST:
            return text_cell(local.isoformat())
        clock = ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond
        return f'<c s="{TIME}"><v>{days + clock / DAY!r}</v></c>'


def text_cell(text: str, style: int = TEXT) -> str:
    """Cut to what a spreadsheet takes; signs that XML cannot hold are left out."""
    if not text:
        return "<c/>"
    fit = ESCAPE.sub("_x005F_", escape(ILLEGAL.sub("", text[:LONGEST])))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{fit}</t></is></c>'


def number_cell(digits: str, style: int) -> str:
    if len(digits.strip("-").replace(".", "").strip("0")) > EXACT:
        return text_cell(digits)
    return f'<c s="{style}"><v>{digits}</v></c>'


def width(head: str) -> int:
    return max(12, min(len(head) + 4, 40))


def parts(name: str, sheets: int) -> dict[str, str]:
    """All of a workbook but its rows, by path."""
    some = range(1, sheets + 1)
    named = "".join(f'<sheet name="{title(name, n)}" sheetId="{n}" r:id="rId{n}"/>' for n in some)
    linked = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in some
    )
    styled = f'<Relationship Id="rId{sheets + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KINDS}.worksheet+xml"/>' for n in some
    )
    return {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{linked}{styled}</Relationships>',
        "xl/styles.xml": STYLES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>{kinds}'
        f'<Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/></Types>',
    }


def title(name: str, n: int) -> str:
    """Thirty-one signs at most, and none of those that mean something in a reference."""
    fit = re.sub(r"[\[\]:*?/\\']", " ", ILLEGAL.sub("", name))[:25].strip() or "1"
    return escape(fit if n == 1 else f"{fit} {n}", {'"': "&quot;"})


def xlsx_of(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], zone: tzinfo = UTC) -> bytes:
    """A small table whole."""
    into = io.BytesIO()
    book = Workbook(into, name, heads, zone)
    book.begin()
    book.write(rows)
    book.finish()
    return into.getvalue()
