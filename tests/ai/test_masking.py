"""Numbers, links and names go behind signs and come back as they were, or the answer is refused."""

import re
import unicodedata
from random import Random

import pytest

from hyperpanel.ai.asks import AiTrouble
from hyperpanel.ai.masking import OURS, Masked, mask, partly, restore
from tests.support.masked_texts import texts

MANY = 10_000
SIGN = re.compile(r"⟦(\d+)⟧")


def is_refused(said: str, text: str) -> bool:
    try:
        restore(said, mask(text))
    except AiTrouble as trouble:
        return trouble.kind == "altered"
    return False


MASKED = {
    "sipariş 906386 nerede": ("906386",),
    "سفارش ۹۰۶۳۸۶ را ۱٬۲۳۴ تومان": ("۹۰۶۳۸۶", "۱٬۲۳۴"),
    "ऑर्डर ९०६३८६": ("९०६३८६",),
    "1.234,50 TL and $5.00 and 20% and 1 000 000": ("1.234,50 TL", "$5.00", "20%", "1 000 000"),
    "https://x.com/a?b=1#c, ok": ("https://x.com/a?b=1#c",),
    "bak: instagram.com/ali'ye": ("instagram.com/ali",),
    "@ali_k and #tag, not a b@ c": ("@ali_k", "#tag"),
    "mail a.b@c.example now": ("a.b@c.example",),
    "call +90 (532) 111-22-33": ("+90 (532) 111-22-33",),
    "{{name}} {x} %s %(x)s <b> hi": ("{{name}}", "{x}", "%s", "%(x)s", "<b>"),
    "on 2026-11-22 at 14:30": ("2026-11-22", "14:30"),
    "我买了1000个赞": ("1000",),
    "order #906386": ("906386",),
    "½ of ² or 5️⃣": ("½", "²", "5️⃣"),
    "user_77 has 3f9a2": ("user_77", "3f9a2"),
    "mine ⟦1⟧ and ⟦": ("⟦1⟧", "⟦"),
    "it stopped.why": (),
}


@pytest.mark.parametrize("text", MASKED)
def test_what_must_stay_is_behind_a_sign(text):
    masked = mask(text)
    assert masked.kept == MASKED[text]
    assert [int(one) for one in SIGN.findall(masked.text)] == list(range(1, len(masked.kept) + 1))
    assert not any(unicodedata.category(sign) == "Nd" for sign in SIGN.sub("", masked.text))
    assert restore(masked.text, masked) == text


def test_names_are_hidden_where_personal_data_is():
    masked = mask("Kadir burada, kadirler değil", names=["kadir", ""], personal=True)
    assert masked.text == "⟦1⟧ burada, kadirler değil"
    assert restore("⟦1⟧ is here", masked) == "Kadir is here"
    assert mask("Kadir burada", names=["kadir"]).kept == ()


@pytest.mark.parametrize(
    "said", ["⟦ 1 ⟧ is it", "⟦۱⟧ is it", "[1] is it", "【１】 is it", "\u2067⟦\u20681\u2069⟧ is it", "[[1]] is it"]
)
def test_a_sign_is_known_however_a_model_writes_it(said):
    assert "906386 " in restore(said, mask("906386 budur")).replace("\u2067", "")


DAMAGED = {
    "lost": "no number",
    "twice": "⟦1⟧ ⟦1⟧",
    "invented": "⟦1⟧ ⟦2⟧",
    "a number": "⟦1⟧ and 5",
    "a persian number": "⟦1⟧ and ۵",
    "a fraction": "⟦1⟧ and ½",
    "a link": "⟦1⟧ at https://evil.example",
    "a bare link": "⟦1⟧ at evil.com/x",
    "a name": "⟦1⟧ by @evil",
    "a tag": "<img src=x> ⟦1⟧",
    "half a sign": "⟦1⟧ ⟦",
    "a placeholder": "⟦1⟧ {{orders}}",
    "a link of it": "⟦1⟧.com",
}


@pytest.mark.parametrize("how", DAMAGED)
def test_what_was_altered_is_refused(how):
    assert is_refused(DAMAGED[how], "906386 nerede")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12 şu 34 bu", "⟦1⟧⟦2⟧"),
        ("12 şu 34 bu", "⟦1⟧.⟦2⟧"),
        ("234 şu 1 bu", "⟦2⟧ ⟦1⟧"),
        ("@ali için", "⟦1⟧ya"),
        ("@ali için", "x⟦1⟧"),
        ("https://x.com/a bak", "⟦1⟧bc"),
        ("@ali ve @veli", "⟦1⟧⟦2⟧"),
    ],
)
def test_what_ran_together_with_its_neighbours_is_refused(text, said):
    assert is_refused(said, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            ("refund 100 please", said)
            for said in (
                "⟦1⟧k",
                "⟦1⟧M",
                "⟦1⟧ K",
                "⟦1⟧B",
                "⟦1⟧к",
                "$⟦1⟧",
                "⟦1⟧ USD",
                "US$ ⟦1⟧",
                "⟦1⟧%",
                "⟦1⟧\u200f%",
                "-⟦1⟧",
                "−⟦1⟧",
            )
        ),
        ("5 kisiler", "⟦1⟧k"),
        ("5 dollars, 20 percent", "⟦1⟧%, ⟦2⟧"),
        ("5 dollars", "€⟦1⟧"),
        ("5 likes, 10 days", "⟦1⟧-⟦2⟧"),
        ("5 likes, 10 days", "⟦1⟧ – ⟦2⟧"),
        ("5 to 10 days", "⟦2⟧-⟦1⟧"),
    ],
)
def test_a_unit_a_minus_or_a_range_that_was_not_given_is_refused(text, said):
    assert is_refused(said, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 dollars", "$⟦1⟧"),
        ("100 bin takipçi", "⟦1⟧k followers"),
        ("minus 5", "-⟦1⟧"),
        ("a-5 and -6", "a-⟦1⟧ и -⟦2⟧"),
        ("5 - 10 gün", "⟦1⟧–⟦2⟧ days"),
        ("5个赞", "⟦1⟧ likes"),
    ],
)
def test_what_the_source_has_beside_a_number_may_stay_or_become_a_sign(text, said):
    assert not is_refused(said, text)


@pytest.mark.parametrize("said", ["evil.zip", "evil。com", "evil.ｃom", "ev\u200bil.zip/", "例子。com", "see it.now"])
def test_a_host_that_was_not_given_is_refused(said):
    assert is_refused(f"⟦1⟧ at {said}", "906386 nerede")


def test_what_was_given_ideographic_sentences_and_points_of_a_list_are_no_hosts():
    assert not is_refused("⟦1⟧: stopped.why, Photo.JPG", "906386 stopped.why photo.jpg")
    assert not is_refused("你好。我的订单 ⟦1⟧。谢谢", "hello. My order 906386. Thanks")
    assert not is_refused("⟦1⟧.likes ⟦2⟧.views", "1.beğeni 2.izlenme")
    assert is_refused("⟦1⟧.zip", "1 beğeni")


def test_a_number_may_get_a_unit_and_a_dash():
    assert restore("⟦1⟧ TL, ⟦2⟧%", mask("5 lira, yüzde 20")) == "5 TL, 20%"
    assert restore("⟦1⟧-⟦2⟧ days", mask("5 ile 10 gün")) == "5-10 days"


def test_half_a_sign_is_never_shown():
    masked = mask("906386 ve @ali")
    whole = "Order ⟦1⟧ and ⟦2⟧!"
    for end in range(len(whole) + 1):
        shown = partly(whole[:end], masked)
        assert not set("⟦⟧[]12") & set(shown)
        assert "Order 906386 and @ali!".startswith(shown)
    assert partly("⟦9⟧", masked) == ""


def test_whatever_is_written_comes_back_as_it_was():
    """As it was given, in another order, and damaged: never with a number, link or name that is another."""
    random, told, refused = Random(8), 0, 0
    for text in texts(131, MANY):
        masked = mask(text)
        assert restore(masked.text, masked) == text
        told += is_told(shuffled(random, masked.text), masked)
        refused += not is_told(damaged(random, masked.text), masked)
    assert told > MANY * 0.9
    assert refused > MANY * 0.9


def shuffled(random: Random, masked: str) -> str:
    signs = SIGN.findall(masked)
    others = iter(random.sample(signs, len(signs)))
    return SIGN.sub(lambda _: f"⟦{next(others)}⟧", masked)


def damaged(random: Random, masked: str) -> str:
    signs = SIGN.findall(masked)
    ways = [f"{masked} 7", f"{masked} ⟦{len(signs) + 1}⟧", f"{masked} www.evil.example"]
    if signs:
        one = f"⟦{random.choice(signs)}⟧"
        ways += [masked.replace(one, ""), masked.replace(one, one + one)]
    return random.choice(ways)


def is_told(said: str, masked: Masked) -> bool:
    """What is told has all that was hidden, unchanged and as often."""
    try:
        back = restore(said, masked)
    except AiTrouble:
        return False
    assert sorted(mask(back).kept) == sorted(masked.kept)
    return True


@pytest.mark.parametrize("sign", ["1", "a.", "@", "⟦", "{", "<a ", "1.", "a@", "/", "+1 ", "%(", "www."])
def test_a_long_text_takes_no_longer_for_what_it_is_made_of(sign):
    """Each would take minutes if it were looked through anew from every place."""
    text = sign * (24_000 // len(sign))
    masked = mask(text)
    assert restore(masked.text, masked) == text


@pytest.mark.parametrize(
    "text", ["Instagram.Com/ali.veli", "HTTPS://EVIL.EXAMPLE", "Www.Evil.Example", "MailTo:x", "EVIL.COM"]
)
def test_a_link_is_masked_whole_in_any_case(text):
    assert mask(text).text == "⟦1⟧"


@pytest.mark.parametrize(
    "text", ["0532 1234567", "11 98765-4321", "8-916-1234567", "۰۹۱۲ ۳۴۵۶۷۸۹", "0532\u2011123\u201145\u201167"]
)
def test_no_digit_of_a_telephone_is_sent(text):
    assert not any(sign.isdecimal() for sign in OURS.sub("", mask(text, (), True).text))
