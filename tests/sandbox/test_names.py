import re
import unicodedata
from random import Random

from hyperpanel.sandbox.names import bold, title
from hyperpanel.sandbox.promises import any_promise, short
from hyperpanel.sandbox.subjects import SUBJECTS


def titles(count=2000):
    random = Random(3)
    return [title(random, random.choice(SUBJECTS), 50_000) for _ in range(count)]


def test_many_names_promise_a_speed_and_many_do_not():
    rated = sum(1 for one in titles() if one.promise and one.promise.a_day)
    assert 0.6 < rated / 2000 < 0.85


def test_every_promise_is_in_its_name():
    assert all(one.promise.text in one.name for one in titles() if one.promise)


def test_a_promise_says_what_it_comes_to_a_day():
    random = Random(1)
    said = [p for p in (any_promise(random, (48_000,)) for _ in range(400)) if p and "/Hour" in p.text]
    assert {(p.text, p.a_day) for p in said} == {("2K/Hour", 48_000)}


def test_a_shared_suffix_binds_both_ends_of_a_range():
    random = Random(1)
    spans = {
        p.text for p in (any_promise(random, (5000,)) for _ in range(2000)) if p and re.match(r"\d+-\d+K/D$", p.text)
    }
    assert spans == {"5-10K/D", "5-15K/D", "5-25K/D"}


def test_few_names_are_alike():
    assert len({one.name for one in titles()}) > 1800


def test_a_name_that_says_no_refill_has_none():
    assert not any(one.refill for one in titles() if "No Refill" in one.name or "[NR]" in one.name)


def test_bold_letters_fold_back():
    assert unicodedata.normalize("NFKC", bold("Lifetime Refill")) == "Lifetime Refill"


def test_numbers_are_shortened_as_sellers_do():
    assert [short(n) for n in (500, 1000, 2500, 1_000_000, 1234)] == ["500", "1K", "2.5K", "1M", "1234"]
