"""What is typed about a panel, judged alike for forms, files and commands."""

import pytest

from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import Typed, judge

GOOD = Typed("eu-1", "https://panel.example", admin_key="k")


def with_(**changes) -> Typed:
    return Typed(**{**GOOD.__dict__, **changes})


def test_what_is_right_is_normalised():
    found = judge(
        with_(name="  eu   1 ", url="HTTPS://Panel.Example:443/shop/adminapi/v2", currency=" eur ", rate="2,5")
    )
    wanted = found.require()
    assert (wanted.name, wanted.url, wanted.currency, wanted.rate) == ("eu 1", "https://panel.example/shop", "EUR", 2.5)
    assert (wanted.cut, wanted.kept) == ("/adminapi/v2", "/shop")


def test_everything_wrong_is_told_at_once():
    found = judge(Typed("a,b", "x", "other", "$", "Berlin", "99", "c,d", admin_key="", services_key="ü"))
    assert set(found.errors) == {
        "name", "url", "kind", "currency", "time_zone", "rate", "group", "admin_key", "services_key",
    }  # fmt: skip
    assert found.wanted is None


def test_the_first_fault_is_raised_for_a_command():
    with pytest.raises(BadInput, match=r"A panel's name has 1 to 40 letters"):
        judge(with_(name="a,b", url="x")).require()


@pytest.mark.parametrize("name", ["new", "Test", "ADD-MANY"])
def test_a_word_of_the_consoles_addresses_is_no_name(name):
    assert "name" in judge(with_(name=name)).errors


def test_one_letter_written_in_two_ways_is_one_name():
    assert judge(with_(name="e\u0301u")).require().name == "\u00e9u"


def test_no_group_is_none():
    assert judge(with_(group="  ")).require().group_name is None


@pytest.mark.parametrize("rate", ["", "x", "nan", "inf", "0.05", "51", "-1", "1e9"])
def test_a_rate_that_no_panel_has_is_refused(rate):
    assert "rate" in judge(with_(rate=rate)).errors


@pytest.mark.parametrize(("text", "digits"), [("", None), (" 5 ", 5), ("3", 3), ("10", 10), ("٧", 7)])
def test_how_short_an_order_number_may_be_is_a_number_or_nothing(text, digits):
    assert judge(with_(order_digits=text)).require().order_digits == digits


@pytest.mark.parametrize("text", ["2", "11", "six", "5.5", "-6", "²"])
def test_digits_that_no_order_number_has_are_refused(text):
    assert "order_digits" in judge(with_(order_digits=text)).errors


@pytest.mark.parametrize("key", ["a b", "tab\t", "ü", "\x00", "k" * 501])
def test_a_key_that_fits_in_no_header_is_refused_and_not_repeated(key):
    problem = judge(with_(admin_key=f"x{key}x")).errors["admin_key"]
    assert key.strip() not in str(problem)


def test_a_stored_key_need_not_be_typed():
    found = judge(with_(admin_key=""), needs_key=False)
    assert (found.errors, found.keys) == ({}, {})


def test_keys_stay_out_of_what_is_logged():
    typed = with_(admin_key="secret-4711", services_key="secret-4712")
    assert "471" not in repr(typed) + repr(judge(typed))


def test_a_sentence_is_filled_in_and_kept_with_its_holes():
    problem = judge(with_(currency="dollars")).errors["currency"]
    assert str(problem) == "'dollars' is no currency. Write its code, such as USD."
    assert (problem.text.format(**problem.values), problem.values) == (str(problem), {"text": "dollars"})
