"""Settings → AI as typed: each field judged, keys for one address alone, nobody chosen who cannot be asked, no budget that could not hold."""

import pytest

from hyperpanel.db.ai_providers import Chosen, Provider
from hyperpanel.support.ai_forms import FIELDS, judge, typed_of, without_keys

OPENAI = Provider("openai", "", False, "m", b"sealed", "1234", None, None)
OWN = Provider("compatible", "https://ai.example/v1", False, "m", b"sealed", "1234", 100_000_000, 0)
HELD = {"openai": OPENAI, "compatible": OWN}
DOLLAR = 10**8


def wrong(held=(), **typed: str) -> dict[str, str]:
    stored = {one.name: one for one in held}
    judged = judge({**typed_of(stored, Chosen()), **typed}, stored)
    return {name: str(problem) for name, problem in judged.errors.items()}


def test_what_is_stored_may_be_saved_as_it_stands():
    chosen = Chosen(main="compatible", day_tokens=1000, day_cost=5 * DOLLAR // 2)
    typed = typed_of(HELD, chosen)
    assert set(typed) == set(FIELDS)
    assert (typed["compatible_price_in"], typed["day_cost"], typed["openai_key"]) == ("1", "2.50", "")
    judged = judge(typed, HELD)
    assert judged.errors == {}
    assert judged.chosen == chosen
    assert judged.drafts["compatible"].keeps(OWN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://AI.example/v1/", "https://ai.example/v1"),
        ("https://ai.example:443/v1/chat/completions", "https://ai.example/v1"),
        (" https://ai.example:8443 ", "https://ai.example:8443"),
        ("https://ai.example/api/v2", "https://ai.example/api/v2"),
    ],
)
def test_an_address_is_kept_as_owners_paste_it(text, found):
    judged = judge({"compatible_address": text}, {})
    assert judged.errors == {}
    assert judged.drafts["compatible"].address == found


@pytest.mark.parametrize(
    "text",
    ["ai.example", "ftp://ai.example", "http://ai.example", "https://", "https://me:pw@ai.example", "https://ai.example/?key=1", "https://a b"],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_said_at_its_field(text):
    assert list(wrong(compatible_address=text)) == ["compatible_address"]


def test_plain_http_is_spoken_in_a_private_network_alone():
    assert "compatible_address" in wrong(compatible_address="http://10.0.0.9:8080/v1")
    assert wrong(compatible_address="http://10.0.0.9:8080/v1", compatible_private="yes") == {}


def test_a_new_address_asks_for_the_key_again():
    there = "https://elsewhere.example/v1"
    assert list(wrong([OWN], compatible_address=there)) == ["compatible_key"]
    assert list(wrong([OWN], compatible_address="")) == ["compatible_key", "compatible_address"]
    for key in ("sk-new", "-"):
        assert wrong([OWN], compatible_address=there, compatible_key=key) == {}


def test_a_vendors_address_is_not_in_the_form():
    elsewhere = Provider("openai", "https://ai.example", False, "m", b"sealed", "", None, None)
    judged = judge({"openai_model": "m", "openai_address": "https://evil.example"}, {"openai": elsewhere})
    assert judged.errors == {}
    assert judged.drafts["openai"].address == "https://ai.example"


@pytest.mark.parametrize(
    ("text", "found"), [("2.50", 250_000_000), ("2,5", 250_000_000), ("0", 0), ("0.00000001", 1), (" 3 ", 300_000_000)]
)
def test_a_price_is_read_exactly(text, found):
    judged = judge({"openai_price_in": text, "openai_price_out": "1"}, {})
    assert (judged.errors, judged.drafts["openai"].price_in) == ({}, found)


@pytest.mark.parametrize("text", ["x", "-1", "1e3", "1.123456789", "1000001", "1.5.2", "٣", "nan", "$2"])
def test_what_is_no_price_is_said_at_its_field(text):
    assert list(wrong(openai_price_in=text, openai_price_out="1")) == ["openai_price_in"]


@pytest.mark.parametrize(
    ("text", "said"), [("1,000", "1000 or 1.00"), ("2.500", "2500 or 2.50"), (" 1.125 ", "1125 or 1.1250")]
)
def test_dollars_that_may_be_thousands_are_asked_for_again(text, said):
    told = f"This can be read in two ways. Write {said}."
    assert wrong(openai_price_in=text, openai_price_out="1") == {"openai_price_in": told}
    assert wrong([OPENAI, OWN], main="compatible", day_cost=text) == {"day_cost": told}


@pytest.mark.parametrize(("text", "found"), [("0.125", 12_500_000), ("0,075", 7_500_000), ("1.1250", 112_500_000)])
def test_dollars_that_can_be_no_thousands_are_read(text, found):
    assert judge({"openai_price_in": text, "openai_price_out": "1"}, {}).drafts["openai"].price_in == found


def test_a_stored_price_of_three_decimals_may_be_saved_as_it_stands():
    held = {"compatible": Provider("compatible", "https://ai.example/v1", False, "m", b"sealed", "", 112_500_000, 0)}
    judged = judge(typed_of(held, Chosen()), held)
    assert (judged.errors, judged.drafts["compatible"].price_in) == ({}, 112_500_000)


def test_one_price_alone_tells_no_cost():
    assert wrong(openai_price_out="1") == {"openai_price_in": "Write both prices, or none."}


@pytest.mark.parametrize(
    ("text", "found"), [("200000", 200_000), ("200 000", 200_000), ("1.000.000", 1_000_000), ("", None)]
)
def test_tokens_are_read_as_people_write_them(text, found):
    judged = judge({"day_tokens": text}, {})
    assert (judged.errors, judged.chosen.day_tokens) == ({}, found)


@pytest.mark.parametrize("text", ["0", "-5", "1.5", "many", "9" * 14, "1 00", "٣٠"])
def test_what_is_no_number_of_tokens_is_said_at_its_field(text):
    assert list(wrong(person_tokens=text)) == ["person_tokens"]


@pytest.mark.parametrize(
    ("name", "text"), [("main", "gemini"), ("openai_model", "m\u200b"), ("openai_model", "m" * 201)]
)
def test_what_is_on_no_list_or_cannot_be_seen_is_refused(name, text):
    assert list(wrong(**{name: text})) == [name]


def test_nobody_is_chosen_who_cannot_be_asked():
    assert wrong(main="openai") == {"main": "It has no key or no model yet."}
    assert wrong(main="compatible") == {"main": "It has no address or no model yet."}
    assert wrong([OPENAI], main="openai") == {}
    assert list(wrong([OPENAI], main="openai", openai_key="-")) == ["main"]
    assert list(wrong([OPENAI], main="openai", openai_model="")) == ["main"]
    assert wrong(main="anthropic", anthropic_key="sk-ant-1", anthropic_model="m") == {}


def test_a_fallback_stands_in_for_another_one():
    assert list(wrong([OPENAI], main="openai", fallback="openai")) == ["fallback"]
    assert list(wrong([OPENAI], fallback="openai")) == ["fallback"]
    assert wrong([OPENAI, OWN], main="openai", fallback="compatible") == {}


def test_a_budget_in_dollars_needs_the_prices_of_all_who_are_asked():
    told = "It cannot be kept without prices: write those of the main provider, and of the fallback."
    assert wrong([OPENAI, OWN], main="openai", panel_cost="5") == {"panel_cost": told}
    assert wrong([OPENAI, OWN], main="compatible", fallback="openai", day_cost="5") == {"day_cost": told}
    assert wrong([OPENAI, OWN], main="compatible", day_cost="5") == {}
    assert wrong([OPENAI], main="openai", day_cost="5", openai_price_in="0", openai_price_out="0") == {}


def test_all_that_is_wrong_is_said_at_once_and_by_provider():
    judged = judge({"openai_key": "a b", "anthropic_price_in": "x", "day_tokens": "x"}, {})
    assert set(judged.errors) == {"openai_key", "anthropic_price_in", "day_tokens"}
    assert set(judged.errors_of("openai")) == {"openai_key"}


def test_a_key_is_in_no_repr():
    assert "sk-secret" not in repr(judge({"openai_key": "sk-secret"}, {}))


def test_a_key_in_the_place_of_a_model_is_refused_and_not_shown_again():
    for typed in (
        {"openai_model": " sk-abc-1234567", "openai_key": ""},
        {"openai_model": "abcdef-1234567", "openai_key": "abcdef-1234567 "},
    ):
        assert wrong(**typed)["openai_model"].startswith("This looks like a key")
        assert without_keys(typed)["openai_model"] == ""
    assert without_keys({"openai_model": "m", "openai_key": "k"})["openai_model"] == "m"
