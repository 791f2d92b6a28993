"""What a workbook says around its cells, read as the XML it is: which sheet is where, which styles show a date, and the texts that cells share.

What it says of its own sizes and counts is never looked at.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from hyperpanel.errors import BadInput
from hyperpanel.support.sheet_files import LONGEST
from hyperpanel.support.wanted import N_

DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Formats that every spreadsheet has, and that show a date."""

ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hHmMsS]+\])[^\]]*\]')
"""Of a format: what is shown as it stands, colours and conditions."""

DEEPEST = 100
MOST_SMALL = 400_000
"""Tags, of which a parser does two or three million in a second."""

Start = Callable[[str, dict[str, str]], None]


def broken() -> BadInput:
    return BadInput(N_("The file begins as a workbook (.xlsx) and cannot be read as one. Save it once more."), "file")


def too_much(most: int) -> BadInput:
    return BadInput(
        N_("The workbook is far larger inside than {most} MiB. Save the sheet alone, as CSV UTF-8."),
        "file",
        most=most // 2**20,
    )


def too_many_tags() -> BadInput:
    return BadInput(N_("The workbook has too many cells. Save the sheet alone, as CSV UTF-8."), "file")


def local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def refuse_deep(depth: int) -> None:
    """Of each tag that is open the parser keeps a note."""
    if depth > DEEPEST:
        raise broken()


def parser_of(start: Start) -> expat.XMLParserType:
    """XML without entities of its own."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = start
    return parser


def refuse_doctype(*_: object) -> None:
    raise broken()


def parse_small(start: Start, part: bytes) -> None:
    """One that is about the workbook as a whole."""
    if part.count(b"<") > MOST_SMALL:
        raise too_many_tags()
    parse(parser_of(start), part, is_end=True)


def parse(parser: expat.XMLParserType, some: bytes, *, is_end: bool) -> None:
    try:
        parser.Parse(some, is_end)
    except (expat.ExpatError, ValueError, LookupError):
        raise broken() from None


@dataclass
class Links:
    """What a part says it belongs together with, by id: the kind and the path."""

    folder: str
    found: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "Relationship":
            target, kind = attributes.get("Target", ""), attributes.get("Type", "").rpartition("/")[2]
            path = posixpath.normpath(posixpath.join("/", self.folder, target)).strip("/").lower()
            self.found.setdefault(attributes.get("Id", ""), (kind, path))

    def get(self, id: str) -> tuple[str, str]:
        return self.found.get(id, ("", ""))

    def of(self, kind: str) -> str:
        return next((path for one, path in self.found.values() if one == kind), "")


def links(parts: Mapping[str, bytes], of: str) -> Links:
    folder, name = posixpath.split(of)
    found = Links(folder)
    parse_small(found.start, parts.get(f"{folder}/_rels/{name}.rels".lstrip("/"), b"<x/>"))
    return found


@dataclass
class Contents:
    """The sheets by their links, in their order."""

    sheets: list[str] = field(default_factory=list)
    from_1904: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "sheet":
            self.sheets.append(next((value for key, value in attributes.items() if key.endswith(":id")), ""))
        elif local(tag) == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


@dataclass
class Styles:
    """`shown`: the number of the format of each style of a cell. `dates`: those of the workbook's own that show one."""

    shown: list[str] = field(default_factory=list)
    dates: set[str] = field(default_factory=lambda: set(map(str, DATES)))
    is_inside: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "numFmt":
            code, number = attributes.get("formatCode", "")[:LONGEST], attributes.get("numFmtId", "")
            (self.dates.add if re.search("[dmyhsDMYHS]", ASIDE.sub("", code)) else self.dates.discard)(number)
        elif name in ("cellXfs", "cellStyleXfs"):
            self.is_inside = name == "cellXfs"
        elif name == "xf" and self.is_inside:
            self.shown.append(attributes.get("numFmtId", "0"))

    def is_date(self, style: str) -> bool:
        place = int(style) if style.isascii() and style.isdecimal() and len(style) < 6 else 0
        return place < len(self.shown) and self.shown[place] in self.dates


@dataclass
class Texts:
    """A text in runs, without what is written above it for its sound; nothing is kept beyond what a cell may have."""

    runs: list[str] = field(default_factory=list)
    length: int = 0
    is_taking: bool = False
    is_sound: bool = False

    def begin(self) -> None:
        self.runs, self.length, self.is_taking, self.is_sound = [], 0, False, False

    def take(self, some: str) -> None:
        if self.is_taking and self.length <= LONGEST:
            self.runs.append(some)
            self.length += len(some)

    @property
    def text(self) -> str:
        return "".join(self.runs)


@dataclass
class Shared:
    """The texts that cells name by their number."""

    all: list[str] = field(default_factory=list)
    now: Texts = field(default_factory=Texts)
    depth: int = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = local(tag)
        self.depth += 1
        refuse_deep(self.depth)
        if name == "si":
            self.now.begin()
        elif name == "rPh":
            self.now.is_sound = True
        elif name == "t":
            self.now.is_taking = not self.now.is_sound

    def end(self, tag: str) -> None:
        name = local(tag)
        self.depth -= 1
        if name == "si":
            self.all.append(self.now.text)
        elif name == "rPh":
            self.now.is_sound = False
        elif name == "t":
            self.now.is_taking = False


def shared(part: bytes) -> list[str]:
    found = Shared()
    parser = parser_of(found.start)
    parser.EndElementHandler, parser.CharacterDataHandler = found.end, found.now.take
    parse(parser, part, is_end=True)
    return found.all
