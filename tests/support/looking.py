"""A look at a simulated panel within the process: the whole way of its requests but the sockets, by a clock that is moved by hand."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.server import create_app
from sync.connectors.base import Access, Looking, Probe
from sync.connectors.perfect_panel import PerfectPanel
from tests.support.clocks import Hand

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
Answering = Callable[[httpx2.Request], Awaitable[httpx2.Response]]


def fleet(panels: int = 1, now: datetime = NOW) -> Fleet:
    return Fleet(panels=panels, orders=600, now=now, rate_limit=10_000, stopped=True)


class Taking(httpx2.AsyncBaseTransport):
    """Each answer takes as long as `seconds` says of its request."""

    def __init__(
        self, inner: httpx2.AsyncBaseTransport, clock: Hand, seconds: Callable[[httpx2.Request], float]
    ) -> None:
        self.inner, self.clock, self.seconds = inner, clock, seconds

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await self.clock.sleep(self.seconds(request))
        return await self.inner.handle_async_request(request)


@dataclass
class Glance:
    """How one panel is set up here, and who asks."""

    fleet: Fleet
    panel: Panel
    staff: frozenset[str] = frozenset()
    per_fetch: int = 50
    now: datetime = NOW
    seconds: Callable[[httpx2.Request], float] = lambda request: 0.1
    transport: httpx2.AsyncBaseTransport | None = None
    calls: list[int] = field(default_factory=list)
    """What had been asked before each call."""

    def access(self, **changes: Any) -> Access:
        panel = self.panel
        access = Access(
            panel=panel.name,
            url=f"http://sandbox.test/{panel.name}",
            currency=panel.money.code,
            zone=ZoneInfo(panel.time_zone),
            admin_key=panel.admin_key,
            services_key=panel.services_key,
            private=True,
        )
        return replace(access, **changes)

    async def look(self, **changes: Any) -> Sequence[Probe]:
        clock = Hand(self.now)
        inner = self.transport or httpx2.ASGITransport(create_app(self.fleet))
        connector, connector.access = self.connector, self.access(**changes)
        async with httpx2.AsyncClient(transport=Taking(inner, clock, self.seconds)) as connector.client:
            return await connector.probe(Looking(clock, self.before_call, self.staff, self.per_fetch))

    @cached_property
    def connector(self) -> PerfectPanel:
        """One for many looks: a context for TLS, unused here, costs more than a look does."""
        return PerfectPanel(self.access())

    async def before_call(self) -> None:
        self.calls.append(self.panel.counts["requests"])

    async def told(self, **changes: Any) -> list[tuple[str, str, str]]:
        """What is not as it should be."""
        return [
            (found.about, found.level, found.sentence) for found in await self.look(**changes) if found.level != "ok"
        ]


def glance(found: Fleet, place: int) -> Glance:
    """With people who are called as its staff are."""
    panel = found.panels[place]
    return Glance(found, panel, staff=frozenset(member.name for member in panel.tickets.desk.team))
