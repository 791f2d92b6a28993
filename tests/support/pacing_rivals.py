"""Whom the console's pacing is held against: what admins set by hand, the interval that adapts, and whoever knows the true rates.

Rates known are those of the minute, with the day's rhythm and the burst that is under way: more than can be learned. No single rule is best in
every fleet, so the bound is the best of three: the square-root allocation (least mean delay of a steady fleet), and the greatest
index, rate × (time since)², with the rate as it is or summed up as it was (the same in a steady fleet).
"""

import math
from collections.abc import Callable, Container, Sequence
from heapq import heappop, heappush
from operator import itemgetter

from tests.support.pacing_fleets import FEEDS, HOUR, MINUTE, PANELS, STREAMS, World, panel_of, stream_of
from tests.support.pacing_play import CALLS_A_MINUTE, REST, Agenda, Policy

Maker = Callable[[World], Policy]
SHORTEST, LONGEST = 10.0, 1.0 * HOUR
"""Bounds of the interval that adapts."""

SOME = 12
"""Feeds above the level when a minute begins: some are ready whichever panels rest."""


class Fixed:
    """An interval for each feed, kept to the second: who was late is not late ever after."""

    def __init__(self, intervals: Sequence[float], firsts: Sequence[float]) -> None:
        self.intervals = intervals
        self.agenda = Agenda(firsts)

    def next_poll(self, at: float, resting: Container[int]) -> int | None:
        return self.agenda.due(at, resting)

    def polled(self, feed: int, at: float, news: int, since: float) -> None:
        missed = max(0.0, at - self.agenda.dues[feed]) // self.intervals[feed]
        self.agenda.plan(feed, self.agenda.dues[feed] + (missed + 1) * self.intervals[feed])


def equal(world: World) -> Policy:
    """The whole budget by turns."""
    turn = FEEDS * MINUTE / CALLS_A_MINUTE
    return Fixed([turn] * FEEDS, [feed * turn / FEEDS for feed in range(FEEDS)])


def by_class(world: World) -> Policy:
    """An interval for each stream, as good as any admin could set it: the whole budget, by the root of what the fleet's feeds really do."""
    roots = [math.sqrt(rate) for rate in world.streams()]
    intervals = [PANELS * sum(roots) / root * MINUTE / CALLS_A_MINUTE for root in roots]
    turns = [intervals[stream_of(feed)] for feed in range(FEEDS)]
    return Fixed(
        turns, [(panel_of(feed) + stream_of(feed) / len(STREAMS)) / PANELS * turns[feed] for feed in range(FEEDS)]
    )


class Halving:
    """Half as long after news, half as long again after none. It begins with everybody's turn."""

    def __init__(self, world: World) -> None:
        turn = FEEDS * MINUTE / CALLS_A_MINUTE
        self.intervals = [turn] * FEEDS
        self.agenda = Agenda([feed * turn / FEEDS for feed in range(FEEDS)])

    def next_poll(self, at: float, resting: Container[int]) -> int | None:
        return self.agenda.due(at, resting)

    def polled(self, feed: int, at: float, news: int, since: float) -> None:
        interval = self.intervals[feed] * (0.5 if news else 1.5)
        self.intervals[feed] = min(LONGEST, max(SHORTEST, interval))
        self.agenda.plan(feed, at + self.intervals[feed])


class KnownRoots:
    """As many calls to each feed as the square root of its rate says, none above its panel's limit; planned anew when rates change."""

    def __init__(self, world: World) -> None:
        self.rates, self.now = world.rates, world.rates[0]
        self.lasts = [0.0] * FEEDS
        self.gaps = intervals(self.now)
        self.agenda = Agenda([gap * ((feed * 0.618) % 1) for feed, gap in enumerate(self.gaps)])

    def next_poll(self, at: float, resting: Container[int]) -> int | None:
        rates = self.rates[int(at) // MINUTE]
        if rates is not self.now:
            self.now, self.gaps = rates, intervals(rates)
            for feed, last in enumerate(self.lasts):
                self.agenda.plan(feed, last + self.gaps[feed])
        return self.agenda.due(at, resting)

    def polled(self, feed: int, at: float, news: int, since: float) -> None:
        self.lasts[feed] = at
        self.agenda.plan(feed, max(at, self.agenda.dues[feed] + self.gaps[feed]))


def intervals(rates: Sequence[float]) -> list[float]:
    """Panels with the most to ask for are filled up to their limit, and what is left is shared by the others."""
    roots = [math.sqrt(rate) for rate in rates]
    wanted = [sum(roots[panel::PANELS]) for panel in range(PANELS)]
    left, asking, scales = CALLS_A_MINUTE / MINUTE, sum(wanted), [0.0] * PANELS
    for panel, want in sorted(enumerate(wanted), key=itemgetter(1), reverse=True):
        scales[panel] = min(left / asking, 1 / (REST * want))
        left, asking = left - scales[panel] * want, asking - want
    return [1 / (root * scales[panel_of(feed)]) for feed, root in enumerate(roots)]


class KnownIndex:
    """The feed with the greatest index goes, every second. `summed`: each minute's rate counts for its own time.

    Most feeds are far from their turn: only those above a level, found anew each minute, are held against one another.
    """

    def __init__(self, world: World, summed: bool) -> None:
        self.minutes, self.summed = world.rates, summed
        self.rates = world.rates[0]
        self.lasts, self.bases = [0.0] * FEEDS, [0.0] * FEEDS
        self.level, self.above, self.below = 0.0, list(range(FEEDS)), list[tuple[float, int]]()

    def next_poll(self, at: float, resting: Container[int]) -> int | None:
        if at % MINUTE == 0:
            self.turn(at, self.minutes[int(at) // MINUTE])
        while self.below and self.below[0][0] <= at:
            self.above.append(heappop(self.below)[1])
        if all(panel_of(feed) in resting for feed in self.above):
            self.above += [feed for _, feed in self.below]
            self.below.clear()
        free = [feed for feed in self.above if panel_of(feed) not in resting]
        return max(free, key=lambda feed: self.index(feed, at))

    def index(self, feed: int, at: float) -> float:
        return self.bases[feed] + self.rates[feed] * (at - self.lasts[feed]) ** 2

    def turn(self, at: float, rates: Sequence[float]) -> None:
        """A minute begins. The base makes up for a change of rate, so that the index itself does not jump."""
        if self.summed and rates is not self.rates:
            for feed, rate in enumerate(rates):
                self.bases[feed] += (self.rates[feed] - rate) * (at - self.lasts[feed]) ** 2
        self.rates = rates
        ranked = sorted(range(FEEDS), key=lambda feed: self.index(feed, at), reverse=True)
        self.above, rest = ranked[:SOME], ranked[SOME:]
        self.level = self.index(rest[0], at)
        self.below = sorted((self.crossing(feed), feed) for feed in rest)

    def crossing(self, feed: int) -> float:
        """When its index reaches the level."""
        return self.lasts[feed] + math.sqrt(max(0.0, self.level - self.bases[feed]) / self.rates[feed])

    def polled(self, feed: int, at: float, news: int, since: float) -> None:
        self.above.remove(feed)
        self.lasts[feed], self.bases[feed] = at, 0.0
        heappush(self.below, (self.crossing(feed), feed))


def known_index(world: World) -> Policy:
    return KnownIndex(world, summed=False)


def known_sums(world: World) -> Policy:
    return KnownIndex(world, summed=True)


EQUAL = "equal fixed"
RIVALS: dict[str, Maker] = {EQUAL: equal, "fixed by class": by_class, "halve and stretch": Halving}
KNOWING: dict[str, Maker] = {"square root": KnownRoots, "index": known_index, "summed index": known_sums}
