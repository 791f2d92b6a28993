"""A fleet of panels: the same seed gives the same fleet, its keys included."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hyperpanel.sandbox import faults
from hyperpanel.sandbox.catalogue import catalogue
from hyperpanel.sandbox.chance import rng
from hyperpanel.sandbox.clock import Clock
from hyperpanel.sandbox.customers import Customers
from hyperpanel.sandbox.money import CURRENCIES
from hyperpanel.sandbox.orders import Orders
from hyperpanel.sandbox.panel import KEPT, Panel
from hyperpanel.sandbox.providers import PROVIDERS, Moods
from hyperpanel.sandbox.switches import Switches
from hyperpanel.sandbox.world import Market, Place, World

OLDER = Switches(last_update="detail", count="page", remains_null="missing", pagination="empty_hrefs")
CLONE = Switches(user="object", provider_null="missing", ids="string", service_numbers="int")

# Region, currency, time zone, and the habits that such a panel has.
KINDS = (
    ("eu", "EUR", "Europe/Berlin", Switches()),
    ("us", "USD", "America/New_York", OLDER),
    ("tr", "TRY", "Europe/Istanbul", CLONE),
    ("in", "USD", "Asia/Kolkata", Switches(charge="number", error_code="absent", retry_after="seconds")),
    ("ir", "IRT", "Asia/Tehran", Switches(last_update="nowhere", pagination="absent", error_code="null")),
    ("br", "USD", "America/Sao_Paulo", Switches(retry_after="date", status_titles="title", count="page")),
)  # fmt: skip


class Fleet:
    def __init__(
        self,
        seed: int = 7,
        panels: int = 3,
        orders: int = 20_000,
        now: datetime | None = None,
        speed: float = 1.0,
        *,
        rate_limit: int = 5,
        stopped: bool = False,
        kept_rows: int = KEPT,
    ) -> None:
        if panels < 1 or orders < 0:
            raise ValueError("a fleet has at least one panel, and no fewer than 0 orders each")
        start = (now or datetime.now(UTC)).replace(microsecond=0)
        self.seed, self.clock = seed, Clock(start, speed, stopped=now is not None)  # a time that was given waits for us
        moment = int(start.timestamp())
        moods = {provider: Moods(seed, provider, moment) for provider in PROVIDERS}
        self.panels = [self._panel(number, moment, orders, moods) for number in range(panels)]
        for panel in self.panels:
            panel.keep = kept_rows // panels
            panel.switch(rate_limit=rate_limit)
        self.clock.stop() if stopped else self.clock.start()
        self.by_name = {panel.name: panel for panel in self.panels}

    def __iter__(self) -> Iterator[Panel]:
        return iter(self.panels)

    def misbehave(self, text: str) -> None:
        """Set faults on every panel, as a command line writes them: `500:3,timeout@orders`."""
        for panel in self.panels:
            for fault in faults.parse(text):
                panel.faults.add(fault)

    def _panel(self, number: int, now: int, orders: int, moods: dict[str, Moods]) -> Panel:
        region, code, zone, habits = KINDS[number % len(KINDS)]
        name, money = f"{region}-{number + 1}", CURRENCIES[code]
        random = rng(self.seed, name)
        services = catalogue(self.seed, name, money, random.sample(PROVIDERS, random.randrange(4, 7)))
        customers = Customers(self.seed, name, max(40, min(orders // 20, 15_000)), len(services))
        world = World(Place(self.seed, name, ZoneInfo(zone)), now, orders, Market(services, customers, moods))
        first = random.randrange(200_000, 9_000_000)
        return Panel(
            name, _key(self.seed, name, "admin"), _key(self.seed, name, "services"), money, zone, self.clock,
            Orders(world, first), habits,
        )  # fmt: skip


def _key(seed: int, panel: str, purpose: str) -> str:
    """Plainly a sandbox's key, so that nobody takes it for a secret."""
    return f"sandbox-{panel}-{purpose}-{hashlib.sha256(f'{seed}/{panel}/{purpose}'.encode()).hexdigest()[:24]}"
