"""XLSX: a zip of XML, which may say of itself whatever it likes.

A few kilobytes can inflate to gigabytes. So the parts are inflated here, up to a bound, and read here too; the sheet is the one that the
workbook names first, wherever in the zip it is.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hyperpanel.errors import BadInput
from hyperpanel.support import sheet_cells, sheet_parts
from hyperpanel.support.sheet_cells import Cells
from hyperpanel.support.sheet_parts import Contents, Styles, broken, parse_small, too_many_tags, too_much
from hyperpanel.support.wanted import N_

MOST_INFLATED = 64 * 2**20
MOST_PARTS = 2_000
AT_ONCE = 2**16
MOST_TAGS = 5_000_000
"""Some twenty columns of as many lines as are taken; what is more takes seconds to walk through, though it may be a few kilobytes."""

ENCRYPTED_FLAG = 1
ODS = b"application/vnd.oasis.opendocument"
NOTHING = b"<x/>"


@dataclass(frozen=True)
class Book:
    """`lines` of the first sheet. `other_sheets`: how many more there are."""

    lines: Iterator[tuple[int, Sequence[str]]]
    other_sheets: int


def read(body: bytes, most: int) -> Book:
    """Raises BadInput, some of it while the lines are read."""
    parts = {name.replace("\\", "/").strip("/").lower(): part for name, part in inflated(body).items()}
    workbook = sheet_parts.links(parts, "").of("officeDocument") or "xl/workbook.xml"
    linked, contents = sheet_parts.links(parts, workbook), Contents()
    parse_small(contents.start, parts.get(workbook, b""))
    sheet = next((path for kind, path in map(linked.get, contents.sheets) if kind == "worksheet"), "")
    styles, texts = Styles(), parts.get(linked.of("sharedStrings"), NOTHING)
    if texts.count(b"<") + parts.get(sheet, b"").count(b"<") > MOST_TAGS:
        raise too_many_tags()
    parse_small(styles.start, parts.get(linked.of("styles"), NOTHING))
    shared = sheet_parts.shared(texts)
    cells = Cells(most, shared, styles, contents.from_1904)
    return Book(sheet_cells.rows(parts.get(sheet, b""), cells), len(contents.sheets) - 1)


def inflated(body: bytes) -> dict[str, bytes]:
    """What the zip says of its sizes is not believed."""
    parts: dict[str, bytes] = {}
    left = MOST_INFLATED
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            told = archive.infolist()
            if any(one.flag_bits & ENCRYPTED_FLAG for one in told):
                raise BadInput(N_("The workbook has a password. Save it without one, then choose it again."), "file")
            if len(told) > MOST_PARTS or sum(one.file_size for one in told) > MOST_INFLATED:
                raise too_much(MOST_INFLATED)
            for one in told:
                parts[one.filename] = part(archive, one, left)
                left -= len(parts[one.filename])
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise broken() from None
    refuse_others(parts)
    return parts


def part(archive: zipfile.ZipFile, one: zipfile.ZipInfo, left: int) -> bytes:
    found = bytearray()
    with archive.open(one) as stream:
        while some := stream.read(AT_ONCE):
            found += some
            if len(found) > left:
                raise too_much(MOST_INFLATED)
    return bytes(found)


def refuse_others(parts: dict[str, bytes]) -> None:
    if parts.get("mimetype", b"").startswith(ODS):
        raise BadInput(
            N_("This is an OpenDocument file. Save it as .xlsx or as CSV UTF-8, then choose it again."), "file"
        )
    if "xl/workbook.bin" in parts:
        raise BadInput(N_("This is a binary workbook (.xlsb). Save it as .xlsx, then choose it again."), "file")
