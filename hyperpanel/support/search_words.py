"""What somebody typed or pasted into the search, read for what it may name: numbers, addresses, names, parts of texts.

People paste what they have: `#2274209`, a number in Persian digits, a column of a spreadsheet, a customer's whole sentence.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hyperpanel.db.folding import TABLE, UNSEEN

MOST_NUMBERS = 100
MOST_PARTS = 3
LONGEST = 8000
LONGEST_PART = 256
LONGEST_LINK = 2048
APART = re.compile(r"[\s,;،؛|]+")
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
IN_SENTENCE = re.compile(r"#?[0-9]{4,24}|#[0-9]{1,3}")
IN_LINK = re.compile(r"[0-9]{5,24}")
HOST = r"(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?"
LINK = re.compile(rf"(?<![\w.-])(?:https?://)?(?:www\.)?({HOST}/\S*)|https?://(?:www\.)?(\S+)", re.IGNORECASE)
MAIL = re.compile(r"(?<![^\s<>,;:\"'])[^\s@<>,;:\"']{1,64}@[^\s@<>,;:\"']{1,255}")
AROUND = "\"'`“”„‘’«»‹›<>()[]{}"
BEHIND = ".,;:!?؟،…"
INVISIBLE = {ord(sign): None for sign in UNSEEN if sign not in "\u0640"} | dict.fromkeys(
    (0x61C, 0xFEFF, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
)
DIGITS = {code: digit for code, digit in TABLE.items() if digit.isdecimal()}


@dataclass(frozen=True)
class Words:
    """`numbers` are looked up, and so is `name`; `parts` are looked for in texts, one after the other until one is found. `is_list`:
    nothing but numbers, of each of which it is told whether it was found. Where one was not, it may be a name, or the list one text after
    all: the number of a card, say. That is `whole`."""

    typed: str = ""
    numbers: Sequence[str] = ()
    name: str = ""
    parts: Sequence[str] = ()
    is_list: bool = False
    is_too_many: bool = False
    whole: str = ""


def read(typed: str) -> Words:
    """Never fails: whatever it is can be looked for."""
    text = " ".join(typed[:LONGEST].translate(INVISIBLE).split())
    bare = text.strip(AROUND + " ")
    found = [word for word in map(number, APART.split(bare)) if word]
    if len(found) > 1 and all(NUMBER.fullmatch(one) and any(sign.isdecimal() for sign in one) for one in found):
        every = unique(found)
        whole = bare if len(bare) <= LONGEST_PART else ""
        return Words(text, every[:MOST_NUMBERS], is_list=True, is_too_many=len(every) > MOST_NUMBERS, whole=whole)
    if " " in bare:
        return sentence(text, bare)
    return word(text, bare)


def number(word: str) -> str:
    """As a number would be: without what stands around one, in digits that are stored."""
    return word.translate(DIGITS).strip(AROUND + BEHIND).lstrip("#№").strip(AROUND + BEHIND)


def unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def word(text: str, bare: str) -> Words:
    if links := addresses(bare):
        return Words(text, unique(IN_LINK.findall(bare))[:MOST_NUMBERS], "", links)
    one = number(bare)
    name = bare.lstrip("#@").rstrip(BEHIND)[:LONGEST_PART]
    return Words(text, (one,) if NUMBER.fullmatch(one) else (), name, (name,) if name else ())


def sentence(text: str, bare: str) -> Words:
    """What it names; else the sentence itself may be a subject, or a service."""
    rest = MAIL.sub(" ", LINK.sub(" ", bare)).translate(DIGITS)
    numbers = unique(found.lstrip("#") for found in IN_SENTENCE.findall(rest))[:MOST_NUMBERS]
    mails = [mail.rstrip(BEHIND) for mail in MAIL.findall(bare)]
    parts = unique((*addresses(bare), *mails))[:MOST_PARTS]
    return Words(text, numbers, mails[0] if mails else "", parts or (bare[:LONGEST_PART],))


def addresses(text: str) -> tuple[str, ...]:
    """Links as they may be stored: with and without what a browser or an app put behind them."""
    found = [(one or other).rstrip(BEHIND + AROUND + "/")[:LONGEST_LINK] for one, other in LINK.findall(text)]
    shorter = [link.partition("?")[0].partition("#")[0].rstrip("/") for link in found]
    return unique(link for link in (*found, *shorter) if "/" in link or "." in link)[:MOST_PARTS]
