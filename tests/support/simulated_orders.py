"""What truly becomes of each order of a simulated fleet: placed by the panel's day, started, delivered, and reported at last.

Every order also has its `usual` finish, the one it would have had without any event: that tells how many deliveries an outage has held up.
A few orders are stuck for ever, canceled by the customer, or refused; deliveries have heavy tails.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.support import simulated_paces
from tests.support.simulated_events import TOTAL, Event
from tests.support.simulated_fleets import DAY, HOUR, MINUTE, NATURES, QUANTITIES, Fleet, Listing
from tests.support.simulated_paces import Pace

STUCK, CANCELED, REFUSED, PARTIAL, TAILED = 0.006, 0.015, 0.003, 0.02, 0.03
LONGEST = 30.0 * DAY


@dataclass(frozen=True, slots=True)
class Order:
    """`ends`: when the panel knows of its last status; never, if it is stuck. `usual`: the same, had nothing befallen its provider."""

    id: str
    listing: Listing
    created: int
    quantity: int
    accepted: int
    started: int
    status: str  # the last one
    remains: int  # at last
    ends: int | None
    usual: int | None
    failing: tuple[int, int] | None  # it is shown as failed within these
    begun: float
    work: float
    pace: Pace

    @property
    def delivered(self) -> bool:
        return self.status in ("completed", "partial")

    def remaining(self, at: int) -> int:
        """What a panel that is read at this time says of one that is open."""
        seen = at
        for first, last in self.pace.mutes:
            if first <= at < last:
                seen = first
        part = min(0.99, self.pace.done(self.begun, seen) / self.work)
        return self.quantity - round(self.quantity * max(0.0, part))


def placed(chance: Random, fleet: Fleet, events: Sequence[Event]) -> Iterator[Order]:
    """In the order in which each panel takes them, which is how ids grow."""
    paces = Paces(events)
    asked = sorted(requests(chance, fleet, events), key=lambda request: request[0])
    begun = 1_000_000 * (1 + chance.randrange(90))
    for number, (created, listing, work_factor) in enumerate(asked):
        yield lived(chance, fleet, paces, f"{begun + number}", listing, created, work_factor)


def requests(chance: Random, fleet: Fleet, events: Sequence[Event]) -> Iterator[tuple[int, Listing, float]]:
    whole = sum(listing.weight for listing in fleet.listings)
    for listing in fleet.listings:
        part = (listing.ends - listing.begins) / (fleet.until - fleet.since)
        for _ in range(counted(chance, fleet.orders * listing.weight * part / whole)):
            yield moment(chance, listing), listing, 1.0
    for event in events:
        if event.kind == "burst":
            listing = next(
                one for one in fleet.listings if one.panel.number == event.panel and one.source.number in event.sources
            )
            for _ in range(event.orders):
                yield chance.randrange(event.since, event.until), listing, 1 / event.factor


def counted(chance: Random, mean: float) -> int:
    """Poisson's count; of many it is near enough the bell's."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    left, count = chance.expovariate(1.0), 0
    while left < mean:
        count += 1
        left += chance.expovariate(1.0)
    return count


def moment(chance: Random, listing: Listing) -> int:
    """By day more than by night, as the panel's customers live."""
    panel = listing.panel
    while True:
        at = chance.randrange(listing.begins, listing.ends)
        wave = 1 + panel.swing * math.cos((at % DAY / HOUR - panel.peak) / 24 * math.tau)
        if chance.random() * (1 + panel.swing) < wave:
            return at


class Paces:
    """Of each source on each panel, worked out once; an order that leaks out of an outage has one without it."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.known: dict[tuple[int, int, bool], tuple[list[Event], Pace]] = {}

    def of(self, listing: Listing, leaks: bool) -> tuple[list[Event], Pace]:
        key = (listing.panel.number, listing.source.number, leaks)
        if key not in self.known:
            hit = [event for event in self.events if event.hits(listing.panel, listing.source)]
            hit = [event for event in hit if not (leaks and event.leak)]
            self.known[key] = hit, simulated_paces.of(hit)
        return self.known[key]


def lived(chance: Random, fleet: Fleet, paces: Paces, key: str, listing: Listing, created: int, factor: float) -> Order:
    source = listing.source
    quantity = amount(chance, listing)
    delay, delivery = efforts(chance, fleet, listing, created, quantity)
    work = (delay + delivery) * factor
    hit, pace = paces.of(listing, leaks=chance.random() < leakage(paces.events, source.provider))
    begun = pace.told(opened(listing, created))
    hour = fleet.hourly.get(source.provider)
    ends = reported(pace, pace.end(begun, work), hour, chance.random() * 10 * MINUTE)
    order = Order(
        id=key,
        listing=listing,
        created=created,
        quantity=quantity,
        accepted=math.ceil(pace.told(created + chance.expovariate(1 / 60))),
        started=math.ceil(pace.told(begun + delay)),
        status="partial" if chance.random() < PARTIAL else "completed",
        remains=0,
        ends=ends,
        usual=reported(Pace(), opened(listing, created) + work, hour, 0),
        failing=failing(chance, hit, created),
        begun=begun + delay,
        work=delivery * factor,
        pace=pace,
    )
    if order.status == "partial":
        order = replace(order, remains=chance.randint(1, max(1, quantity // 2)))
    return mishaps(chance, hit, order)


def amount(chance: Random, listing: Listing) -> int:
    """Customers like round numbers."""
    drawn = listing.source.quantity * math.exp(chance.gauss(0, 1.1))
    step: int = 10 ** max(0, math.floor(math.log10(max(drawn, 1))) - (chance.random() < 0.5))
    low, high = QUANTITIES
    return min(high, max(low, round(drawn / step) * step))


def efforts(chance: Random, fleet: Fleet, listing: Listing, created: int, quantity: int) -> tuple[float, float]:
    """Seconds until it starts and seconds from there, at the pace of the day."""
    source = listing.source
    drift = math.exp(source.drift * (created - fleet.since) / (fleet.until - fleet.since))
    delay = source.delay * math.exp(chance.gauss(0, source.delay_spread)) * drift
    usual = source.speed if NATURES[source.nature].dripped else quantity / source.speed
    delivery = usual * math.exp(chance.gauss(0, source.speed_spread)) * drift
    if chance.random() < TAILED:
        delivery *= chance.uniform(3, 15)
    return max(5.0, delay), min(LONGEST, max(5.0, delivery))


def opened(listing: Listing, created: int) -> float:
    """What people deliver by hand waits for their working day, of nine hours around the panel's busiest hour."""
    if listing.source.provider:
        return created
    hour = (created / HOUR - listing.panel.peak + 4.5) % 24
    return created if hour < 9 else created + (24 - hour) * HOUR


def leakage(events: Sequence[Event], provider: str) -> float:
    return max((event.leak for event in events if event.provider == provider), default=0.0)


def reported(pace: Pace, at: float, hour: int | None, lag: float) -> int:
    """After an address was mute, its news come in within minutes; some providers tell theirs once an hour only."""
    told = pace.told(at)
    if told > at:
        told += lag
    if hour is not None:
        told += (hour - told) % HOUR
        while pace.blocked(told):
            told += HOUR
    return math.ceil(told)


def failing(chance: Random, hit: Sequence[Event], created: int) -> tuple[int, int] | None:
    """It was refused, and is sent again when the address answers; a few were wrong in themselves, and stay so."""
    for event in hit:
        if event.under_way(created) and event.fails and chance.random() < event.fails:
            return created + 5, event.until
    return (created + 5, 1 << 40) if chance.random() < REFUSED else None


def mishaps(chance: Random, hit: Sequence[Event], order: Order) -> Order:
    """Stuck for ever; or canceled, by the customer at any time, or in bulk when an outage is over."""
    if order.failing and order.failing[1] == 1 << 40:
        return replace(order, ends=None, usual=None, status="fail")
    if chance.random() < STUCK:
        return replace(order, ends=None, usual=None, status="in_progress")
    assert order.ends is not None
    quits = order.created + round(chance.expovariate(1 / (6 * HOUR))) + MINUTE
    if chance.random() < CANCELED and quits < order.ends:
        return canceled(order, quits)
    for event in hit:
        if event.kind in TOTAL and order.created < event.until <= order.ends and chance.random() < event.cancels:
            return canceled(order, event.until + chance.randrange(15 * MINUTE))
    return order


def canceled(order: Order, at: int) -> Order:
    """Its usual finish stays what it was: had the provider worked, it would often have come first."""
    usual = order.usual if order.usual is not None and order.usual <= at else None
    return replace(order, ends=at, usual=usual, status="canceled", remains=order.quantity, failing=None)
