"""What people take for the same letter or digit is the same to the search, in Python and in both databases."""

import pytest
from sqlalchemy import Text, bindparam, literal, select

from hyperpanel.db.folding import FROM, TO, TRANSLATION, contains, fold

PAIRS = [
    ("İSTANBUL", "istanbul"),
    ("IŞIK", "ışık"),
    ("ŞÜKRÜ ÇAĞLAR", "sukru caglar"),
    ("كتاب", "کتاب"),
    ("سفارش ۲۲۷۴۲۰۹", "سفارش 2274209"),
    ("٢٢٧٤", "۲۲۷۴"),
    ("می\u200cخواهم", "میخواهم"),
    ("Łódź", "lodz"),
    ("ЗАКАЗ Ёлка", "заказ елка"),
    ("e\u0301", "É"),
    ("ＡＢ１", "ab1"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_looks_alike_to_people_folds_alike(one, other):
    assert fold(one) == fold(other)


def test_folding_twice_is_folding_once():
    everything = "".join(map(chr, range(1, 0xD800)))
    assert fold(fold(everything)) == fold(everything)


def test_postgresql_gets_the_table_that_python_has():
    theirs = str.maketrans(FROM[: len(TO)], TO, FROM[len(TO) :])
    assert {code: None if to is None else chr(to) for code, to in theirs.items()} == TRANSLATION


async def test_both_databases_find_what_python_finds(database):
    held = [one for pair in PAIRS for one in pair]
    sought = bindparam("sought", type_=Text)
    asked = select(*(contains(literal(text), sought).label(f"c{n}") for n, text in enumerate(held)))
    for text in (*held, "no such text", "%", "_"):
        row = database.read_now(lambda c, text=text: c.execute(asked, {"sought": fold(text)}).one())
        assert [bool(found) for found in row] == [fold(text) in fold(one) for one in held]
