"""What the templates are given of models' answers about messages. What a model said is in them as text, for the templates to escape."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Piece:
    """Of what a model said. `mark`: what is doubtful about it, in words; empty for most."""

    text: str
    mark: str


@dataclass(frozen=True)
class Translated:
    """A message in the reader's language. `is_same`: it is in it already; `is_old`: another prompt is in use by now."""

    text: str
    language: str
    direction: str
    is_same: bool
    name: str
    is_old: bool
    model: str
    at: datetime


@dataclass(frozen=True)
class Understood:
    """What a model takes a customer to want. `orders`: numbers that the message names, with the page of those that are the customer's."""

    label: str
    tone: str
    urgency: str
    pieces: Sequence[Piece]
    orders: Sequence[tuple[str, str | None]]
    is_old: bool
    model: str
    at: datetime


@dataclass(frozen=True)
class Mark:
    """What models said of a message, and what they can be asked. `has_nothing`: there is nothing in it to ask about."""

    id: str
    panel: str
    ticket: str
    is_staff: bool
    can_translate: bool
    can_tell: bool
    translated: Translated | None
    understood: Understood | None
    has_nothing: bool = False


@dataclass(frozen=True)
class Head:
    """Above a conversation. `language`: the code that is translated into, `languages` those there are, by their own names; `every`: how many
    messages of customers may be translated at one press, 0 where nothing can be asked; `refused`: why there is no answer."""

    panel: str
    ticket: str
    before: str
    language: str
    languages: Sequence[tuple[str, str]]
    every: int
    every_label: str
    refused: str
