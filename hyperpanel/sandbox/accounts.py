"""An account as everyone may know it at this moment: the facts, before any panel's way of writing them."""

from typing import NamedTuple

from hyperpanel.sandbox.ledger import Ledger
from hyperpanel.sandbox.shelf import Shelf
from hyperpanel.sandbox.users import Users

DAY = 86_400
NINETY = 90_000_000


class CustomRate(NamedTuple):
    service: int
    service_name: str
    rate: int  # millionths of the panel's currency, or of a percent
    percent: bool


class Account(NamedTuple):
    id: int
    username: str
    email: str
    balance: int
    spent: int
    suspended: bool
    created: int
    last_auth: int | None  # None: never
    discount: int  # percent
    custom_rates: tuple[CustomRate, ...]
    bits: int


class Accounts:
    def __init__(self, users: Users, ledger: Ledger, shelf: Shelf) -> None:
        self.users, self.ledger, self.shelf = users, ledger, shelf

    def __getitem__(self, place: int) -> Account:
        users, who, bits = self.users, self.users.who[place], self.users.bits(place)
        return Account(
            users.ids[place],
            users.names[who],
            users.mails[place],
            self.ledger.balance(who) + users.adjusted.get(place, 0),
            self.ledger.lifetime(who),
            users.suspended(place, bits),
            users.created[place],
            self._last_auth(place, bits),
            self._discount(place, bits),
            self._rates(place, bits) if bits % 11 == 0 else (),
            bits,
        )

    def _last_auth(self, place: int, bits: int) -> int | None:
        """Those who order come back at their own intervals; the others came a few times, or never."""
        users, created, customer = self.users, self.users.created[place], self.users.customer(place)
        by_hand = users.auths.get(place, 0)
        if customer.weight:
            every = 7200 + (bits >> 12) % (4 * DAY)
            return max(created, users.now - (users.now - bits) % every, by_hand)
        if bits % 13 == 0:
            return by_hand or None
        last = created + (bits >> 20) % (40 * DAY)
        return max(last if last <= users.now else created, by_hand)

    def _discount(self, place: int, bits: int) -> int:
        known = self.users.discounts.get(place)
        if known is not None:
            return known
        return (3, 5, 10, 15)[bits >> 33 & 3] if self.users.customer(place).weight and bits % 7 == 0 else 0

    def _rates(self, place: int, bits: int) -> tuple[CustomRate, ...]:
        """Agreed prices, for a few of those who order: some fixed, some a share of the usual one."""
        habits = dict.fromkeys(self.users.customer(place).habits[: 1 + (bits >> 8) % 4])
        return tuple(self._rate(habit, bits) for habit in habits if habit not in self.shelf.gone)

    def _rate(self, habit: int, bits: int) -> CustomRate:
        now, at_first = self.shelf.all[habit], self.shelf.then(habit, 0)
        if now.id + bits & 1:
            return CustomRate(now.id, now.name, NINETY, True)
        return CustomRate(now.id, now.name, at_first.rate * 9 // 10, False)
