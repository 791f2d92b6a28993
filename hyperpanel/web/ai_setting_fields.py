"""The form of Settings → AI: as it was typed, with what is wrong beside each field. Keys are read and never given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hyperpanel.ai.asks import PROVIDERS
from hyperpanel.db.ai_providers import COMPATIBLE
from hyperpanel.db.types import micros
from hyperpanel.errors import BadInput
from hyperpanel.support.ai_forms import FIELDS, KEYS, without_keys
from hyperpanel.support.ai_saving import Held
from hyperpanel.web.ai_words import title
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import worded
from hyperpanel.web.visits import Visit

KEY_PAGES = {
    "openai": "https://platform.openai.com/api-keys",
    "anthropic": "https://platform.claude.com/settings/keys",
}
"""Where the vendors give out keys."""

HIDDEN = "••••"
LABELS: Mapping[str, str] = {
    "key": N_("Key"),
    "model": N_("Model"),
    "price_in": N_("Price in"),
    "price_out": N_("Price out"),
    "address": N_("Address"),
    "private": N_("It may be on this machine or a private network"),
}
CHOICES: Mapping[str, str] = {
    "main": N_("Main provider"),
    "fallback": N_("If it fails"),
    "day_tokens": N_("Tokens a day in all"),
    "panel_tokens": N_("Tokens a day for each panel"),
    "person_tokens": N_("Tokens a day for each person"),
    "day_cost": N_("US dollars a day in all"),
    "panel_cost": N_("US dollars a day for each panel"),
    "person_cost": N_("US dollars a day for each person"),
}


@dataclass(frozen=True)
class Form:
    """As templates/parts/form.html reads it. `keys`: what stands in an empty key's field where one is stored; `seen`: when the settings were
    changed last before this page; `retype`: keys that were typed and must be typed again."""

    typed: Mapping[str, str]
    keys: Mapping[str, str]
    seen: str
    names: Sequence[tuple[str, str]]
    errors: Mapping[str, str] = field(default_factory=dict)
    retype: Sequence[str] = ()

    @property
    def first_wrong(self) -> str | None:
        return next((name for name in FIELDS if name in self.errors or name in self.retype), None)


@dataclass(frozen=True)
class Card:
    """A provider's column. `keys_href`: where its keys are had."""

    name: str
    label: str
    tone: str
    standing: str
    keys_href: str | None
    is_own: bool


def form(visit: Visit, typed: Mapping[str, str], held: Held, errors: Mapping[str, BadInput] | None = None) -> Form:
    """Everything stays but the keys: they would lie in the page, and in what the browser keeps of it."""
    return Form(
        typed={**dict.fromkeys(FIELDS, ""), **without_keys(typed), **dict.fromkeys(KEYS, "")},
        keys={
            f"{name}_key": f"…{one.tail}" if one.tail else HIDDEN for name, one in held.providers.items() if one.sealed
        },
        seen=seen_of(held.at),
        names=[("", visit.say("none")), *((name, title(visit, name)) for name in PROVIDERS)],
        errors=worded(visit, errors or {}),
        retype=[name for name in KEYS if typed.get(name, "").strip() and name not in (errors or {})],
    )


def seen_of(at: datetime | None) -> str:
    return str(micros(at)) if at else ""


def cards(visit: Visit, held: Held) -> list[Card]:
    return [card(visit, name, held) for name in PROVIDERS]


def card(visit: Visit, name: str, held: Held) -> Card:
    tone, standing = standing_of(name, held)
    label = title(visit, name)
    return Card(name, label, tone, visit.say(standing), KEY_PAGES.get(name), name == COMPATIBLE)


def standing_of(name: str, held: Held) -> tuple[str, str]:
    provider = held.providers.get(name)
    if provider is None or not provider.is_ready:
        return "unknown", N_("not set up")
    if name == held.chosen.main:
        return "ok", N_("main")
    return ("ok", N_("fallback")) if name == held.chosen.fallback else ("idle", N_("ready, not asked"))


def label(visit: Visit, name: str) -> str:
    """Of a field, by itself."""
    if name in CHOICES:
        return visit.say(CHOICES[name])
    provider, _, part = name.partition("_")
    return f"{title(visit, provider)}, {visit.say(LABELS[part])}"
