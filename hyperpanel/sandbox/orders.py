"""A panel's orders: columns of numbers, so that a million of them fit in some 40 MB and load in seconds.

What an order looks like is worked out from its life (begin, done, outcome) and the clock, never stored: as the clock
moves, only the one byte of its state is rewritten, by a heap of the moments at which something falls due.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from itertools import compress
from typing import NamedTuple

from hyperpanel.sandbox.chance import mix, rng
from hyperpanel.sandbox.providers import HOUR
from hyperpanel.sandbox.pulse import NEVER, SLOTS
from hyperpanel.sandbox.statuses import (
    AWAITING,
    CANCELED,
    COMPLETED,
    DELETED,
    ERROR,
    IN_PROGRESS,
    OPEN,
    PARTIAL,
    PENDING,
    PROCESSING,
    RUNNING,
    WAITING,
)
from hyperpanel.sandbox.world import Born, World

IS_OPEN = bytes(code in OPEN for code in range(256))


class Facts(NamedTuple):
    """How an order stands at one moment."""

    status: int
    remains: int | None
    start_count: int | None
    updated: int


class Orders:
    def __init__(self, world: World, first: int) -> None:
        self.world = world
        self.salt = mix(world.seed * 1_000_003 + first)
        self.ids, self.created = array("q"), array("I")
        self.customer, self.service, self.quantity = array("I"), array("H"), array("I")
        self.begin, self.done = array("I"), array("I")
        self.outcome, self.state, self.kind = bytearray(), bytearray(), bytearray()
        self.fixed: dict[int, int] = {}  # remains set by hand
        self.touched: dict[int, int] = {}  # when something was last set by hand
        self.taken: set[int] = set()  # by a fulfilment worker's pull
        self.deleted, self.moves = 0, 0
        self._gaps = rng(world.seed, world.panel, "ids").random
        self._last = first
        self._due: list[tuple[int, int]] = []
        self._next: list[Born] = []  # this hour's orders that are still to come, the next one last
        self._slot = SLOTS
        self.now = world.now
        for number in world.pulse.busy(world.total):
            self._append(world.slot(number))
        heapify(self._due)

    def __len__(self) -> int:
        return len(self.ids)

    def settle(self, now: int) -> None:
        """Bring the world up to the clock: orders that arrived, states that moved."""
        if now <= self.now:
            return
        self.now = now
        self._arrive(now)
        due = self._due
        while due and due[0][0] <= now:
            self.refresh(heappop(due)[1])

    def _arrive(self, now: int) -> None:
        while True:
            ready, gone = [], self.world.shelf.gone
            while self._next and self._next[-1].created <= now:
                ready.append(self._next.pop())
            self._append((order for order in ready if order.service not in gone), heap=True)
            if self._next or self.world.start + self._slot * HOUR > now:
                return
            self._next = self.world.slot(self._slot)[::-1]
            self._slot += 1

    def _append(self, born: Iterable[Born], heap: bool = False) -> None:
        now, due, last = self.now, self._due, self._last
        gaps = self._gaps
        for order in born:
            created, customer, service, quantity, begin, done, outcome, kind = order
            luck = gaps()
            last += 1 if luck < 0.93 else 2 if luck < 0.98 else 3 + int(luck * 1000) % 5
            self.ids.append(last)
            self.created.append(created)
            self.customer.append(customer)
            self.service.append(service)
            self.quantity.append(quantity)
            self.begin.append(begin)
            self.done.append(done)
            self.outcome.append(outcome)
            self.kind.append(kind)
            if done <= now:
                self.state.append(outcome)
                continue
            place = len(self.state)
            self.state.append(self._open(last, begin <= now))
            moment = done if begin <= now else min(begin, done)
            if moment < NEVER:
                heappush(due, (moment, place)) if heap else due.append((moment, place))
        self._last = last

    def add(self, born: Iterable[Born]) -> None:
        self._append(born, heap=True)

    def again(self, born: Born) -> int:
        """Give the newest number to another order, which is the newest then; where it stands."""
        place = len(self) - 1
        columns = (
            self.created,
            self.customer,
            self.service,
            self.quantity,
            self.begin,
            self.done,
            self.outcome,
            self.kind,
        )
        for column, value in zip(columns, born, strict=True):
            column[place] = value
        self.fixed.pop(place, None)
        self.touched.pop(place, None)
        self.taken.discard(place)
        self.deleted -= self.state[place] == DELETED
        self.state[place] = self.outcome[place]
        self.refresh(place)
        return place

    def _open(self, number: int, begun: bool) -> int:
        """Which word an open order goes by; panels use both of each pair."""
        bits = mix(number ^ self.salt) >> 56
        if begun:
            return PROCESSING if bits < 24 else IN_PROGRESS
        return AWAITING if bits > 247 else PENDING

    def refresh(self, place: int) -> None:
        """Write the state that the clock and the order's life give now, and note when it changes next."""
        if self.state[place] == DELETED:
            return
        begin, done, now = self.begin[place], self.done[place], self.now
        if done <= now:
            self.state[place] = self.outcome[place]
            return
        self.state[place] = self._open(self.ids[place], begin <= now)
        moment = done if begin <= now else min(begin, done)
        if moment < NEVER:
            heappush(self._due, (moment, place))

    def bits(self, place: int) -> int:
        """64 bits that belong to this order, for all that needs no column."""
        return mix(self.ids[place] ^ self.salt)

    def facts(self, place: int, bits: int) -> Facts:
        state = self.state[place]
        touched = self.touched.get(place, 0)
        if state in WAITING:
            by_hand = self.world.services[self.service[place]].provider is None
            remains = None if state == AWAITING or by_hand else self.quantity[place]
            return Facts(state, remains, None, max(self.created[place], touched))
        start = (bits >> 8) % (1 << (bits & 15)) + (bits >> 50) % 90
        if state in RUNNING:
            return self._running(place, state, bits, start, touched)
        updated = max(self.done[place], touched)
        if state == COMPLETED:
            return Facts(state, 0, start, updated)
        if state == PARTIAL:
            left = self._left(place, bits)
            return Facts(state, min(left, self.fixed.get(place, left)), start, updated)
        quantity = self.quantity[place]
        if state == CANCELED:
            return Facts(state, self.fixed.get(place, quantity), start, updated)
        return Facts(state, None if state == ERROR else quantity, None, updated)

    def _left(self, place: int, bits: int) -> int:
        """What a partial order stays short of."""
        return 1 + int((self.quantity[place] - 1) * (bits >> 24 & 0xFF) / 256) if self.quantity[place] > 1 else 1

    def _running(self, place: int, state: int, bits: int, start: int, touched: int) -> Facts:
        """Remains falls in steps, since a panel asks its provider every few minutes; a stuck order's soon stops."""
        begin, quantity, outcome = self.begin[place], self.quantity[place], self.outcome[place]
        step = 240 + (bits >> 40 & 0xFF)
        span, passed = self.done[place] - begin, (self.now - begin) // step * step
        usual = 3600 + int(4 * quantity * self.world.services[self.service[place]].pace)
        reach = 1.0
        if span > usual:
            span, passed, reach = usual, min(passed, usual // step * step), (bits >> 24 & 0xFF) / 300
        final = self._left(place, bits) if outcome == PARTIAL else quantity if outcome == CANCELED else 0
        remains = quantity - int((quantity - final) * reach * passed / span)
        return Facts(state, min(remains, self.fixed.get(place, remains)), start, max(begin + passed, touched))

    def place(self, number: int) -> int | None:
        """Where an order stands, by its number."""
        place = bisect_left(self.ids, number)
        if place < len(self.ids) and self.ids[place] == number and self.state[place] != DELETED:
            return place
        return None

    def open(self) -> list[int]:
        return list(compress(range(len(self.state)), self.state.translate(IS_OPEN)))
