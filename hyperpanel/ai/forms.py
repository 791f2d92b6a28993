"""The fixed forms of answers: what a model is told to send, and the strict reading of what it sent.

Lengths are no part of the schemas, since not all providers take them: what is too long is refused when it is read.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from hyperpanel.ai.asks import AiTrouble, Form

INTENTS = (
    "refill",
    "cancel",
    "refund",
    "speed_up",
    "not_started",
    "not_delivered",
    "wrong_link",
    "payment",
    "account",
    "question",
    "thanks",
    "other",
)
"""What a customer wants: what was lost delivered again; an order ended; money back; a slow order sped up; one started that never began; what
a finished one lacks; a link put right; a top-up found; their own account; an answer; nothing more; anything else."""

URGENCIES = ("low", "normal", "high")
Short = Annotated[str, Meta(max_length=300)]
Long = Annotated[str, Meta(max_length=2000)]
OrderId = Annotated[str, Meta(max_length=20)]


class Translation(Struct, forbid_unknown_fields=True, frozen=True):
    """`language`: a code of what the text was in, such as tr."""

    language: Annotated[str, Meta(max_length=20)]
    text: Annotated[str, Meta(max_length=40_000)]


class Intent(Struct, forbid_unknown_fields=True, frozen=True):
    """`gist`: one sentence in the reader's language; `orders`: the order numbers that it is about."""

    intent: Literal[INTENTS]  # type: ignore[valid-type]  # one list of words for schema and reading
    urgency: Literal["low", "normal", "high"]
    gist: Short
    orders: Annotated[list[OrderId], Meta(max_length=50)]


class OrderNote(Struct, forbid_unknown_fields=True, frozen=True):
    id: OrderId
    note: Short


class Analysis(Struct, forbid_unknown_fields=True, frozen=True):
    summary: Long
    wants: Long
    urgency: Literal["low", "normal", "high"]
    orders: Annotated[list[OrderNote], Meta(max_length=50)]
    next_step: Long


class Theme(Struct, forbid_unknown_fields=True, frozen=True):
    """`tickets`: the numbers, of those that were given, that are about it."""

    title: Annotated[str, Meta(max_length=120)]
    detail: Short
    tickets: Annotated[list[OrderId], Meta(max_length=500)]


class Themes(Struct, forbid_unknown_fields=True, frozen=True):
    themes: Annotated[list[Theme], Meta(max_length=30)]


T = TypeVar("T", Translation, Intent, Analysis, Themes)


def text() -> dict[str, Any]:
    return {"type": "string"}


def one_of(words: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


def many(each: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(each)}


def strict(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


TRANSLATION = Form("translation", strict(language=text(), text=text()))
INTENT = Form("intent", strict(intent=one_of(INTENTS), urgency=one_of(URGENCIES), gist=text(), orders=many(text())))
ANALYSIS = Form(
    "analysis",
    strict(
        summary=text(),
        wants=text(),
        urgency=one_of(URGENCIES),
        orders=many(strict(id=text(), note=text())),
        next_step=text(),
    ),
)
THEMES = Form("themes", strict(themes=many(strict(title=text(), detail=text(), tickets=many(text())))))


def read(said: str, form: type[T]) -> T:
    """Raises AiTrouble("form") for anything else than exactly one object of this form."""
    try:
        return msgspec.json.decode(said, type=form)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise AiTrouble("form") from None
