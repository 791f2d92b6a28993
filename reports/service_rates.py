"""The forms that a speed takes in a service's name: a number and a period, side by side.

Most numbers of a name are something else (a maximum, a price, the days of a refill, a start time), so each form says what it must not
stand among; what is not understood promises nothing, for no service is to be called slow for a speed that nobody promised.
"""

import re
from collections.abc import Iterator

from reports.service_spans import Rate, Span, spanned
from reports.service_tokens import MILLIONTHS, Tokens
from reports.service_words import DAY, HOUR, MONTH

LARGEST = 5 * 10**9
"""Per day; nothing above it is ever sold, and every sum of such numbers fits 64 bits."""

SPAN = r"(?:(?P<least>NK?)\+?(?P<to>-{1,3}:?|\.{2,3}|[/ta&M])\+?)?(?P<most>NK?)\+{0,2}"
PER = r"(?:[|\-()]?/?[xa]{1,2}[/.\-]?|[|)]?/)[|(]?"
AFTER = re.compile(rf"{SPAN}(?:[?Z]{{1,2}}G|[GMSf.]{{0,2}})(?P<per>{PER})(?P<count>N?)(?P<period>[PpAQ])")
"""10K/day, 5-10K followers per day, 1K per 10 minutes."""
BESIDE = re.compile(rf"{SPAN}[GS\-]?(?P<period>[APQp])")
"""10K daily, 50K+ day."""
AHEAD = re.compile(rf"(?P<lead>NP|A|Q|[/x]-?P|F?P)[:\-SMutf]{{0,3}}B?{SPAN}(?![PpC%xWK+])")
"""Daily 10K, per day: 10K, Day 50M; what follows must not be a unit of the number's own."""
LONE = re.compile(rf"S[:\-.ut]{{0,3}}{SPAN}(?=$|[|()\-nRrIMTL.])")
"""Speed 20K: of what period is not said, and it is the day that people mean."""

MANY = 100 * MILLIONTHS
"""Fewer than these may be posts, orders, hours or days."""
PLURALS = ("days", "hours", "hrs")
"""`Speed 100 days` is no hundred a day."""
ENDS = ("", *"|()-nSIM.:LGRrT+")
"""What may follow a bare `10K day`; a word of its own would take the day with it."""
BOUNDS = ("", *"|)-nRr")
"""What may follow a bare `Day 50M`."""


def rates(read: Tokens) -> Iterator[Rate]:
    """A token that one form made a speed is not looked at by the next."""
    left, has_found = list(read.codes), False
    for pattern, form in ((AFTER, after), (BESIDE, beside), (AHEAD, ahead), (LONE, lone)):
        if pattern is LONE and has_found:
            return
        for found in pattern.finditer("".join(left)):
            rate = form(read, found)
            if rate and 0 < rate.per_day <= LARGEST:
                has_found = True
                left[found.start() : found.end()] = "=" * (found.end() - found.start())
                yield rate


def after(read: Tokens, found: re.Match[str]) -> Rate | None:
    span, at = spanned(read, found), found.start("period")
    if not span or is_list(read, found) or is_toll(read, span):
        return None
    is_loose = "x" in read.texts[span.last + 1 : at] or (found["period"] == "p" and found["per"] == "a")
    if found["count"] and "/" in found["per"] and is_few(span):
        return None
    seconds = period(read, found)
    if not seconds or seconds > MONTH or (not span.has_unit and (seconds == MONTH or is_loose)):
        return None
    return span.rate(seconds, at, is_sure=seconds < MONTH)


def period(read: Tokens, found: re.Match[str]) -> int | None:
    """Seconds."""
    at = found.start("period")
    return counted(read, found, at) if found["count"] else read.sizes[at]


def counted(read: Tokens, found: re.Match[str], at: int) -> int | None:
    """`1K per 10 minutes`. A day at most, for 30 days are a refill's; not that of a broadcast; and `24/7` is a promise of another kind."""
    text, follows = read.texts[found.start("count")], read.codes[at + 1 : at + 2]
    if not text.isdecimal() or len(text) > 2 or text == "7" or found["period"] in "AQ":
        return None
    if read.is_live or (follows and follows in "-/tTD"):
        return None
    is_package = read.sizes[at] == DAY and "K" not in found["most"] and "/" in found["per"]
    seconds = int(text) * read.sizes[at]
    return seconds if seconds <= DAY and not is_package else None


def is_list(read: Tokens, found: re.Match[str]) -> bool:
    """`Max 10K/Day 50K`, `Max 10K/Min 100`: the period belongs to what follows, or nobody knows."""
    at, most = found.start("period"), found.start("most")
    follows = read.codes[at + 1 : at + 3]
    if follows[:1] != "N" and follows not in (":N", "-N"):
        return False
    is_apart = not set(found["per"]).isdisjoint("|()")
    return is_apart or ("/" in found["per"] and (read.texts[at] == "min" or "M" in read.codes[max(0, most - 2) : most]))


def is_toll(read: Tokens, span: Span) -> bool:
    """One a day, or a few posts a day, is a limit on what is asked for."""
    before = read.before(span.first, ":-")
    return is_few(span) and (before == "Z" or (span.most == MILLIONTHS and before != "S"))


def is_few(span: Span) -> bool:
    return not span.has_unit and span.least < MANY


def beside(read: Tokens, found: re.Match[str]) -> Rate | None:
    span, at = spanned(read, found), found.start("period")
    kind = found["period"]
    if not span or is_loose_dash(read, at, kind):
        return None
    is_adverb = kind == "A" or (kind == "Q" and span.has_unit)
    if is_toll(read, span) if is_adverb else not is_bare(read, span, at, kind):
        return None
    return span.rate(read.sizes[at], at)


def is_loose_dash(read: Tokens, at: int, kind: str) -> bool:
    """`10K-Day` is a speed, `10K - Daily` two things."""
    return read.codes[at - 1] == "-" and (kind != "P" or read.ends[at - 2] < read.starts[at] - 1)


def is_bare(read: Tokens, span: Span, at: int, kind: str) -> bool:
    """`3K-5K day`, `Speed 500 Day`: without a word between, thousands or the word speed must tell it from a time."""
    if kind == "Q" or read.texts[at] in PLURALS or read.codes[at + 1 : at + 2] not in ENDS or dash_number(read, at + 1):
        return False
    is_told = not is_few(span) and read.before(span.first, ":-.ut") == "S"
    if is_told and read.sizes[at] in (HOUR, DAY):
        return True
    return kind == "P" and read.sizes[at] == DAY and span.has_unit


def dash_number(read: Tokens, at: int) -> bool:
    return read.codes[at : at + 2] in ("-N", ":N")


def ahead(read: Tokens, found: re.Match[str]) -> Rate | None:
    span, lead = spanned(read, found), found["lead"]
    before, follows = read.before(found.start(), ""), read.codes[found.end() : found.end() + 1]
    if not span or before in ("N", "K", "%", "C", "Z") or goes_on(read, span, found.end()):
        return None
    if not span.has_unit and follows in ("?", "Z"):
        return None
    at = found.start() + len(lead) - 1
    if not is_lead(read, lead, at, before) or (lead in ("P", "FP") and not (span.has_unit and follows in BOUNDS)):
        return None
    return span.rate(read.sizes[at], found.start() + (lead[0] in "/F"), is_sure=lead != "FP")


def is_lead(read: Tokens, lead: str, at: int, before: str) -> bool:
    """Whether that period may come before its number: of a bare one, only the day that begins something, as in `| Day 50M`."""
    if lead == "NP":
        is_one = read.texts[at - 1] == "1" and not read.texts[at].isascii()
        return is_one and read.ends[at] == read.starts[at + 1]
    if lead[0] == "/":
        return before in ("", *"S|(-:")
    if lead in ("P", "FP"):
        is_first = lead == "FP" or before in ("", *"S|(-")
        return is_first and read.sizes[at] == DAY and read.texts[at] not in PLURALS
    return True


def goes_on(read: Tokens, span: Span, at: int) -> bool:
    """`Daily 10-20 hours` is no speed, `Daily 10K - 30 days refill` is one."""
    is_range = read.codes[at : at + 2] in ("-N", "tN", "aN", "/N", "&N")
    if read.codes[at : at + 1] == "N":
        return not span.has_unit or read.codes[at + 1 : at + 2] not in ("P", "p")
    return is_range and not (read.codes[at] == "-" and span.has_unit and read.spaced(at))


def lone(read: Tokens, found: re.Match[str]) -> Rate | None:
    span = spanned(read, found)
    if not span or read.is_live or dash_number(read, found.end()) or is_few(span):
        return None
    return span.rate(DAY, span.last, is_sure=False)
