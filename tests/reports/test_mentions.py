"""Order numbers in what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.mentions import parts


def found(text: str) -> list[str]:
    return [part.digits for part in parts(text) if part.kind == "number"]


TEXTS = {
    "refill 2274209 and 2274210": ["2274209", "2274210"],
    "order #12345": [],
    "…/video/7301234567890123456": [],
    "+905551234567": [],
    "سفارش ۲۲۷۴۲۰۹": ["2274209"],
    "٢٢٧٤٢٠٩ 2274210": ["2274209", "2274210"],
    "#2274209,2274210;2274211 / 2274212 - 2274213.": ["2274209", "2274210", "2274211", "2274212", "2274213"],
    "№ 2274209 ID: 2274210 (2274211)": ["2274209", "2274210", "2274211"],
    "2274209'un telafisi": ["2274209"],
    "2274209\n2274210": ["2274209", "2274210"],
    "https://shop.example/orders?search=2274209&page=1": [],
    "see:https://shop.example/2274209/ 2274210": ["2274210"],
    "www.video.example/watch?v=22742090&t=120": [],
    "t.me/2274209": [],
    "2274209@mail.example a2274209 2274209b": [],
    "TX22742099981122334455667788": [],
    "22742.09 2274209.50 2026-08-14 12:34:56": [],
    "12345678901": [],
    "": [],
}


@pytest.mark.parametrize(("text", "numbers"), TEXTS.items(), ids=range(len(TEXTS)))
def test_only_what_can_be_an_order_is_found(text, numbers):
    assert found(text) == numbers


def test_how_few_digits_an_order_has_can_be_told():
    assert [part.digits for part in parts("order 12345", 5) if part.digits] == ["12345"]


def test_a_full_stop_behind_a_link_is_not_of_it():
    assert [part.text for part in parts("(https://a.example/x).") if part.kind == "link"] == ["https://a.example/x"]


@given(st.text(alphabet=st.sampled_from("0123456789۲٢ \n./:-+#,?=@awhttps"), max_size=200) | st.text())
def test_the_pieces_are_the_text(text):
    assert "".join(part.text for part in parts(text)) == text


@given(st.text())
def test_a_number_has_six_to_ten_latin_digits(text):
    assert all(number.isascii() and number.isdecimal() and 6 <= len(number) <= 10 for number in found(text))
