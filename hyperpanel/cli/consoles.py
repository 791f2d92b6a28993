"""`hyperpanel panel add --kind hyperpanel`: another console is asked for its panels, and each becomes one of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hyperpanel.cli.frame import ACTOR, Place, installation
from hyperpanel.cli.probing import facts, told
from hyperpanel.errors import HyperpanelError
from hyperpanel.support.wanted import Typed

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel
    from sync.connectors.base import Probe
    from sync.connectors.consoles import Console


@dataclass(frozen=True)
class Added:
    """`here`: names of the console's panels that were here already; `probes`: of the first that was added, by which all are judged."""

    panels: "Sequence[Panel]"
    here: Sequence[str]
    probes: "Sequence[Probe]" = field(default=())

    def described(self) -> dict[str, object]:
        added = [{"name": one.name, "url": one.url, "rate": one.rate} for one in self.panels]
        return {"added": added, "here": list(self.here), "probes": [facts(probe) for probe in self.probes]}

    def lines(self) -> list[str]:
        found = [f"{probe.level:<6}{told(probe)}" for probe in self.probes]
        here = [f"{name} is here already." for name in self.here]
        added = [f"{one.name} is attached: {one.url}, {one.rate:g} calls a second." for one in self.panels]
        end = "Their rates together stay within what the key allows. `hyperpanel sync` reads them now."
        return [*found, *here, *added, *([end] if added else ["Nothing is left to add."])]


def names(only: str) -> list[str]:
    return [name.strip() for name in only.split(",") if name.strip()]


async def add(place: Place, typed: Typed, key: str, only: Sequence[str], check: bool) -> Added:
    """Raises BadInput, and what a look at the console found wrong."""
    from hyperpanel.support import consoles
    from hyperpanel.support.wanted import address, allowed_rate, grouped

    url, most, keys = address(typed.url, typed.private).url, allowed_rate(typed.rate), {"admin_key": key}
    async with installation(place) as found:
        known = await panels_of(found)
        await found.database.read(lambda connection: consoles.refuse_own(connection, key))
        console = await asked(typed.name, url, key, typed.private)
        there = consoles.found(console, typed.name, url, known)
        some = consoles.chosen(there, only)
        here = [one.line.name for one in there if one.is_here]
        if not some:
            return Added((), here)
        rate = consoles.rate(console.own.per_minute, url, len(some), known, most)
        panels = consoles.panels(some, rate, typed.private, grouped(typed.group), known)
        probes = await looked(found, panels[0], keys, consoles.alone(console)) if check else []
        await store(found, panels, keys)
    return Added(panels, here, probes)


async def asked(name: str, url: str, key: str, private: bool) -> "Console":
    from hyperpanel.support import consoles
    from sync.verdicts import Trouble

    try:
        return await consoles.asked(url, key, private)
    except Trouble as trouble:
        raise HyperpanelError(str(trouble.of(name))) from None


async def panels_of(found: "Installation") -> "list[Panel]":
    from hyperpanel.db import panels
    from hyperpanel.db.scope import EVERYTHING

    return await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))


async def looked(found: "Installation", panel: "Panel", keys: Mapping[str, str], rate: float) -> "Sequence[Probe]":
    """Raises what is wrong: nothing is stored then. All are reached by one key, so one of them stands for the others."""
    from hyperpanel.support.attaching import access_of
    from hyperpanel.support.probing import try_out

    probes = await try_out(found, access_of(panel, keys), panel.kind, rate=rate)
    if wrong := [told(probe) for probe in probes if not probe.ok]:
        raise HyperpanelError(" ".join(wrong))
    return probes


async def store(found: "Installation", panels: "Sequence[Panel]", keys: Mapping[str, str]) -> None:
    """All or none, each with its audit row."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db.audit import Act
    from hyperpanel.support import attaching

    def act(action: str, target: str, panel_id: int, **details: object) -> Act:
        return Act(ACTOR, action, target, panel_id, details)

    new = await attaching.offered([(panel, keys) for panel in panels])
    async with found.database.write() as connection:
        await attaching.attach(connection, found.vault, new, act, SystemClock().now())
