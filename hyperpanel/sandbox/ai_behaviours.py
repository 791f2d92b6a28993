"""How the AI server misbehaves, request after request: which kinds there are, and whose turn it is.

Set over HTTP with `POST /_ai/truth {"behave": ["429", {"kind": "hostile", "number": 17}, "fair"]}`, each for one request unless `times` says
otherwise (null: until cleared), or on a command line with `--faults ai-429:3`, where without a number it stays.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from hyperpanel.sandbox import ai_errors

AGAIN = {
    "429": "seconds",
    "429_date": "date",
    "429_ms": "milliseconds",
    "429_none": "",
    "429_absurd": "absurd",
    "529": "",
    "503": "",
}
BY_ERROR = ("400", "401", "401_echo", "403", "404", "413", "too_long", "quota", "500", *AGAIN)
ON_CONDITION = ("old_field", "no_json_schema")  # refused only where it is asked for; else fair
WIRE = (
    "fair", "late", "drip", "late_and_slow", "hang", "cut", "no_end", "reset", "reset_after_headers", "error_event", "garbled_event", "html",
    "empty_body", "redirect",
)  # fmt: skip
USAGE = ("no_usage", "absurd_usage")
STOPS = ("refusal", "content_filter", "length")
FORMS = (
    "prose", "fenced", "think", "extra_keys", "missing_keys", "wrong_types", "nested", "huge", "nul", "surrogate", "duplicate_keys", "empty",
    "two_objects", "array", "trailing_comma",
)  # fmt: skip
TOOLS = ("tool_call", "function_call")
KINDS = (*BY_ERROR, *ON_CONDITION, *WIRE, *USAGE, *STOPS, *FORMS, *TOOLS, "hostile")


class Behaviour(msgspec.Struct, forbid_unknown_fields=True):
    """`path` and `holds`: only for requests whose path or body has this. `seconds`: of waiting, or what Retry-After asks for. `after`: bytes
    until the cut. `number`: which of the hostile contents; None takes them in turn."""

    kind: str
    times: Annotated[int, Meta(ge=1)] | None = 1
    path: str = ""
    holds: str = ""
    number: int | None = None
    seconds: float = 1.0
    each: float = 0.05
    after: int | None = None
    field: str = "an_unknown_field"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no behaviour {self.kind!r}; there are {', '.join(KINDS)}")

    @property
    def name(self) -> str:
        return self.kind if self.number is None else f"{self.kind} {self.number}"

    @property
    def error(self) -> str:
        if self.kind not in BY_ERROR:
            return ""
        return "429" if self.kind.startswith("429") else self.kind

    @property
    def again(self) -> str:
        return AGAIN.get(self.kind, "")


class Queue:
    """The first one that fits a request has its turn."""

    def __init__(self) -> None:
        self.waiting: list[Behaviour] = []

    def turn(self, path: str, body: str) -> Behaviour | None:
        fitting = (one for one in self.waiting if one.path in path and one.holds in body)
        found = next(fitting, None)
        if found is not None and found.times is not None:
            found.times -= 1
            if found.times == 0:
                self.waiting.remove(found)
        return found


def of_json(given: object) -> Behaviour:
    return Behaviour(given) if isinstance(given, str) else msgspec.convert(given, Behaviour)


def parse(text: str) -> Behaviour:
    """`429:3@anthropic` as a command line writes it after `ai-`."""
    head, _, path = text.partition("@")
    kind, _, times = head.partition(":")
    if times and not times.isdigit():
        raise ValueError(f"{text!r}: after the colon comes how many times, a number")
    return msgspec.convert({"kind": kind, "times": int(times) if times else None, "path": path}, Behaviour)


def is_error(kind: str) -> bool:
    return kind in ai_errors.ERRORS
