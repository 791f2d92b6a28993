"""An answer while it comes: told to whoever hears it a few times a second, and read as one JSON object when it is whole.

Some servers of one's own send a model's thoughts first, or wrap the object into a code block, whatever they were told: these two are taken off,
and nothing else is mended.
"""

import re
from collections.abc import Iterator

import msgspec

from hyperpanel.ai.asks import Hear
from hyperpanel.ai.client import CallTrouble, Question, Usage
from sync.clocks import Clock

TELL_EVERY = 0.05
LEAST_PIECES, PIECES_A_TOKEN = 2000, 4
THOUGHT = re.compile(r"\A\s*<think>.*?(</think>|\Z)", re.DOTALL)
FENCE = re.compile(r"\A\s*```(?:json)?[ \t]*\r?\n?(.*?)(?:\r?\n?```\s*)?\Z", re.DOTALL | re.IGNORECASE)
ON_TOP = 12
"""Tokens that a request has beside its texts, about."""


class Hearing:
    """`text` so far, and when its first word came."""

    def __init__(self, question: Question, clock: Clock, hear: Hear) -> None:
        self.question = question
        self.clock = clock
        self.hear = hear
        self.begun = self.told = clock.monotonic()
        self.parts: list[str] = []
        self.pieces = 0
        self.first_ms: int | None = None
        self.usage: tuple[int | None, int | None] = (None, None)
        self.request_id: str | None = None

    @property
    def ms(self) -> int:
        return round((self.clock.monotonic() - self.begun) * 1000)

    def piece(self) -> None:
        """One more event of the stream. The libraries take 0.1 ms for each and let nobody else run meanwhile, so there is an end to them.
        Raises CallTrouble."""
        self.pieces += 1
        if self.pieces > LEAST_PIECES + PIECES_A_TOKEN * self.question.most_out:
            raise CallTrouble("server")

    def add(self, part: str) -> None:
        if not part:
            return
        if self.first_ms is None:
            self.first_ms = self.ms
        self.parts.append(part)
        if self.clock.monotonic() - self.told >= TELL_EVERY or len(self.parts) == 1:
            self.told = self.clock.monotonic()
            self.tell()

    def tell(self) -> None:
        if text := bare("".join(self.parts)):
            self.hear(text)

    def whole(self) -> str:
        """Raises CallTrouble for anything else than one JSON object."""
        text = bare("".join(self.parts))
        try:
            msgspec.json.decode(text, type=dict)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            raise CallTrouble("form", may_repeat=True) from None
        self.tell()
        return text

    @property
    def was_begun(self) -> bool:
        return bool(self.parts) or self.usage != (None, None)

    def used(self, is_charged: bool = True) -> Usage:
        """As the provider told it; else estimated, where it may be charged for."""
        known = self.usage
        is_estimated = is_charged and None in known
        if is_estimated:
            said = "".join(self.parts)
            known = known[0] or about(*texts(self.question)), known[1] or (about(said) if said else 0)
        return Usage(*known, is_estimated, self.first_ms, self.ms, self.request_id)


def bare(text: str) -> str:
    text = THOUGHT.sub("", whole_signs(text))
    fenced = FENCE.match(text)
    return (fenced[1] if fenced else text).strip()


def whole_signs(text: str) -> str:
    """Halves of signs come by JSON's escapes: two that met are one, and one alone is none."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def texts(question: Question) -> Iterator[str]:
    yield question.system
    yield question.message
    yield msgspec.json.encode(question.form.schema).decode()


def about(*told: str) -> int:
    """Tokens, roughly: four letters of English each, two of most other scripts."""
    return ON_TOP + sum((len(text.encode("utf-8", "surrogatepass")) + 2) // 4 for text in told)


def at_most(*told: str) -> int:
    """Tokens, surely enough for a reservation: Persian and Russian take up to one for a letter, and signs outside the plane of all
    scripts up to three."""
    return 4 * ON_TOP + sum(map(weight, told))


def weight(text: str) -> int:
    plain = sum(sign.isascii() for sign in text)
    far = sum(ord(sign) > 0xFFFF for sign in text)
    return (plain + 1) // 2 + (len(text) - plain - far) + 3 * far
