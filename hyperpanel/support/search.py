"""Searching everything at once: exact hits first, then the newest texts that hold what was typed. Each noun by itself, for who may read it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db import orders, payments, search_exact, search_parts, search_queue, services, tickets, users
from hyperpanel.db.folding import fold
from hyperpanel.db.lists import Listing
from hyperpanel.db.scope import Scope
from hyperpanel.db.search_texts import sought
from hyperpanel.support.search_words import Words

LISTINGS: Mapping[str, Listing] = {
    "orders": orders.LISTING,
    "users": users.LISTING,
    "tickets": tickets.LISTING,
    "payments": payments.LISTING,
    "services": services.LISTING,
}
"""By noun, in the order in which equal hits are shown."""

MOST = 8
"""Hits of a noun that are shown; its list has the others."""

MOST_LISTED = 300
"""Where many numbers were pasted, of which each has its share."""


@dataclass(frozen=True)
class Hits:
    """Of one noun. `exact`: how many of the lines, which come first, were named; `is_whole` is False where there may be more. `was`: earlier
    names of users, by panel and id. `is_stopped`: texts were not all looked through, so there may be more, or newer ones."""

    noun: str
    lines: Sequence[Any] = ()
    exact: int = 0
    is_whole: bool = True
    is_stopped: bool = False
    was: Mapping[tuple[int, str], Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """`missing`: numbers of a list that nothing has. `behind`: how many records parts are not found of yet. `is_short`: too little was
    typed to look for parts. `is_stopped`: looking for them ended before all was looked through. `is_cut`: of some numbers of a list there
    are more than these."""

    hits: Sequence[Hits] = ()
    missing: Sequence[str] = ()
    behind: int = 0
    is_short: bool = False
    is_stopped: bool = False
    is_cut: bool = False


@dataclass(frozen=True)
class Search:
    """`panel_ids` are all those of the scope."""

    connection: Connection
    scope: Scope
    panel_ids: Sequence[int]
    words: Words

    def results(self, nouns: Collection[str]) -> Results:
        asked = [noun for noun in LISTINGS if noun in nouns]
        if self.words.is_list:
            return self.listed(asked)
        found = [self.of(noun) for noun in asked]
        parts = self.words.parts
        return Results(
            ranked(found),
            behind=search_queue.behind(self.connection, self.scope) if parts else 0,
            is_short=bool(parts) and not any(map(sought, parts)),
            is_stopped=any(hits.is_stopped for hits in found),
        )

    def listed(self, nouns: Sequence[str]) -> Results:
        """What has the numbers; of those that nothing has, who is called so; else what holds the whole list as it is."""
        found, left = [], list(self.words.numbers)
        for noun in nouns:
            hits = self.numbered(noun, left)
            found.append(hits)
            left = without(left, (number for line in hits.lines for number in numbers_of(line)))
        is_cut = not all(hits.is_whole for hits in found)
        if left and "users" in nouns:
            users_called = self.called([word for word in left if not word.isdecimal()])
            found.append(users_called)
            left = without(left, names_of(users_called))
        whole = [self.held(noun, self.words.whole, MOST) for noun in nouns] if left and sought(self.words.whole) else []
        left = [] if any(hits.lines for hits in whole) else left
        return Results(
            ranked(merged([*found, *whole])),
            left,
            search_queue.behind(self.connection, self.scope) if whole else 0,
            is_stopped=any(hits.is_stopped for hits in whole),
            is_cut=is_cut,
        )

    def numbered(self, noun: str, numbers: Sequence[str]) -> Hits:
        """Bounded by number: those that have many hits leave the others theirs."""
        each = max(1, MOST_LISTED // len(self.words.numbers))
        here = (self.connection, self.scope, self.panel_ids)
        lines = search_exact.by_each(*here, LISTINGS[noun], numbers, each + 1)
        kept, times = [], Counter[str]()
        for line in lines:
            own = set(numbers).intersection(filter(None, numbers_of(line)))
            times.update(own)
            if any(times[number] <= each for number in own):
                kept.append(line)
        return Hits(noun, kept, len(kept), len(kept) == len(lines))

    def called(self, names: Sequence[str]) -> Hits:
        here = (self.connection, self.scope, self.panel_ids)
        lines = search_exact.called(*here, names, MOST_LISTED + 1)
        was = search_parts.earlier(self.connection, self.scope, lines) if lines else {}
        return Hits("users", lines[:MOST_LISTED], len(lines[:MOST_LISTED]), len(lines) <= MOST_LISTED, was=was)

    def held(self, noun: str, part: str, limit: int) -> Hits:
        asked = sought(part)
        if asked is None:
            return Hits(noun)
        found = search_parts.find(self.connection, self.scope, LISTINGS[noun], asked, limit)
        return Hits(noun, found.lines, 0, found.is_whole, found.is_stopped, found.was)

    def of(self, noun: str) -> Hits:
        named = self.named(noun, MOST)
        if len(named) > MOST:
            return Hits(noun, named[:MOST], MOST, False)
        both = joined(Hits(noun, named, len(named)), self.holding(noun, MOST))
        return replace(both, lines=both.lines[:MOST], is_whole=both.is_whole and len(both.lines) <= MOST)

    def named(self, noun: str, limit: int) -> list[Any]:
        """One more than shown, where there are more."""
        here = (self.connection, self.scope, self.panel_ids)
        found = search_exact.by_numbers(*here, LISTINGS[noun], self.words.numbers, limit + 1)
        if self.words.name and noun in BY_NAME:
            found += BY_NAME[noun](*here, self.words.name, limit + 1)
        unique = {(line.panel_id, line.id): line for line in found}
        own = [line for line in unique.values() if line.id in self.words.numbers]
        return [*own, *(line for line in unique.values() if line.id not in self.words.numbers)]

    def holding(self, noun: str, limit: int) -> Hits:
        """By the first part that is found anywhere: a link as it was pasted, else without what an app put behind it."""
        found = Hits(noun)
        for part in self.words.parts:
            stopped = found.is_stopped
            found = self.held(noun, part, limit)
            if found.lines:
                break
            found = replace(found, is_stopped=found.is_stopped or stopped)
        return found


def ranked(found: Iterable[Hits]) -> list[Hits]:
    return sorted((hits for hits in found if hits.lines), key=lambda hits: not hits.exact)


def merged(found: Iterable[Hits]) -> list[Hits]:
    """One of each noun."""
    known: dict[str, Hits] = {}
    for hits in found:
        known[hits.noun] = joined(known[hits.noun], hits) if hits.noun in known else hits
    return list(known.values())


def joined(one: Hits, other: Hits) -> Hits:
    """The same noun's: what was named comes first, and nothing comes twice."""
    lines = [*one.lines[: one.exact], *other.lines[: other.exact], *one.lines[one.exact :], *other.lines[other.exact :]]
    unique = {(line.panel_id, line.id): line for line in lines}
    named = {(line.panel_id, line.id) for hits in (one, other) for line in hits.lines[: hits.exact]}
    return Hits(
        one.noun,
        list(unique.values()),
        len(named),
        one.is_whole and other.is_whole,
        one.is_stopped or other.is_stopped,
        {**one.was, **other.was},
    )


def without(words: Iterable[str], found: Iterable[str | None]) -> list[str]:
    known = set(found)
    return [word for word in words if word not in known and fold(word) not in known]


def names_of(hits: Hits) -> Iterator[str]:
    """All names that these users have and had, folded."""
    for line in hits.lines:
        held = (line.username, line.email, *hits.was.get((line.panel_id, line.id), ()))
        yield from (fold(name) for name in held if name)


def numbers_of(line: Any) -> tuple[str | None, ...]:
    return (line.id, getattr(line, "provider_order_id", None))


BY_NAME: Mapping[str, Callable[..., list[Any]]] = {
    "orders": search_exact.orders_of,
    "users": search_exact.customers,
}
