"""Panels from a file: what spreadsheets write is read, and every fault is told with its line."""

import pytest

from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support.panel_files import COLUMNS, addable, read, template

KNOWN = [Panel(1, "eu-1", "perfect_panel", "https://eu-1.example", "USD", "UTC", 4.0, False, "Europe")]
HEAD = "name,url,admin_key\n"


def lines(text: str | bytes, known=KNOWN):
    return read(text.encode() if isinstance(text, str) else text, known)


def errors(text: str) -> list[tuple[int, dict[str, str]]]:
    return [(line.number, {name: str(problem) for name, problem in line.errors.items()}) for line in lines(text)]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read(sign, mark, end):
    text = mark + end.join(
        [sign.join(row) for row in (("Name", " URL", "admin_key"), ("a-1", "https://a.example", "k"))]
    )
    [line] = lines(text)
    assert line.panel is not None
    assert (line.panel.name, line.panel.currency, line.keys) == ("a-1", "USD", {"admin_key": "k"})


def test_columns_may_stand_in_any_order_and_cells_may_be_missing():
    [line] = lines("admin_key,currency,url,name,group\nk,EUR,https://a.example,a-1\n")
    assert line.panel is not None
    assert (line.panel.currency, line.panel.group_name) == ("EUR", None)


def test_lines_are_counted_as_an_editor_counts_them():
    text = HEAD + '\n"a\n1",https://a.example,k\n\nb-1,x,k\n'
    assert [number for number, _ in errors(text)] == [3, 6]


def test_each_fault_of_a_line_is_told():
    [(number, found)] = errors(HEAD + "a;b,x,\n")
    assert number == 2
    assert set(found) == {"name", "url", "admin_key"}


def test_a_name_may_be_there_once():
    found = errors(HEAD + "EU-1,https://a.example,k\na-1,https://a.example,k\nA-1,https://b.example,k\n")
    assert [sentence.get("name") for _, sentence in found] == [
        "A panel of this name is there already.",
        None,
        "Line 3 has the same name.",
    ]


@pytest.mark.parametrize(("cell", "private"), [("", False), ("no", False), ("0", False), ("YES", True), ("true", True)])
def test_private_is_yes_or_no(cell, private):
    [line] = lines(f"name,url,admin_key,private\na-1,https://a.example,k,{cell}\n")
    assert line.panel is not None
    assert line.panel.private is private


def test_private_is_nothing_else():
    [(_, found)] = errors("name,url,admin_key,private\na-1,https://a.example,k,maybe\n")
    assert found == {"private": "Write yes or no."}


def test_more_cells_than_columns_are_a_fault():
    [(_, found)] = errors(HEAD + "a-1,https://a.example,k,EUR\n")
    assert found == {"line": "It has more cells than the first line has columns."}


def test_empty_cells_beyond_the_columns_are_none():
    assert errors(HEAD + "a-1,https://a.example,k,,\n") == [(2, {})]


def test_a_group_is_spelled_alike_throughout():
    text = "name,url,admin_key,group\na,https://a.example,k,EUROPE\nb,https://b.example,k,Asia\nc,https://c.example,k,asia\n"
    assert [panel.group_name for panel, _ in addable(lines(text), KNOWN)] == ["Europe", "Asia", "Asia"]


def test_wrong_lines_are_no_panels():
    assert [panel.name for panel, _ in addable(lines(HEAD + "a,https://a.example,k\nb,x,k\n"), KNOWN)] == ["a"]


def test_the_template_names_every_column_and_holds_no_panel_that_could_be_added():
    assert template().decode("utf-8-sig").splitlines()[0] == ",".join(COLUMNS)
    [line] = read(template(), [])
    assert set(line.errors) == {"admin_key"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (HEAD, "names no panel"),
        ("name,url\na,b\n", "“admin_key” is missing"),
        ("name,url,admin_key,colour\n", "a column “colour”"),
        ("name,url,admin_key,URL\n", "the column “url” twice"),
        ("name,url,admin_key,\na,b,c,d\n", "a column “”"),
        (HEAD + 'a,"b,c\n', "Line 2 cannot be read as CSV"),
        (HEAD + "a,https://a.example," + "k" * 200_000, "Line 2 cannot be read as CSV"),
        (b"name,url,admin_key\n\xff", "not UTF-8"),
        ("name,url,admin_key\na\x00,b,c", "not UTF-8"),
        (HEAD + "x,https://x.example,k\n" * 1001, "more than 1000"),
        ("x" * (2**20 + 1), "larger than 1 MiB"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text, said):
    with pytest.raises(BadInput, match=said):
        lines(text)


def test_no_key_is_in_what_is_logged_of_a_line():
    assert "secret" not in repr(lines(HEAD + "a,https://a.example,secret-4711\n"))
