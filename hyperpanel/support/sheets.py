"""A table that somebody sends as a file, CSV or XLSX: its first line names the columns, and every line below keeps its number.

What is wrong with the file as a whole is raised; what is wrong with one line is told with it. Nobody knows where a file has been: each
kind of damage ends in a sentence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hyperpanel.errors import BadInput
from hyperpanel.support import sheet_books, sheet_texts
from hyperpanel.support.wanted import N_

LARGEST = 5 * 2**20
LONGEST_TOLD = 40
CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of old Excel begins, and a newer one with a password."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


@dataclass(frozen=True)
class Shape:
    """The columns that are needed, and all that mean something."""

    needed: tuple[str, ...]
    known: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class Row:
    """`number`: where it begins in the file. `cells` by column, as they came."""

    number: int
    cells: Mapping[str, str]
    fault: BadInput | None


@dataclass(frozen=True)
class Sheet:
    """`beyond`: columns that nobody knows, as they were written. `other_sheets`: those of a workbook that were not looked at."""

    rows: Sequence[Row]
    beyond: Sequence[str]
    other_sheets: int


def read(body: bytes, shape: Shape) -> Sheet:
    """Raises BadInput."""
    if len(body) > LARGEST:
        raise BadInput(N_("The file is larger than {most} MiB."), "file", most=LARGEST // 2**20)
    if not body.strip():
        raise BadInput(N_("The file is empty."), "file")
    if body.startswith(CONTAINER):
        raise BadInput(LOCKED if ENCRYPTED in body else OLD, "file")
    if body.startswith(ZIPS):
        book = sheet_books.read(body, shape.most)
        return sheet(book.lines, shape, book.other_sheets)
    text = sheet_texts.text_of(body)
    return sheet(sheet_texts.lines(text, shape.known), shape, 0)


LOCKED = N_("The workbook has a password. Save it without one, then choose it again.")
OLD = N_("This is a workbook of an old kind (.xls). Save it as .xlsx or as CSV UTF-8, then choose it again.")


def sheet(lines: Iterable[tuple[int, Sequence[str]]], shape: Shape, other_sheets: int) -> Sheet:
    """Blank lines count and are left out."""
    filled = ((number, cells) for number, cells in lines if any(cell.strip() for cell in cells))
    first = next(filled, None)
    if first is None:
        raise BadInput(N_("The file is empty."), "file")
    names = header(*first, shape)
    rows = list(bounded((row(number, cells, names, shape) for number, cells in filled), shape.most))
    if not rows:
        raise BadInput(N_("The file has no line below the one that names the columns."), "file")
    beyond = [cell.strip() for cell, name in zip(first[1], names, strict=True) if cell.strip() and not name]
    return Sheet(rows, beyond, other_sheets)


def header(number: int, cells: Sequence[str], shape: Shape) -> list[str]:
    """The column of each cell; "" where none of ours is meant."""
    found = [named(cell, shape.known) for cell in cells]
    for name in shape.known:
        if name in shape.needed and name not in found:
            raise BadInput(
                N_("Line {line} must name the columns; “{name}” is missing."), "file", line=number, name=name
            )
        if found.count(name) > 1:
            raise BadInput(N_("Line {line} names the column “{name}” twice."), "file", line=number, name=name)
    return found


def named(cell: str, known: Sequence[str]) -> str:
    """“Service ID” is service_id."""
    plain = "_".join(cell.replace("-", " ").replace("_", " ").casefold().split())
    return plain if plain in known else ""


def bounded(rows: Iterable[Row], most: int) -> Iterator[Row]:
    for place, one in enumerate(rows):
        if place == most:
            raise too_many(most)
        yield one


def too_many(most: int) -> BadInput:
    return BadInput(N_("The file has more than {most} lines. Part it in two."), "file", most=most)


def row(number: int, cells: Sequence[str], names: Sequence[str], shape: Shape) -> Row:
    """Cells that are missing at the end are empty where they are not needed, and empty ones beyond the last column are none."""
    while len(cells) > len(names) and not cells[-1].strip():
        cells = cells[:-1]
    given = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    fits = len(cells) <= len(names) and all(name in given for name in shape.needed)
    return Row(number, given, None if fits else uneven(len(cells), len(names)))


def uneven(cells: int, columns: int) -> BadInput:
    """Mostly a separator inside of a text that is not quoted."""
    return BadInput(
        N_("It has {cells} cells where the first line names {columns} columns. Put a text with a separator in quotes."),
        "line",
        cells=cells,
        columns=columns,
    )
