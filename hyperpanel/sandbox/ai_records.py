"""What the AI server was asked and what it cost, as the provider's own bill: what a ledger is compared with.

Who asks is billed for what was made for him, heard or not; who is refused pays nothing. The last requests are kept whole, the sums for good.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hyperpanel.sandbox.ai_behaviours import Behaviour, Queue
from hyperpanel.sandbox.ai_exchange import KEY, Question, Speech
from hyperpanel.sandbox.exchange import Request

KEPT = 5000


@dataclass
class Asked:
    """`outcome`: done, cut, gone (who asked went away), error and its status, or list (of models). `told`: whether the usage was sent."""

    number: int
    at: float
    protocol: str
    path: str
    ip_keyed: bool  # whether a key came with it; the key itself is not kept
    body: Any = None
    model: str = ""
    behaviour: str = ""
    streams: bool = False
    tokens_in: int = 0
    tokens_out: int = 0
    told: bool = False
    outcome: str = "open"
    said: str = ""

    @property
    def id(self) -> str:
        return f"canned-{self.number}"

    def bill(self, question: Question, speech: Speech) -> None:
        self.tokens_in, self.tokens_out = speech.tokens_in, speech.tokens_out
        self.streams, self.said = question.streams, speech.text[:2000]


@dataclass
class Bench:
    """The state of one AI server."""

    now: Callable[[], float]
    key: str = KEY
    keep: int = KEPT
    queue: Queue = field(default_factory=Queue)
    hostile: int = 0  # how many hostile contents were given in turn

    def __post_init__(self) -> None:
        self.asked: deque[Asked] = deque(maxlen=self.keep)
        self.number = 0

    def open(self, protocol: str, path: str, request: Request) -> Asked:
        self.number += 1
        keyed = any(name in request.headers for name in ("authorization", "x-api-key"))
        asked = Asked(self.number, self.now(), protocol, path, keyed)
        self.asked.append(asked)
        return asked

    def turn(self, path: str, body: str) -> Behaviour | None:
        return self.queue.turn(path, body)

    def forget(self) -> None:
        self.asked.clear()
        self.hostile = 0

    def counts(self) -> dict[str, Any]:
        """Of all that are kept."""
        calls = [asked for asked in self.asked if asked.outcome != "list"]
        billed = [asked for asked in calls if asked.tokens_in]
        return {
            "requests": len(calls),
            "billed": len(billed),
            "tokens_in": sum(asked.tokens_in for asked in billed),
            "tokens_out": sum(asked.tokens_out for asked in billed),
            "told_in": sum(asked.tokens_in for asked in billed if asked.told),
            "told_out": sum(asked.tokens_out for asked in billed if asked.told),
            "outcomes": dict(Counter(asked.outcome for asked in calls)),
            "behaviours": dict(Counter(asked.behaviour or "fair" for asked in calls)),
        }
