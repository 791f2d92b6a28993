"""Answers that would cost a hundred times their bytes, if what is in them became objects of ours."""

import tracemalloc
from zoneinfo import ZoneInfo

import pytest

from sync.connectors import answers
from sync.connectors.columns import columns
from sync.connectors.wire import LARGEST_MENDED
from sync.http import Answer
from sync.verdicts import Trouble

MANY = 650_000
LARGE = 12 * 2**20
LITTLE = 2 * 2**20


def listing(rows: bytes, more: bytes = b'"error_code":0') -> bytes:
    return b'{"data":{"list":[' + rows + b"]}," + more + b"}"


def error(more: bytes) -> bytes:
    return b'{"data":[],' + more + b"}"


FIELDS = b",".join(b'"%d":{}' % number for number in range(MANY))
LONG = b'"' + "😀".encode() + b"x" * LARGE + b'"'
"""Of which a text would take four bytes for each letter."""

HOSTILE = {
    "numbers for rows": listing(b",".join([b"0"] * MANY)),
    "a long code": error(b'"error_code":' + LONG),
    "a code of many digits": error(b'"error_code":' + b"9" * LARGE),
    "a long reason": error(b'"error_code":7,"error_message":' + LONG),
    "a reason of many fields": error(b'"error_code":7,"error_message":{' + FIELDS + b"}"),
    "a reason of many parts": error(b'"error_code":7,"error_message":[' + b",".join([b"[]"] * MANY) + b"]"),
    "pages of many parts": listing(b"", b'"pagination":[' + b",".join([b"[]"] * MANY) + b"]"),
    "another kind of panel with many fields": b"{" + FIELDS + b"}",
    "halves of letters": listing(b'"' + rb"\ud800" * 600_000 + b'"'),
}


def answer(body: bytes) -> Answer:
    return Answer(200, body, "application/json", None, None, None)


def cost(body: bytes) -> tuple[str, int]:
    """What is said about it, and the most memory that took."""
    tracemalloc.start()
    try:
        answers.listed(answer(body), "orders")
        told = ""
    except Trouble as trouble:
        told = str(trouble)
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return told, most


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_an_answer_costs_little_beside_its_bytes(body):
    told, most = cost(body)
    assert 0 < len(told) < 400
    assert most < LITTLE


def test_empty_objects_by_the_million_are_counted_before_they_are_kept():
    told, most = cost(listing(b",".join([b"{}"] * MANY)))
    assert "16 MiB" in told
    assert most < MANY * 40


def test_a_page_of_many_values_in_few_rows_is_read():
    row = b'{"id":1,"rates":[' + b",".join([b"0"] * 600) + b"]}"
    assert len(answers.listed(answer(listing(b",".join([row] * 1000))), "users").data.list) == 1000


def test_one_row_as_large_as_a_body_is_set_aside_at_little_cost():
    body = listing(b'{"id":' + LONG + b"}")
    rows = answers.listed(answer(body), "orders").data.list
    tracemalloc.start()
    page = columns("orders", body, rows, ZoneInfo("UTC"), 1)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (page.keys, len(page.unread)) == ([], 1)
    assert most < LARGE + LARGEST_MENDED + LITTLE


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("null", ""),
        ("0", ""),
        ('"0"', ""),
        ("false", ""),
        ("[]", ""),
        ("{}", ""),
        ("[ ]", ""),
        ("7", "7"),
        ('"a b"', "a b"),
    ],
)
def test_a_code_or_a_reason_is_told_as_text(raw, told):
    envelope = answers.ENVELOPE.decode(b'{"error_message":' + raw.encode() + b"}")
    assert answers.told(envelope.error_message) == told
