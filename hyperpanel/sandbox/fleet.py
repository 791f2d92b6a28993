"""A fleet of panels: the same seed gives the same fleet, its keys included."""

import hashlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hyperpanel.sandbox import ai_behaviours, faults
from hyperpanel.sandbox.ai_records import Bench
from hyperpanel.sandbox.clock import Clock
from hyperpanel.sandbox.inventory import Amounts, inventory, usual
from hyperpanel.sandbox.money import CURRENCIES
from hyperpanel.sandbox.panel import KEPT, Panel
from hyperpanel.sandbox.providers import PROVIDERS, Moods
from hyperpanel.sandbox.pulse import Place, Pulse
from hyperpanel.sandbox.switches import Switches

OLDER = Switches(
    last_update="detail", count="page", remains_null="missing", pagination="empty_hrefs",
    payment_balance="missing", payment_fraud_risk="missing", payment_updated="missing", payment_updated_timestamp="missing",
    payment_mode="missing", never="missing", no_files="missing",
)  # fmt: skip
CLONE = Switches(
    user="object", provider_null="missing", ids="string", service_numbers="int",
    amounts="object_number", payment_created_timestamp="missing", payment_user="full", never="null", unassigned="empty",
)  # fmt: skip
INDIA = Switches(
    charge="number", error_code="absent", retry_after="seconds", amounts="string", payments_created_filter="present", unassigned="missing"
)  # fmt: skip
IRAN = Switches(
    last_update="nowhere", pagination="absent", error_code="null", amounts="number", timestamps="missing", never="negative"
)  # fmt: skip
BRAZIL = Switches(
    retry_after="date", status_titles="title", count="page", payment_user="string", ticket_user="string", unanswered="open",
    messages_order="newest",
)  # fmt: skip

AI = "ai-"
# Region, currency, time zone, and the habits that such a panel has.
KINDS = (
    ("eu", "EUR", "Europe/Berlin", Switches()),
    ("us", "USD", "America/New_York", OLDER),
    ("tr", "TRY", "Europe/Istanbul", CLONE),
    ("in", "USD", "Asia/Kolkata", INDIA),
    ("ir", "IRT", "Asia/Tehran", IRAN),
    ("br", "USD", "America/Sao_Paulo", BRAZIL),
)


class Fleet:
    def __init__(
        self,
        seed: int = 7,
        panels: int = 3,
        orders: int = 20_000,
        now: datetime | None = None,
        speed: float = 1.0,
        *,
        users: int | None = None,
        payments: int | None = None,
        tickets: int | None = None,
        services: int | None = None,
        rate_limit: int = 5,
        stopped: bool = False,
        kept_rows: int = KEPT,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        amounts = usual(orders, users, payments, tickets, services)
        if panels < 1 or min(amounts[:4]) < 0 or (services is not None and services < 1):
            raise ValueError("a fleet has at least one panel, no fewer than 0 of anything in each, and a service")
        start = (now or datetime.now(UTC)).replace(microsecond=0)
        self.seed, self.clock = seed, Clock(start, speed, now is not None, tick)  # a time that was given waits for us
        moment = int(start.timestamp())
        moods = {provider: Moods(seed, provider, moment) for provider in PROVIDERS}
        self.panels = [self._panel(number, moment, amounts, moods) for number in range(panels)]
        for panel in self.panels:
            panel.keep = kept_rows // panels
            panel.switch(rate_limit=rate_limit)
        self.clock.stop() if stopped else self.clock.start()
        self.by_name = {panel.name: panel for panel in self.panels}
        self.ai = Bench(self.clock.seconds)

    def __iter__(self) -> Iterator[Panel]:
        return iter(self.panels)

    def misbehave(self, text: str) -> None:
        """Set faults on every panel, as a command line writes them: `500:3,timeout@orders`; those of the AI server begin with `ai-`."""
        parts = [part.strip() for part in text.split(",")]
        ours = [ai_behaviours.parse(part.removeprefix(AI)) for part in parts if part.startswith(AI)]
        theirs = ",".join(part for part in parts if not part.startswith(AI))
        for panel in self.panels:
            for fault in faults.parse(theirs):
                panel.faults.add(fault)
        self.ai.queue.waiting.extend(ours)

    def _panel(self, number: int, now: int, amounts: Amounts, moods: dict[str, Moods]) -> Panel:
        region, code, zone, habits = KINDS[number % len(KINDS)]
        name, money = f"{region}-{number + 1}", CURRENCIES[code]
        stock = inventory(Pulse(Place(self.seed, name, ZoneInfo(zone)), now), amounts, money, moods)
        return Panel(
            name, _key(self.seed, name, "admin"), _key(self.seed, name, "services"), money, zone, self.clock, stock, habits
        )  # fmt: skip


def _key(seed: int, panel: str, purpose: str) -> str:
    """Plainly a sandbox's key, so that nobody takes it for a secret."""
    return f"sandbox-{panel}-{purpose}-{hashlib.sha256(f'{seed}/{panel}/{purpose}'.encode()).hexdigest()[:24]}"
