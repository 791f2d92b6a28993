"""What would change a service's score (M4): the least that lifts it into each better band, computed from its own numbers.

One thing at a time: so many stuck orders fewer, or so many slow ones, with all else as it is.
"""

from bisect import bisect_left
from dataclasses import dataclass

from reports.service_health import (
    CRITICAL,
    FEW,
    HEALTHY,
    MOST_FOR_STUCK,
    PER_STUCK,
    STALLED,
    STALLED_FROM,
    WARNING,
    band,
    score,
)

STUCK, SLOW, FINISHED, ORDERS = "stuck", "slow", "finished", "orders"
RANK = {CRITICAL: 0, STALLED: 1, WARNING: 2, HEALTHY: 3}
FULL = MOST_FOR_STUCK // PER_STUCK
"""Stuck orders beyond these cost nothing more."""


@dataclass(frozen=True)
class Standing:
    """A service's own numbers. `ended`: orders known to have come to an end in the window, observed or not; `band`: as it is now."""

    stuck: int
    slow: int
    rated: int
    finished: int
    ended: int
    band: str
    min_orders: int


@dataclass(frozen=True)
class Lever:
    """`by` more (or, below nought, fewer) of `what` - stuck or slow orders, finished ones, or orders at all - gives this score and band."""

    what: str
    by: int
    score: float
    band: str


def levers(now: Standing) -> list[Lever]:
    """The smallest of each kind for each better band; for what is set apart, how many orders are missing."""
    if now.band == FEW:
        missing = now.min_orders - now.finished - now.stuck
        if missing <= 0:
            return []
        value = score(now.stuck, now.slow, now.rated)
        return [Lever(ORDERS, missing, value, named(now.stuck, now.slow, now.rated, now.ended + missing))]
    found = steps(now, STUCK, min(now.stuck, max(FULL, STALLED_FROM) + 1)) + steps(now, SLOW, now.slow)
    return (
        [Lever(FINISHED, 1, score(now.stuck, now.slow, now.rated), WARNING), *found] if now.band == STALLED else found
    )


def steps(now: Standing, what: str, most: int) -> list[Lever]:
    """`most`: fewer than so many are to be left. With fewer of them no band is worse, so that the last better one is found by halving."""

    def moved(left: int) -> tuple[int, int]:
        return (left, now.slow) if what == STUCK else (now.stuck, left)

    def reached(left: int) -> str:
        return named(*moved(left), now.rated, now.ended)

    best, found = RANK[now.band], []
    while fewest := bisect_left(range(most), 1, key=lambda left: RANK[reached(left)] <= best):
        left = fewest - 1
        by = left - (now.stuck if what == STUCK else now.slow)
        found.append(Lever(what, by, score(*moved(left), now.rated), reached(left)))
        best = RANK[reached(left)]
    return found


def named(stuck: int, slow: int, rated: int, ended: int) -> str:
    return band(score(stuck, slow, rated), stuck, ended)
