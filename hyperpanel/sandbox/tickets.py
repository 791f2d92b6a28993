"""A panel's tickets: each has its whole course, of which the clock shows the part that has happened."""

from array import array
from bisect import bisect_left
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple

from hyperpanel.sandbox.chance import mix, rng, salt
from hyperpanel.sandbox.methods import BY_HAND
from hyperpanel.sandbox.providers import HOUR
from hyperpanel.sandbox.pulse import SLOTS
from hyperpanel.sandbox.threads import CUSTOMER, Event, Thread, subject
from hyperpanel.sandbox.troubles import Desk, ask

DELETED = 255


class Opening(NamedTuple):
    at: int
    name: int  # of its chance


class Ticket(NamedTuple):
    """As everyone may know it at this moment."""

    id: int
    who: int
    subject: str
    status: int
    answered: bool  # at least once, by staff
    assignee: str | None
    is_read: bool
    created: int
    updated: int
    bits: int


class Tickets:
    def __init__(self, desk: Desk, total: int) -> None:
        self.desk, self.total, self.pulse = desk, total, desk.payments.till.pulse
        self.salt = salt(self.pulse.seed, self.pulse.panel, "ticket")
        self.ids, self.created, self.updated = array("q"), array("I"), array("I")
        self.customer = array("I")
        self.state, self.shown = bytearray(), array("H")  # how many of its events have happened
        self.subjects: list[str] = []
        self.events: list[list[Event]] = []
        self.assigned: dict[int, int] = {}  # to whom, by hand
        self.read: dict[int, int] = {}  # when, by hand
        self.deleted, self.moves = 0, 0
        random = rng(self.pulse.seed, self.pulse.panel, "tickets")
        self._gaps, self._last = random.random, random.randrange(20_000, 90_000)
        self._due: list[tuple[int, int]] = []
        self._next: list[Opening] = []  # this hour's that are still to come, the next one last
        self._slot = SLOTS
        self._sorted: list[int] = []
        self._moved = True
        self.now = self.pulse.now
        for number in self.pulse.busy(total):
            for opening in self._hour(number):
                self.open(rng(opening.name), opening.at)

    def __len__(self) -> int:
        return len(self.ids)

    def settle(self, now: int) -> None:
        """Bring them up to the clock; orders and payments first, since those are what is asked about."""
        if now <= self.now:
            return
        self.now = now
        self._arrive(now)
        while self._due and self._due[0][0] <= now:
            self.refresh(heappop(self._due)[1])

    def _arrive(self, now: int) -> None:
        while True:
            while self._next and self._next[-1].at <= now:
                opening = self._next.pop()
                self.open(rng(opening.name), opening.at)
            if self._next or self.pulse.start + self._slot * HOUR > now:
                return
            self._next = self._hour(self._slot)[::-1]
            self._slot += 1

    def _hour(self, number: int) -> list[Opening]:
        first, count = self.pulse.start + number * HOUR, self.pulse.count(number, self.total)
        names = [mix(self.salt ^ number << 20 ^ each) for each in range(count)]
        return sorted(Opening(first + name % HOUR, name) for name in names)

    def open(self, random: Random, at: int) -> int:
        who, question = ask(random, self.desk, at)
        place, luck = len(self.ids), self._gaps()
        self._last += 1 if luck < 0.95 else 2
        self.ids.append(self._last)
        self.created.append(at)
        self.updated.append(at)
        self.customer.append(who)
        self.state.append(0)
        self.shown.append(0)
        self.subjects.append(subject(random, question, self._method(random)))
        self.events.append(Thread(random, question, self.desk.team).events())
        self.refresh(place)
        return place

    def again(self, random: Random) -> int:
        """Give the newest number to another ticket, opened now; where it stands."""
        place, (who, question) = len(self) - 1, ask(random, self.desk, self.now)
        self.deleted -= self.state[place] == DELETED
        self.created[place] = self.updated[place] = self.now
        self.customer[place] = who
        self.state[place] = self.shown[place] = 0
        self.subjects[place] = subject(random, question, self._method(random))
        self.events[place] = Thread(random, question, self.desk.team).events()
        self.assigned.pop(place, None)
        self.read.pop(place, None)
        self.refresh(place)
        return place

    def _method(self, random: Random) -> str:
        return random.choice(self.desk.payments.till.methods[: -len(BY_HAND)]).label

    def refresh(self, place: int) -> None:
        """Show what has happened until now, and note when something happens next."""
        if self.state[place] == DELETED:
            return
        events, shown = self.events[place], self.shown[place]
        while shown < len(events) and events[shown].at <= self.now:
            self.state[place] = events[shown].status
            self.updated[place] = max(self.updated[place], events[shown].at)
            shown += 1
        self.shown[place], self._moved = shown, True
        if shown < len(events):
            heappush(self._due, (events[shown].at, place))

    def happen(self, place: int, event: Event) -> None:
        """By hand, now: what was to come comes all the same."""
        self.events[place].insert(self.shown[place], event)
        self.refresh(place)

    def touch(self, place: int) -> None:
        self.updated[place], self._moved = self.now, True

    def delete(self, place: int) -> None:
        self.state[place], self._moved = DELETED, True
        self.deleted += 1

    def place(self, number: int) -> int | None:
        place = bisect_left(self.ids, number)
        there = place < len(self) and self.ids[place] == number and self.state[place] != DELETED
        return place if there else None

    def live(self) -> list[int]:
        return [place for place, state in enumerate(self.state) if state != DELETED]

    def by_update(self) -> list[int]:
        """All there are, the one that was last touched last."""
        if self._moved:
            self._sorted, self._moved = sorted(self.live(), key=self.updated.__getitem__), False
        return self._sorted

    def said(self, place: int) -> list[Event]:
        """The messages that are there, oldest first."""
        return [event for event in self.events[place][: self.shown[place]] if event.body is not None]

    def __getitem__(self, place: int) -> Ticket:
        bits, said = mix(self.ids[place] ^ self.salt), self.said(place)
        staff = [event.staff for event in said if event.staff != CUSTOMER]
        keeper = self.assigned.get(place, staff[-1] if staff else None)
        return Ticket(
            self.ids[place],
            self.customer[place],
            self.subjects[place],
            self.state[place],
            bool(staff),
            None if keeper is None else self.desk.team[keeper].name,
            self._is_read(place, said),
            self.created[place],
            self.updated[place],
            bits,
        )

    def _is_read(self, place: int, said: list[Event]) -> bool:
        """By staff: whoever answers has read, others look in before they answer."""
        if not said or said[-1].staff != CUSTOMER:
            return True
        return min(said[-1].seen, self.read.get(place, said[-1].seen)) <= self.now
