"""A key's form: what is one can be told from what is not, without asking anybody."""

import re
from zlib import crc32

import pytest

from hyperpanel.support.api_secrets import SIGNS, checksum, hash_of, id_of, new_secret, prefix


def test_a_key_is_of_its_form_and_tells_its_id():
    secret = new_secret()
    assert re.fullmatch(r"hp_live_[0-9A-Za-z]{50}", secret.text)
    assert id_of(secret.text) == secret.id == secret.text[8:20]
    assert prefix(secret.id) == secret.text[:20]


def test_the_last_six_are_the_crc32_of_all_before_them():
    text, value = new_secret().text, 0
    for sign in text[-6:]:
        value = value * 62 + SIGNS.index(sign)
    assert value == crc32(text[:-6].encode())


def test_no_two_are_alike():
    assert len({new_secret().text[20:52] for _ in range(200)}) == 200


def test_one_wrong_sign_anywhere_is_noticed():
    text = new_secret().text
    for at in range(len(text)):
        other = "a" if text[at] != "a" else "b"
        assert id_of(text[:at] + other + text[at + 1 :]) is None


@pytest.mark.parametrize(
    "text", ["", "hp_live_", "x" * 58, "hp_live_" + "é" * 50, "hp_live_" + "٣" * 50, "hp_live_" + "\x00" * 50]
)
def test_what_is_no_key_has_no_id(text):
    assert id_of(text) is None


def test_a_key_that_is_cut_or_grown_has_no_id():
    text = new_secret().text
    assert [id_of(one) for one in (text[:-1], text + "0", f" {text}", text.upper(), text[8:])] == [None] * 5
    assert id_of("hp_test_" + text[8:52] + checksum("hp_test_" + text[8:52])) is None


def test_a_secret_does_not_show_itself():
    secret = new_secret()
    assert secret.text not in repr(secret)
    assert len(hash_of(secret.text)) == 32
