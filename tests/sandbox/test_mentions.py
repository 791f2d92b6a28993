"""Order numbers in texts: the vectors that reports will have to tell apart."""

import re
import unicodedata
from random import Random

import pytest

from hyperpanel.sandbox import truth
from hyperpanel.sandbox.mentions import aside, written
from tests.sandbox.conftest import small

ARABIC, PERSIAN = re.compile("[٠-٩]{6,}"), re.compile("[۰-۹]{6,}")


def folded(text):
    return "".join(str(unicodedata.digit(letter, letter)) for letter in text)


@pytest.mark.parametrize("language", ["en", "tr", "ru", "fa", "pt", "ar"])
def test_every_number_is_there_and_stands_alone(language):
    random = Random(1)
    for _ in range(300):
        numbers = random.sample(range(1_000_000, 9_000_000), random.randrange(1, 5))
        found = re.findall(r"(?<!\d)\d{6,10}(?!\d)", folded(written(random, language, numbers)))
        assert [int(number) for number in found] == numbers


@pytest.mark.parametrize(("language", "digits"), [("fa", PERSIAN), ("ar", ARABIC)])
def test_some_write_with_digits_of_their_own(language, digits):
    random = Random(1)
    texts = [written(random, language, [2_274_209]) for _ in range(100)]
    assert 15 < sum(digits.search(text) is not None for text in texts) < 60


def test_an_aside_looks_like_a_number_and_is_none():
    random, number = Random(1), 2_274_209
    texts = [aside(random, number) for _ in range(200)]
    alone = [text for text in texts if re.search(rf"(?<![\w/=.+-]){number}(?![\w/])", text)]
    assert alone == []
    assert {"link", "whatsapp", "#12345", "receipt"} <= set(
        re.findall(r"link|whatsapp|#12345|receipt", " ".join(texts))
    )


def test_numbers_in_tickets_are_those_the_truth_names():
    rows = truth.rows(small(orders=6000, tickets=600).panels[0], "tickets")
    for row in rows:
        said = folded(" ".join(one["body"] for one in row["messages"] if not one["is_staff"]))
        assert all(number in said for number in row["order_ids"])
    assert sum(len(row["order_ids"]) > 1 for row in rows) > 50
