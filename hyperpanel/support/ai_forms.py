"""Settings → AI as they were typed: providers, which of them are asked, and budgets; judged all at once, without asking anybody.

A key goes to no other address than it was typed for, so a new address asks for it again; and a budget in dollars means nothing for a provider
whose prices are not known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from hyperpanel.ai.asks import PROVIDERS
from hyperpanel.db.ai_providers import COMPATIBLE, Chosen, Provider
from hyperpanel.errors import BadInput
from hyperpanel.support import ai_fields, ai_keys
from hyperpanel.support.ai_fields import written
from hyperpanel.support.wanted import N_

PRICES = ("price_in", "price_out")
TOKENS = ("day_tokens", "panel_tokens", "person_tokens")
COSTS = ("day_cost", "panel_cost", "person_cost")
BUDGETS = TOKENS + COSTS
OF_PROVIDER = ("key", "model", *PRICES)
FIELDS = (
    *(f"{name}_{part}" for name in PROVIDERS for part in OF_PROVIDER),
    f"{COMPATIBLE}_address",
    f"{COMPATIBLE}_private",
    "main",
    "fallback",
    *BUDGETS,
)
KEYS = tuple(f"{name}_key" for name in PROVIDERS)
MOVED = N_("The address changed: enter this key again, so that it only goes where you mean it to go.")


@dataclass(frozen=True)
class Draft:
    """A provider as it is wanted. `key`: None keeps the stored one, empty lets it go."""

    name: str
    address: str
    private: bool
    model: str
    price_in: int | None
    price_out: int | None
    key: str | None = field(repr=False)

    def keeps(self, held: Provider | None) -> bool:
        """Whether there is a key when this is saved without one."""
        return self.key is None and held is not None and held.sealed is not None

    def is_ready(self, held: Provider | None) -> bool:
        has_key = bool(self.key) or self.keeps(held)
        return bool(self.model and (self.address if self.name == COMPATIBLE else has_key))

    def provider(self, sealed: bytes | None = None, tail: str = "") -> Provider:
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "key"}
        return Provider(**values, sealed=sealed, tail=tail)

    @property
    def is_empty(self) -> bool:
        return not (self.address or self.model or self.key) and self.price_in is None


@dataclass(frozen=True)
class Judged:
    """`drafts` by name and `chosen` are worth something where nothing of theirs is in `errors`, which are by field."""

    drafts: Mapping[str, Draft]
    chosen: Chosen
    errors: Mapping[str, BadInput]

    def errors_of(self, name: str) -> dict[str, BadInput]:
        """Those of one provider."""
        return {key: problem for key, problem in self.errors.items() if key.startswith(f"{name}_")}


Errors = dict[str, BadInput]
Typed = Mapping[str, str]


def judge(typed: Typed, held: Mapping[str, Provider]) -> Judged:
    """A field that was not sent is an empty one."""
    errors: Errors = {}
    drafts = {name: draft(name, typed, held.get(name), errors) for name in PROVIDERS}
    read: dict[str, Any] = {name: tried(errors, name, ai_fields.tokens, typed) for name in TOKENS}
    read |= {name: tried(errors, name, ai_fields.cost, typed) for name in COSTS}
    read |= {name: tried(errors, name, picked, typed) or "" for name in ("main", "fallback")}
    chosen = Chosen(**read)
    require_ready(chosen, drafts, held, errors)
    require_prices(chosen, drafts, errors)
    return Judged(drafts, chosen, errors)


def tried(errors: Errors, name: str, judged: Callable[[str, str], Any], typed: Typed) -> Any:
    """None for what is wrong, which is among the errors then."""
    try:
        return judged(typed.get(name, ""), name)
    except BadInput as problem:
        errors[name] = problem
        return None


def draft(name: str, typed: Typed, held: Provider | None, errors: Errors) -> Draft:
    """A vendor's address is not in the form, and stays."""
    is_own, stays = name == COMPATIBLE, held.address if held else ""
    private = bool(typed.get(f"{name}_private")) if is_own else bool(held and held.private)

    def of(part: str, judged: Callable[[str, str], Any]) -> Any:
        return tried(errors, f"{name}_{part}", judged, typed)

    found = Draft(
        name=name,
        address=(of("address", lambda text, one: ai_fields.address(text, one, private)) or "") if is_own else stays,
        private=private,
        model=of("model", ai_fields.model) or "",
        price_in=of("price_in", ai_fields.price),
        price_out=of("price_out", ai_fields.price),
        key=of("key", ai_keys.judged),
    )
    of("model", lambda text, one: ai_fields.refuse_key(text.strip(), one, found.key))
    require_both_prices(found, errors)
    require_address(found, held, errors)
    return found


def require_address(found: Draft, held: Provider | None, errors: Errors) -> None:
    key, address = f"{found.name}_key", f"{found.name}_address"
    if held and found.keeps(held) and held.address != found.address and address not in errors:
        errors.setdefault(key, BadInput(MOVED, key))
    if found.name == COMPATIBLE and not found.address and not found.is_empty:
        errors.setdefault(address, BadInput(N_("Write the address of the server."), address))


def picked(text: str, field: str) -> str:
    if text not in ("", *PROVIDERS):
        raise BadInput(N_("Choose one of the list."), field)
    return text


def require_both_prices(found: Draft, errors: Errors) -> None:
    names = [f"{found.name}_{part}" for part in PRICES]
    missing = [name for name, part in zip(names, PRICES, strict=True) if getattr(found, part) is None]
    if len(missing) == 1 and not errors.keys() & set(names):
        errors[missing[0]] = BadInput(N_("Write both prices, or none."), missing[0])


def require_ready(chosen: Chosen, drafts: Mapping[str, Draft], held: Mapping[str, Provider], errors: Errors) -> None:
    if chosen.fallback and chosen.fallback == chosen.main:
        errors["fallback"] = BadInput(N_("Choose another one than the main provider, or none."), "fallback")
    if chosen.fallback and not chosen.main and "main" not in errors:
        errors["fallback"] = BadInput(N_("There is no main provider that it could stand in for."), "fallback")
    for part in ("main", "fallback"):
        name = getattr(chosen, part)
        if name and not drafts[name].is_ready(held.get(name)) and not any(key.startswith(f"{name}_") for key in errors):
            told = (
                N_("It has no address or no model yet.") if name == COMPATIBLE else N_("It has no key or no model yet.")
            )
            errors.setdefault(part, BadInput(told, part))


def require_prices(chosen: Chosen, drafts: Mapping[str, Draft], errors: Errors) -> None:
    """What a call costs at an unknown price nobody knows, so no such budget could hold."""
    asked = [drafts[name] for name in (chosen.main, chosen.fallback) if name]
    if all(one.price_in is not None and one.price_out is not None for one in asked):
        return
    for name in COSTS:
        if getattr(chosen, name) is not None:
            told = N_("It cannot be kept without prices: write those of the main provider, and of the fallback.")
            errors.setdefault(name, BadInput(told, name))


def without_keys(typed: Typed) -> Typed:
    """What may be shown again: a key in the field of a model is no more for the page than one in its own."""
    models = {name: f"{name}_model" for name in PROVIDERS}
    keys = {
        model: ""
        for name, model in models.items()
        if ai_fields.is_key(typed.get(model, ""))
        or typed.get(model, "").strip() == typed.get(f"{name}_key", "").strip()
    }
    return {**typed, **keys}


def typed_of(held: Mapping[str, Provider], chosen: Chosen) -> dict[str, str]:
    """What is stored, as the form shows it; keys never."""
    found = dict.fromkeys(FIELDS, "")
    for name, provider in held.items():
        found |= {f"{name}_model": provider.model}
        found |= {f"{name}_{part}": written(getattr(provider, part)) for part in PRICES}
    if COMPATIBLE in held:
        found[f"{COMPATIBLE}_address"] = held[COMPATIBLE].address
        found[f"{COMPATIBLE}_private"] = "yes" if held[COMPATIBLE].private else ""
    for one in fields(Chosen):
        value = getattr(chosen, one.name)
        found[one.name] = written(value) if one.name in COSTS else str(value or "")
    return found
