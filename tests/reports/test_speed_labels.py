"""The speeds labelled by hand keep their form: names, labels and the third set aside.

The labels were read, not computed, so nothing here can say that one is right; what can be said is that each is whole
and that no name has a twin, but for its digits, on the other side.
"""

import re
from itertools import chain

import pytest

from tests.support.speed_labels import HEAD, labels, lines

SIDES = ("development", "held_out")
COUNT = re.compile(r"-|[1-9][0-9]*", re.ASCII)
FORMS = {
    "speed": COUNT,
    "sureness": re.compile(r"sure|ambiguous"),
    "refill": re.compile(r"lifetime|-|[1-9][0-9]*", re.ASCII),
    "start": re.compile(r"-|[0-9]+-[0-9]+", re.ASCII),
    "minimum": COUNT,
    "maximum": COUNT,
}


def patterns(side: str) -> set[str]:
    return {re.sub(r"\d+", "#", label["name"]) for label in labels(side)}


def ascends(least: str, most: str) -> bool:
    return "-" in (least, most) or int(least) <= int(most)


@pytest.mark.parametrize("side", SIDES)
def test_a_comment_and_a_header_say_what_the_columns_are(side):
    comment, header, *_ = lines(side)
    assert comment.startswith("# ")
    assert header.split("\t") == HEAD


@pytest.mark.parametrize("side", SIDES)
def test_every_column_has_its_form(side):
    strays = [
        (label["name"], column, label[column])
        for label in labels(side)
        for column, form in FORMS.items()
        if not form.fullmatch(label[column])
    ]
    assert strays == []


@pytest.mark.parametrize("side", SIDES)
def test_a_part_stands_in_the_name_and_is_given_if_and_only_if_a_speed_is(side):
    assert [label for label in labels(side) if label["part"] not in label["name"]] == []
    assert [label for label in labels(side) if bool(label["part"]) != (label["speed"] != "-")] == []


@pytest.mark.parametrize("side", SIDES)
def test_only_a_speed_is_ambiguous_and_a_least_is_never_above_its_most(side):
    assert [label for label in labels(side) if label["sureness"] == "ambiguous" and label["speed"] == "-"] == []
    starts = [label["start"].split("-") for label in labels(side) if label["start"] != "-"]
    bounds = [(label["minimum"], label["maximum"]) for label in labels(side)]
    assert [pair for pair in (*starts, *bounds) if not ascends(*pair)] == []


def test_no_name_is_labelled_twice():
    names = [label["name"] for label in chain.from_iterable(map(labels, SIDES))]
    assert len(names) == len(set(names))


def test_a_third_of_the_patterns_is_held_out_and_none_is_on_both_sides():
    developed, held = map(patterns, SIDES)
    assert developed & held == set()
    assert len(held) == round((len(developed) + len(held)) / 3)


@pytest.mark.parametrize("side", SIDES)
def test_speeds_none_and_doubts_are_on_both_sides(side):
    kinds = {(label["speed"] != "-", label["sureness"]) for label in labels(side)}
    assert kinds == {(True, "sure"), (True, "ambiguous"), (False, "sure")}
