"""Settings → AI put down: providers with their keys sealed, what is chosen, and which panels are on; each with its audit, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import ai_providers, audit
from hyperpanel.db.ai_providers import Chosen, PanelUse, Provider
from hyperpanel.support import ai_fields, ai_keys
from hyperpanel.support.ai_forms import COSTS, PRICES, Draft
from hyperpanel.support.attaching import Acting
from hyperpanel.vault import Vault

TOLD = ("address", "private", "model", *PRICES)
"""Of a provider; which keys were entered is told, and never what they are."""


@dataclass(frozen=True)
class Held:
    """The settings as they are stored. `at`: when they were changed last."""

    providers: Mapping[str, Provider]
    chosen: Chosen
    at: datetime | None


@dataclass(frozen=True)
class Change:
    """`after` holds the providers that are to be stored; a name of `before` that it lacks is let go."""

    before: Held
    drafts: Mapping[str, Draft]
    chosen: Chosen

    @property
    def after(self) -> dict[str, Draft]:
        return {name: one for name, one in self.drafts.items() if not one.is_empty or one.keeps(self.held(name))}

    def held(self, name: str) -> Provider | None:
        return self.before.providers.get(name)

    def is_same(self) -> bool:
        return not any(self.told()) and not any(one.key for one in self.drafts.values())

    def told(self) -> tuple[dict[str, object], dict[str, object]]:
        """What differs, as it was and as it will be."""
        was = {**providers_told(self.before.providers), **chosen_told(self.before.chosen)}
        will = {**providers_told(self.after), **chosen_told(self.chosen)}
        was |= {f"{name}_key": True for name, one in self.before.providers.items() if one.sealed}
        will |= {f"{name}_key": True for name, one in self.after.items() if one.key or one.keeps(self.held(name))}
        names = [name for name in dict.fromkeys((*was, *will)) if was.get(name) != will.get(name)]
        return {name: was.get(name) for name in names}, {name: will.get(name) for name in names}


def providers_told(providers: Mapping[str, Provider] | Mapping[str, Draft]) -> dict[str, object]:
    return {
        f"{name}_{part}": value
        for name, one in providers.items()
        for part in TOLD
        if (value := dollars(getattr(one, part)) if part in PRICES else getattr(one, part))
    }


def chosen_told(chosen: Chosen) -> dict[str, object]:
    values = asdict(chosen)
    return {name: dollars(value) if name in COSTS else value for name, value in values.items() if value}


def dollars(amount: int | None) -> str | None:
    return None if amount is None else f"{ai_fields.written(amount)} USD"


async def save(connection: AsyncConnection, vault: Vault, change: Change, act: Acting, now: datetime) -> None:
    """Raises Conflict where somebody else changed them since they were read."""
    by = act("", "").actor
    await ai_providers.choose(connection, change.chosen, change.before.at, by, now)
    for name, draft in change.after.items():
        await ai_providers.put(connection, provider_of(vault, draft, change.held(name)), by, now)
    for name in change.before.providers.keys() - change.after.keys():
        await ai_providers.remove(connection, name)
    before, after = change.told()
    entered = [f"{name}_key" for name, one in change.after.items() if one.key]
    told = {"before": before, "after": after, **({"entered": entered} if entered else {})}
    await audit.write(connection, act("ai-settings-changed", "", None, **told), now)


def provider_of(vault: Vault, draft: Draft, held: Provider | None) -> Provider:
    """With the key that is kept, or the new one sealed for this provider's name."""
    if draft.keeps(held) and held is not None:
        return draft.provider(held.sealed, held.tail)
    key = draft.key or ""
    return draft.provider(ai_keys.sealed(vault, draft.name, key), ai_keys.tail(key))


@dataclass(frozen=True)
class Switched:
    """A panel that is used in another way from now on."""

    id: int
    name: str
    before: PanelUse
    after: PanelUse


async def switch(connection: AsyncConnection, uses: Iterable[Switched], act: Acting, now: datetime) -> None:
    """Of panels that the caller found through a scope: an audit row for each."""
    known = list(uses)
    await ai_providers.switch(connection, [(one.id, one.after) for one in known], act("", "").actor, now)
    for one in known:
        told = {"before": asdict(one.before), "after": asdict(one.after)}
        is_same = one.before.is_on == one.after.is_on
        action = "ai-panel-personal" if is_same else "ai-panel-on" if one.after.is_on else "ai-panel-off"
        await audit.write(connection, act(action, one.name, one.id, **told), now)
