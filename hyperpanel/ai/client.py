"""The shape of a call to a provider: what goes in, what comes back, and what is known of a call that brought nothing.

The two adaptors (openai_client, anthropic_client) have this shape. They load the vendors' libraries, which takes seconds and 40 MB each, so they
are loaded themselves on first use, in a thread, and by nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from hyperpanel.ai.asks import AiTrouble, Form, Hear
from hyperpanel.db.ai_providers import Provider
from sync.clocks import Clock

ADAPTORS: Mapping[str, str] = {
    "openai": "hyperpanel.ai.openai_client",
    "compatible": "hyperpanel.ai.openai_client",
    "anthropic": "hyperpanel.ai.anthropic_client",
}
PLAINEST = 2
"""How plainly a server is asked: 0 by a schema, 1 for some JSON object, 2 for text, in the oldest words of the protocol."""


@dataclass(frozen=True)
class Question:
    """One call. `deadline`: seconds for the whole of it; `plainness`: up to PLAINEST, for servers that know little of the protocol."""

    provider: Provider
    key: str = field(repr=False)
    model: str
    system: str = field(repr=False)
    message: str = field(repr=False)
    form: Form
    most_out: int
    deadline: float
    plainness: int = 0


@dataclass(frozen=True)
class Usage:
    """`first_ms`: until the first word of the answer. None where unknown."""

    tokens_in: int | None = None
    tokens_out: int | None = None
    is_estimated: bool = False
    first_ms: int | None = None
    ms: int | None = None
    request_id: str | None = None


@dataclass(frozen=True)
class Reply:
    """`text`: one JSON object, whatever is in it."""

    text: str
    usage: Usage


class CallTrouble(AiTrouble):
    """`usage`: what is known to have been used all the same. `may_repeat`: the same provider may be asked once more; `after`: no sooner than
    these seconds; `is_too_modern`: the server may understand a plainer question; `is_free`: it was turned away, which nobody charges for."""

    def __init__(
        self,
        kind: str,
        usage: Usage = Usage(),
        *,
        may_repeat: bool = False,
        after: float | None = None,
        is_too_modern: bool = False,
        is_free: bool = False,
        **values: Any,
    ) -> None:
        super().__init__(kind, **values)
        self.usage = usage
        self.may_repeat = may_repeat
        self.after = after
        self.is_too_modern = is_too_modern
        self.is_free = is_free


class Interrupted(asyncio.CancelledError):
    """`usage`: what a call that was broken off had used by then."""

    def __init__(self, usage: Usage) -> None:
        super().__init__()
        self.usage = usage


Call = Callable[[Question, Clock, Hear], Awaitable[Reply]]


def nobody(_: str) -> None:
    """Hears nothing."""


async def adaptor(name: str) -> Call:
    """Loaded in a thread: it takes seconds the first time."""
    module = await asyncio.to_thread(import_module, ADAPTORS[name])
    call: Call = module.call
    return call
