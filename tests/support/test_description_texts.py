"""A description written into a cell and read out of it again is the same text, whatever it says."""

import csv
import io
import random

import pytest

from hyperpanel.errors import BadInput
from hyperpanel.support.description_texts import for_csv, for_xlsx, from_cell, judged, shortened, tidy
from hyperpanel.support.sheet_files import csv_of

PIECES = (
    *"=+-@\t\r\n'\";,|_x", "''", "'=", "'\t", "\r\n", "; -", "=1+1", "=cmd|' /C calc'!A0", "＝", "＋", "\u200b=", " ",
    "_x0041_", "<script>", "&amp;", "سریع", "۱۷۰", "🙂", "\u202e", "\x07", "\x85", "\u2028", "é", "\ufeff", "-",
)  # fmt: skip


def hostile(number: int, seed: int = 11) -> list[str]:
    choice = random.Random(seed)
    made = ("".join(choice.choices(PIECES, k=choice.randrange(1, 9))) for _ in range(3 * number))
    return [text for text in dict.fromkeys(map(tidy, made)) if text][:number]


def test_there_are_500_hostile_texts():
    assert len(hostile(500)) == 500


def test_a_cell_of_a_csv_is_read_as_what_was_written():
    texts = hostile(500)
    body = csv_of(("t",), [[for_csv(text)] for text in texts]).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(body, newline=""))][1:]
    assert [from_cell(cell) for cell in cells] == texts


def test_a_cell_of_a_workbook_is_read_as_what_was_written():
    assert [from_cell(for_xlsx(text)) for text in hostile(500)] == hostile(500)


def test_a_workbook_has_no_marks_where_none_are_needed():
    assert for_xlsx("- no drop\n- refill; -10 %") == "- no drop\n- refill; -10 %"


@pytest.mark.parametrize("text", ["'tis", "it's", "a;'b", "\t'x"])
def test_an_apostrophe_that_marks_nothing_stays(text):
    assert from_cell(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\r\nb\rc", "a\nb\nc"), ("a\x00\x07b", "ab"), ("\ud800x\uffff", "x"), (" \n\t ", ""), ("  a ", "  a ")],
)
def test_what_is_kept_has_line_ends_of_one_kind_and_no_sign_that_no_file_holds(text, kept):
    assert tidy(text) == kept


def test_a_text_too_long_is_refused():
    assert len(judged("x" * 20_000)) == 20_000
    with pytest.raises(BadInput, match="20001 characters; at most 20000"):
        judged("x" * 20_001)


def test_the_audit_repeats_no_more_than_it_needs():
    assert shortened("short") == "short"
    assert len(shortened("x" * 401)) == 400
