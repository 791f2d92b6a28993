"""Personal data is out of what is sent, the same sign for the same person, and back in what comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperpanel.ai.hiding import Hidden

HIDDEN = [
    ("write a@b.example", "write ⟦email 1⟧"),
    ("I am KADIR.", "I am ⟦customer 1⟧."),
    ("kadir2 is not kadir", "kadir2 is not ⟦customer 1⟧"),
    ("@kad.ir and @ayşe and @kad.ir", "⟦name 1⟧ and ⟦name 2⟧ and ⟦name 1⟧"),
    ("https://instagram.com/kadir, instagram.com/kadir", "⟦link 1⟧, ⟦link 2⟧"),
    ("call +90 555 123 45 67 about 2274209", "call ⟦phone 1⟧ about 2274209"),
    ("(555) 123-4567, 05551234567, 5551234567", "⟦phone 1⟧, ⟦phone 2⟧, ⟦phone 3⟧"),
    ("۰۵۵۵۱۲۳۴۵۶۷", "⟦phone 1⟧"),
    ("0090 555 123 45 67", "⟦phone 1⟧"),
]
KEPT = [
    "orders 2274209 2274210 2274211",
    "5550001112 is my order",
    "on 2026-03-01 12:00 I paid 1 000 000",
    "quantity 10000, remains 6400",
    "906386-906387",
    "",
]


@pytest.mark.parametrize(("text", "hidden"), HIDDEN)
def test_personal_data_becomes_a_sign_and_comes_back(text, hidden):
    made = Hidden(["kadir"], ["2274209"])
    assert made.hide(text) == hidden
    assert made.restore(hidden) == text.replace("KADIR", "KADIR")


@pytest.mark.parametrize("text", KEPT)
def test_orders_dates_and_quantities_stay(text):
    assert Hidden(["kadir"], ["5550001112"]).hide(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "0532 1234567",
        "0532-1234567",
        "0532.1234567",
        "0 532 1234567",
        "0532123 4567",
        "11 98765-4321",
        "+55 11 98765-4321",
        "8-916-1234567",
        "8916 1234567",
        "0912 3456789",
        "۰۹۱۲ ۳۴۵۶۷۸۹",
        "0532 – 123 – 45 – 67",
        "0532\u2011123\u201145\u201167",
        "0532\u00a01234567",
    ],
)
def test_a_telephone_is_hidden_whole_however_it_is_grouped(text):
    assert Hidden().hide(f"call {text}, please") == "call ⟦phone 1⟧, please"


@pytest.mark.parametrize("text", ["0532 906386", "2274209 0532", "11 2274209", "+90 555 2274209", "8 2274209 11"])
def test_an_order_of_the_facts_is_never_hidden_as_part_of_a_telephone(text):
    assert Hidden(orders=["906386", "2274209"]).hide(text) == text


def test_what_stands_before_a_telephone_does_not_hide_it_from_view():
    assert Hidden().hide("1000 – 0532 1234567") == "1000 – ⟦phone 1⟧"


def test_a_link_is_hidden_with_its_host_in_any_case():
    assert Hidden().hide("Instagram.Com/ali.veli, T.Me/ali") == "⟦link 1⟧, ⟦link 2⟧"


def test_one_person_is_one_sign_in_all_texts():
    made = Hidden(["kadir"])
    assert [made.hide("from a@b.example"), made.hide("to a@b.example")] == ["from ⟦email 1⟧", "to ⟦email 1⟧"]
    assert made.counts == {"email": 1}


def test_a_model_may_write_a_sign_its_own_way_or_leave_it_out():
    made = Hidden()
    made.hide("a@b.example c@d.example")
    assert made.restore("⟦ Email 2⟧ and ⟦email ۱⟧, not ⟦email 3⟧") == "c@d.example and a@b.example, not ⟦email 3⟧"


def test_a_sign_of_the_customers_own_is_none():
    made = Hidden()
    assert made.hide("⟦email 1⟧ a@b.example") == "[email 1] ⟦email 1⟧"
    assert made.restore("[email 1]") == "[email 1]"


def test_half_a_sign_is_held_back():
    made = Hidden()
    made.hide("a@b.example")
    assert [made.partly(some) for some in ("to ⟦", "to ⟦ema", "to ⟦email 1⟧ n")] == ["to ", "to ", "to a@b.example n"]


@given(st.text(alphabet="kadir a@b.example +0123456789۵()-\n⟧", max_size=60))
def test_what_was_hidden_comes_back_unchanged(text):
    made = Hidden(["kadir"], ["123456"])
    assert made.restore(made.hide(text)) == text.replace("⟧", "]")
