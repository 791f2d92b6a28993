"""Numbers as people write them, in any script: 1,234 and ۱٬۲۳۴, 1.2k, 5 bin, 40 %, 3 days, 20 TL, 2026-03-01; and links, @names, e-mails.

What a separator means depends on the country ("1.234" is either), so a figure has every value that it can have. All patterns stand on a text
in which each sign still has its own place, so that a figure can be pointed at.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from hyperpanel.ai.figure_words import AFTER, BEFORE, CURRENCIES, OF_MONTHS, SPANS, TIMES
from hyperpanel.ai.numerals import NUMERALS, SIGNS, value

NUMBER, PERCENT, DURATION, AMOUNT, DATE, CLOCK = "number", "percent", "duration", "amount", "date", "clock"
LINK, EMAIL, NAME = "link", "email", "name"
PLAIN = {
    **{
        "٬": ",",
        "٫": ".",
        "，": ",",
        "．": ".",
        "。": ".",
        "＠": "@",
        "％": "%",
        "٪": "%",
        "：": ":",
        "／": "/",
        "’": "'",
    },
    **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
}
FOUND = re.compile(
    r"(?P<link>(?:https?|hxxps?|ftp|wss?|file)://\S+|(?<!\w)(?:javascript|vbscript|data|mailto|tel):\S+|(?<![\w.])www\.\S+)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})"
    r"|(?P<name>(?<![\w.])@[\w.]{1,64})"
    r"|(?P<host>(?<![\w.@-])(?:[\w-]{1,63}\.){1,8}(?:(?-i:[a-zа-я]{2,24}|[A-ZА-Я]{2,24})(?![\w-])(?:[/?#:](?=\S)\S*)?"
    r"|[a-zа-я]{2,24}/(?=\S)\S*|(?:com|net|org)(?![\w-])(?:[?#:](?=\S)\S*)?))"
    r"|(?P<iso>(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d))"
    r"|(?P<dotted>(?<![\d.,/])(?:\d{1,2}\.\d{1,2}\.|\d{1,2}/\d{1,2}/)(?:\d{4}|\d{2})(?!\d|[.,/]\d))"
    r"|(?P<clock>(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?!\d|:\d))"
    r"|(?P<number>\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*)"
    rf"|(?P<sign>[{SIGNS}]|{NUMERALS})",
    re.IGNORECASE,
)
RANGE = re.compile(r"[ ]?[-–—][ ]?\d{1,12}(?:[.,]\d{1,6})?")
"""The other end of a range, whose word counts for both: 2–3 days."""

NEAR, MOST_DAYS = 16, 31
TRAILING = ".,;:!?)]}'\"»”’،؛؟…"
Values = frozenset[Decimal]
NONE: Values = frozenset()


@dataclass(frozen=True)
class Figure:
    """`values`: what it may mean: a number, a percentage, a duration's seconds, an amount of the currency `unit`. `bare`: the number alone.
    `parts`: the numbers beside each other that it may be, instead of one with its thousands apart. `words`: a link, name or e-mail as it is
    compared; `day`: a date's year (0: not told), month and day; `spelled`: a number that two countries read in two ways."""

    kind: str
    start: int
    end: int
    values: Values = NONE
    bare: Values = NONE
    parts: tuple[Decimal, ...] = ()
    unit: str = ""
    words: str = ""
    day: tuple[int, int, int] | None = None
    spelled: str = ""


def figures(text: str, spelled: Container[str] | None = None) -> Iterator[Figure]:
    """In order, none within another. Where it is told how numbers were `spelled`, any other 1.234 is more than a thousand."""
    even, done = evened(text), 0
    for found in FOUND.finditer(even):
        if found.start() >= done:
            one = figure(even, found, done, spelled)
            done = one.end
            yield one


def evened(text: str) -> str:
    """Each sign in its place, the digits and separators of all scripts as ours."""
    return text if text.isascii() else "".join(map(even_sign, text))


@lru_cache(maxsize=4096)
def even_sign(sign: str) -> str:
    value = unicodedata.decimal(sign, None) if unicodedata.category(sign) == "Nd" else None
    return PLAIN.get(sign, sign) if value is None else str(value)


def figure(text: str, found: re.Match[str], begin: int, spelled: Container[str] | None) -> Figure:
    """What stands before `begin` belongs to another."""
    kind, start, end = found.lastgroup or "", *found.span()
    if kind in ("link", "host", "email", "name"):
        words = found[0].rstrip(TRAILING) or found[0]
        same = bare_link(words) if kind in ("link", "host") else words.casefold()
        return Figure(LINK if kind == "host" else kind, start, start + len(words), words=same)
    if kind in ("iso", "dotted"):
        return Figure(DATE, start, end, day=day_of(found[0], kind == "iso"))
    if kind == "clock":
        hours, minutes = found[0].split(":")[:2]
        return Figure(CLOCK, start, end, frozenset({Decimal(hours) * 60 + Decimal(minutes)}))
    if kind == "sign":
        some = frozenset({value(found[0])})
        return Figure(NUMBER, start, end, some, some)
    return counted(text, found, begin, spelled)


def bare_link(link: str) -> str:
    """Without what does not change where it leads."""
    return re.sub(r"^(?:[a-z]{2,6}://)?(?:www\.)?", "", link, flags=re.IGNORECASE).rstrip("/").casefold()


def day_of(text: str, is_iso: bool) -> tuple[int, int, int]:
    first, month, last = (int(part) for part in re.split(r"\D", text))
    return (first, month, last) if is_iso else (last + (2000 if last < 100 else 0), month, first)


def counted(text: str, found: re.Match[str], begin: int, spelled: Container[str] | None) -> Figure:
    """A number, with the words beside it that say what it counts."""
    start, end = found.span()
    ahead = BEFORE.search(text, max(begin, start - NEAR), start)
    after, some = AFTER.match(text, end), values(found[0])
    either = found[0] if len(some) > 1 else ""
    if either and spelled is not None and either not in spelled:
        some = frozenset({max(some)})
    stop = after.end() if after else end
    if stop == end and (beyond := RANGE.match(text, end)):
        after = AFTER.match(text, beyond.end())
        bare = some | multiplied(some, after)
    else:
        bare = multiplied(some, after)
    for side in (after, ahead):
        word = word_of(side) if side else ""
        if word and (word not in OF_MONTHS or is_day(some)):
            first = start if side is after or side is None else side.start()
            return replace(meaning(word, bare, first, stop, parts(found[0])), spelled=either)
    return Figure(NUMBER, start, stop, bare, bare, parts(found[0]), spelled=either)


def is_day(some: Values) -> bool:
    return bool(some) and min(some) <= MOST_DAYS


def word_of(side: re.Match[str]) -> str:
    """The name of the group that says what is counted."""
    return next((name for name, said in side.groupdict().items() if said and name not in TIMES), "")


def meaning(word: str, bare: Values, start: int, end: int, parts: tuple[Decimal, ...]) -> Figure:
    if word == "percent":
        return Figure(PERCENT, start, end, bare, bare, parts)
    if word in SPANS:
        return Figure(DURATION, start, end, frozenset(one * SPANS[word][1] for one in bare), bare, parts)
    if word in CURRENCIES:
        return Figure(AMOUNT, start, end, bare, bare, parts, unit=word)
    month = list(OF_MONTHS).index(word) + 1
    return Figure(DATE, start, end, NONE, bare, parts, day=(0, month, int(min(bare))))


def multiplied(some: Values, after: re.Match[str] | None) -> Values:
    said = after.groupdict() if after else {}
    by = next((times for name, (_, times) in TIMES.items() if said.get(name)), ())
    return frozenset(one * many for one in some for many in by) if by else some


def values(number: str) -> Values:
    """Every value that it can have: of 1.234 two."""
    groups = re.split(r"[.,' ]", number)
    if len(groups) == 1:
        return frozenset({Decimal(number)})
    signs, is_thousands = re.findall(r"[.,' ]", number), is_grouped(groups)
    found = set()
    if is_thousands and len(set(signs)) == 1:
        found.add(Decimal("".join(groups)))
    if signs[-1] in ".," and signs[-1] not in signs[:-1] and (len(groups) == 2 or is_grouped(groups[:-1])):
        found.add(Decimal("".join(groups[:-1]) + "." + groups[-1]))
    return frozenset(found)


def is_grouped(groups: list[str]) -> bool:
    """A zero before a separator is no thousand."""
    return 1 <= len(groups[0]) <= 3 and groups[0] != "0" and all(len(one) == 3 for one in groups[1:])


def parts(number: str) -> tuple[Decimal, ...]:
    """Of numbers that stand beside each other, or of none that makes sense, such as 1.2.3."""
    groups = re.split(r"[.,' ]", number)
    is_loose = len(groups) > 1 and (" " in number or not values(number))
    return tuple(Decimal(one) for one in groups) if is_loose else ()
