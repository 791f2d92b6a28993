"""A file of descriptions judged line by line: what each would become, and numbers as spreadsheets and people write them."""

import io

import pytest

from hyperpanel.db.descriptions import Described, Description
from hyperpanel.db.panels import Panel
from hyperpanel.support import description_exports, sheets
from hyperpanel.support.description_files import SHAPE, counts, held, judge, made, named
from tests.support.staged import NOON
from tests.support.test_description_texts import hostile

EU = Panel(1, "eu-1", "perfect_panel", "https://eu-1.example", "USD", "UTC", 4.0, False, None)
US = Panel(2, "us-2", "perfect_panel", "https://us-2.example", "IRT", "UTC", 4.0, False, None)
HEAD = "panel,service_id,description\n"


def judged(text: str | bytes, ids: set[str], *texts: tuple[str, str]):
    sheet = sheets.read(text.encode() if isinstance(text, str) else text, SHAPE)
    bodies = {(1, id): Description(1, id, body, NOON, "max") for id, body in texts}
    return judge(sheet, held([EU], {1: ids}, bodies))


@pytest.mark.parametrize(
    ("cell", "was", "became", "body"),
    [
        ("a", "", "new", "a"),
        ("b", "a", "changed", "b"),
        ("a", "a", "unchanged", "a"),
        ("", "a", "blank", "a"),
        ('" "', "a", "blank", "a"),
        ("-", "a", "removed", ""),
        (" - ", "a", "removed", ""),
        ("-", "", "unchanged", ""),
        ("'-", "a", "changed", "-"),
        ("'=1", "=1", "unchanged", "=1"),
        ("=1", "a", "changed", "=1"),
        ('"a\r\nb"', "a\nb", "unchanged", "a\nb"),
    ],
)
def test_what_becomes_of_a_line(cell, was, became, body):
    [line] = judged(f"{HEAD}eu-1,170,{cell}\n", {"170"}, *([("170", was)] if was else []))
    assert (line.became, line.was, line.body) == (became, was, body)


@pytest.mark.parametrize(
    "typed", ["170", " 170 ", "00170", "170.0", "170.00", "۱۷۰", "١٧٠", "۱۷۰٫۰", "#170", "१७०", "'170"]
)
def test_a_number_is_read_as_the_catalogue_has_it(typed):
    [line] = judged(f"{HEAD}EU-1,{typed},a\n", {"170"})
    assert (line.panel, line.service_id, line.error) == ("eu-1", "170", None)


@pytest.mark.parametrize("typed", ["00170", "170", "۱۷۰"])
def test_the_exact_text_comes_first(typed):
    ids = {"00170", "170", "۱۷۰"}
    assert judged(f"{HEAD}eu-1,{typed},a\n", ids)[0].service_id == typed


@pytest.mark.parametrize("typed", ["0", "170.5", "1e2", "x" * 100, "²", "1 70"])
def test_a_number_that_the_catalogue_has_not_is_wrong(typed):
    assert "There is no service" in str(judged(f"{HEAD}eu-1,{typed},a\n", {"170"})[0].error)


def test_the_second_of_two_lines_about_one_service_is_wrong_though_the_first_is():
    lines = judged(HEAD + f"eu-1,170,{'x' * 20_001}\neu-1,0170,b\n", {"170"})
    assert [str(line.error)[:12] for line in lines] == ["It has 20001", "Line 2 is ab"]


def test_only_what_changes_is_written():
    lines = judged(
        HEAD + "eu-1,1,a\neu-1,2,b\neu-1,3,c\neu-1,4,\neu-1,9,x\n", {"1", "2", "3", "4"}, ("2", "b"), ("3", "x")
    )
    assert [(one.service_id, one.body) for one in made(lines, "ana", NOON)] == [("1", "a"), ("3", "c")]
    assert counts(lines) == {"new": 1, "changed": 1, "removed": 0, "unchanged": 1, "blank": 1, "wrong": 1}


def test_a_file_names_its_panels():
    sheet = sheets.read((HEAD + "EU-1,1,a\nzz-9,1,a\n").encode(), SHAPE)
    assert named(sheet, [EU, US]) == [EU]


def exported(kind: str, rows: list[Described], panels: dict[int, Panel]) -> bytes:
    into = io.BytesIO()
    made = description_exports.book(into, kind)
    made.begin()
    made.write(description_exports.rows(rows, panels, kind))
    made.finish()
    return into.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_500_hostile_texts_are_read_back_unchanged(kind):
    texts = hostile(500)
    rows = [Described(1, str(n), text, text, None, 5, 1, 2, text) for n, text in enumerate(texts)]
    lines = judged(exported(kind, rows, {1: EU}), {row.service_id for row in rows})
    assert [line.body for line in lines] == texts


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("id", ["00170", "-5", "=1", "'=1", "170"])
def test_the_number_of_a_service_is_read_back_unchanged(kind, id):
    [line] = judged(exported(kind, [Described(1, id, "n", None, None, None, None, None, "a")], {1: EU}), {id})
    assert line.service_id == id


def test_a_rate_is_written_with_all_its_digits():
    body = exported("csv", [Described(2, "1", "n", "c", "t", 12_345, 1, 2, "")], {2: US})
    assert body.decode("utf-8-sig").splitlines()[1] == '"us-2","1","n","c","t","1.2345","1","2",""'
