"""Tables from files: what spreadsheets write is read, whole and with its lines; what they never write does no harm."""

import io
import tracemalloc
import zipfile
from dataclasses import replace

import pytest

from hyperpanel.errors import BadInput
from hyperpanel.support import sheet_books, sheets
from hyperpanel.support.sheets import Shape
from hyperpanel.support.workbooks import Workbook, xlsx_of
from tests.support.broken_imports import moved, with_shared

SHAPE = Shape(("id", "text"), ("id", "text", "name"), 100)


def cells(body: str | bytes) -> list[tuple[int, str, str]]:
    found = sheets.read(body.encode() if isinstance(body, str) else body, SHAPE)
    return [(row.number, row.cells["id"], row.cells["text"]) for row in found.rows]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(sign, end, code):
    text = end.join(sign.join(row) for row in (("ID", ' "Text" '.strip()), ("1", '"سریع, ""a""; b|c\td"')))
    assert cells(text.encode(code)) == [(2, "1", 'سریع, "a"; b|c\td')]


def test_a_line_that_tells_the_separator_is_no_header():
    assert cells("sep=;\nid;text\n1;a,b\n") == [(3, "1", "a,b")]


def test_lines_are_counted_as_an_editor_counts_them():
    assert cells('id,text\n1,"a\n\nb"\n\n2,c\n') == [(2, "1", "a\n\nb"), (6, "2", "c")]


def test_columns_stand_in_any_order_and_are_named_as_people_name_them():
    found = sheets.read(b"Text , colour,NAME, Id \na,red,n,1\n", SHAPE)
    assert found.rows[0].cells == {"text": "a", "name": "n", "id": "1"}
    assert found.beyond == ["colour"]


def test_cells_that_are_not_needed_may_be_missing():
    assert cells("id,text,name\n1,a\n") == [(2, "1", "a")]


SHEET = "xl/worksheets/sheet1.xml"
ONE = xlsx_of("t", ("id", "text"), [["1", "a"]])


def edited(body: bytes, old: bytes, new: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(into, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(old, new, 1) if name == SHEET else part)
    return into.getvalue()


def with_rows(xml: bytes) -> bytes:
    """Below the line 2 of ONE."""
    return edited(ONE, b"</sheetData>", xml + b"</sheetData>")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (b"<c><v>170</v></c>", "170"),
        (b"<c><v>170.5</v></c>", "170.5"),
        (b"<c><v>0.30000000000000004</v></c>", "0.3"),
        (b'<c t="b"><v>1</v></c>', "true"),
        (b"<c><v>1.7E2</v></c>", "170"),
        (b"<c><v>1e400</v></c>", "1e400"),
        (b"<c><v> </v></c>", ""),
        (b'<c s="4"><v>46024</v></c>', "2026-01-02 00:00:00"),
        (b'<c s="4"><v>46024.75</v></c>', "2026-01-02 18:00:00"),
        (b'<c s="4"><v>99999999</v></c>', "99999999"),
        (b'<c s="99999"><v>1</v></c>', "1"),
        (b'<c t="str"><v>a_x000D_b_x005F_x0041__x0000__xD800_</v></c>', "a\rb_x0041_"),
        (b"<c><f>1+1</f><v>2</v></c>", "2"),
        (b'<c t="str"><f>"a"</f><v>=1+1</v></c>', "=1+1"),
        (b'<c t="e"><v>#N/A</v></c>', ""),
        (b'<c t="inlineStr"><is><r><t xml:space="preserve">a </t></r><r><t>b</t></r></is></c>', "a b"),
    ],
)
def test_a_workbook_is_read_as_what_it_shows(cell, read):
    assert cells(with_rows(b"<row><c><v>9</v></c>" + cell + b"</row>")) == [(2, "1", "a"), (3, "9", read)]


def test_of_several_sheets_the_first_is_read_and_the_others_are_counted():
    into = io.BytesIO()
    made = Workbook(into, "t", ("id", "text"), most_rows=2)
    made.begin()
    made.write([["1", "a"], ["2", "b"], ["3", "c"]])
    made.finish()
    found = sheets.read(into.getvalue(), SHAPE)
    assert (len(found.rows), found.other_sheets) == (1, 2)


def test_a_table_may_stand_anywhere_on_its_sheet():
    above = edited(ONE, b"<sheetData>", b'<sheetData><row r="1"/><row r="2"/>')
    assert cells(above) == [(4, "1", "a")]


def test_a_sheet_that_claims_more_than_it_has_is_read():
    assert cells(edited(ONE, b"<sheetViews>", b'<dimension ref="A1:XFD1048576"/><sheetViews>')) == [(2, "1", "a")]


@pytest.mark.parametrize("name", ["xl/x.xml", "xl/theme/theme1.xml", "data.bin"])
def test_the_sheet_is_the_one_that_the_workbook_names(name):
    """Wherever it is: one that is far too wide is found there too."""
    wide = with_rows(b'<row r="99"><c r="XFD99"><v>1</v></c></row>')
    assert cells(moved(ONE, SHEET, name)) == [(2, "1", "a")]
    with pytest.raises(BadInput, match="Line 99 of the sheet has more than 200 columns"):
        sheets.read(moved(wide, SHEET, name), SHAPE)


def test_a_text_that_cells_share_is_in_each_of_them():
    body = with_shared(ONE, ["<r><t>a</t></r><r><t> b</t></r><rPh><t>sound</t></rPh>"], 1)
    runs = edited(body, b"<row><c t=", b"<row><c><v>9</v></c><c t=")
    assert cells(runs) == [(2, "1", "a"), (3, "9", "a b")]


def test_a_small_file_asks_for_little_memory():
    """One text of 20 MiB for 500 cells, and one of the longest that may be for two thousand."""
    for body in (with_shared(ONE, ["a" * 20 * 2**20], 500), with_shared(ONE, ["a" * 32_767], 3_000)):
        tracemalloc.start()
        with pytest.raises(BadInput, match=r"more than 32767 characters|far larger inside"):
            sheets.read(body, replace(SHAPE, most=5_000))
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert reached < 100 * 2**20


def test_tags_that_are_left_open_are_not_piled_up():
    with pytest.raises(BadInput, match="cannot be read as one"):
        sheets.read(with_rows(b"<a>" * 101 + b"</a>" * 101), SHAPE)


def test_more_tags_than_can_be_walked_through_at_once_are_refused(monkeypatch):
    monkeypatch.setattr(sheet_books, "MOST_TAGS", 1000)
    with pytest.raises(BadInput, match="too many cells"):
        sheets.read(with_rows(b"<row>" + b"<c/>" * 1000 + b"</row>"), SHAPE)


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="3"><c r="AAAA3"><v>1</v></c><c><v>b</v></c></row>',
        b'<row r="2"><c><v>9</v></c></row>',
        b'<row><c t="s"><v>4294967295</v></c></row>',
        b'<row><c t="s"><v>-1</v></c></row>',
        b'<row><c t="none"><v>1</v></c></row>',
        b"<row><c><v>nan</v></c></row>",
        b"<row><c><v>1_0</v></c></row>",
    ],
)
def test_what_no_spreadsheet_writes_is_a_sentence(row):
    with pytest.raises(BadInput, match="cannot be read as one"):
        sheets.read(with_rows(row), SHAPE)


def test_empty_cells_far_away_are_none():
    assert cells(with_rows(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>')) == [(2, "1", "a")]


def test_cells_that_do_not_say_where_they_are_are_counted():
    """So many in one row, without a place, reach as far as one that names it."""
    with pytest.raises(BadInput, match="Line 3 of the sheet has more than 200 columns"):
        sheets.read(with_rows(b'<row r="3">' + b"<c><v>1</v></c>" * 300 + b"</row>"), SHAPE)


def test_a_zip_that_lies_about_its_sizes_is_stopped_at_the_bound(monkeypatch):
    monkeypatch.setattr(sheet_books, "MOST_INFLATED", 100_000)
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(SHEET, b" " * 1_000_000)
    lying = into.getvalue().replace((1_000_000).to_bytes(4, "little"), (50_000).to_bytes(4, "little"))
    with pytest.raises(BadInput, match=r"cannot be read as one|far larger inside"):
        sheets.read(lying, SHAPE)


def test_many_parts_are_refused_before_they_are_inflated():
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as made:
        for number in range(sheet_books.MOST_PARTS + 1):
            made.writestr(f"{number}", b"")
    with pytest.raises(BadInput, match="far larger inside"):
        sheets.read(into.getvalue(), SHAPE)


@pytest.mark.parametrize("cut", range(0, 4000, 250))
def test_a_damaged_workbook_is_a_sentence(cut):
    """Bytes are turned over in one place after the other."""
    body = bytearray(xlsx_of("t", ("id", "text"), [["1", "a"]] * 50))
    for place in range(cut, min(cut + 40, len(body))):
        body[place] ^= 0x55
    try:
        sheets.read(bytes(body), SHAPE)
    except BadInput as problem:
        assert problem.field == "file"  # noqa: PT017 # some damage is in parts that nobody reads


def test_more_lines_than_are_allowed_are_refused_in_either_kind():
    rows = [["1", "a"]] * 101
    for body in (xlsx_of("t", ("id", "text"), rows), ("id,text\n" + "1,a\n" * 101).encode()):
        with pytest.raises(BadInput, match="more than 100 lines"):
            sheets.read(body, SHAPE)
