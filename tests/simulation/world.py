"""A world that lives through its plan: panels, one database, the workers, and the auditor. Then everything heals, and is read once whole."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hyperpanel.db import panels
from hyperpanel.db.panels import Panel
from hyperpanel.db.store import DatabaseStore
from hyperpanel.sandbox import levers
from hyperpanel.sandbox.between import Between
from hyperpanel.sandbox.faults import Fault
from sync.connectors.base import Access, Stream
from sync.connectors.perfect_panel import SERVICES, STREAMS
from tests.simulation import closing, fleets, inline
from tests.simulation.auditor import Auditor
from tests.simulation.inline import Ailing, InlineDatabase
from tests.simulation.line import Way
from tests.simulation.plans import DISKS, Event, Plan
from tests.simulation.process import VAULT, Process, pace
from tests.simulation.virtual import VirtualClock, VirtualLoop, in_its_time, run

LOOKS_EVERY, LOOKS = 60.0, 10
AT_LEISURE = 40.0
"""How much more rarely the plans run by themselves in the end, where each is told when to."""


@dataclass
class Result:
    """What came of a world."""

    auditor: Auditor
    fired: Counter[str]
    ways: list[Way]
    virtual: float
    unhandled: list[str]


@dataclass
class World:
    plan: Plan
    template: Any
    store: type[DatabaseStore] = DatabaseStore
    trace: Callable[[str], None] | None = None
    is_healed: bool = False
    jumps: list[float] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)

    def live(self) -> Result:
        loop = VirtualLoop()
        self.clock = VirtualClock(loop)
        self.fleet = fleets.fleet(self.plan.fleet, loop.time)
        inline.fill(self.template)
        with in_its_time(self.clock, self.plan.seed, self.plan.idle):
            try:
                run(loop, self.lived(loop))
            except Exception as bug:
                self.auditor.blame("raised", repr(bug), bug)
        for panel in self.fleet:
            self.fired.update(panel.faults.struck)
        return Result(self.auditor, self.fired, list(self.ways.values()), loop.time(), loop.unhandled)

    async def lived(self, loop: VirtualLoop) -> None:
        self.ailing = Ailing()
        self.database = InlineDatabase(self.ailing)
        await self.attach(loop)
        self.workers = [self.worker()]
        watching = loop.create_task(self.watch())
        await self.happen()
        watching.cancel()
        await self.heal()
        await closing.whole_cycle(self)
        for worker in self.workers:
            await worker.end()
        self.judge()

    async def attach(self, loop: VirtualLoop) -> None:
        streams = [stream for stream in (*STREAMS, SERVICES) if stream.name in self.plan.streams]
        self.ways = dict[int, Way]()
        self.accesses = dict[int, Access]()
        by_id = dict[int, Any]()
        for one, switches in zip(self.fleet, self.plan.switches, strict=True):
            one.switch(**switches)
            panel_id = await self.add(one, streams)
            chance = Random(f"line/{self.plan.seed}/{one.name}")
            self.ways[panel_id] = Way(one, chance, loop.time, self.plan.slowness)
            by_id[panel_id] = one
        self.ids = list(by_id)
        self.auditor = Auditor(loop.time, self.clock.now, by_id, self.plan.streams, trace=self.trace)
        inline.WATCHER.auditor = self.auditor

    async def add(self, one: Any, streams: list[Stream]) -> int:
        url = f"https://panels.example/{one.name}"
        made = Panel(0, one.name, "perfect_panel", url, one.currency, one.time_zone, self.plan.rate, False)
        async with self.database.write() as connection:
            panel_id = await panels.add(connection, made, {}, streams, VAULT, self.clock.now())
        self.accesses[panel_id] = Access(
            made.name, made.url, made.currency, ZoneInfo(made.time_zone), one.admin_key, one.services_key
        )
        return panel_id

    def worker(self) -> Process:
        slowly = self.plan.pace * (1.0 if not self.is_healed else AT_LEISURE)
        number = self.fired["workers"]
        self.fired["workers"] += 1
        made = Process(
            f"sim:1:{number}",
            self.clock,
            self.ailing,
            self.ways,
            self.accesses,
            self.auditor,
            pace(slowly),
            self.store,
            self.plan.per_fetch,
        )
        return made

    # What happens

    async def happen(self) -> None:
        under_way = []
        for event in self.plan.events:
            await asyncio.sleep(max(0.0, event.at - self.auditor.now()))
            self.auditor.tell(f"-- {event}")
            under_way.append(asyncio.create_task(getattr(self, event.what)(event)))
        await asyncio.sleep(max(0.0, self.plan.lasts - self.auditor.now()))
        for task in under_way:
            task.cancel()
        for done in await asyncio.gather(*under_way, return_exceptions=True):
            if isinstance(done, Exception):
                raise done

    def panel(self, event: Event) -> Any:
        return self.fleet.panels[event.panel or 0]

    async def lever(self, event: Event) -> None:
        levers.WRITES[event.kind](self.panel(event), event.given)

    async def between(self, event: Event) -> None:
        panel = self.panel(event)
        panel.between = msgspec.convert(event.given, Between)
        await asyncio.sleep(event.lasts)
        panel.between = Between()

    async def fault(self, event: Event) -> None:
        panel = self.panel(event)
        fault = msgspec.convert({"kind": event.kind, **event.given}, Fault)
        panel.faults.add(fault)
        await asyncio.sleep(event.lasts)
        panel.faults.set[:] = [one for one in panel.faults.set if one is not fault]
        await self.resume()

    async def machine(self, event: Event) -> None:
        if event.kind in DISKS:
            self.ailing.words = DISKS[event.kind]
            before = self.ailing.refused
            await asyncio.sleep(event.lasts)
            self.ailing.words = None
            self.fired[event.kind] += self.ailing.refused - before
        elif event.kind == "clock_jump":
            self.fired["clock_jump"] += 1
            self.jumps.append(self.auditor.now())
            self.clock.jump(event.given["jump"])
        else:
            await getattr(self, event.kind)(event)

    async def kill(self, event: Event) -> None:
        """In the middle of whatever it does; another begins at once, or after a while."""
        ending = self.workers[0]
        ending.ends_after = event.given["steps"]
        while not ending.is_dead:  # noqa: ASYNC110 -- it ends at one of its own steps
            await asyncio.sleep(1)
        self.fired["kill"] += 1
        await asyncio.sleep(event.given["steps"] / 4)
        self.workers = [self.worker(), *self.workers[1:]]

    async def sigterm(self, event: Event) -> None:
        self.fired["sigterm"] += 1
        await self.workers[0].end()
        self.workers = [self.worker(), *self.workers[1:]]

    async def two_nodes(self, event: Event) -> None:
        self.fired["two_nodes"] += 1
        second = self.worker()
        self.workers.append(second)
        await asyncio.sleep(event.lasts)
        self.workers.remove(second)
        await second.end()

    async def resume(self) -> None:
        """What a person does who has mended what was wrong, and whose console can write again."""
        while self.ailing.words is not None:  # noqa: ASYNC110 -- as a person does
            await asyncio.sleep(1)
        async with self.database.write() as connection:
            for panel_id in self.ids:
                await panels.resume(connection, panel_id, None, "ana", self.clock.now())

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(max(LOOKS_EVERY, self.plan.lasts / LOOKS))
            self.auditor.look()

    # The end of it

    async def heal(self) -> None:
        self.ailing.words = None
        for panel in self.fleet:
            panel.faults.clear()
            panel.between = Between()
        self.fleet.clock.stop()
        self.is_healed = True
        for worker in self.workers:
            await worker.end()
        self.workers = [self.worker()]
        await self.resume()
        self.auditor.tell("-- everything heals")

    def judge(self) -> None:
        self.auditor.look()
        self.auditor.compare(deleted_too=self.plan.sweeps >= 3)
        for way in self.ways.values():
            self.auditor.called(way, int(self.plan.rate), self.jumps)
