"""What a model said is held against what it was given, however it is written; what is not in it is marked, and the text stays whole."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperpanel.ai import checking
from hyperpanel.ai.checking import KINDS, Span, known, marked, unsupported

FACTS = (
    "Order 906386\n  quantity: 1000\n  delivered: 360 of 1000 (36%)\n  created: 2026-02-28 10:15 UTC, 3 days = 72 hours ago\n"
    "  charge: 4.20 USD\n  service: Instagram Followers [5-10K/Day] R30"
)
TALK = "Customer: سفارش ۲۲۷۴۲۰۹ and 1.2k of https://instagram.com/john/reel?x=1 — write to a@b.example or @kad.ir, 150 TL, 12 345 678"
GIVEN = known(FACTS, TALK)
SUPPORTED = [
    "906386",
    "906 386",
    "906,386 and 906.386",
    "۹۰۶۳۸۶ ٩٠٦٣٨٦ ९०६३८६ ９０６３８６",
    "#906386, (906386) and 906386.",
    "2274209",
    "1000, 1,000, 1.000, 1 000, 1'000, 1k, 1K, 1 bin, 1 тыс., ۱ هزار, 1 mil",
    "1200 or 1.2K or 1,2k",
    "36%, 36 %, %36, ۳۶٪, 36 percent, yüzde 36, 36 درصد, 36 por cento",
    "72 hours, 72h, 72 saat, 72 saattir, 72 часа, ۷۲ ساعت, 72 horas",
    "3 days, 3-day, 3 gün, 3 дня, ۳ روز, 3 dias, three days",
    "$4.20, 4.20 USD, 4,20 $, USD 4.2, 4.2 dollars, 4,20 dolar, 4,2 доллара",
    "₺150, 150 lira, 150 TL, 150 лир",
    "5K, 5000, 5–10K, 10000, R30, 30",
    "2026-02-28, 28.02.2026, 28 February 2026, February 28, 28 Şubat, 28 февраля, 28 de fevereiro, 2/28/2026",
    "10:15, 2026-02-28 10:15",
    "https://instagram.com/john/reel?x=1, instagram.com, http://www.instagram.com/john/reel?x=1.",
    "@john, @kad.ir, @KAD.IR. a@b.example",
    "12 345 678 and 12345678",
    "no number at all: beş, пять, five",
    "",
]
INVENTED = [
    ("Order 906387", ["906387"]),
    ("۹۰۶۳۸۷", ["۹۰۶۳۸۷"]),
    ("9063 86", ["9063", "86"]),
    ("1001, 1.3k, 2K", ["1001", "1.3k", "2K"]),
    ("35%", ["35%"]),
    ("72%", ["72%"]),
    ("72 days", ["72 days"]),
    ("4 days and 30 days", ["4 days", "30 days"]),
    ("5 minutes", ["5 minutes"]),
    ("2026-03-01, 1 March, 1.03.2026", ["2026-03-01", "1 March", "1.03.2026"]),
    ("10:16", ["10:16"]),
    ("½ of it, ②, x²", ["½", "②", "²"]),
    ("1.2.3.4", ["1.2.3.4"]),
    ("9" * 60, ["9" * 60]),
]
MARKED = [
    ("refund $5", [("$5", "amount")]),
    ("refund 360 USD", [("360 USD", "amount")]),
    ("4.20 EUR", [("4.20 EUR", "amount")]),
    (
        "US$ 50, R$ 50, 50₽ and 50 تومان",
        [("US$ 50", "amount"), ("R$ 50", "amount"), ("50₽", "amount"), ("50 تومان", "amount")],
    ),
    ("see https://evil.example/906386?d=1.", [("https://evil.example/906386?d=1", "link")]),
    ("evil.example/x or www.evil.example", [("evil.example/x", "link"), ("www.evil.example", "link")]),
    ("instagram.com/johnny", [("instagram.com/johnny", "link")]),
    ("javascript:alert(1) data:text/html,x", [("javascript:alert(1", "link"), ("data:text/html,x", "link")]),
    ("![x](https://evil.example/a.png)", [("https://evil.example/a.png", "link")]),
    ("write @support", [("@support", "name")]),
    ("Evil.Example/x or Evil.Com", [("Evil.Example/x", "link"), ("Evil.Com", "link")]),
    ("write c@d.example", [("c@d.example", "email")]),
    ("write ＠support", [("＠support", "name")]),
]


@pytest.mark.parametrize("text", SUPPORTED)
def test_what_was_given_is_not_marked_however_it_is_written(text):
    assert unsupported(text, GIVEN) == []


@pytest.mark.parametrize(("text", "found"), INVENTED)
def test_a_number_that_was_not_given_is_marked(text, found):
    assert [(one.text, one.kind) for one in marked(text, GIVEN) if one.kind] == [(one, "number") for one in found]


@pytest.mark.parametrize(
    "text", ["1 000 000", "3 000", "3.000", "1,000", "3.000 days", "0.000.000", "1.000.00", "5,000 USD"]
)
def test_a_number_is_not_made_of_smaller_ones_that_were_given(text):
    assert unsupported(text, known("1 order, 0 remain, 3 days, 5 USD")) == [text]


def test_a_number_with_two_readings_is_told_as_it_was_given_or_as_thousands():
    facts = known("charge 4.205 USD, 3.000 takipçi, parts 1.2.3, 5000 in a day, 12.5%")
    assert unsupported("4.205 USD, 3.000, 3,000, 1.2.3, 5.000, 5 000, %12,5", facts) == []
    assert unsupported("5.205 USD, 2.3.1, 12.500", facts) == ["5.205 USD", "2.3.1", "12.500"]


@pytest.mark.parametrize(
    ("text", "found"), [("五百", 500), ("三千二百", 3200), ("二〇二六", 2026), ("两万", 20_000), ("十", 10), ("௱", 100)]
)
def test_numerals_that_are_no_digits_are_marked_unless_given(text, found):
    assert unsupported(text, known("5 and 100")) == ([text] if found != 100 else [])
    assert unsupported(text, known(f"{found}")) == []


def test_a_numeral_within_an_ordinary_word_is_none():
    assert unsupported("什么", known()) == []


@pytest.mark.parametrize(("text", "found"), MARKED)
def test_amounts_links_and_names_that_were_not_given_are_marked_as_what_they_are(text, found):
    assert [(one.text, one.kind) for one in marked(text, GIVEN) if one.kind] == found


def test_whoever_may_try_2_times_owes_no_money():
    assert unsupported("Try 1000 times, wait 360 seconds before", known("1000 times and 360 seconds")) == []


def test_a_text_is_its_pieces():
    assert marked("Refund $5 now", GIVEN) == [Span("Refund "), Span("$5", "amount"), Span(" now")]
    assert marked("", GIVEN) == []


@given(st.text(alphabet="0123456789 .,'-:/%$@akbin٬۵²½gün://w\n\u200b", max_size=60))
def test_marks_lose_and_add_nothing(text):
    spans = marked(text, GIVEN)
    assert "".join(one.text for one in spans) == text
    assert {one.kind for one in spans} <= {"", *KINDS}


@given(st.text(alphabet="0123456789۰۱۲۳ .,:/%$@aьk", max_size=40))
def test_every_digit_that_was_not_given_is_in_a_mark(text):
    bare = "".join(one.text for one in marked(text, known()) if not one.kind)
    assert not any(sign.isdecimal() for sign in bare)


@given(st.text(alphabet="0123456789 .,:-/%$@akh€ü\n", max_size=60))
def test_a_text_supports_itself(text):
    assert unsupported(text, known(text)) == []


def test_long_and_odd_texts_take_no_longer_than_their_length():
    chance = random.Random(7)
    for piece in ("1-", "2026-", "a.", "1 111 ", "@", "½", "$ ", "1.", "http://"):
        text = piece * (20_000 // len(piece))
        assert "".join(one.text for one in marked(text, GIVEN)) == text
    noise = "".join(chance.choice("0123456789 .,:-/%$@aüк۵") for _ in range(20_000))
    assert "".join(one.text for one in checking.marked(noise, GIVEN)) == noise
