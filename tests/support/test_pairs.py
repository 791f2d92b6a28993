"""Pairwise rows: every two values of any two parameters stand together in one of them."""

from itertools import combinations, product

import pytest

from tests.support import pairs
from tests.support.habits import HABITS

SMALL = {"one": (False, True), "two": ("a", "b", "c"), "three": (1, 2, 3, 4), "four": (None, 7)}


def wanted(values) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for one, other in combinations(values, 2):
        found |= {(one, a, other, b) for a, b in product(values[one], values[other])}
    return found


def covered(rows) -> set[tuple[object, ...]]:
    return {(one, row[one], other, row[other]) for row in rows for one, other in combinations(row, 2)}


@pytest.mark.parametrize("values", [SMALL, HABITS], ids=["small", "habits"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_rows_cover_every_pair(values, seed):
    rows = pairs.rows(values, seed)
    assert wanted(values) <= covered([{name: row[name] for name in values} for row in rows])


def test_they_are_far_fewer_than_all_combinations():
    assert 12 <= len(pairs.rows(SMALL)) <= 16
    assert len(pairs.rows(HABITS)) < 60


def test_the_first_row_has_each_first_value():
    assert pairs.rows(SMALL)[0] == {"one": False, "two": "a", "three": 1, "four": None}


def test_the_same_seed_gives_the_same_rows():
    assert pairs.rows(SMALL, 3) == pairs.rows(SMALL, 3)


def test_two_parameters_are_all_their_combinations():
    assert len(pairs.rows({"one": (1, 2, 3), "two": (1, 2)})) == 6
