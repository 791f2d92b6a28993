"""What befalls a simulated fleet: outages that a detector is to find, and everything else that looks like one.

A total outage comes in two ways. In the one the work stops, while orders may still be taken and started. In the other the provider's
address does not answer: the work goes on, nothing is reported, new orders wait or fail, and all of it finishes when the address is back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.support.simulated_fleets import HOUR, MINUTE, Fleet, Listing, Panel, Source, evenly

TOTAL = ("stopped", "mute")
BUSIEST_SHARE = 0.6
"""Of a provider's traffic, at most so much is hit where only a part is: one that is all in one service, or on one panel, tells nothing."""


@dataclass(frozen=True)
class Event:
    """It slows by `factor` (0: stops) the given sources, or all of the provider; on one panel, or on all."""

    kind: str
    provider: str
    since: int
    until: int
    factor: float = 0.0
    sources: frozenset[int] = frozenset()
    panel: int = 0
    leak: float = 0.0  # so many orders are finished by hand all the same
    cancels: float = 0.0  # of those that wait, at its end
    fails: float = 0.0  # of those that come, until its end
    orders: int = 0

    def hits(self, panel: Panel, source: Source) -> bool:
        return (
            self.kind not in ("late", "burst")
            and self.provider == source.provider
            and (not self.sources or source.number in self.sources)
            and self.panel in (0, panel.number)
        )

    def under_way(self, at: float) -> bool:
        return self.since <= at < self.until


def drawn(chance: Random, fleet: Fleet, amount: float = 1.0) -> tuple[Fleet, list[Event]]:
    """The fleet comes back with the late reads of its panels. `amount` thins all of it out."""
    settled = fleet.since + round(0.4 * (fleet.until - fleet.since))
    busy = shares(fleet)
    events = outages(chance, fleet, busy, settled, amount)
    for make in (partial, slowed, service, link, burst):
        for _ in range(chance.randint(2, 4)):
            event = make(chance, fleet, busy)
            if event and chance.random() < amount and not any(conceals(event, other) for other in events):
                events.append(event)
    late = [tardy(chance, fleet) for _ in range(chance.randint(1, 3)) if chance.random() < amount]
    return with_late(fleet, late), sorted(events + late, key=lambda event: event.since)


def shares(fleet: Fleet) -> dict[str, float]:
    """Each provider's part of the traffic; those without a usual pace, new or closed, are left out of all events."""
    found: dict[str, float] = {}
    for listing in fleet.listings:
        name = listing.source.provider
        if name and fleet.odd.get(name) not in ("new", "closed"):
            found[name] = found.get(name, 0.0) + listing.weight
    return found


def outages(chance: Random, fleet: Fleet, busy: dict[str, float], settled: int, amount: float) -> list[Event]:
    events: list[Event] = []
    for _ in range(round(amount * min(10, max(4, len(busy) // 2)))):
        first = settled if chance.random() < 0.85 else fleet.since
        name = some(chance, busy) if chance.random() < 0.7 else chance.choice(list(busy))
        event = spanned(chance, fleet, chance.choice(TOTAL), name, (15 * MINUTE, 20 * HOUR), first)
        event = replace(
            event,
            leak=chance.uniform(0.005, 0.02) if chance.random() < 0.15 else 0.0,
            cancels=chance.uniform(0.2, 0.9) if chance.random() < 0.4 else 0.0,
            fails=chance.uniform(0.1, 0.9) if event.kind == "mute" and chance.random() < 0.5 else 0.0,
        )
        if not any(clash(event, other) for other in events):
            events.append(event)
    return events


def clash(event: Event, other: Event) -> bool:
    """A provider gets its breath back between two outages."""
    return (
        event.provider == other.provider
        and event.since < other.until + 6 * HOUR
        and other.since < event.until + 6 * HOUR
    )


def conceals(event: Event, other: Event) -> bool:
    """Two partial failures at a time might together be a total one, and then it would be one."""
    parts = {event.kind, other.kind} <= {"partial", "service", "link"}
    return parts and event.provider == other.provider and event.since < other.until and other.since < event.until


def some(chance: Random, busy: dict[str, float]) -> str:
    return chance.choices(list(busy), list(busy.values()))[0]


def spanned(
    chance: Random, fleet: Fleet, kind: str, provider: str, lasts: tuple[int, int], first: int | None = None
) -> Event:
    since = chance.randrange(fleet.since if first is None else first, fleet.until - HOUR)
    return Event(kind, provider, since, since + round(evenly(chance, *lasts)))


def partial(chance: Random, fleet: Fleet, busy: dict[str, float]) -> Event | None:
    """Some of a provider's services, as when one of the sites that it serves has changed."""
    name = some(chance, busy)
    weights = by_source(fleet.traffic(name))
    hit, part, aim = set(), 0.0, chance.uniform(0.2, BUSIEST_SHARE)
    for number in chance.sample(list(weights), len(weights)):
        if part + weights[number] <= aim:
            hit.add(number)
            part += weights[number]
    event = spanned(chance, fleet, "partial", name, (HOUR, 20 * HOUR))
    return replace(event, sources=frozenset(hit)) if part >= 0.15 else None


def by_source(listings: Sequence[Listing]) -> dict[int, float]:
    """Each source's part of these."""
    whole = sum(listing.weight for listing in listings)
    found: dict[int, float] = {}
    for listing in listings:
        found[listing.source.number] = found.get(listing.source.number, 0.0) + listing.weight / whole
    return found


def slowed(chance: Random, fleet: Fleet, busy: dict[str, float]) -> Event:
    event = spanned(chance, fleet, "slow-down", some(chance, busy), (2 * HOUR, 24 * HOUR))
    return replace(event, factor=1 / chance.uniform(3, 10))


def service(chance: Random, fleet: Fleet, busy: dict[str, float]) -> Event | None:
    name = some(chance, busy)
    weights = {number: part for number, part in by_source(fleet.traffic(name)).items() if part <= BUSIEST_SHARE}
    if not weights:
        return None
    number = chance.choices(list(weights), list(weights.values()))[0]
    return replace(spanned(chance, fleet, "service", name, (6 * HOUR, 72 * HOUR)), sources=frozenset({number}))


def link(chance: Random, fleet: Fleet, busy: dict[str, float]) -> Event | None:
    """A key that was changed, or money that ran out there: one panel gets nothing, the others do."""
    name = some(chance, busy)
    listings = fleet.traffic(name)
    whole = sum(listing.weight for listing in listings)
    parts: dict[int, float] = {}
    for listing in listings:
        parts[listing.panel.number] = parts.get(listing.panel.number, 0.0) + listing.weight / whole
    able = [number for number, part in parts.items() if part <= BUSIEST_SHARE]
    if not able:
        return None
    event = spanned(chance, fleet, "link", name, (HOUR, 12 * HOUR))
    return replace(event, panel=chance.choice(able), fails=chance.choice((0.0, 0.8)))


def burst(chance: Random, fleet: Fleet, busy: dict[str, float]) -> Event:
    """One customer's list, pasted in one go."""
    name = some(chance, busy)
    listing = chance.choice(fleet.traffic(name))
    event = spanned(chance, fleet, "burst", name, (10 * MINUTE, 40 * MINUTE))
    return replace(
        event,
        panel=listing.panel.number,
        sources=frozenset({listing.source.number}),
        orders=chance.randint(50, 400),
        factor=1 / chance.uniform(1, 4),
    )


def tardy(chance: Random, fleet: Fleet) -> Event:
    """The console does not reach a panel: nothing of it is read."""
    panels = [panel.number for panel in fleet.panels]
    return replace(spanned(chance, fleet, "late", "", (HOUR, 10 * HOUR)), panel=chance.choice(panels))


def with_late(fleet: Fleet, events: Sequence[Event]) -> Fleet:
    late = {panel.number: spans(events, panel.number) for panel in fleet.panels}
    panels = {panel.number: replace(panel, late=late[panel.number]) for panel in fleet.panels}
    listings = tuple(replace(listing, panel=panels[listing.panel.number]) for listing in fleet.listings)
    return replace(fleet, panels=tuple(panels.values()), listings=listings)


def spans(events: Sequence[Event], panel: int) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((event.since, event.until) for event in events if event.panel == panel))
