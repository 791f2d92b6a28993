"""Which plan is read how often: the intervals at which the changes of all panels, by their weight, wait as short as the calls allow.

A plan read every t seconds lets a change wait t/2 in the mean and spends cost/t calls a second. So the least of the sum of weight x rate
x t/2 is looked for, under a cap of calls for each panel and one for all. By Lagrange t is a call's price x the root of cost / (weight x
rate), clamped to the plan's bounds; the price is found exactly, by walking along the prices at which plans meet a bound. Caps are nested:
what a panel's own price makes of its plans is the least that the price of all can give them. The ceiling comes first: where the caps do
not pay for it, they are exceeded. The index policy (read where weight x rate x (time since)^2 / cost is greatest) is as good, but asks who
is next at each call; intervals become due times, which several processes can share as rows.

Cho and Garcia-Molina, "Effective page refresh policies for Web crawlers" (ACM TODS 28(4), 2003), and Azar, Horvitz, Lubetzky, Peres and
Shahaf, "Tractable near-optimal policies for crawling" (PNAS 115(32), 2018), divide calls for the share of time in which copies are
up to date, which gives up what changes too often; Sia, Cho and Cho, "Efficient monitoring algorithm for fast news alerts", take the delay,
as is done here. Rates come from `sync/pulses.py`. Times here are seconds, caps calls a second.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

STEADY = 1.1
"""An interval is kept until another one differs by this factor: with a wider band a daily rhythm is followed too roughly to be worth it."""

SHARE = 0.75
"""Of what a panel allows at most; the rest is for people, the past and sweeps."""

MULTIPLE = 4.0
"""At most so many times the calls that a panel's usual intervals spend: no panel draws all calls to itself."""

ROUNDING = 1 + 1e-9


@dataclass(frozen=True)
class Bidder:
    """A plan that asks for calls. `rate`: changes a second; `cost`: calls a run; `usual`: the interval of the settings; `longest` is its
    ceiling; `held`: the interval in force."""

    key: Hashable
    panel: int
    rate: float
    usual: float
    shortest: float
    longest: float
    weight: float = 1.0
    cost: float = 1.0
    held: float | None = None


@dataclass(frozen=True)
class Caps:
    total: float
    panels: Mapping[int, float]


@dataclass(frozen=True)
class Allotment:
    """`reason`: paced | shortest | longest (a bound) | fixed (the bounds leave no choice). `beyond`: the caps did not pay for the ceilings of
    this plan's panel, or of all, and are exceeded."""

    seconds: float
    reason: str
    beyond: bool = False


@dataclass(frozen=True)
class Bid:
    """`pull`: what makes an interval short; it is the price divided by this."""

    cost: float
    pull: float
    shortest: float
    longest: float

    def at(self, price: float) -> float:
        return self.longest if self.pull <= 0 else min(self.longest, max(self.shortest, price / self.pull))


def usual_caps(bidders: Iterable[Bidder], allowed: Mapping[int, float]) -> Caps:
    """What the usual intervals would spend: pacing moves calls, it makes no more. `allowed`: each panel's calls a second."""
    spent: defaultdict[int, float] = defaultdict(float)
    for bidder in bidders:
        spent[bidder.panel] += bidder.cost / bidder.usual
    panels = {panel: min(MULTIPLE * calls, SHARE * allowed.get(panel, inf)) for panel, calls in spent.items()}
    return Caps(sum(spent.values()), panels)


def intervals(bidders: Sequence[Bidder], caps: Caps) -> dict[Hashable, Allotment]:
    """Each plan's interval. Those in force are kept while they are near what is best, as far as the caps allow."""
    best = targets(bidders, caps)
    chosen = [kept(bidder, seconds) for bidder, seconds in zip(bidders, best, strict=True)]
    short: set[int] = set()
    for panel, places in by_panel(bidders).items():
        if not held_to(caps.panels.get(panel, inf), bidders, best, chosen, places):
            short.add(panel)
    all_short = not held_to(caps.total, bidders, best, chosen, range(len(bidders)))
    fill_up(caps, bidders, best, chosen)
    return {
        bidder.key: Allotment(seconds, reason(bidder, seconds), all_short or bidder.panel in short)
        for bidder, seconds in zip(bidders, chosen, strict=True)
    }


def targets(bidders: Sequence[Bidder], caps: Caps) -> list[float]:
    """The best intervals, in the order of the bidders."""
    bids = [bid(bidder) for bidder in bidders]
    floors = [0.0] * len(bids)
    for panel, places in by_panel(bidders).items():
        own = price([bids[place] for place in places], caps.panels.get(panel, inf))
        for place in places:
            floors[place] = bids[place].at(own)
    raised = [Bid(one.cost, one.pull, floor, one.longest) for one, floor in zip(bids, floors, strict=True)]
    of_all = price(raised, caps.total)
    return [one.at(of_all) for one in raised]


def bid(bidder: Bidder) -> Bid:
    shortest = max(bidder.shortest, 1e-3)
    pull = sqrt(max(bidder.weight * bidder.rate, 0.0) / bidder.cost)
    return Bid(bidder.cost, pull, shortest, max(bidder.longest, shortest))


def price(bids: Iterable[Bid], cap: float) -> float:
    """The least price at which the bids spend no more than the cap; where no price is enough, one that puts all at their ceilings."""
    fixed, moving, steps = 0.0, 0.0, []
    for one in bids:
        fixed += one.cost / (one.shortest if one.pull > 0 else one.longest)
        if one.pull > 0 and one.shortest < one.longest:
            gives, pulls = one.cost / one.shortest, one.cost * one.pull
            steps += [
                (one.pull * one.shortest, -gives, pulls),
                (one.pull * one.longest, one.cost / one.longest, -pulls),
            ]
    if fixed <= cap:
        return 0.0
    steps.sort()
    for at, fixes, moves in steps:
        if moving > 0 and fixed + moving / at <= cap:
            return moving / (cap - fixed)
        fixed, moving = fixed + fixes, moving + moves
    return inf


def by_panel(bidders: Sequence[Bidder]) -> dict[int, list[int]]:
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, bidder in enumerate(bidders):
        places[bidder.panel].append(place)
    return places


def kept(bidder: Bidder, seconds: float) -> float:
    held = bidder.held
    if held is None or not bidder.shortest <= held <= bidder.longest:
        return seconds
    return held if max(held, seconds) <= STEADY * min(held, seconds) else seconds


def held_to(
    cap: float, bidders: Sequence[Bidder], best: Sequence[float], chosen: list[float], places: Iterable[int]
) -> bool:
    """Lets go of intervals that were kept, those that spend most beyond their best first, until the cap holds; False where it cannot."""
    excess = {place: bidders[place].cost * (1 / chosen[place] - 1 / best[place]) for place in places}
    spent = spending(bidders, chosen, excess)
    for place in sorted(excess, key=lambda place: -excess[place]):
        if spent <= cap * ROUNDING or excess[place] <= 0:
            break
        chosen[place] = best[place]
        spent -= excess[place]
    return spent <= cap * ROUNDING


def fill_up(caps: Caps, bidders: Sequence[Bidder], best: Sequence[float], chosen: list[float]) -> None:
    """What kept intervals leave over goes to those of them that miss most of their best, as far as it reaches."""
    left = caps.total - spending(bidders, chosen, range(len(bidders)))
    own = {
        panel: caps.panels.get(panel, inf) - spending(bidders, chosen, places)
        for panel, places in by_panel(bidders).items()
    }
    missed = {place: one.cost * (1 / best[place] - 1 / chosen[place]) for place, one in enumerate(bidders)}
    for place in sorted((place for place, calls in missed.items() if calls > 0), key=lambda place: -missed[place]):
        panel, calls = bidders[place].panel, missed[place]
        if calls <= min(left, own[panel]):
            chosen[place] = best[place]
            left, own[panel] = left - calls, own[panel] - calls


def spending(bidders: Sequence[Bidder], chosen: Sequence[float], places: Iterable[int]) -> float:
    return sum(bidders[place].cost / chosen[place] for place in places)


def reason(bidder: Bidder, seconds: float) -> str:
    if bidder.shortest >= bidder.longest:
        return "fixed"
    if seconds <= bidder.shortest:
        return "shortest"
    return "longest" if seconds >= bidder.longest else "paced"
