"""Passwords: long ones of any kind are taken, guessable ones are not, and a hash tells nothing."""

import asyncio
import time

import pytest
from argon2 import PasswordHasher

from hyperpanel.errors import BadInput
from hyperpanel.support import passwords

GOOD = [
    "correct horse battery staple",
    "a quiet morning by the sea",
    "şifre çok uzun bir cümle",
    "正確な馬の電池とホッチキスです",
    "x" * 60 + "yz9! " + "w" * 60,
]
BAD = {
    "Kq8#vT2z": "at least 12",
    "q" * 60 + "werty" * 14: "at most 128",
    "aaaaaaaaaaaaaaaa": "repeats",
    "123456789012": "row",
    "zyxwvutsrqponm": "row",
    "qwertyuiopas": "row",
    "Password2026!!": "guessed first",
    "iloveyou12345": "guessed first",
    "hyperpanel123": "name",
    "anastasia-1234": "name",
}


@pytest.mark.parametrize("password", GOOD)
def test_any_long_phrase_is_taken_as_it_is(password):
    assert passwords.checked(password, "ana") == password


@pytest.mark.parametrize(("password", "why"), BAD.items())
def test_a_weak_one_is_refused_with_the_reason(password, why):
    with pytest.raises(BadInput, match=why):
        passwords.checked(password, "anastasia")


def test_everything_that_is_wrong_is_said_at_once():
    assert len(passwords.faults("1111", "ana")) >= 2


def test_the_list_of_common_ones_is_long():
    assert len(passwords.common()) >= 10_000


def test_the_same_password_never_has_the_same_hash():
    assert passwords.hashed("a phrase of words") != passwords.hashed("a phrase of words")


@pytest.mark.parametrize(("given", "matches"), [("a phrase of words", True), ("a phrase of word", False), ("", False)])
async def test_only_the_password_itself_verifies(given, matches):
    assert await passwords.verify(passwords.hashed("a phrase of words"), given) is matches


@pytest.mark.parametrize("stored", [None, "", "no hash at all"])
async def test_nothing_verifies_against_nobody(stored):
    assert not await passwords.verify(stored, "a hash that no password is verified against with success")


def test_a_hash_of_weaker_days_is_made_anew():
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("x"))
    assert not passwords.is_outdated(passwords.hashed("x"))


def test_a_hash_is_as_costly_as_it_must_be():
    assert "$argon2id$" in passwords.hashed("x")
    assert "m=19456,t=2,p=1" in passwords.hashed("x")


async def test_no_more_than_two_are_worked_on_at_once(monkeypatch):
    at_once, most = 0, 0

    def slow(stored: str | None, password: str) -> bool:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.01)
        at_once -= 1
        return False

    monkeypatch.setattr(passwords, "verify_now", slow)
    await asyncio.gather(*(passwords.verify(None, "x") for _ in range(12)))
    assert most <= 2
