"""The cases of the evaluation set: invented tickets with what a good answer says of them, and what none may say.

They are files of the checkout, one a language, which people add to by hand: what is wrong in one is told with its file and place.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from hyperpanel.ai.figures import evened
from hyperpanel.ai.forms import INTENTS
from hyperpanel.errors import BadInput, Missing

LANGUAGES = ("en", "tr", "ru", "fa", "pt")
STATEMENTS = "forbidden.json"
T = TypeVar("T")
Filled = Annotated[str, Meta(min_length=1)]


class Message(Struct, forbid_unknown_fields=True, frozen=True):
    who: Literal["customer", "staff"]
    text: Filled


class Order(Struct, forbid_unknown_fields=True, frozen=True):
    """A fact. `hours`: since it was made."""

    id: Annotated[str, Meta(pattern=r"^\d{4,12}$")]
    service: Filled
    status: Literal["pending", "in_progress", "processing", "completed", "partial", "canceled", "refunded", "error"]
    quantity: Annotated[int, Meta(gt=0)]
    remains: Annotated[int, Meta(ge=0)]
    hours: Annotated[float, Meta(ge=0)]


class Expected(Struct, forbid_unknown_fields=True, frozen=True):
    """`intent`: the right one, and maybe a second that is as good. `orders`: those that the customer is concerned about. `keep`: numbers, links
    and names that a translation must have as they are. `forbidden`: names of statements; `words`: further patterns for this case alone."""

    intent: Annotated[list[Literal[INTENTS]], Meta(min_length=1, max_length=2)]  # type: ignore[valid-type]  # one list of words
    orders: list[str]
    keep: list[Filled]
    forbidden: list[Filled]
    words: list[Filled] = []


class Written(Struct, forbid_unknown_fields=True, frozen=True):
    """A case as it stands in its file. `traits`: what makes it hard, such as injection."""

    id: Annotated[str, Meta(pattern=r"^[a-z]{2}-\d{3}$")]
    language: Literal[LANGUAGES]  # type: ignore[valid-type]  # one list of codes
    subject: Filled
    messages: Annotated[list[Message], Meta(min_length=1)]
    orders: list[Order]
    expected: Expected
    traits: list[Filled] = []


@dataclass(frozen=True)
class Statement:
    """Something that no answer about a case may say. `patterns`: how it is said, in any of the languages."""

    name: str
    patterns: tuple[re.Pattern[str], ...]

    def said_in(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self.patterns)


@dataclass(frozen=True)
class Case:
    id: str
    language: str
    subject: str
    messages: tuple[Message, ...]
    orders: tuple[Order, ...]
    intents: tuple[str, ...]
    concerned: tuple[str, ...]
    keep: tuple[str, ...]
    forbidden: tuple[Statement, ...]
    traits: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the customer wrote: that is what is translated, and what an intent is read from."""
        return "\n\n".join(message.text for message in self.messages if message.who == "customer")

    @cached_property
    def named(self) -> frozenset[str]:
        """Of the orders concerned those that the customer's messages name; one that is in the subject alone cannot be found in them."""
        text = evened(self.text)
        return frozenset(order for order in self.concerned if order in text)

    @cached_property
    def known(self) -> frozenset[str]:
        """Of the orders concerned those that are the customer's: an analysis may name no others."""
        return frozenset(self.concerned) & {order.id for order in self.orders}


def cases(folder: Path) -> list[Case]:
    """All of them, by language and number. Raises Missing where the folder is not there, BadInput where a file is wrong."""
    if not (folder / STATEMENTS).is_file():
        raise Missing(
            f"The evaluation set is not there: it belongs to the checkout, in {folder}. An installed copy does not have it."
        )
    statements = forbidden(folder / STATEMENTS)
    return [
        made(written, statements)
        for language in LANGUAGES
        if (folder / f"{language}.json").is_file()
        for written in decoded(folder / f"{language}.json", list[Written])
    ]


def forbidden(file: Path) -> dict[str, Statement]:
    kept = decoded(file, dict[str, dict[str, list[str]]])
    return {name: statement(name, chain.from_iterable(by.values())) for name, by in kept.items()}


def decoded(file: Path, form: type[T]) -> T:
    try:
        return msgspec.json.decode(file.read_bytes(), type=form)
    except (OSError, msgspec.DecodeError) as problem:
        raise BadInput(f"{file.name} of the evaluation set is wrong: {problem}.", file.name) from None


def statement(name: str, patterns: "chain[str] | Sequence[str]") -> Statement:
    return Statement(name, tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns))


def made(written: Written, statements: dict[str, Statement]) -> Case:
    expected = written.expected
    if unknown := [name for name in expected.forbidden if name not in statements]:
        raise BadInput(f"Case {written.id} forbids {unknown[0]!r}, which {STATEMENTS} does not have.", written.id)
    own = (statement(f"case {written.id}", expected.words),) if expected.words else ()
    return Case(
        written.id,
        written.language,
        written.subject,
        tuple(written.messages),
        tuple(written.orders),
        tuple(expected.intent),
        tuple(expected.orders),
        tuple(expected.keep),
        (*(statements[name] for name in expected.forbidden), *own),
        tuple(written.traits),
    )


def some(found: Sequence[Case], most: int | None = None, language: str | None = None) -> list[Case]:
    """As many as are wanted, spread evenly over languages and, within each, over the whole file: the same ones each time."""
    kept = [case for case in found if language in (None, case.language)]
    if most is None or most >= len(kept):
        return kept
    by = [spread([case for case in kept if case.language == one], at) for at, one in enumerate(LANGUAGES)]
    turns = [case for row in zip_longest(*by) for case in row if case is not None]
    chosen = {case.id for case in turns[:most]}
    return [case for case in kept if case.id in chosen]


def spread(found: list[Case], shift: int) -> list[Case]:
    """In an order of which every beginning is a fair sample: by intents in turn, which each language begins elsewhere."""
    first, turns = shift * len(INTENTS) // len(LANGUAGES), dict[str, int]()
    placed = []
    for case in found:
        turn = turns.get(case.intents[0], 0)
        turns[case.intents[0]] = turn + 1
        placed.append((turn, (INTENTS.index(case.intents[0]) - first) % len(INTENTS), case.id, case))
    return [case for *_, case in sorted(placed, key=lambda row: row[:3])]


def digest(found: Sequence[Case]) -> str:
    """Of all that was asked and expected: scores over the same cases can be compared."""
    patterns = [[one.name, *(pattern.pattern for pattern in one.patterns)] for case in found for one in case.forbidden]
    plain = [
        [case.id, case.subject, case.messages, case.orders, case.intents, case.concerned, case.keep] for case in found
    ]
    return hashlib.sha256(msgspec.json.encode([plain, patterns])).hexdigest()[:32]
