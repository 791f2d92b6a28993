"""Reports as files: what somebody typed is never a formula, and an amount keeps its digits."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hyperpanel.support.report_files import Table, csv_of, json_of


@pytest.mark.parametrize(
    "text", ["=1+1", "+31612345678", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A"]
)
def test_a_text_that_begins_like_a_formula_is_told_to_be_none(text):
    line = csv_of(Table(("name",), [(text,)])).decode().split("\r\n", 1)[1]
    assert line.strip('"').startswith("'")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (Decimal("-1E+3"), "-1000"),
        (Decimal("0.00000001"), "0.00000001"),
        (-5, "-5"),
        (None, ""),
        ("a, b", '"a, b"'),
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00+00:00"),
    ],
)
def test_numbers_times_and_nothing_are_plain(cell, told):
    assert csv_of(Table(("a", "b"), [(cell, 1)])) == f"a,b\r\n{told},1\r\n".encode()


def test_json_says_what_it_is_about_and_keeps_amounts_as_text():
    found = json.loads(json_of(Table(("sum", "n"), [(Decimal("1.10"), 2)]), {"report": "margins"}))
    assert found == {"report": "margins", "rows": [{"sum": "1.10", "n": 2}]}
