"""Panels looked at (“test connection”): a stored one within the budget that all its callers share, any other at a pace of its own.

A look makes up to eight requests, one after another, and changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from hyperpanel.clock import SystemClock
from hyperpanel.db import staff, staff_names
from hyperpanel.db.opening import Installation
from hyperpanel.db.panels import Panel, Pause, running_pauses
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.store import DatabaseStore, new_holder
from hyperpanel.support.sync_settings import pace
from hyperpanel.support.upstreams import Connectors
from sync.budget import CLICK, SPACING, Gate
from sync.clocks import Clock
from sync.connectors import CONNECTORS
from sync.connectors.base import Access, Connector, Looking, Probe
from sync.store import Caller
from sync.verdicts import Trouble

BeforeCall = Callable[[], Awaitable[object]]
AT_ONCE = 20
RATE = 4.0
"""Calls a second at a panel that is not stored: below the five that panels allow."""
DISPROVED = frozenset({"auth", "forbidden", "redirect", "not_found", "address", "other_software", "console"})
"""Troubles that are over where a look finds nothing wrong."""


@dataclass(frozen=True)
class Looked:
    """What was found at one panel, and why it is not being read where that is so."""

    panel: Panel
    probes: Sequence[Probe]
    pause: Pause | None

    @property
    def ok(self) -> bool:
        return all(probe.ok for probe in self.probes)

    @property
    def is_mended(self) -> bool:
        """What made the engine pause it is over: it only has to be resumed."""
        trouble = self.pause.trouble if self.pause else None
        return self.ok and trouble is not None and trouble.code in DISPROVED


class Pacer:
    """So many calls a second within this process: nobody else calls a panel that is not stored."""

    def __init__(self, clock: Clock, rate: float) -> None:
        self.clock, self.spacing = clock, SPACING / rate
        self.free_at = clock.monotonic()

    async def take(self) -> None:
        wait = self.free_at - self.clock.monotonic()
        if wait > 0:
            await self.clock.sleep(wait)
        self.free_at = self.clock.monotonic() + self.spacing


@dataclass
class Looker:
    """A person's look: it goes before whatever the engine has to read, one call after another."""

    gate: Gate
    caller: Caller

    async def take(self) -> None:
        self.caller = replace(self.caller, landed=await self.gate.take(self.caller))


async def look(found: Installation, panels: Sequence[Panel]) -> list[Looked]:
    """In the order of the panels, some of them beside each other; one that is paused is looked at too."""
    pauses = await found.database.read(lambda connection: running_pauses(connection, EVERYTHING))
    whole_last = sorted(pauses, key=lambda pause: pause.stream is None)
    why = {pause.panel_id: pause for pause in whole_last}
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(panel: Panel) -> Looked:
        async with gate:
            return Looked(panel, await probe(found, panel), why.get(panel.id))

    return list(await asyncio.gather(*(one(panel) for panel in panels)))


async def probe(found: Installation, panel: Panel) -> list[Probe]:
    connectors = Connectors(found)
    try:
        return await within_budget(found, panel.id, await connectors.connect(panel.id))
    finally:
        await connectors.close()


async def try_out(
    found: Installation, access: Access, kind: str = "perfect_panel", *, rate: float = RATE, panel_id: int | None = None
) -> list[Probe]:
    """A panel that is not stored, or not like this; `panel_id`: the one that it is to change, whose budget is then spent."""
    connector = CONNECTORS[kind](access)
    try:
        if panel_id is not None:
            return await within_budget(found, panel_id, connector)
        clock = SystemClock()
        return await connector.probe(await looking(found, clock, Pacer(clock, rate).take, None))
    finally:
        await connector.close()


async def within_budget(found: Installation, panel_id: int, connector: Connector) -> list[Probe]:
    store = DatabaseStore(found.database, SystemClock(), pace(found.settings.sync), found.vault)
    looker = Looker(Gate(store, store.clock, panel_id), Caller(f"look:{new_holder()}", CLICK))
    probes: list[Probe] = []
    try:
        probes = await connector.probe(await looking(found, store.clock, looker.take, panel_id))
    finally:
        answered = any(probe.code == "key_ok" for probe in probes)
        await store.landed(panel_id, looker.caller, None if answered else Trouble("waiting", seconds=0))
    if any(probe.code == "too_fast" for probe in probes):
        await store.slow_down(panel_id, None)
    return probes


async def looking(found: Installation, clock: Clock, before_call: BeforeCall, panel_id: int | None) -> Looking:
    """The names are of those who may see the panel, as they are called there; one that is not stored yet is seen by those who see all."""
    people = [person for person in await found.database.read(staff.all_of) if not person.disabled_at]
    allowed = [person for person in people if person.panel_ids is None or panel_id in person.panel_ids]
    given = await found.database.read(lambda connection: staff_names.given(connection, EVERYTHING))
    names = {given.get((panel_id or 0, person.id), person.username) for person in allowed}
    return Looking(clock, before_call, frozenset(names), found.settings.sync.per_fetch)
