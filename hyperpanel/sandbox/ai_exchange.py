"""A question to a model and its answer, as plain values between the two protocols and what is canned.

Tokens are counted by a rule of the sandbox's own, one for each four bytes begun: the real counters are no public rule, and what is tested is
that the counts told here arrive in the ledger unchanged.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from hyperpanel.sandbox.exchange import Request

Row = dict[str, Any]
KEY = "sandbox-ai-key"
MODELS = ("canned", "canned-slow")
BYTES_OF_A_TOKEN = 4
PIECE = 12  # characters of one event, unless there would be more than so many events
PIECES = 200


@dataclass(frozen=True)
class Question:
    protocol: str
    model: str
    system: str
    text: str  # all that is not the system prompt
    schema: Row | None
    form: str  # schema, object or prose: how the answer was asked for
    most_out: int | None
    streams: bool
    wants_usage: bool
    tokens_in: int


@dataclass(frozen=True)
class Speech:
    """`stop`: end, length, refusal, filter or tools. `tools`: names with arguments that the model would like to be called with."""

    text: str
    tokens_in: int
    tokens_out: int
    stop: str = "end"
    usage: str = "fair"  # none: not told; absurd: told wrongly
    tools: tuple[tuple[str, str], ...] = ()
    is_function: bool = False  # the older way to ask for a tool, in OpenAI's protocol


class Wrong(Exception):
    """A question that the real service refuses. `kind` is one of ai_errors.ERRORS."""

    def __init__(self, kind: str, **values: str) -> None:
        self.kind, self.values = kind, values
        super().__init__(kind)


class Protocol(NamedTuple):
    name: str
    path: str  # where questions go
    key: Callable[[Request], str]
    asked: Callable[[Request, Row], Question]
    whole: Callable[[Question, Speech, str], bytes]
    frames: Callable[[Question, Speech, str], list[bytes]]
    error: Callable[[str, dict[str, str], str], bytes]  # kind, values, request id
    error_frame: Callable[[str], bytes]
    models: Callable[[], Row]


def tokens(text: str) -> int:
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_OF_A_TOKEN)


def cut_to(text: str, most: int) -> str:
    """As much of it as fits into so many tokens."""
    return text.encode("utf-8", "surrogatepass")[: most * BYTES_OF_A_TOKEN].decode("utf-8", "ignore")


def pieces(text: str) -> list[str]:
    size = max(PIECE, -(-len(text) // PIECES))
    return [text[begin : begin + size] for begin in range(0, len(text), size)]


def fields(body: Row, known: frozenset[str]) -> None:
    """Both services refuse what they do not know."""
    for name in body:
        if name not in known:
            raise Wrong("400", field=name)


def written(value: object) -> str:
    """As JSON; a half of a surrogate pair is written as its escape, which is all that can be done with it."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)
