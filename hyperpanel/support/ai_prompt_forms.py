"""An AI prompt as it was typed into its form: everything that can be judged without asking anybody, all of it at once.

A placeholder that nothing fills in would be sent as it stands, and one in the system prompt would put a customer's words where only ours are
trusted: both are refused here.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from hyperpanel.ai import prompts
from hyperpanel.ai.asks import PROVIDERS, PURPOSES
from hyperpanel.db.ai_prompts import Kept, Wording
from hyperpanel.errors import BadInput
from hyperpanel.support import ai_fields
from hyperpanel.support.wanted import N_

LONGEST = 8_000
LONGEST_TITLE = 80
LONGEST_MODEL = 100
JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
"""Unseen, and yet a part of Persian words and of emoji."""


@dataclass(frozen=True)
class Typed:
    """A form as it came: every field as text."""

    purpose: str = ""
    title: str = ""
    provider: str = ""
    model: str = ""
    system: str = ""
    body: str = ""


@dataclass(frozen=True)
class Judged:
    """`wording` is None where something is wrong; `errors` by field."""

    title: str
    wording: Wording | None
    errors: Mapping[str, BadInput]


def typed(kept: Kept) -> Typed:
    return Typed(purpose=kept.purpose, title=kept.title, **kept.wording.__dict__)


def judge(given: Typed, needs_title: bool = True) -> Judged:
    """All that is wrong at once. Without `needs_title` for a text that is only tried."""
    errors: dict[str, BadInput] = {}

    def tried(judged: Callable[[str], str], text: str) -> str:
        try:
            return judged(text)
        except BadInput as problem:
            errors[problem.field] = problem
            return text

    tried(known_purpose, given.purpose)
    title = tried(named, given.title) if needs_title else given.title
    provider, model = tried(known_provider, given.provider), tried(model_name, given.model)
    system = tried(told, given.system)
    body = tried(lambda text: filling(given.purpose, text), given.body) if "purpose" not in errors else ""
    return Judged(title, None if errors else Wording(provider, model, system, body), errors)


def known_purpose(text: str) -> str:
    if text not in PURPOSES:
        raise BadInput(N_("Choose what the prompt is for."), "purpose")
    return text


def named(text: str) -> str:
    title = " ".join(unicodedata.normalize("NFC", text).split())
    if not title or len(title) > LONGEST_TITLE or not title.translate(JOINERS).isprintable():
        raise BadInput(N_("A prompt's title has 1 to {most} characters."), "title", most=LONGEST_TITLE)
    return title


def known_provider(text: str) -> str:
    if text and text not in PROVIDERS:
        raise BadInput(N_("Choose one of the providers."), "provider")
    return text


def model_name(text: str) -> str:
    model = text.strip()
    if len(model) > LONGEST_MODEL or not model.isprintable() or " " in model:
        raise BadInput(
            N_("A model's name has no spaces and at most {most} characters. Write it as the provider does."),
            "model",
            most=LONGEST_MODEL,
        )
    ai_fields.refuse_key(model, "model")
    return model


def plain(text: str, field: str) -> str:
    """With one kind of line end. Nothing but spaces is nothing."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(whole) > LONGEST:
        raise BadInput(N_("At most {most} characters."), field, most=f"{LONGEST:,}")
    return whole


def told(text: str) -> str:
    """A system prompt, which is sent as it is."""
    system = plain(text, "system")
    if found := prompts.LIKE_ONE.search(system):
        raise BadInput(
            N_("{found} belongs below: the system prompt is sent as it is, and nothing is filled in there."),
            "system",
            found=found[0],
        )
    return system


def filling(purpose: str, text: str) -> str:
    """A body, whose placeholders are filled in."""
    body = plain(text, "body")
    if unknown := prompts.unknown(purpose, body):
        raise strange(purpose, unknown)
    if body and (lacking := prompts.missing(purpose, body)):
        raise BadInput(
            N_("{missing} is missing: without it the prompt would be about nothing."), "body", missing=written(*lacking)
        )
    return body


def strange(purpose: str, unknown: list[str]) -> BadInput:
    """Names them, with the known one that is likely meant; else all that are known."""
    known = prompts.PLACEHOLDERS[purpose]
    folded = [name.lower().replace(" ", "_") for name in unknown]
    near = list(dict.fromkeys(match for name in folded for match in get_close_matches(name, known, n=1)))
    if near:
        return BadInput(
            N_("Nothing fills in {unknown}. Did you mean {near}?"),
            "body",
            unknown=written(*unknown),
            near=written(*near),
        )
    return BadInput(
        N_("Nothing fills in {unknown}. Known here: {known}."),
        "body",
        unknown=written(*unknown),
        known=written(*known),
    )


def written(*names: str) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in names)
