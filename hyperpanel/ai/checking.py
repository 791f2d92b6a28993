"""Whether what a model said is in what it was given: each number, amount, link, @name and e-mail, or else it is marked for the reader.

A mark is a span of the text and its kind, nothing more: the page draws it, and nobody follows it. Numbers written out in words are not
looked at, but Chinese and Japanese numerals are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hyperpanel.ai.figures import AMOUNT, CLOCK, DATE, DURATION, EMAIL, LINK, NAME, PERCENT, Figure, Values, figures

NUMBER = "number"
KINDS = (NUMBER, AMOUNT, LINK, NAME, EMAIL)
"""Of marks. A percentage, a duration, a date and a time of day are marked as numbers."""


@dataclass(frozen=True)
class Known:
    """All that the given texts have: `numbers` whatever they count, durations in seconds, amounts with their currency, dates as month and day
    with their year or with 0, times of day in minutes; `words`: links, names and e-mails as they are compared; `runs`: numbers that stood
    beside each other as if they were one; `spelled`: numbers that have two readings, as they were written."""

    numbers: frozenset[Decimal]
    percents: frozenset[Decimal]
    durations: frozenset[Decimal]
    clocks: frozenset[Decimal]
    amounts: frozenset[tuple[str, Decimal]]
    days: frozenset[tuple[int, int, int]]
    words: frozenset[tuple[str, str]]
    runs: frozenset[tuple[Decimal, ...]] = frozenset()
    spelled: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Span:
    """`kind`: empty for what needs no mark, or one of KINDS."""

    text: str
    kind: str = ""


def known(*texts: str) -> Known:
    """Of the facts and the conversation as they were given."""
    found = [one for text in texts for one in figures(text)]
    return Known(
        numbers=frozenset().union(*(numbers_of(one) for one in found)),
        percents=of_kind(found, PERCENT),
        durations=of_kind(found, DURATION),
        clocks=of_kind(found, CLOCK),
        amounts=frozenset((one.unit, value) for one in found if one.kind == AMOUNT for value in one.values),
        days=frozenset(day for one in found for day in days_of(one)),
        words=frozenset(pair for one in found for pair in words_of(one)),
        runs=frozenset(one.parts for one in found if one.parts),
        spelled=frozenset(one.spelled for one in found if one.spelled),
    )


def numbers_of(one: Figure) -> Values:
    year = frozenset({Decimal(one.day[0])}) if one.day and one.day[0] else frozenset()
    return one.bare | frozenset(one.parts) | year


def of_kind(found: Iterable[Figure], kind: str) -> Values:
    return frozenset(value for one in found if one.kind == kind for value in one.values)


def days_of(one: Figure) -> Iterable[tuple[int, int, int]]:
    """A date can be told without its year."""
    if one.day:
        yield one.day
        yield 0, *one.day[1:]


def words_of(one: Figure) -> Iterable[tuple[str, str]]:
    """A link's host, and the names in it, can be told apart from it."""
    if one.words:
        yield one.kind, one.words
    if one.kind == LINK:
        host, *rest = one.words.replace("?", "/").split("/")
        yield LINK, host
        yield from ((NAME, "@" + part.removeprefix("@")) for part in rest if part)


def marked(text: str, given: Known) -> list[Span]:
    """The whole text in pieces, with marks on what is not in what was given."""
    spans, done = list[Span](), 0
    for one in figures(text, given.spelled):
        if kind := mark(one, given):
            spans += [Span(text[done : one.start]), Span(text[one.start : one.end], kind)]
            done = one.end
    return [one for one in [*spans, Span(text[done:])] if one.text]


def unsupported(text: str, given: Known) -> list[str]:
    """What would be marked."""
    return [one.text for one in marked(text, given) if one.kind]


def mark(one: Figure, given: Known) -> str:
    """Empty where it is in what was given."""
    if one.kind in (LINK, NAME, EMAIL):
        return "" if (one.kind, one.words) in given.words else one.kind
    if one.kind == DATE:
        is_known = bool(one.day) and (one.day in given.days or swapped(one) in given.days)
        return "" if is_known else NUMBER
    if one.kind == AMOUNT:
        return "" if any((one.unit, value) in given.amounts for value in one.values) else AMOUNT
    held = {PERCENT: given.percents, DURATION: given.durations, CLOCK: given.clocks}.get(one.kind, given.numbers)
    are_apart = one.kind == NUMBER and one.parts in given.runs
    return "" if are_apart or not held.isdisjoint(one.values) else NUMBER


def swapped(one: Figure) -> tuple[int, int, int] | None:
    """3/1/2026 is either of two days."""
    return (one.day[0], one.day[2], one.day[1]) if one.day else None
