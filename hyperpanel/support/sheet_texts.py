"""CSV as spreadsheets and people write it: with or without a mark before it, four signs between the cells, three kinds of line ends.

Windows-1254 and its kin cannot be told from each other: such a file is refused with how to save it, rather than read with letters changed.
"""

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Sequence

from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import N_

SEPARATORS = ",;\t|"
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ENDS = "\r\n"
TOLD = "sep="
"""What Excel writes above the table to say which sign it put between the cells."""


def text_of(body: bytes) -> str:
    """Raises BadInput, with the line where it is first wrong."""
    coding = "utf-16" if body.startswith(WIDE) else "utf-8-sig"
    try:
        text = body.decode(coding)
    except UnicodeDecodeError as problem:
        read = body[: problem.start].decode(coding, "ignore")
        raise BadInput(
            N_("Line {line} is not UTF-8 text. Save the file as “CSV UTF-8”, then choose it again."),
            "file",
            line=line_of(read),
        ) from None
    if "\x00" in text:
        raise BadInput(
            N_("Line {line} has a NUL sign, as no text has. Save the file as “CSV UTF-8”, then choose it again."),
            "file",
            line=line_of(text[: text.index("\x00")]),
        )
    return text


def line_of(before: str) -> int:
    """The number of the line that begins in, or goes on after, this text."""
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


def lines(text: str, known: Collection[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Each with the number at which it begins."""
    told = text[: len(TOLD)].casefold() == TOLD and text[len(TOLD) : len(TOLD) + 1] in SEPARATORS
    sign = text[len(TOLD)] if told else separator(text, known, SEPARATORS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    begins = 1
    while (cells := next_row(reader, begins)) is not None:
        if not (told and begins == 1):
            yield begins, cells
        begins = reader.line_num + 1


def separator(text: str, known: Collection[str], signs: str) -> str:
    """The sign between the cells: the one that makes the most known columns of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def columns(sign: str) -> int:
        return len({cell.strip(' "').casefold().replace(" ", "_") for cell in first.split(sign)} & set(known))

    return max(signs, key=columns)


def next_row(reader: Iterator[list[str]], line: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error:
        raise BadInput(
            N_("Line {line} cannot be read as CSV: a quotation mark is missing, or a cell is far too long."),
            "file",
            line=line,
        ) from None
