"""Three hundred broken files of descriptions: each is told its line and its reason, and none changes a row."""

import re

import pytest

from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support import sheets
from hyperpanel.support.description_files import CHANGING, SHAPE, WRONG, Held, held, judge
from tests.support.broken_imports import Broken, broken

FILES = list(broken())
CATALOGUE = {1: {"170", "171", "9", "00500"}, 2: {"170", "9"}}
LINE = re.compile(r"^Line (\d+) ")


def panel(id: int, name: str) -> Panel:
    return Panel(id, name, "perfect_panel", f"https://{name}.example", "USD", "UTC", 4.0, False, None)


def known() -> Held:
    return held([panel(1, "eu-1"), panel(2, "us-2")], CATALOGUE, {})


def said(file: Broken) -> list[tuple[int | None, str]]:
    """Every line that is wrong, with the reason; of a file that cannot be read as a whole, the one reason."""
    try:
        sheet = sheets.read(file.body, SHAPE)
    except BadInput as problem:
        found = LINE.match(str(problem))
        return [(int(found[1]) if found else None, str(problem))]
    return [(line.number, str(line.error)) for line in judge(sheet, known()) if line.became == WRONG]


def test_there_are_three_hundred_of_at_least_fifty_kinds():
    assert len(FILES) >= 300
    assert len({file.name.rpartition("-")[0] for file in FILES}) >= 50


def test_no_two_of_them_are_alike():
    """Beside those of which there are only so many."""
    assert len({file.body for file in FILES}) > 270


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_broken_file_is_told_its_line_and_the_reason(file):
    [(line, reason)] = said(file)
    assert line == file.line
    assert file.reason in reason


@pytest.mark.parametrize("file", FILES[::20], ids=lambda file: file.name)
def test_what_is_right_beside_it_is_still_known(file):
    """So that it can be taken without the wrong lines."""
    try:
        lines = judge(sheets.read(file.body, SHAPE), known())
    except BadInput:
        return
    assert all(line.became in CHANGING or line.error for line in lines)
