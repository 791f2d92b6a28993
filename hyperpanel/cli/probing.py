"""A stored panel asked whether it answers, without ever going above its rate beside a worker that reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel
    from sync.connectors.base import Probe

AT_ONCE = 20
NONE_YET = "There are no panels yet. Add one: hyperpanel panel add NAME --url https://panel.example"


@dataclass(frozen=True)
class Looked:
    """One panel's answers, and why it is not being read where that is so."""

    panel: "Panel"
    probes: "Sequence[Probe]"
    paused: str | None

    @property
    def ok(self) -> bool:
        return all(probe.ok for probe in self.probes)


async def chosen(found: "Installation", names: Sequence[str]) -> "list[Panel]":
    """The named panels, or all; raises Missing."""
    from hyperpanel.db import panels
    from hyperpanel.db.scope import EVERYTHING

    if names:
        return await found.database.read(lambda connection: panels.named(connection, EVERYTHING, dict.fromkeys(names)))
    return await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))


async def look(found: "Installation", panels: "Sequence[Panel]") -> list[Looked]:
    """In the order of the panels, some of them beside each other."""
    import asyncio

    from hyperpanel.db.panels import running_pauses
    from hyperpanel.db.scope import EVERYTHING

    pauses = await found.database.read(lambda connection: running_pauses(connection, EVERYTHING))
    why = {pause.panel_id: pause.why for pause in reversed(pauses)}
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(panel: "Panel") -> Looked:
        async with gate:
            return Looked(panel, await probe(found, panel), why.get(panel.id))

    return list(await asyncio.gather(*(one(panel) for panel in panels)))


async def probe(found: "Installation", panel: "Panel") -> "Sequence[Probe]":
    """Its two requests may leave in quick succession, so three slots are taken: no second holds more than the rate."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db.store import DatabaseStore
    from hyperpanel.worker import Connectors, pace
    from sync.budget import Gate
    from sync.connectors.base import Probe
    from sync.verdicts import Trouble

    store, connectors = DatabaseStore(found.database, SystemClock(), pace(found.settings.sync)), Connectors(found)
    turns = Gate(store, store.clock, panel.id)
    try:
        connector = await connectors.connect(panel.id)
        await turns.take()
        await turns.take()
        await store.turn(panel.id)
        return await connector.probe()
    except Trouble as trouble:
        return [Probe(trouble.code, str(trouble.of(panel.name)))]
    finally:
        await connectors.close()
