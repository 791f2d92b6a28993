"""The form of an AI prompt: as it was typed, with what is wrong beside each field, and the built-in texts that empty fields stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai.asks import PROVIDERS
from hyperpanel.ai.prompts import BODIES, PLACEHOLDERS, RULES, SYSTEMS
from hyperpanel.db import ai_providers
from hyperpanel.errors import BadInput
from hyperpanel.support import ai_fields
from hyperpanel.support.ai_prompt_forms import LONGEST, LONGEST_TITLE, Typed, written
from hyperpanel.web.ai_prompt_places import FOR, MAIN
from hyperpanel.web.ai_words import NAMES
from hyperpanel.web.forms import fields
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import worded
from hyperpanel.web.visits import Visit

FIELDS = tuple(Typed.__dataclass_fields__)
BESIDE = ("prompt", "seen", "sure", "panel", "row", "cases", "run", "which")
"""What a form of a prompt sends besides: which prompt and version it is, and what stands in the trial and in the scores."""

LARGEST_BODY = 16 * 2 * LONGEST
"""A sign takes up to four bytes, and a form writes each of them as three letters."""

NOT_SET_UP = N_("%(provider)s (not set up)")


@dataclass(frozen=True)
class Form:
    """As templates/parts/form.html reads it. `providers`: values with their words."""

    typed: Typed
    label: str
    providers: Sequence[tuple[str, str]]
    errors: Mapping[str, str] = field(default_factory=dict)
    longest: int = LONGEST
    longest_title: int = LONGEST_TITLE
    rules: str = RULES

    @property
    def placeholders(self) -> Sequence[str]:
        return [written(name) for name in PLACEHOLDERS[self.typed.purpose]]

    @property
    def system(self) -> str:
        """The built-in one."""
        return SYSTEMS[self.typed.purpose]

    @property
    def body(self) -> str:
        """The built-in one."""
        return BODIES[self.typed.purpose]

    @property
    def first_wrong(self) -> str | None:
        return next((name for name in FIELDS if name in self.errors), None)


async def sent(request: HTMXRequest) -> tuple[Typed, Mapping[str, str]]:
    """What was typed, and what stood beside it."""
    given = await fields(request, *FIELDS, *BESIDE)
    return Typed(**{name: given.get(name, "") for name in FIELDS}), {name: given.get(name, "") for name in BESIDE}


def form(connection: Connection, visit: Visit, typed: Typed, errors: Mapping[str, BadInput] | None = None) -> Form:
    label = visit.say(FOR[typed.purpose])
    typed = replace(typed, model="") if ai_fields.is_key(typed.model) else typed
    return Form(typed, label, providers(connection, visit), worded(visit, errors or {}))


def providers(connection: Connection, visit: Visit) -> list[tuple[str, str]]:
    """Those too that are not set up: a prompt may be written first."""
    known = ai_providers.all_of(connection)
    named = [(name, visit.say(NAMES[name])) for name in PROVIDERS]
    told = [(name, word if name in known else visit.say(NOT_SET_UP, provider=word)) for name, word in named]
    return [("", visit.say(MAIN)), *told]
