"""Passwords: what is accepted as one, and how it is kept (argon2id, 19 MiB, 2 passes).

Hashing takes 30 ms of a core, so the two asynchronous ways run in a pool of two threads: a flood of sign-ins waits
there instead of taking the machine. A verification for a user that does not exist costs the same as one that does.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import N_

SHORTEST, LONGEST = 12, 128
COMMON = Path(__file__).with_name("common_passwords.txt")
"""The 10 000 most used, and of the next 20 000 those long enough to be tried here; from zxcvbn's list (MIT)."""

CONTEXT = ("hyperpanel", "perfectpanel", "smmpanel")
REPEATED = 4
"""A password made of fewer different characters is a key held down."""

TOO_SHORT = N_("It needs at least {least} characters; a few words in a row are easy to keep.")
TOO_LONG = N_("It may have at most {most} characters.")

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = ThreadPoolExecutor(2, thread_name_prefix="password")


def checked(password: str, username: str) -> str:
    """The password as it was given, or BadInput with everything that is wrong with it. Any character counts, spaces
    too."""
    wrong = faults(password, username)
    if wrong:
        raise BadInput(" ".join(map(str, wrong)), "password")
    return password


def faults(password: str, username: str) -> Sequence[BadInput]:
    """Every condition that it does not meet, each to be said in the reader's language."""
    plain = password.casefold()
    rules: tuple[tuple[bool, str, dict[str, int]], ...] = (
        (len(password) < SHORTEST, TOO_SHORT, {"least": SHORTEST}),
        (len(password) > LONGEST, TOO_LONG, {"most": LONGEST}),
        (len(set(plain)) < REPEATED, N_("It repeats too few characters."), {}),
        (is_row(plain), N_("It is a row of neighbouring keys or numbers."), {}),
        (core(plain) in common() or plain in common(), N_("It is one of the passwords that are guessed first."), {}),
        (holds_name(plain, username), N_("It holds the user's name or this program's."), {}),
    )
    return [BadInput(sentence, "password", **values) for broken, sentence, values in rules if broken]


def is_row(plain: str) -> bool:
    """`123456789012`, `abcdefghijkl`, `qwertyuiopas`, and the same backwards."""
    rows = (
        "0123456789" * 3,
        "abcdefghijklmnopqrstuvwxyz" * 2,
        "qwertyuiopasdfghjklzxcvbnm" * 2,
        "1qaz2wsx3edc4rfv5tgb",
    )
    return any(plain in row or plain[::-1] in row for row in rows)


def core(plain: str) -> str:
    """The word in `Password2026!!`: what is left without digits and signs around it."""
    return plain.strip("0123456789 !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\\")


def holds_name(plain: str, username: str) -> bool:
    """A name that makes up most of the password is no password; one word among many is fine."""
    names = [name for name in (username.casefold(), *CONTEXT) if len(name) > 2]
    return any(len(plain.replace(name, "")) < min(len(plain), SHORTEST - REPEATED) for name in names)


@cache
def common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())


def hashed(password: str) -> str:
    return HASHER.hash(password)


def verify_now(stored: str | None, password: str) -> bool:
    """None (no such user) is verified against a hash that nothing matches, so that it takes as long."""
    try:
        HASHER.verify(stored or decoy(), password)
        return bool(stored)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@cache
def decoy() -> str:
    return HASHER.hash("a hash that no password is verified against with success")


async def verify(stored: str | None, password: str) -> bool:
    return await asyncio.get_running_loop().run_in_executor(AT_ONCE, verify_now, stored, password)


async def hashed_later(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(AT_ONCE, hashed, password)


def is_outdated(stored: str) -> bool:
    """Made with weaker parameters than today's: hash anew at the next sign-in."""
    return HASHER.check_needs_rehash(stored)
