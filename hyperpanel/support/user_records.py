"""What is told of one customer in user tracking: figures, and the few records behind them. Amounts are units of the report's currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.money import Money


@dataclass(frozen=True)
class Sum:
    count: int = 0
    units: int = 0


@dataclass(frozen=True)
class Used:
    """A service and how often it was ordered. `name`: "" where nobody tells it."""

    service_id: str
    name: str
    count: int


@dataclass(frozen=True)
class Short:
    """An order that was not delivered as a whole; `lost` of its charge paid for nothing."""

    order_id: str
    status: str
    at: datetime
    charge: int
    quantity: int | None
    remains: int | None
    lost: int


@dataclass(frozen=True)
class Payment:
    """A completed one. `kind`: paid, hand or bonus. `name`: the username that it tells, "" where it tells none."""

    payment_id: str
    name: str
    kind: str
    at: datetime
    units: int


@dataclass(frozen=True)
class Row:
    """`user_id`: "" where nobody held has the name, or whose it was cannot be told. `names`: those that they ordered and paid by. `is_held`:
    whether there is a customer of that number to look at. `spend` is of all orders, `canceled`, `refunded` and `partial` of what was lost with
    each; `lifetime` is the panel's own."""

    panel_id: int
    user_id: str
    is_held: bool
    name: str
    email: str
    created_at: datetime | None
    is_new: bool
    names: Sequence[str]
    spend: Sum
    canceled: Sum
    refunded: Sum
    partial: Sum
    paid: Sum
    hand: Sum
    bonus: Sum
    lifetime: Money | None
    services: Sequence[Used]
    short: Sequence[Short]
    payments: Sequence[Payment]

    @property
    def net(self) -> int:
        return self.spend.units - self.canceled.units - self.refunded.units - self.partial.units

    @property
    def paid_as(self) -> Sequence[str]:
        """Their names, and others that payments tell beside their number."""
        return sorted({*self.names, *(one.name for one in self.payments)} - {""})
