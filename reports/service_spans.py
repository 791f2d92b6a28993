"""A number or two with what multiplies them: 5-10K, 500-1K, 200/300.

A multiplier said once binds both numbers, unless the least would pass the most: 5-10K is from 5,000, and 500-1K from 500.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from reports.service_tokens import MILLIONTHS, Tokens, amount
from reports.service_words import DAY

LASTING = frozenset(map(str, (7, 10, 14, 15, 20, 30, 45, 60, 90, 99, 100, 120, 180, 365)))
"""Days that a refill usually lasts."""

YEAR = re.compile(r"20(?:0[1-9]|[1-3]\d)")
ALWAYS = {"24", "7"}

FURTHEST = 20
"""Times the least: `min 10 max 10K per day` tells what may be ordered."""


class Rate(NamedTuple):
    """A speed and the tokens that it stands on, first and last."""

    per_day: int
    first: int
    last: int
    is_sure: bool = True


@dataclass(frozen=True)
class Span:
    """Amounts in millionths; `first` and `last`: its tokens; `has_unit`: thousands and the like are said."""

    least: int
    most: int
    first: int
    last: int
    has_unit: bool
    is_sure: bool = True

    def rate(self, seconds: int, at: int, *, is_sure: bool = True) -> Rate:
        per_day = self.least * DAY // (seconds * MILLIONTHS)
        return Rate(per_day, min(self.first, at), max(self.last, at), self.is_sure and is_sure)


def spanned(read: Tokens, found: re.Match[str]) -> Span | None:
    """Of a match with groups least, to and most."""
    right, last = found.start("most"), found.end("most") - 1
    most, has_unit = valued(read, found, "most"), "K" in found["most"]
    first = right if found["least"] is None else found.start("least")
    if most is None or is_foreign(read, first, has_unit=has_unit):
        return None
    single = Span(most, most, right, last, has_unit)
    return single if found["least"] is None else ranged(read, found, single)


def ranged(read: Tokens, found: re.Match[str], single: Span) -> Span | None:
    left, to = found.start("least"), found["to"]
    before = read.codes[left - 1 : left] if left else ""
    least = bound(read, found, single.most)
    if to == "M" and before == "m":
        return apart(left, least, single)
    if before in ("M", "#", "r", "R", "m") or to == "M" or is_serial(read, found):
        return replace(single, is_sure=before in ("r", "R"))
    if least is None or is_chain(read, left) or {read.texts[left], read.texts[single.first]} == ALWAYS:
        return None
    falls_apart = least > single.most and read.spaced(found.start("to"))
    if least == single.most or falls_apart or is_listed(read, found):
        return single
    is_sure = least < single.most and (to != "&" or before == "B")
    return replace(single, least=min(least, single.most), most=max(least, single.most), first=left, is_sure=is_sure)


def apart(left: int, least: int | None, single: Span) -> Span | None:
    """`min 10K max 20K per day`."""
    if least is None or not least < single.most <= least * FURTHEST:
        return None
    return replace(single, least=least, first=left, is_sure=False)


def is_serial(read: Tokens, found: re.Match[str]) -> bool:
    """A name may begin with its service's number or hold a year: `4471 - 10K/day`."""
    left, text = found.start("least"), read.texts[found.start("least")]
    if found["most"] == "NK" and found["least"] == "N" and YEAR.fullmatch(text):
        return True
    begins = left < 4 and not read.codes[:left].strip("|(")
    return begins and read.spaced(left + 1) and len(text) > 2 and text.isdecimal() and text[-1] != "0"


def bound(read: Tokens, found: re.Match[str], most: int) -> int | None:
    """The least, with the multiplier of the most if it has none and stays below."""
    least, text = valued(read, found, "least"), read.texts[found.start("least")]
    if found["most"] == "NK" and found["least"] == "N":
        multiplied = amount(text, read.sizes[found.start("most") + 1])
        return multiplied if multiplied is not None and multiplied < most else least
    return least


def valued(read: Tokens, found: re.Match[str], group: str) -> int | None:
    at = found.start(group)
    return amount(read.texts[at], read.sizes[at + 1] if "K" in found[group] else 0)


def is_foreign(read: Tokens, first: int, *, has_unit: bool) -> bool:
    """Money, a share, or the number of something: $5, %20, R30, #4471, x2, 18+, 2026."""
    before, text = read.codes[max(0, first - 2) : first], read.texts[first]
    near = before[-1:]
    if near in ("C", "%") or before in ("C.", "C:", "C/"):
        return True
    is_told_apart = near in ("r", "#") or before == "#:" or YEAR.fullmatch(text) is not None
    is_adult = text == "18" and read.codes[first + 1 : first + 2] == "+"
    is_times = near == "x" and read.texts[first - 1] == "x"
    return not has_unit and (is_told_apart or is_adult or is_times or (near == "R" and text in LASTING))


def is_chain(read: Tokens, left: int) -> bool:
    """2026-10-01, 1-2-3K."""
    return read.codes[max(0, left - 2) : left] in ("N-", "N/", "K-", "K/")


def is_listed(read: Tokens, found: re.Match[str]) -> bool:
    """`~ 5K ~ 10K/day`: a sign on both sides of a number parts a list."""
    left, to = found.start("least"), found.start("to")
    return left > 0 and read.written(to, to) == "~" and read.spaced(to) and read.written(left - 1, left - 1) == "~"
