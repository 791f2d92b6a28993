"""What is asked of a model and what comes back, apart from which provider answers.

A model has no tools and no network here. What it says is text of a fixed form (hyperpanel.ai.forms), trusted no more than a customer's.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

PURPOSES = ("translate", "intent", "analyze", "themes")
"""What prompts are for. A call can be for `test` too: whether a provider answers."""

PROVIDERS = ("openai", "anthropic", "compatible")
Hear = Callable[[str], None]
"""Is told the whole of the answer so far, each time that it has grown."""


@dataclass(frozen=True)
class Form:
    """What an answer must look like. `schema` is strict JSON Schema: every property required, no others."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Prompt:
    """`id` None and `version` 0 for a built-in one. `provider` and `model`: empty for the main provider, and for its own model. `system` and
    `body` are never empty: `body` is what is sent with it, with placeholders like {{text}}."""

    id: int | None
    version: int
    title: str
    provider: str
    model: str
    system: str
    body: str

    @cached_property
    def digest(self) -> str:
        """Of all that shapes an answer: equal prompts need not be asked twice."""
        parts = (self.provider, self.model, self.system, self.body)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class About:
    """For whom and about what, for the budgets and the ledger. `by`: a username, or `command line`."""

    purpose: str
    by: str
    staff_id: int | None = None
    panel_id: int | None = None
    ticket_id: str | None = None


@dataclass(frozen=True)
class Ask:
    """One question. `message`: the prompt's body with its placeholders filled in; `most_out`: tokens that the answer may have."""

    about: About
    prompt: Prompt
    message: str
    form: Form
    most_out: int


@dataclass(frozen=True)
class Said:
    """A whole answer. `text` is as it came, JSON by the form that was asked for; whoever asked reads it with hyperpanel.ai.forms. `cost` in US
    dollars scaled to 8 decimals, None where no price is known."""

    text: str
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    cost: int | None
    ms: int


class AiTrouble(Exception):
    """Why there is no answer. `kind` is one of KINDS; the words for it are the screen's (hyperpanel.web.ai_words)."""

    def __init__(self, kind: str, **values: Any) -> None:
        assert kind in KINDS, kind  # noqa: S101 -- our own words only
        self.kind = kind
        self.values = values
        super().__init__(kind)


KINDS = frozenset(
    {
        "none",  # no provider has been set up
        "off",  # this panel's tickets may not be sent
        "day_budget",
        "panel_budget",
        "person_budget",
        "unreachable",
        "address",  # on this machine or a private network, which is not allowed
        "timeout",
        "key_refused",
        "no_model",  # the provider does not know the model
        "not_allowed",  # the account may not use it, or has no credit
        "limited",  # too many requests
        "overloaded",
        "server",  # an error of the provider's own
        "declined",  # the model would not answer
        "cut",  # the answer broke off
        "too_long",  # the question or the answer is longer than the model takes
        "form",  # the answer is not of the form that was asked for
        "altered",  # numbers, links or names did not come back as they were
        "gone",  # what it was about is no longer there
        "broken",  # a bug of ours, in the log
    }
)
