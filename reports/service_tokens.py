"""A service's name as tokens, a letter each, so that what follows what is looked for in a short string, not in the name.

The letters are those of `service_words`; N is a number, ? a word that means nothing here. Every sign is looked at once, whatever the text.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from reports.folding import Folded, fold
from reports.service_words import MINUTE, WORDS
from reports.service_words import SIGNS as WRITTEN

TOKEN = re.compile(r"((?:(?<![\w.)])\.)?\d+(?:[.,']\d+)*)|([^\W\d_]+)|(\S)")
LONGEST = 24
"""Of words grown together; longer ones mean nothing here."""
SPACED = re.compile(r"\d{1,3}(?:'\d{3})*")
SURE_BEFORE = frozenset("|(:Su-tM")
ARTICLE = "ال"
FIRST_UNSPACED = "\u2e80"
"""From here on scripts write their words together."""
DIGITS_AT_MOST = 12
MILLIONTHS = 10**6
Meaning = tuple[str, int]
UNKNOWN: Meaning = ("?", 0)
OTHER: Meaning = (".", 0)
SIGNS = {sign: (letter, 0) for sign, letter in WRITTEN.items()}
SERIAL: Meaning = ("#", 0)
"""S1, SM2: a number that only tells services apart."""


@dataclass(frozen=True)
class Tokens:
    """`codes`: a letter for each; `sizes`: seconds of a period, or what a multiplier multiplies by; `texts` and where each stands."""

    folded: Folded
    codes: str
    sizes: list[int]
    texts: list[str]
    starts: list[int]
    ends: list[int]

    def written(self, first: int, last: int) -> str:
        return self.folded.written(self.starts[first], self.ends[last])

    @cached_property
    def is_live(self) -> bool:
        """Whether it sells time to watch, whose minutes and hours are no period of a speed."""
        return "W" in self.codes or "viewers" in self.texts

    def before(self, at: int, skipped: str) -> str:
        """The code before that token, past a few signs that mean nothing there."""
        return self.codes[max(0, at - 4) : at].rstrip(skipped)[-1:]

    def spaced(self, at: int) -> bool:
        """Whether there is room on both sides of this token."""
        inside = 0 < at < len(self.codes) - 1
        return inside and self.ends[at - 1] < self.starts[at] and self.ends[at] < self.starts[at + 1]


class Reading:
    """Tokens under way."""

    def __init__(self, folded: Folded) -> None:
        self.folded = folded
        self.codes: list[str] = []
        self.sizes: list[int] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.last = "|"

    def add(self, text: str, start: int, meaning: Meaning) -> None:
        self.last, size = meaning
        self.codes.append(self.last)
        self.sizes.append(size)
        self.texts.append(text)
        self.starts.append(start)
        self.ends.append(start + len(text))

    def done(self) -> Tokens:
        return Tokens(self.folded, "".join(self.codes), self.sizes, self.texts, self.starts, self.ends)

    def is_shortened(self) -> bool:
        """A full stop may belong to the word: `10 тыс. в день`."""
        return self.last == "K" and len(self.texts[-1]) > 1

    def number(self, text: str, start: int) -> None:
        if self.last == "N" and len(text) == 3 and self.ends[-1] == start - 1 and self.grouped(text):
            return
        self.add(text, start, ("N", 0))

    def grouped(self, text: str) -> bool:
        """10 000 is one number; in `Server 2 500` there are two, and of others nobody knows."""
        before = self.codes[-2] if len(self.codes) > 1 else "|"
        head = self.texts[-1]
        is_sure = before in SURE_BEFORE or text == "000"
        if len(head) > DIGITS_AT_MOST or not SPACED.fullmatch(head) or (before in "#rR" and not is_sure):
            return False
        self.texts[-1] = f"{head}'{text}" if is_sure else "?"
        self.ends[-1] += 1 + len(text)
        return True

    def word(self, text: str, start: int) -> None:
        if known := WORDS.get(text):
            self.known(text, start, known)
            return
        following = start + len(text)
        if self.folded.text[following : following + 1].isdigit() and len(text) < 4 and text.isascii():
            self.add(text, start, SERIAL)
            return
        is_grown = self.folded.text[following : following + 1].isdigit() or text >= FIRST_UNSPACED
        for piece in pieces(text) if is_grown or self.touches(start) else (text,):
            self.known(piece, start, WORDS.get(piece) or WORDS.get(piece.removeprefix(ARTICLE), UNKNOWN))
            start += len(piece)

    def touches(self, start: int) -> bool:
        return self.last == "N" and self.ends[-1] == start

    def known(self, text: str, start: int, meaning: Meaning) -> None:
        if meaning[0] == "m" and text == "min" and self.last in "N/x":
            meaning = ("P", MINUTE)
        elif meaning[0] == "K" and self.last != "N":
            meaning = UNKNOWN
        self.add(text, start, meaning)


def pieces(word: str) -> tuple[str, ...]:
    """`kday` is k and day, `daysrefill` days and refill: two words known, one of them a multiplier or long enough to be meant."""
    for cut in range(1, len(word) if len(word) <= LONGEST else 0):
        head, tail = word[:cut], word[cut:]
        before, after = WORDS.get(head), WORDS.get(tail)
        if before and after and (before[0] == "K" or cut > 2) and is_meant(before[0], tail):
            return head, tail
    return (word,)


def is_meant(before: str, tail: str) -> bool:
    """`10KDayR30` ends in a refill; other single letters end a word by chance."""
    return len(tail) > 2 or not tail.isascii() or before + tail == "Pr"


def tokens(name: str) -> Tokens:
    reading = Reading(fold(name))
    for found in TOKEN.finditer(reading.folded.text):
        if found.lastindex == 2:
            reading.word(found[0], found.start())
        elif found.lastindex == 1:
            reading.number(found[0], found.start())
        elif found[0] != "." or not reading.is_shortened():
            reading.add(found[0], found.start(), SIGNS.get(found[0], OTHER))
    return reading.done()


def amount(text: str, multiplier: int) -> int | None:
    """In millionths, so that 2.5K stays whole; none of what may be a price, a version or a slip of the pen."""
    marks = re.sub(r"\d", "", text)
    groups = re.split(r"[.,']", text)
    digits = "".join(groups)
    if not digits or len(digits) > DIGITS_AT_MOST or len(set(marks)) > 1:
        return None
    if not marks:
        return int(digits) * (multiplier or 1) * MILLIONTHS
    is_decimal = bool(multiplier) and len(marks) == 1 and marks != "'" and len(groups[0]) < 3
    if is_decimal and (marks == "." or len(groups[1]) < 3):
        return int(digits) * multiplier * MILLIONTHS // int("1" + "0" * len(groups[1]))
    if multiplier or groups[0] in ("", "0") or len(groups[0]) > 3 or len(groups[-1]) != 3:
        return None
    return int(digits) * MILLIONTHS if all(len(group) in (2, 3) for group in groups[1:]) else None
