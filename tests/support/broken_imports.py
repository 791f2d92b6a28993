"""Files of descriptions that are broken, each with what is said of it: made by a table of kinds and variants, the same ones every time.

A kind makes of a few random words a file, and tells the line and a part of the reason; line None where the file as a whole cannot be read.
"""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hyperpanel.support.workbooks import xlsx_of

SEED = 7
VARIANTS = 6
HEAD = ("panel", "service_id", "description")
PANELS = ("eu-1", "us-2")
SERVICES = ("170", "171", "9", "00500")
WORDS = ("slow", "سریع", "güvenli", "drop 5%", "= cheap", "R30 ♻️", "до 10K/день", "“quoted”", "a;b", "tab\there")
ENDS = ("\n", "\r\n", "\r")
SIGNS = (",", ";", "\t", "|")
SHEET = "xl/worksheets/sheet1.xml"
LINKS = "xl/_rels/workbook.xml.rels"
DIGITS = ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９")


@dataclass(frozen=True)
class Broken:
    name: str
    body: bytes
    line: int | None
    reason: str


@dataclass
class Draft:
    """What one variant has to choose from. `good`: some rows that are right, of services of their own."""

    choice: random.Random
    sign: str
    end: str
    good: list[list[str]]

    @property
    def word(self) -> str:
        return self.choice.choice(WORDS)

    def text(self, *rows: list[str] | tuple[str, ...], head: tuple[str, ...] = HEAD) -> str:
        made = io.StringIO()
        csv.writer(made, delimiter=self.sign, lineterminator=self.end).writerows([head, *rows])
        return made.getvalue()

    def wrong(self, row: list[str], reason: str, also: str = "") -> tuple[bytes, int, str]:
        """Among rows that are right, at a place of its own."""
        place = self.choice.randrange(len(self.good) + 1)
        rows = [*self.good[:place], row, *self.good[place:]]
        return also.encode() + self.text(*rows).encode(), place + 2, reason

    def book(self, rows: list[list[str]], head: tuple[str, ...] = HEAD) -> bytes:
        return xlsx_of("t", head, rows)


Kind = Callable[[Draft], tuple[bytes, int | None, str]]


def other_digits(draft: Draft, number: str) -> str:
    return number.translate(dict(zip(map(ord, "0123456789"), draft.choice.choice(DIGITS), strict=True)))


def header_lacks(draft: Draft) -> tuple[bytes, int, str]:
    gone = draft.choice.choice(HEAD)
    kept = tuple(name for name in HEAD if name != gone)
    return draft.text(["x", "y"], head=kept).encode(), 1, f"“{gone}” is missing"


def header_twice(draft: Draft) -> tuple[bytes, int, str]:
    name = draft.choice.choice(HEAD)
    return draft.text(["a", "b", "c", "d"], head=(*HEAD, name.upper())).encode(), 1, f"the column “{name}” twice"


def header_is_not_there(draft: Draft) -> tuple[bytes, int, str]:
    return draft.text(*draft.good[1:], head=tuple(draft.good[0])).encode(), 1, "“panel” is missing"


def header_after_blanks(draft: Draft) -> tuple[bytes, int, str]:
    blanks = draft.choice.randrange(1, 5)
    text = draft.end * blanks + draft.text(["x"], head=("panel", "description"))
    return text.encode(), blanks + 1, "“service_id” is missing"


def header_alone(draft: Draft) -> tuple[bytes, None, str]:
    return (draft.text() + draft.end * draft.choice.randrange(4)).encode(), None, "no line below"


def nothing_in_it(draft: Draft) -> tuple[bytes, None, str]:
    return draft.choice.choice([b"", b"\n\n", b" \t ", b"\xef\xbb\xbf", b",,,\n,,,\n", b"\r\r"]), None, "file is empty"


def windows_code_page(draft: Draft) -> tuple[bytes, int, str]:
    rows = [["eu-1", "9", "slow"]] * draft.choice.randrange(1, 5) + [["eu-1", "171", "güvenli ışık"]]
    return draft.text(*rows).encode("cp1254", "replace"), len(rows) + 1, "is not UTF-8 text"


def cut_in_a_sign(draft: Draft) -> tuple[bytes, int, str]:
    return (
        draft.text(*draft.good, ["eu-1", "171", "x"]).rstrip().encode() + b"\xd8",
        len(draft.good) + 2,
        "is not UTF-8",
    )


def half_of_utf_16(draft: Draft) -> tuple[bytes, int, str]:
    return draft.text(*draft.good).rstrip().encode("utf-16")[:-1], len(draft.good) + 1, "is not UTF-8 text"


def nul_sign(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["eu-1", "171", f"a{chr(0)}b"], "has a NUL sign")


def utf_16_without_a_mark(draft: Draft) -> tuple[bytes, int, str]:
    return b"p\x00" + draft.text(["eu-1", "1", "x"]).encode("utf-16-le")[2:], 1, "has a NUL sign"


def quote_left_open(draft: Draft) -> tuple[bytes, int, str]:
    text = draft.text(*draft.good) + draft.sign.join(("eu-1", "171", f'"{draft.word.replace(chr(34), "")}')) + draft.end
    return text.encode(), len(draft.good) + 2, "a quotation mark is missing"


def quote_inside(draft: Draft) -> tuple[bytes, int, str]:
    text = draft.text(*draft.good) + draft.sign.join(("eu-1", "171", '"two" words')) + draft.end
    return text.encode(), len(draft.good) + 2, "a quotation mark is missing"


def cell_far_too_long(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["eu-1", "171", "x" * 140_000], "a cell is far too long")


def text_too_long(draft: Draft) -> tuple[bytes, int, str]:
    length = draft.choice.randrange(20_001, 30_000)
    return draft.wrong(["eu-1", "171", "x" * length], f"It has {length} characters")


def separator_in_the_text(draft: Draft) -> tuple[bytes, int, str]:
    draft.good = [["eu-1", "170", "plain"]]
    text = draft.text(*draft.good) + draft.sign.join(("eu-1", "171", "one", " two")) + draft.end
    return text.encode(), 3, "4 cells where the first line names 3"


def cells_missing(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["eu-1", "171"], "2 cells where the first line names 3")


def one_cell(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["total: 12"], "1 cells where the first line names 3")


def no_panel(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong([draft.choice.choice(["", " ", "'"[:0]]), "171", draft.word], "It names no panel")


def unknown_panel(draft: Draft) -> tuple[bytes, int, str]:
    name = draft.choice.choice(["zz-9", "EU_1", "eu-1x", "dark-2", "=eu", "عربی"])
    return draft.wrong([name, "171", draft.word], f"There is no panel “{name}”")


def foreign_panel(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["secret-3", "171", draft.word], "There is no panel “secret-3”")


def no_service(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["eu-1", draft.choice.choice(["", "  "]), draft.word], "It names no service")


def unknown_service(draft: Draft) -> tuple[bytes, int, str]:
    id = draft.choice.choice(["999", "17O", "170a", "-170", "1e2", "170.5", "1,70"])
    return draft.wrong(["eu-1", id, draft.word], f"There is no service {id} on eu-1")


def service_of_another_panel(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["us-2", "00500", draft.word], "There is no service 00500 on us-2")


def unknown_in_other_digits(draft: Draft) -> tuple[bytes, int, str]:
    id = other_digits(draft, "998")
    return draft.wrong(["eu-1", id, draft.word], f"There is no service {id} on eu-1")


def twice(draft: Draft) -> tuple[bytes, int, str]:
    panel, id, _ = draft.good[0]
    return draft.text(*draft.good, [panel, id, "again"]).encode(), len(draft.good) + 2, "Line 2 is about the same"


def twice_by_other_digits(draft: Draft) -> tuple[bytes, int, str]:
    draft.good = [["eu-1", "170", "once"]]
    row = ["EU-1", other_digits(draft, "170"), "again"]
    return draft.text(*draft.good, row).encode(), 3, "Line 2 is about the same service"


def twice_by_zeros(draft: Draft) -> tuple[bytes, int, str]:
    id = draft.choice.choice(["00170", "170.0", "0170.00", "#170", " 170 "])
    return draft.text(["eu-1", "170", "once"], ["eu-1", id, "again"]).encode(), 3, "Line 2 is about the same service"


def formula_as_a_service(draft: Draft) -> tuple[bytes, int, str]:
    id = draft.choice.choice(["=1+1", "+170", "@SUM(A1)", "-1"])
    return draft.wrong(["eu-1", f"'{id}", draft.word], f"There is no service {id} on eu-1")


def formula_as_a_panel(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["=cmd|' /C calc'!A0", "170", draft.word], "There is no panel “=cmd|")


def too_many_lines(draft: Draft) -> tuple[bytes, None, str]:
    return b"panel,service_id,description\n" + b"a,1,\n" * 50_001, None, "more than 50000 lines"


def too_large(draft: Draft) -> tuple[bytes, None, str]:
    return b"panel,service_id,description\n".ljust(5 * 2**20 + 1 + draft.choice.randrange(9), b"x"), None, "5 MiB"


def lines_within_quotes(draft: Draft) -> tuple[bytes, int, str]:
    """The number is the one that an editor shows."""
    broken = draft.choice.randrange(1, 5)
    rows = [["eu-1", "170", f"a{draft.end * broken}b"], ["eu-1", "999", "x"]]
    return draft.text(*rows).encode(), 3 + broken, "There is no service 999"


def blank_lines_between(draft: Draft) -> tuple[bytes, int, str]:
    blanks = draft.choice.randrange(1, 5)
    text = draft.text(["eu-1", "170", "x"]) + draft.end * blanks + draft.sign.join(("eu-1", "999", "y"))
    return text.encode(), 3 + blanks, "There is no service 999"


def with_a_mark(draft: Draft) -> tuple[bytes, int, str]:
    return draft.wrong(["eu-1", "999", draft.word], "There is no service 999", also="\ufeff")


def wide_encoding(draft: Draft) -> tuple[bytes, int, str]:
    body, line, reason = draft.wrong(["eu-1", "999", draft.word], "There is no service 999")
    return body.decode().encode("utf-16"), line, reason


def told_separator(draft: Draft) -> tuple[bytes, int, str]:
    body, line, reason = draft.wrong(["eu-1", "999", draft.word], "There is no service 999")
    return f"sep={draft.sign}{draft.end}".encode() + body, line + 1, reason


def sheet_line(draft: Draft) -> tuple[bytes, int, str]:
    place = draft.choice.randrange(len(draft.good) + 1)
    rows = [*draft.good[:place], ["eu-1", "999", "x"], *draft.good[place:]]
    return draft.book(rows), place + 2, "There is no service 999"


def sheet_blank_rows(draft: Draft) -> tuple[bytes, int, str]:
    blanks = draft.choice.randrange(1, 5)
    return draft.book([["", "", ""]] * blanks + [["eu-1", "999", "x"]]), 2 + blanks, "There is no service 999"


def sheet_merged(draft: Draft) -> tuple[bytes, int, str]:
    """Of merged cells only the first has the text."""
    return draft.book([["eu-1", "170", "x"], ["", "171", "y"]]), 3, "It names no panel"


def sheet_header(draft: Draft) -> tuple[bytes, int, str]:
    return draft.book([["eu-1", "170"]], head=HEAD[:2]), 1, "“description” is missing"


def sheet_empty(draft: Draft) -> tuple[bytes, None, str]:
    return draft.book([], head=("", "", "")), None, "file is empty"


def sheet_cut_off(draft: Draft) -> tuple[bytes, None, str]:
    whole = draft.book(draft.good)
    return whole[: draft.choice.randrange(30, len(whole) - 30)], None, "cannot be read as one"


def sheet_damaged(draft: Draft) -> tuple[bytes, None, str]:
    return changed(draft.book(draft.good), "xl/worksheets/sheet1.xml", b"<row", b"<<row"), None, "cannot be read as one"


def sheet_without_a_workbook(draft: Draft) -> tuple[bytes, None, str]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("readme.txt", draft.word)
    return made.getvalue(), None, "cannot be read as one"


def sheet_with_entities(draft: Draft) -> tuple[bytes, None, str]:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">]><worksheet'
    return changed(draft.book(draft.good), "xl/worksheets/sheet1.xml", b"<worksheet", laughs), None, "cannot be read"


def sheet_far_away(draft: Draft) -> tuple[bytes, int, str]:
    row = draft.choice.randrange(60_000, 1_048_576)
    far = f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row></sheetData>'.encode()
    body = changed(draft.book(draft.good), "xl/worksheets/sheet1.xml", b"</sheetData>", far)
    return body, row, "has something in it"


def sheet_too_wide(draft: Draft) -> tuple[bytes, int, str]:
    wide = b'<row r="9"><c r="XFD9" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return (
        changed(draft.book(draft.good), "xl/worksheets/sheet1.xml", b"</sheetData>", wide),
        9,
        "more than 200 columns",
    )


def sheet_elsewhere(draft: Draft) -> tuple[bytes, int, str]:
    """Found by what the workbook says of it, under a name that is no sheet's, with a cell at the far end."""
    row = draft.choice.randrange(60_000, 1_048_576)
    name = draft.choice.choice(["xl/x.xml", "xl/theme/theme1.xml", "data.bin", "docProps/app.xml", "xl/Sheets.xml.png"])
    far = f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row></sheetData>'.encode()
    body = changed(draft.book(draft.good), SHEET, b"</sheetData>", far)
    return moved(body, SHEET, name), row, "has something in it"


def sheet_text_shared(draft: Draft) -> tuple[bytes, int, str]:
    """One text, longer than a cell may have, that many cells are said to have."""
    length = draft.choice.randrange(32_768, 200_000)
    return with_shared(draft.book(draft.good), ["a" * length], 500), len(draft.good) + 2, "more than 32767 characters"


def sheet_text_inline(draft: Draft) -> tuple[bytes, int, str]:
    runs = "<r><t>" + "a" * draft.choice.randrange(8_192, 20_000) + "</t></r>"
    row = f'<row r="20"><c t="inlineStr"><is>{runs * 4}</is></c></row></sheetData>'
    return changed(draft.book(draft.good), SHEET, b"</sheetData>", row.encode()), 20, "more than 32767 characters"


def sheet_texts_in_all(draft: Draft) -> tuple[bytes, None, str]:
    """Each no longer than it may be, and far too much together."""
    return with_shared(draft.book(draft.good), ["a" * 32_767], 2_100), None, "far larger inside than 64 MiB"


def bomb(draft: Draft) -> tuple[bytes, None, str]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (66 * 2**20))
    return made.getvalue(), None, "far larger inside than 64 MiB"


def other_office_file(draft: Draft) -> tuple[bytes, None, str]:
    """Named .xlsx by somebody, and nothing of the kind."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if draft.choice.random() < 0.5:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            return made_of(made, archive), None, "OpenDocument"
        archive.writestr("xl/workbook.bin", b"\x00")
    return made.getvalue(), None, "binary workbook"


def made_of(made: io.BytesIO, archive: zipfile.ZipFile) -> bytes:
    archive.close()
    return made.getvalue()


def old_workbook(draft: Draft) -> tuple[bytes, None, str]:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(draft.choice.randrange(512, 600))
    if draft.choice.random() < 0.5:
        return container + "EncryptedPackage".encode("utf-16-le"), None, "has a password"
    return container + "Workbook".encode("utf-16-le"), None, "old kind (.xls)"


def encrypted_zip(draft: Draft) -> tuple[bytes, None, str]:
    """The flag of a part that has a password, in its own head and in the directory."""
    whole = bytearray(draft.book(draft.good))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + at] |= 1
    return bytes(whole), None, "has a password"


def another_file(draft: Draft) -> tuple[bytes, int, str]:
    kinds = [b"%PDF-1.7\n%x", b"<html><body>panel</body></html>", b'{"panel": "eu-1"}', b"\x89PNG\r\n\x1a\n", b"GIF89a"]
    body = draft.choice.choice(kinds)
    return body, 1, "is not UTF-8 text" if body[0] == 0x89 else "“panel” is missing"


ONCE = (too_many_lines, bomb, sheet_texts_in_all)
"""The large ones are made once."""

KINDS: tuple[Kind, ...] = (
    header_lacks, header_twice, header_is_not_there, header_after_blanks, header_alone, nothing_in_it,
    windows_code_page, cut_in_a_sign, half_of_utf_16, nul_sign, utf_16_without_a_mark, quote_left_open, quote_inside,
    cell_far_too_long, text_too_long, separator_in_the_text, cells_missing, one_cell, no_panel, unknown_panel,
    foreign_panel, no_service, unknown_service, service_of_another_panel, unknown_in_other_digits, twice,
    twice_by_other_digits, twice_by_zeros, formula_as_a_service, formula_as_a_panel, too_large, lines_within_quotes,
    blank_lines_between, with_a_mark, wide_encoding, told_separator, sheet_line, sheet_blank_rows, sheet_merged,
    sheet_header, sheet_empty, sheet_cut_off, sheet_damaged, sheet_without_a_workbook, sheet_with_entities,
    sheet_far_away, sheet_too_wide, sheet_elsewhere, sheet_text_shared, sheet_text_inline,
    other_office_file, old_workbook, encrypted_zip, another_file,
)  # fmt: skip


def changed(book: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            body = before.read(name)
            after.writestr(name, body.replace(old, new, 1) if name == part else body)
    return made.getvalue()


def moved(book: bytes, part: str, to: str) -> bytes:
    """The part under another name, by which the workbook knows it."""
    linked = changed(book, LINKS, part.removeprefix("xl/").encode(), f"/{to}".encode())
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(linked)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            after.writestr(to if name == part else name, before.read(name))
    return made.getvalue()


def with_shared(book: bytes, texts: list[str], uses: int) -> bytes:
    """Below the rows that are there, so many of which each has the first of the texts."""
    rows = '<row><c t="s"><v>0</v></c></row>' * uses + "</sheetData>"
    used = changed(book, SHEET, b"</sheetData>", rows.encode())
    link = '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    made = io.BytesIO(changed(used, LINKS, b"</Relationships>", link.encode()))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        held = "".join(f"<si><t>{text}</t></si>" for text in texts)
        archive.writestr("xl/sharedStrings.xml", f'<sst count="4294967295" uniqueCount="4294967295">{held}</sst>')
    return made.getvalue()


def draft(choice: random.Random, variant: int) -> Draft:
    pairs = [("us-2", "9"), ("eu-1", "9"), ("eu-1", "00500")]
    choice.shuffle(pairs)
    good = [[panel, id, choice.choice(WORDS)] for panel, id in pairs[: choice.randrange(1, 4)]]
    return Draft(choice, SIGNS[variant % 4], ENDS[variant % 3], good)


def broken() -> Iterator[Broken]:
    choice = random.Random(SEED)
    for kind in (*KINDS, *ONCE):
        for variant in range(1 if kind in ONCE else VARIANTS):
            body, line, reason = kind(draft(choice, variant))
            yield Broken(f"{kind.__name__}-{variant}", body, line, reason)
