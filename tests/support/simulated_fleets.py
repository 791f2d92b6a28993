"""Fleets that never were: panels that resell the services of shared providers, drawn as the market is: a few carry most of the traffic.

What a console cannot see is all here (who is slow by nature, who reports by the hour, who has quietly closed), so that worlds made of it
can be judged. Times are whole seconds since 1970.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

DAY, HOUR, MINUTE = 86400, 3600, 60
QUANTITIES = 10, 200_000


@dataclass(frozen=True)
class Nature:
    """Ranges of a kind of service: the start's delay in seconds, the speed a day, the median quantity, and how much the pace varies."""

    delay: tuple[float, float]
    speed: tuple[float, float]
    quantity: tuple[float, float]
    spread: tuple[float, float]
    dripped: bool = False  # over days that the customer chose, whatever the quantity


NATURES = {
    "views": Nature((30, 600), (40_000, 500_000), (500, 12_000), (0.3, 0.6)),
    "likes": Nature((60, 1800), (5000, 100_000), (100, 1500), (0.3, 0.6)),
    "followers": Nature((300, 6 * HOUR), (2000, 50_000), (150, 2500), (0.4, 0.8)),
    "comments": Nature((30 * MINUTE, 12 * HOUR), (200, 3000), (20, 150), (0.4, 0.9)),
    "drip": Nature((30 * MINUTE, 2 * HOUR), (1, 6), (100, 1000), (0.2, 0.4), dripped=True),
    "manual": Nature((30 * MINUTE, 3 * HOUR), (20_000, 100_000), (50, 500), (0.5, 0.9)),
}
USUAL = {"views": 5, "likes": 5, "followers": 5, "comments": 2, "drip": 1}
SLOW = {"likes": 1, "followers": 4, "comments": 4, "drip": 3}


@dataclass(frozen=True)
class Source:
    """One service at its provider. Whatever panel sells it, it is delivered at this pace; `drift` is the pace's change over the world's days."""

    number: int
    provider: str
    nature: str
    delay: float
    delay_spread: float
    speed: float  # a second; of drips, seconds in all
    speed_spread: float
    quantity: float
    price: int  # of one, in units of 1e-8
    drift: float


@dataclass(frozen=True)
class Panel:
    """`every` and `phase`: when the console reads it. `tells`: it says when an order was last updated. `attached`: the first read."""

    number: int
    weight: float
    every: int
    phase: int
    tells: bool
    counts: bool  # it says what remains
    attached: int
    currency: str
    peak: float  # of its day, as an hour in UTC
    swing: float
    late: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Listing:
    """A service as a panel sells it; `weight` is its part of all orders, and it takes them from `begins` until `ends`."""

    panel: Panel
    number: int
    source: Source
    weight: float
    begins: int
    ends: int


@dataclass(frozen=True)
class Fleet:
    since: int
    until: int
    panels: tuple[Panel, ...]
    sources: tuple[Source, ...]
    listings: tuple[Listing, ...]
    orders: int
    hourly: dict[str, int] = field(default_factory=dict)  # providers that report at this second of each hour
    odd: dict[str, str] = field(default_factory=dict)  # providers that are quiet, closed or new

    def traffic(self, provider: str) -> list[Listing]:
        return [listing for listing in self.listings if listing.source.provider == provider]


def evenly(chance: Random, low: float, high: float) -> float:
    """Between the two, on a scale of ratios."""
    return math.exp(chance.uniform(math.log(low), math.log(high)))


def unequal(chance: Random, count: int, steepness: float) -> list[float]:
    """Zipf's weights, in no order."""
    weights = [1 / (rank + 1) ** steepness for rank in range(count)]
    chance.shuffle(weights)
    return weights


def drawn(chance: Random, since: int, until: int, natures: dict[str, int] = USUAL, drift: float = 0.1) -> Fleet:
    """A fleet of its own size, down to the smallest."""
    panels = [panel(chance, number + 1, since, until) for number in range(round(evenly(chance, 3, 40)))]
    names = [f"provider-{number + 1}.example" for number in range(round(evenly(chance, 3, 25)))]
    famous = dict(zip(names, unequal(chance, len(names), chance.uniform(0.6, 1.2)), strict=True))
    odd = oddities(chance, names)
    sources = [
        source
        for name in names
        for source in catalogue(chance, name, SLOW if odd.get(name) == "new" else natures, drift)
    ]
    sources += catalogue(chance, "", {"manual": 1}, drift)
    numbered = tuple(renumbered(sources))
    count = max(4 * len(panels), round(evenly(chance, 40, 600)))
    sold = [one for seller in panels for one in offers(chance, seller, numbered, famous, count // len(panels))]
    listings = tuple(listed(chance, sold, odd, since, until))
    hourly = {name: chance.randrange(HOUR) for name in names if chance.random() < 0.12}
    total = round(evenly(chance, 10_000, 45_000))
    return Fleet(since, until, tuple(panels), numbered, quieted(chance, listings, odd, total), total, hourly, odd)


def panel(chance: Random, number: int, since: int, until: int) -> Panel:
    every = round(evenly(chance, 30, 30 * MINUTE))
    attached = since + round(chance.uniform(0.1, 0.4) * (until - since)) if chance.random() < 0.15 else since
    return Panel(
        number=number,
        weight=1 / (number**0.8),
        every=every,
        phase=chance.randrange(every),
        tells=chance.random() < 0.6,
        counts=chance.random() < 0.8,
        attached=attached,
        currency=chance.choice(("USD", "USD", "EUR", "INR", "TRY")),
        peak=chance.uniform(0, 24),
        swing=chance.uniform(0.4, 0.9),
    )


def oddities(chance: Random, names: Sequence[str]) -> dict[str, str]:
    """Always one that hardly anyone uses, and at times one that has closed, and one that has just begun and is slow."""
    ways = ["quiet"] * max(1, len(names) // 6)
    ways += [way for way in ("closed", "new") if len(names) > 4 and chance.random() < 0.35]
    return dict(zip(chance.sample(names, len(ways)), ways, strict=True))


def catalogue(chance: Random, provider: str, natures: dict[str, int], drift: float) -> list[Source]:
    pace = evenly(chance, 0.6, 1.6)
    kinds = chance.choices(list(natures), list(natures.values()), k=round(evenly(chance, 3, 30)))
    return [source(chance, provider, nature, pace, drift) for nature in kinds]


def source(chance: Random, provider: str, nature: str, pace: float, drift: float) -> Source:
    of = NATURES[nature]
    speed = evenly(chance, *of.speed) * DAY if of.dripped else evenly(chance, *of.speed) / DAY * pace
    return Source(
        number=0,
        provider=provider,
        nature=nature,
        delay=evenly(chance, *of.delay) / pace,
        delay_spread=chance.uniform(0.4, 1.1),
        speed=speed,
        speed_spread=chance.uniform(*of.spread),
        quantity=evenly(chance, *of.quantity),
        price=round(evenly(chance, 5_000, 500_000)),
        drift=chance.uniform(-drift, drift),
    )


def renumbered(sources: Sequence[Source]) -> list[Source]:
    return [Source(**{**vars(source), "number": number}) for number, source in enumerate(sources)]


def offers(
    chance: Random, seller: Panel, sources: Sequence[Source], famous: dict[str, float], count: int
) -> list[tuple[Panel, Source, float]]:
    """A panel buys of a few providers; the same source is sold on many panels."""
    names = set(chance.choices(list(famous), list(famous.values()), k=chance.randint(1, 12)))
    bought = [source for source in sources if source.provider in names]
    weights = unequal(chance, count, chance.uniform(0.8, 1.2))
    manual = [source for source in sources if not source.provider]
    return [
        (seller, chance.choice(manual if chance.random() < 0.04 else bought), seller.weight * weight)
        for weight in weights
    ]


def listed(
    chance: Random, sold: Sequence[tuple[Panel, Source, float]], odd: dict[str, str], since: int, until: int
) -> list[Listing]:
    whole = sum(weight for _, _, weight in sold)
    span = until - since
    ends = {name: since + round(chance.uniform(0.25, 0.5) * span) for name, way in odd.items() if way == "closed"}
    begins = {name: since + round(chance.uniform(0.5, 0.8) * span) for name, way in odd.items() if way == "new"}
    return [
        Listing(
            panel,
            number + 1,
            source,
            weight / whole,
            begins.get(source.provider, since),
            ends.get(source.provider, until),
        )
        for number, (panel, source, weight) in enumerate(sold)
    ]


def quieted(chance: Random, listings: Sequence[Listing], odd: dict[str, str], total: int) -> tuple[Listing, ...]:
    """Quiet providers get one to five orders a day from the whole fleet."""
    days = max((listing.ends - listing.begins) / DAY for listing in listings)
    factors = {}
    for name in (name for name, way in odd.items() if way == "quiet"):
        has = sum(listing.weight for listing in listings if listing.source.provider == name) * total / days
        factors[name] = min(1.0, chance.uniform(1, 5) / has) if has else 1.0
    return tuple(
        Listing(**{**vars(one), "weight": one.weight * factors.get(one.source.provider, 1.0)}) for one in listings
    )
