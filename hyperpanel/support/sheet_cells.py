"""The cells of a sheet, row by row.

A reader that lays a sheet out whole, or copies a text for each cell that has it, can be made to ask for any amount of memory by a file of two
kilobytes, and one that is not written in Python then ends the process. Here a row is held while it is read, and a text once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hyperpanel.errors import BadInput
from hyperpanel.support.sheet_files import ILLEGAL, LONGEST
from hyperpanel.support.sheet_parts import Styles, Texts, broken, local, parse, parser_of, refuse_deep, too_much
from hyperpanel.support.wanted import N_

MOST_TEXT = 64 * 2**20
"""Signs in all cells together, a text that many of them share counted for each."""

MOST_COLUMNS = 200
MOST_ABOVE = 1_000
"""Lines that may be there beside those that are allowed: blank ones, and the names of the columns."""

AT_ONCE = 2**22
PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,9})")
NUMBER = re.compile(r"[+-]?[0-9]{0,400}\.?[0-9]{0,400}(?:[eE][+-]?[0-9]{1,4})?")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
KINDS = frozenset({"n", "s", "b", "e", "str", "inlineStr", "d"})
FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
LATER = 1462
"""Days from there to the first day of a workbook that counts from 1904."""


@dataclass
class Cells:
    """The rows as they are come by. A cell or row that does not say where it is stands after the one before."""

    most_rows: int
    shared: Sequence[str]
    styles: Styles
    from_1904: bool
    ready: list[tuple[int, list[str]]] = field(default_factory=list)
    row: int = 0
    column: int = 0
    filled: dict[int, str] = field(default_factory=dict)
    kind: str = "n"
    style: str = ""
    is_cell: bool = False
    is_inline: bool = False
    now: Texts = field(default_factory=Texts)
    signs: int = 0
    depth: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self.depth += 1
        refuse_deep(self.depth)
        if name == "c":
            self.begin(attributes)
        elif name == "v":
            self.now.is_taking = self.is_cell
        elif name == "t":
            self.now.is_taking = self.is_inline and not self.now.is_sound
        elif name == "row":
            self.stand(attributes.get("r", ""))
        elif name == "is":
            self.is_inline = self.is_cell
        elif name == "rPh":
            self.now.is_sound = True

    def stand(self, at: str) -> None:
        """The rows come in their order, and none of them twice."""
        row = int(at) if at.isascii() and at.isdecimal() and len(at) < 10 else self.row + 1
        if row <= self.row:
            raise broken()
        self.row, self.column, self.filled = row, 0, {}

    def begin(self, attributes: dict[str, str]) -> None:
        found = PLACE.fullmatch(attributes.get("r", ""))
        self.column = column_of(found[1]) if found else self.column + 1
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        self.is_cell, self.is_inline = True, False
        self.now.begin()

    def end(self, tag: str) -> None:
        name = local(tag)
        self.depth -= 1
        if name in ("v", "t"):
            self.now.is_taking = False
        elif name == "c":
            self.is_cell = self.is_inline = False
            if self.now.length:
                self.keep(self.said(self.now.text))
        elif name == "row" and self.filled:
            width = max(self.filled)
            self.ready.append((self.row, [self.filled.get(column, "") for column in range(1, width + 1)]))
            self.filled = {}
        elif name == "rPh":
            self.now.is_sound = False

    def said(self, text: str) -> str:
        if self.kind == "n":
            return (
                ""
                if not text.strip()
                else number(text.strip(), self.from_1904, is_date=self.styles.is_date(self.style))
            )
        if self.kind not in KINDS:
            raise broken()
        if self.kind == "b":
            return "true" if text.strip() in ("1", "true") else "false"
        if self.kind == "e":
            return ""
        if self.kind == "s":
            return self.shared_text(text.strip())
        return ESCAPED.sub(sign, text)

    def shared_text(self, number: str) -> str:
        if not (number.isascii() and number.isdecimal() and len(number) < 10 and int(number) < len(self.shared)):
            raise broken()
        return ESCAPED.sub(sign, self.shared[int(number)])

    def keep(self, text: str) -> None:
        if self.row > self.most_rows + MOST_ABOVE:
            raise BadInput(
                N_("Line {line} of the sheet has something in it; at most {most} lines can be read at once."),
                "file",
                line=self.row,
                most=self.most_rows,
            )
        if self.column > MOST_COLUMNS:
            raise BadInput(
                N_("Line {line} of the sheet has more than {most} columns."), "file", line=self.row, most=MOST_COLUMNS
            )
        if len(text) > LONGEST:
            raise BadInput(
                N_("Line {line} of the sheet has a cell with more than {most} characters."),
                "file",
                line=self.row,
                most=LONGEST,
            )
        self.signs += len(text)
        if self.signs > MOST_TEXT:
            raise too_much(MOST_TEXT)
        self.filled[self.column] = text


def column_of(letters: str) -> int:
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - ord("A") + 1
    return found


def sign(written: re.Match[str]) -> str:
    """XLSX writes a sign by its number where XML could not hold it, or where a text looks like one written so."""
    return ILLEGAL.sub("", chr(int(written[1], 16)))


def number(text: str, from_1904: bool, *, is_date: bool) -> str:
    """With the fifteen digits that a spreadsheet keeps, and without needless decimals."""
    if not NUMBER.fullmatch(text) or not any(sign.isdecimal() for sign in text.lower().partition("e")[0]):
        raise broken()
    value = float(text)
    if is_date and 0 <= value < 2_900_000:
        at = FIRST_DAY + timedelta(days=value + LATER * from_1904)
        return f"{at + timedelta(milliseconds=500):%Y-%m-%d %H:%M:%S}"
    if abs(value) == float("inf"):
        return text
    return f"{Decimal(f'{value:.15g}'):f}"


def rows(part: bytes, cells: Cells) -> Iterator[tuple[int, list[str]]]:
    """Those with something in them, each as wide as the first at least: a blank cell at the end is not written."""
    parser = parser_of(cells.start)
    parser.EndElementHandler, parser.CharacterDataHandler = cells.end, cells.now.take
    width = 0
    for at in range(0, len(part) + 1, AT_ONCE):
        parse(parser, part[at : at + AT_ONCE], is_end=at + AT_ONCE > len(part))
        for line, found in cells.ready:
            width = width or len(found)
            yield line, found + [""] * (width - len(found))
        cells.ready.clear()
