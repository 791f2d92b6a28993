"""Letters as they are meant, and where they stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.folding import fold

MEANT = {
    "𝟏𝟎𝐊/𝐃𝐚𝐲": "10k/day",
    "１０Ｋ／Ｄａｙ": "10k/day",
    "10ᴋ/ᴅᴀʏ": "10k/day",
    "🆅🅸🅿 ⓥⓘⓟ": "vip vip",
    "5️⃣0️⃣K": "50k",
    "1️⃣2K": "1 2k",
    "🔟K": "10k",
    "½K ⅓K": ".5k |k",
    "۱۰٬۰۰۰ ١٠٬٠٠٠": "10,000 10,000",
    "İZLENME ığ día": "izlenme ig dia",
    "ي ك ة": "ی ک ه",
    "5~10 5–10 5→10": "5-10 5-10 5-10",
    "10⁄day 10\\day": "10/day 10/day",
}


@pytest.mark.parametrize(("written", "meant"), MEANT.items())
def test_dressed_letters_are_read_as_plain_ones(written, meant):
    assert fold(written).text == meant


def test_a_piece_is_given_back_as_it_was_written():
    folded = fold("🔥 𝟏𝟎𝐊/𝐃𝐚𝐲 5️⃣0️⃣K")
    assert folded.written(2, 9) == "𝟏𝟎𝐊/𝐃𝐚𝐲"
    assert folded.written(10, 12) == "5️⃣0️⃣"


@given(st.text(min_size=1))
def test_any_piece_of_any_text_can_be_given_back(text):
    folded = fold(text)
    assert all(folded.written(at, at + 1) in text for at in range(len(folded.text)))
