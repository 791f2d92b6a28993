"""One simulated panel: its keys, its habits, all that is in it, and what it has seen of its callers."""

import secrets
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from hyperpanel.sandbox.accounts import Accounts
from hyperpanel.sandbox.between import Between
from hyperpanel.sandbox.clock import Clock
from hyperpanel.sandbox.faults import Faults
from hyperpanel.sandbox.forms import Forms
from hyperpanel.sandbox.inventory import Inventory
from hyperpanel.sandbox.ledger import Ledger
from hyperpanel.sandbox.limits import Window
from hyperpanel.sandbox.line import Line
from hyperpanel.sandbox.money import Currency
from hyperpanel.sandbox.payment_rows import PaymentRows
from hyperpanel.sandbox.protocol import Rows
from hyperpanel.sandbox.records import Records
from hyperpanel.sandbox.switches import Switches, changed
from hyperpanel.sandbox.ticket_rows import TicketRows
from hyperpanel.sandbox.user_rows import UserRows

LOGGED = 200_000
KEPT = 240_000  # encoded rows that a fleet keeps: some 200 MB at most


@dataclass
class Seen:
    """A request as it arrived; never a key. Status 0: not answered (yet)."""

    monotonic: float
    wall: float
    method: str
    path: str
    status: int


@dataclass
class Panel:
    name: str
    admin_key: str
    services_key: str
    money: Currency
    time_zone: str
    clock: Clock
    stock: Inventory
    switches: Switches = field(default_factory=Switches)
    faults: Faults = field(default_factory=Faults)
    window: Window = field(default_factory=Window)
    between: Between = field(default_factory=Between)
    log: deque[Seen] = field(default_factory=lambda: deque(maxlen=LOGGED))
    counts: Counter[str] = field(default_factory=Counter)
    last_page: dict[str, list[bytes]] = field(default_factory=dict)
    keep: int = KEPT
    later: list[tuple[float, Callable[[], object]]] = field(default_factory=list)  # what takes effect, and when

    def __post_init__(self) -> None:
        self.shelf, self.users, self.orders, self.payments, self.tickets = self.stock
        self.records = Records(self.orders, self.money, self.shelf, self.users)
        self.ledger = Ledger(self.records, self.payments)
        self.accounts = Accounts(self.users, self.ledger, self.shelf)
        self.account = max(self.records.customers, key=lambda customer: customer.weight)  # whose the services key is
        self.line = Line(self.faults)
        self.write_afresh()

    @property
    def currency(self) -> str:
        return self.switches.currency or self.money.code

    def switch(self, **changes: Any) -> None:
        self.switches = changed(self.switches, changes)
        self.write_afresh()

    def write_afresh(self) -> None:
        """Forget how rows were written: what they are written from has changed under them."""
        self.zone = ZoneInfo(self.switches.time_zone or self.time_zone)
        self.records.currency = replace(self.money, code=self.currency)
        forms = Forms(self.zone, self.switches, self.records.currency)
        self.rows = Rows(self.records, self.zone, self.switches, self.keep)
        self.user_rows = UserRows(self.accounts, forms)
        self.payment_rows = PaymentRows(self.payments, self.users, forms)
        self.ticket_rows = TicketRows(self.tickets, forms)

    def settle(self) -> None:
        """Bring everything up to the clock; who comes, buys, pays and asks, in that order."""
        now = int(self.clock.seconds())
        while self.later and self.later[0][0] <= now:
            self.later.pop(0)[1]()
        self.users.settle(now)
        self.orders.settle(now)
        self.payments.settle(now)
        self.tickets.settle(now)

    def owe(self, seconds: float, effect: Callable[[], object]) -> None:
        """Let it take effect so much later, by the clock."""
        insort(self.later, (self.clock.seconds() + seconds, effect), key=itemgetter(0))

    def reckon(self) -> None:
        """Bring balances up to it too: only who asks for users pays for that."""
        self.settle()
        self.ledger.catch_up()

    def admits(self, key: str) -> bool:
        return secrets.compare_digest(key.encode(), self.admin_key.encode())

    def forget(self, places: list[int]) -> None:
        for place in places:
            self.rows.forget(place)
