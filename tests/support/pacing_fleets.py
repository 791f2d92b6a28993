"""Fleets that pacing is judged on: thirty panels of four streams, whose records change as the seed has it, whoever looks.

Frozen before the method was written, and not to be turned since: a figure that the method misses is the method's. Rates are changes a second
and hold for a minute; what is drawn of a seed is the same for every policy (common random numbers), so that policies differ by what they do.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

DAY, HOUR, MINUTE = 86400, 3600, 60
PANELS = 30
STREAMS = ("orders", "users", "tickets", "payments")
FEEDS = PANELS * len(STREAMS)
AFTER = HOUR
"""The play goes on for so long behind what is measured: a change of the last minute is seen by somebody."""

ZONES = (-8, -5, -3, 0, 1, 3, 5.5, 8)
EVENING = 20.0
"""The hour of a customer's day at which most happens."""

TYPICAL = (0.70, 0.15, 0.10, 0.05)
ALIKE = (0.25,) * 4


def panel_of(feed: int) -> int:
    """Feeds go round the panels stream by stream."""
    return feed % PANELS


def stream_of(feed: int) -> int:
    return feed // PANELS


@dataclass(frozen=True)
class Bursts:
    """`often`: of one feed a day; how long and how many times the feed's usual rate is drawn on a scale of ratios."""

    often: float
    lasting: tuple[int, int]
    height: tuple[float, float]


@dataclass(frozen=True)
class Fleet:
    """`a_minute`: changes of all feeds together, on the average of days without bursts. `shares`: of streams.

    `steepness`: Zipf's, over panels. `spread`: how far each feed is from what its panel and stream say (standard deviation of the
    logarithm). `rhythm`: the day's busiest minute has e^(2 × rhythm) times the changes of its quietest; the hour is the panel's own, by zone.
    """

    name: str
    about: str
    a_minute: float
    shares: tuple[float, ...] = TYPICAL
    steepness: float = 0.0
    spread: float = 0.0
    rhythm: float = 0.0
    bursts: Bursts | None = None
    learning: int = DAY
    measured: int = DAY

    @property
    def until(self) -> int:
        return self.learning + self.measured

    @property
    def end(self) -> int:
        return self.until + AFTER

    @property
    def is_steady(self) -> bool:
        return not self.rhythm and self.bursts is None


def skewed(volume: str, a_minute: float, days: tuple[float, float]) -> Fleet:
    """A few panels and their orders carry most of it, as markets are; nothing changes with the hour."""
    learning, measured = (round(part * DAY) for part in days)
    about = f"a few feeds carry most; {a_minute:g} changes a minute"
    return Fleet(f"skewed-{volume}", about, a_minute, TYPICAL, 1.2, 1.0, learning=learning, measured=measured)


FLEETS = (
    skewed("dense", 1200, (0.5, 0.5)),
    skewed("mixed", 120, (1, 1)),
    skewed("sparse", 12, (2, 1)),
    Fleet(
        "bursty",
        "quiet feeds (three changes an hour) that wake once or twice a day, for five minutes to four hours",
        6,
        ALIKE,
        spread=0.5,
        bursts=Bursts(1.5, (5 * MINUTE, 4 * HOUR), (20, 200)),
    ),
    Fleet(
        "daily",
        "evenings with twenty times the changes of nights, in eight time zones; but for that, feeds hardly differ",
        120,
        ALIKE,
        spread=0.3,
        rhythm=1.5,
        learning=2 * DAY,
    ),
    Fleet(
        "sparse",
        "three changes a minute in the whole fleet, mildly unequal: little to learn from",
        3,
        (0.4, 0.3, 0.2, 0.1),
        0.5,
        0.6,
        learning=2 * DAY,
    ),
    Fleet(
        "market",
        "all at once: a few feeds carry most, evenings, bursts of ten minutes to three hours",
        120,
        TYPICAL,
        1.0,
        0.8,
        1.0,
        Bursts(1.0, (10 * MINUTE, 3 * HOUR), (3, 30)),
        learning=2 * DAY,
    ),
    Fleet("equal", "all feeds alike, 120 changes a minute: nothing to gain", 120, ALIKE),
    Fleet("equal-few", "all feeds alike, 12 changes a minute: nothing to gain, and chance looks like skew", 12, ALIKE),
)
NAMED = {fleet.name: fleet for fleet in FLEETS}


@dataclass(frozen=True)
class World:
    """`rates`: of each feed, by the minute. `changes`: when each feed's records changed, in order, in seconds since midnight UTC."""

    fleet: Fleet
    seed: int
    rates: Sequence[Sequence[float]]
    changes: Sequence[Sequence[float]]

    def streams(self) -> list[float]:
        """The average rate of each stream's feeds."""
        means = [sum(minute[feed] for minute in self.rates) / len(self.rates) for feed in range(FEEDS)]
        return [sum(means[at : at + PANELS]) / PANELS for at in range(0, FEEDS, PANELS)]


def world(fleet: Fleet, seed: int) -> World:
    usual = usually(fleet, Random(f"{fleet.name} {seed} feeds"))
    rates = by_minute(fleet, usual, seed)
    chance = Random(f"{fleet.name} {seed} changes")
    changes = [list(moments(chance, (minute[feed] for minute in rates))) for feed in range(FEEDS)]
    return World(fleet, seed, rates, changes)


def usually(fleet: Fleet, chance: Random) -> list[float]:
    sizes = [1 / (rank + 1) ** fleet.steepness for rank in range(PANELS)]
    chance.shuffle(sizes)
    weights = [
        sizes[panel_of(feed)] * fleet.shares[stream_of(feed)] * math.exp(fleet.spread * chance.gauss(0, 1))
        for feed in range(FEEDS)
    ]
    whole = sum(weights)
    return [fleet.a_minute / MINUTE * weight / whole for weight in weights]


def by_minute(fleet: Fleet, usual: Sequence[float], seed: int) -> list[tuple[float, ...]]:
    minutes = fleet.end // MINUTE
    if fleet.is_steady:
        return [tuple(usual)] * minutes
    chance = Random(f"{fleet.name} {seed} hours")
    days = rhythms(fleet.rhythm, chance)
    feeds = []
    for feed, rate in enumerate(usual):
        day = days[panel_of(feed)]
        factors = heights(fleet.bursts, minutes, chance)
        feeds.append([rate * day[minute % len(day)] * factor for minute, factor in enumerate(factors)])
    return list(zip(*feeds, strict=True))


def rhythms(strength: float, chance: Random) -> list[list[float]]:
    """A day of each panel by the minute, one on the average."""
    found = {zone: rhythm(strength, EVENING - zone) for zone in ZONES}
    return [found[chance.choice(ZONES)] for _ in range(PANELS)]


def rhythm(strength: float, peak: float) -> list[float]:
    turns = [2 * math.pi * (minute * MINUTE - peak * HOUR) / DAY for minute in range(DAY // MINUTE)]
    heights = [math.exp(strength * math.cos(turn)) for turn in turns]
    return [height * len(heights) / sum(heights) for height in heights]


def heights(bursts: Bursts | None, minutes: int, chance: Random) -> list[float]:
    """By the minute; where two bursts meet, the higher counts."""
    found = [1.0] * minutes
    if bursts is None:
        return found
    at = chance.expovariate(bursts.often / DAY)
    while at < minutes * MINUTE:
        first, height = int(at / MINUTE), evenly(chance, *bursts.height)
        for minute in range(first, min(minutes, first + round(evenly(chance, *bursts.lasting) / MINUTE))):
            found[minute] = max(found[minute], height)
        at += chance.expovariate(bursts.often / DAY)
    return found


def evenly(chance: Random, low: float, high: float) -> float:
    """Between the two, on a scale of ratios."""
    return math.exp(chance.uniform(math.log(low), math.log(high)))


def moments(chance: Random, rates: Iterator[float]) -> Iterator[float]:
    """Of a Poisson process; it forgets, so each stretch begins anew."""
    until = 0.0
    for rate, minutes in groupby(rates):
        at, until = until, until + MINUTE * sum(1 for _ in minutes)
        while (at := at + chance.expovariate(rate)) < until:
            yield at
