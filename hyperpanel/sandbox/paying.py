"""How payments come about: hour by hour, as orders do, each with the whole of its life.

A card is charged at once or refused, a coin is waited for, a bank transfer waits for a person.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log
from random import Random
from typing import NamedTuple

from hyperpanel.sandbox.catalogue import Service
from hyperpanel.sandbox.chance import mix, rng
from hyperpanel.sandbox.customers import Customers
from hyperpanel.sandbox.methods import BONUS, MANUAL, Method
from hyperpanel.sandbox.money import Currency
from hyperpanel.sandbox.providers import HOUR
from hyperpanel.sandbox.pulse import NEVER, SLOTS, Pulse

STATUSES = ("waiting", "pending", "hold", "underpaid", "completed", "expired", "fail")
WAITING, PENDING, HOLD, UNDERPAID, COMPLETED, EXPIRED, FAIL = range(7)
DELETED = 7
OPEN = frozenset((WAITING, PENDING, HOLD, UNDERPAID))
DAY = 24 * HOUR
ROUND = (1, 2, 5, 10, 10, 20, 25, 50, 100, 100, 200, 250, 500, 1000)


class Life(NamedTuple):
    """Which word first, which in between (from `begin`) and which in the end (from `done`)."""

    first: int
    between: int
    begin: int
    done: int
    outcome: int


class Paid(NamedTuple):
    created: int
    customer: int
    amount: int
    method: int
    life: Life


class Till:
    """Whose customers pay, how, and in what money."""

    def __init__(self, pulse: Pulse, customers: Customers, methods: Sequence[Method], currency: Currency) -> None:
        self.pulse, self.customers, self.methods, self.currency = pulse, customers, methods, currency
        self.usual: dict[int, int] = {}
        self.charges: list[int] = []
        self.orders_each = 1.0

    def expect(self, services: Sequence[Service], orders: int, payments: int) -> None:
        """Payments have to bring in what orders cost, though many come to nothing or from those who order nothing."""
        self.charges = [
            sum(self.currency.charge(one.rate, amount) for amount in one.amounts) // len(one.amounts)
            for one in services
        ]
        self.orders_each = max(1.0, orders / max(1, payments)) * 1.6

    def slot(self, number: int, total: int) -> Iterator[Paid]:
        """The payments of one hour, oldest first; `total` of them fall into the history."""
        count = self.pulse.count(number, total)
        if not count:  # a generator costs more than many a payment
            return
        random = rng(self.pulse.seed, self.pulse.panel, "payments", number)
        first = self.pulse.start + number * HOUR
        before: Paid | None = None
        for created in sorted(first + int(random.random() * HOUR) for _ in range(count)):
            came = before is not None and before.life.outcome == COMPLETED and before.life.done <= created
            luck = random.random()
            before = (
                self._bonus(before, created) if came and before and luck < 0.06 else self._any(random, number, created)
            )
            yield before

    def _any(self, random: Random, number: int, created: int) -> Paid:
        customers = self.customers
        joined = customers.by(number / SLOTS)
        if random.random() < 0.15:  # anybody, also those who never order
            who = random.randrange(joined)
        else:
            who = bisect_left(customers.reach, random.random() * customers.reach[joined - 1], 0, joined - 1)
        return self.paid(random, who, created)

    def paid(self, random: Random, who: int, created: int) -> Paid:
        count = len(self.methods)
        method = count - 2 if random.random() < 0.02 else int(random.random() ** 1.5 * (count - 2))
        amount = self._amount(random, who)
        return Paid(created, who, amount, method, lives(random, self.methods[method].kind, created))

    def _bonus(self, before: Paid, created: int) -> Paid:
        """What the panel adds by itself to a payment that came in."""
        place = len(self.methods) - 1
        return Paid(created, before.customer, max(1, before.amount // 20), place, at_once(created))

    def typical(self, who: int) -> int:
        """The usual size of a customer's payments, in units; worked out once."""
        known = self.usual.get(who)
        if known is None:
            known = self.usual[who] = self._typical(who)
        return known

    def _typical(self, who: int) -> int:
        customer, unit = self.customers.all[who], int(10**self.currency.places)
        tenner = max(1, 10 * unit * self.currency.per_usd // 100)
        if not customer.habits:
            return tenner * (1 + mix(customer.number) % 5) // 2
        shares = favour(len(customer.habits))
        mean = sum(self.charges[habit] * share for habit, share in zip(customer.habits, shares, strict=True))
        return max(tenner // 5, int(mean * self.orders_each))

    def _amount(self, random: Random, who: int) -> int:
        units = self.typical(who) * random.lognormvariate(-0.2, 0.6)
        if random.random() < 0.18:  # to the cent, as a coin's rate gives it
            return max(1, int(units))
        unit = int(10 ** (self.currency.places + len(str(self.currency.per_usd // 100)) - 1))  # liras go by tens
        places = bisect_left(ROUND, units / unit)
        step = ROUND[min(places, len(ROUND) - 1)] if units < ROUND[-1] * unit else 500
        return int(max(1, round(units / unit / step)) * step) * unit


@lru_cache(64)
def favour(count: int) -> list[float]:
    """How often each habit is followed where the product of two draws chooses: the first most."""
    reached = [0.0, *(x - x * log(x) for x in ((place + 1) / count for place in range(count)))]
    return [above - below for below, above in pairwise(reached)]


def lives(random: Random, kind: str, created: int) -> Life:
    if kind in (MANUAL, BONUS):
        return at_once(created)
    return {"card": _card, "crypto": _coin, "bank": _transfer}[kind](random, created)


def at_once(created: int) -> Life:
    return Life(PENDING, PENDING, created, created, COMPLETED)


def _card(random: Random, created: int) -> Life:
    luck, soon = random.random(), created + 3 + int(random.random() * 90)
    if luck < 0.05:  # somebody looks at it first
        checked = soon + int((0.5 + 30 * random.random()) * HOUR)
        return Life(PENDING, HOLD, soon, checked, COMPLETED if luck < 0.035 else FAIL)
    return Life(PENDING, PENDING, soon, soon, COMPLETED if luck < 0.9 else FAIL)


def _coin(random: Random, created: int) -> Life:
    luck, seen = random.random(), created + int((4 + 70 * random.random()) * 60)
    if luck < 0.66:
        return Life(WAITING, PENDING, seen, seen + int(random.random() * 1200), COMPLETED)
    if luck < 0.71:  # too little came; some of it is put right by hand
        return Life(WAITING, UNDERPAID, seen, seen + int(DAY * random.random()) if luck < 0.68 else NEVER, COMPLETED)
    if luck < 0.73:
        return Life(WAITING, PENDING, seen, seen + 2 * HOUR, FAIL)
    return Life(WAITING, WAITING, NEVER, created + random.choice((3 * HOUR, DAY)), EXPIRED)


def _transfer(random: Random, created: int) -> Life:
    luck, looked = random.random(), created + int(random.lognormvariate(8.6, 1.2))
    if luck < 0.01:  # nobody ever looks
        return Life(PENDING, PENDING, NEVER, NEVER, COMPLETED)
    if luck < 0.14:
        return Life(PENDING, PENDING, NEVER, created + 3 * DAY, EXPIRED if luck < 0.1 else FAIL)
    return Life(PENDING, PENDING, looked, looked, COMPLETED)
