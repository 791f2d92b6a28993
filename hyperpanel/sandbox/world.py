"""How a panel's orders come about: hour by hour, as a function of the seed, the hour and nothing else.

The history and the hours still to come are made by the same rule, so the world goes on as it was when the clock runs.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from hyperpanel.sandbox.catalogue import Service
from hyperpanel.sandbox.chance import rng
from hyperpanel.sandbox.customers import Customers
from hyperpanel.sandbox.providers import DOWN, HOUR, Moods
from hyperpanel.sandbox.pulse import NEVER, SLOTS, Pulse
from hyperpanel.sandbox.shelf import Shelf
from hyperpanel.sandbox.statuses import CANCELED, COMPLETED, ERROR, FAIL, PARTIAL

WEB, API, MASS = range(3)
MANUAL = 3  # added to the source
KINDS = [(mode, source) for mode in ("auto", "manual") for source in ("web", "api", "mass")]
TABLE = 1024  # drawn once, looked up often

Draw = Callable[[], float]


class Born(NamedTuple):
    """An order and its whole life: when it begins, when it ends, and how."""

    created: int
    customer: int
    service: int
    quantity: int
    begin: int
    done: int
    outcome: int
    kind: int  # mode and source, a place in KINDS


class Market(NamedTuple):
    """Who trades there."""

    shelf: Shelf
    customers: Customers
    moods: Mapping[str, Moods]


class World:
    def __init__(self, pulse: Pulse, orders: int, market: Market) -> None:
        self.pulse, self.total = pulse, orders
        self.seed, self.panel = pulse.seed, pulse.panel
        self.shelf, self.customers, self._moods = market
        self.services = self.shelf.all
        self.now, self.start = pulse.now, pulse.start
        self.moods: list[Moods | None] = []
        for service in self.services:
            self.follow(service)
        random = rng(self.seed, self.panel, "tables")
        self.delays = [math.exp(random.gauss(0, 0.9)) for _ in range(TABLE)]
        self.paces = [math.exp(random.gauss(0, 0.45)) for _ in range(TABLE)]

    def follow(self, service: Service) -> None:
        """Note whose good and bad hours are this service's, one place after the last."""
        self.moods.append(self._moods[service.provider] if service.provider else None)

    def slot(self, number: int) -> list[Born]:
        """The orders of one hour, oldest first."""
        count = self.pulse.count(number, self.total)
        return list(self._orders(number, count)) if count else []

    def _orders(self, number: int, count: int) -> Iterator[Born]:
        """The hot loop: a million orders pass through here when a large fleet starts."""
        source = rng(self.seed, self.panel, number)
        draw = source.random
        first = self.start + number * HOUR
        times = sorted([first + int(draw() * HOUR) for _ in range(count)])
        everyone, reach = self.customers.all, self.customers.reach
        joined = self.customers.by(number / SLOTS)
        total = reach[joined - 1]
        left, customer, service, kind = 0, 0, 0, WEB
        for place in range(count):
            if left:  # a burst: one customer's list, sent at once
                left -= 1
                times[place] = times[place - 1]
            else:
                customer = bisect_left(reach, draw() * total, 0, joined - 1)
                habits = everyone[customer].habits
                service = habits[int(draw() * draw() * len(habits))]
                left = int(2 + draw() * 20) if draw() < 0.012 else 0
                kind = API if everyone[customer].api and draw() < 0.94 else MASS if left else WEB
            yield self._live(draw, times[place], customer, service, kind)

    def _live(self, draw: Draw, created: int, customer: int, number: int, kind: int) -> Born:
        service, moods = self.services[number], self.moods[number]
        amounts = service.amounts
        quantity = amounts[int(draw() * len(amounts))]
        luck = draw()
        begin = created + int(service.delay * self.delays[int(draw() * TABLE)])
        took = 30 + quantity * service.pace * self.paces[int(draw() * TABLE)]
        outcome = COMPLETED
        if luck > 0.905:
            outcome = PARTIAL if luck > 0.955 else CANCELED if luck > 0.917 else FAIL if luck > 0.909 else ERROR
        elif luck < 0.022:  # stuck: nobody looks for days, or ever
            took = NEVER if luck < 0.001 else took + (2 + 40 * draw()) * 86400
        if moods is None or draw() < 0.005:
            kind += MANUAL
        if moods is not None:
            begin, took, outcome = _suffer(moods, draw, begin, took, outcome)
        if outcome in (FAIL, ERROR):  # refused where it should have begun
            return Born(created, customer, number, quantity, NEVER, begin, outcome, kind)
        return Born(created, customer, number, quantity, begin, min(int(begin + took), NEVER), outcome, kind)


def _suffer(moods: Moods, draw: Draw, begin: int, took: float, outcome: int) -> tuple[int, float, int]:
    """What a provider's bad hours do to an order: it waits, it crawls, or it is refused."""
    hour = begin // HOUR - moods.first
    mood = moods.mood(hour)
    if mood > DOWN:
        return begin, took / mood, outcome
    luck = draw()
    if luck < 0.11:
        return begin, took, FAIL if luck < 0.08 else ERROR
    forgotten = luck > 0.9  # left waiting long after the provider was back
    back = (moods.first + moods.clear(hour)) * HOUR
    return back + int(draw() * (240 if forgotten else 6) * HOUR), took * 2, outcome
