from collections import Counter

import pytest

from hyperpanel.sandbox.fault_kinds import KINDS, NAMED, PLACES, STRIKES, WHICH, fits, struck


def test_there_are_48_and_each_has_its_kinds():
    assert len(NAMED) == len({named.words for named in NAMED}) == 48
    assert Counter(named.section for named in NAMED) == {
        "transport": 14,
        "http": 8,
        "paging": 12,
        "data": 7,
        "process": 7,
    }
    assert all(named.kinds for named in NAMED)


def test_a_kind_stands_for_one_of_them_at_most():
    assert len(WHICH) == sum(len(named.kinds) for named in NAMED)
    assert set(WHICH) <= set(KINDS)


def test_every_kind_strikes_in_one_place():
    assert len(KINDS) == len(STRIKES) == sum(map(len, PLACES.values()))


def test_what_was_struck_is_told_by_the_48():
    told = struck(["502", "403_in_200", "deep"])
    assert [words for words, met in told.items() if met] == ["500/502/503/504", "401/403 (key revoked mid-sync)"]


@pytest.mark.parametrize(
    ("kind", "stream", "can"),
    [
        ("500", None, True),
        ("reordered", None, False),
        ("reordered", "services", True),
        ("amount_exponent", "tickets", False),
        ("zone_changed", "services", False),
        ("filters_ignored", "services", False),
        ("rows_changed", "services", True),
        ("burst", "services", False),
        ("id_reused", "users", False),
        ("id_reused", "tickets", True),
    ],
)
def test_a_fault_waits_for_a_list_that_can_show_it(kind, stream, can):
    assert fits(kind, stream) is can
