"""A panel's payments: columns of numbers, and the word that the clock gives each of them."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import NamedTuple

from hyperpanel.sandbox.chance import mix, rng, salt
from hyperpanel.sandbox.methods import MANUAL
from hyperpanel.sandbox.paying import DELETED, OPEN, Paid, Till
from hyperpanel.sandbox.providers import HOUR
from hyperpanel.sandbox.pulse import NEVER, SLOTS

RISKS = ("normal", "normal", "normal", "normal", "normal", "elevated", "highest")


class Payment(NamedTuple):
    """As everyone may know it at this moment."""

    id: int
    who: int
    amount: int
    method: str
    status: int
    memo: str
    balance: int  # what its user had when it was made
    fraud_risk: str | None
    mode: str
    created: int
    updated: int
    bits: int


class Payments:
    def __init__(self, till: Till, total: int) -> None:
        self.till, self.total, pulse = till, total, till.pulse
        self.salt = salt(pulse.seed, pulse.panel, "payment")
        self.ids, self.created = array("q"), array("I")
        self.customer, self.amount, self.method = array("I"), array("q"), bytearray()
        self.first, self.between, self.outcome = bytearray(), bytearray(), bytearray()
        self.begin, self.done = array("I"), array("I")
        self.state = bytearray()
        self.touched: dict[int, int] = {}
        self.memos: dict[int, str] = {}  # written by hand
        self.deleted, self.moves = 0, 0
        self._gaps = rng(pulse.seed, pulse.panel, "payment ids").random
        self._last = rng(pulse.seed, pulse.panel, "payments").randrange(50_000, 900_000)
        self._due: list[tuple[int, int]] = []
        self._next: list[Paid] = []  # this hour's that are still to come, the next one last
        self._slot = SLOTS
        self.now = pulse.now
        for number in pulse.busy(total):
            self.add(till.slot(number, total))

    def __len__(self) -> int:
        return len(self.ids)

    def settle(self, now: int) -> None:
        """Bring them up to the clock: those that arrived, those that moved."""
        if now <= self.now:
            return
        self.now = now
        self._arrive(now)
        while self._due and self._due[0][0] <= now:
            self.refresh(heappop(self._due)[1])

    def _arrive(self, now: int) -> None:
        while True:
            while self._next and self._next[-1].created <= now:
                self.add([self._next.pop()])
            if self._next or self.till.pulse.start + self._slot * HOUR > now:
                return
            self._next = list(self.till.slot(self._slot, self.total))[::-1]
            self._slot += 1

    def add(self, made: Iterable[Paid]) -> None:
        for created, customer, amount, method, life in made:
            luck = self._gaps()
            self._last += 1 if luck < 0.9 else 2 + int(luck * 1000) % 4
            self.ids.append(self._last)
            self.created.append(created)
            self.customer.append(customer)
            self.amount.append(amount)
            self.method.append(method)
            self.first.append(life.first)
            self.between.append(life.between)
            self.begin.append(life.begin)
            self.done.append(life.done)
            self.outcome.append(life.outcome)
            self.state.append(life.first)
            self.refresh(len(self.state) - 1)

    def refresh(self, place: int) -> None:
        """Write the word that the clock and the payment's life give now, and note when it changes next."""
        if self.state[place] == DELETED:
            return
        begin, done = self.begin[place], self.done[place]
        if done <= self.now:
            self.state[place] = self.outcome[place]
            return
        begun = begin <= self.now
        self.state[place] = self.between[place] if begun else self.first[place]
        moment = done if begun else min(begin, done)
        if moment < NEVER:
            heappush(self._due, (moment, place))

    def end(self, place: int, outcome: int) -> None:
        """By hand, now."""
        self.outcome[place], self.done[place] = outcome, self.now
        self.begin[place] = min(self.begin[place], self.now)
        self.touched[place] = self.now
        self.refresh(place)

    def hold(self, place: int, status: int, until: int) -> None:
        """By hand, from now until somebody decides."""
        self.between[place], self.begin[place], self.done[place] = status, self.now, until
        self.touched[place] = self.now
        self.refresh(place)

    def delete(self, place: int) -> None:
        self.state[place] = DELETED
        self.deleted += 1

    def place(self, number: int) -> int | None:
        place = bisect_left(self.ids, number)
        there = place < len(self) and self.ids[place] == number and self.state[place] != DELETED
        return place if there else None

    def live(self) -> list[int]:
        return [place for place, state in enumerate(self.state) if state != DELETED]

    def open(self) -> list[int]:
        return [place for place, state in enumerate(self.state) if state in OPEN]

    def usual(self, who: int) -> int:
        return self.till.typical(who)

    def bits(self, place: int) -> int:
        return mix(self.ids[place] ^ self.salt)

    def __getitem__(self, place: int) -> Payment:
        bits, method = self.bits(place), self.till.methods[self.method[place]]
        who = self.customer[place]
        return Payment(
            self.ids[place],
            who,
            self.amount[place],
            method.name,
            self.state[place],
            self.memos[place] if place in self.memos else self._memo(place, bits, method.kind),
            self.usual(who) * (bits >> 20 & 127) // 100,
            RISKS[bits >> 30 & 7] if method.kind == "card" and bits >> 30 & 7 < len(RISKS) else None,
            "manual" if method.kind in (MANUAL, "bank") else "auto",
            self.created[place],
            self._updated(place),
            bits,
        )

    def _updated(self, place: int) -> int:
        moments = (self.created[place], self.begin[place], self.done[place], self.touched.get(place, 0))
        return max(moment for moment in moments if moment <= self.now)

    def _memo(self, place: int, bits: int, kind: str) -> str:
        match kind:
            case "bonus":
                return f"Bonus 5% for payment {self.ids[place - 1]}" if place else "Bonus"
            case "manual":
                return ("compensation", "EFT dekont geldi ✓", "credit for a lost order", "возврат", "")[bits % 5]
            case "crypto":
                return f"{bits:016x}{mix(bits):016x}"
            case "bank":
                return ("", "", f"dekont {bits % 10**8}", "gönderen: müşterinin adı", 'ref: "ORDER" <1>')[bits % 5]
            case _:
                return f"{bits >> 20:011X}TX"
