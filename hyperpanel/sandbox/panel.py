"""One simulated panel: its keys, its habits, its orders, and what it has seen of its callers."""

import secrets
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from hyperpanel.sandbox.clock import Clock
from hyperpanel.sandbox.faults import Faults
from hyperpanel.sandbox.limits import Window
from hyperpanel.sandbox.money import Currency
from hyperpanel.sandbox.orders import Orders
from hyperpanel.sandbox.protocol import Rows
from hyperpanel.sandbox.records import Records
from hyperpanel.sandbox.switches import Switches, changed

LOGGED = 200_000
KEPT = 240_000  # encoded rows that a fleet keeps: some 200 MB at most
Many = Annotated[int, msgspec.Meta(ge=0)]


@dataclass
class Seen:
    """A request as it arrived; never a key. Status 0: not answered (yet)."""

    monotonic: float
    wall: float
    method: str
    path: str
    status: int


class Between(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to the list after each page of it that was answered."""

    new: Many = 0
    move: Many = 0
    delete: Many = 0


@dataclass
class Panel:
    name: str
    admin_key: str
    services_key: str
    money: Currency
    time_zone: str
    clock: Clock
    orders: Orders
    switches: Switches = field(default_factory=Switches)
    faults: Faults = field(default_factory=Faults)
    window: Window = field(default_factory=Window)
    between: Between = field(default_factory=Between)
    log: deque[Seen] = field(default_factory=lambda: deque(maxlen=LOGGED))
    counts: Counter[str] = field(default_factory=Counter)
    last_page: list[bytes] = field(default_factory=list)
    keep: int = KEPT

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.time_zone)
        self.records = Records(self.orders, self.money)
        self.account = max(self.records.customers, key=lambda customer: customer.weight)  # whose the services key is
        self._rows = Rows(self.records, self.zone, self.switches, self.keep)

    @property
    def currency(self) -> str:
        return self.money.code

    @property
    def rows(self) -> Rows:
        if self._rows.switches is not self.switches:
            self._rows = Rows(self.records, self.zone, self.switches, self.keep)
        return self._rows

    def switch(self, **changes: Any) -> None:
        self.switches = changed(self.switches, changes)

    def settle(self) -> None:
        self.orders.settle(int(self.clock.seconds()))

    def admits(self, key: str) -> bool:
        return secrets.compare_digest(key.encode(), self.admin_key.encode())

    def forget(self, places: list[int]) -> None:
        for place in places:
            self._rows.forget(place)
