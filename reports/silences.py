"""Silences: how much likelier an outage makes what was seen than ordinary days do.

Each service of a provider on a panel had deliveries due and deliveries that came. Ordinarily they are about as many, all services together a
little more or fewer, on a slow day a fair share of them; and now and then one service is broken by itself. In an outage next to none come
from any. What is compared are the probabilities of all counts together (Poisson, with chance slowness and chance breakage summed over).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

USUAL = (
    (0.75, 0.22), (1.0, 0.44), (1.3, 0.22),
    (0.5, 0.05), (0.35, 0.04), (0.22, 0.02), (0.14, 0.01),
)  # fmt: skip
"""How fast a provider may work while it works, and how likely that is; the second line is a slow day."""

DOWN = ((0.003, 0.5), (0.02, 0.3), (0.05, 0.2))
"""What may still come while it is down: an order that was nearly done, one that was confirmed late."""

BROKEN = 0.03
"""The chance that one service is broken by itself."""

DEAD = 0.01
BEFOREHAND = 0.05
"""The odds of an outage before anything is looked at."""

OVER = 0.02
"""The odds that one has just ended at any given delivery of the last ones, against its going on."""


class Count(NamedTuple):
    """Of one service on one panel since a moment: deliveries that came, that were due up to now, and up to the last that is vouched for."""

    came: float
    due: float
    vouched: float


@dataclass(frozen=True)
class Panel:
    """`late`: the chance that it shows nothing of what came after the last delivery that is vouched for."""

    late: float
    counts: Sequence[Count]


def surprise(panels: Sequence[Panel], is_single: bool) -> float:
    """The logarithm of how much likelier an outage makes these counts. `is_single`: one service is all the provider has, and cannot be told
    from it."""
    broken = 0.0 if is_single else BROKEN
    usual = total(math.log(chance) + seen(panels, pace, broken) for pace, chance in USUAL)
    down = total(math.log(chance) + seen(panels, rest, 0.0) for rest, chance in DOWN)
    return down - usual


def seen(panels: Sequence[Panel], pace: float, broken: float) -> float:
    return sum(
        total(
            (
                math.log(1 - panel.late) + sum(ordinary(one.came, one.due, pace, broken) for one in panel.counts),
                math.log(panel.late) + sum(ordinary(one.came, one.vouched, pace, broken) for one in panel.counts),
            )
        )
        for panel in panels
    )


def ordinary(came: float, due: float, pace: float, broken: float) -> float:
    works = poisson(came, due, pace)
    if not broken:
        return works
    either = (works + math.log(1 - broken), poisson(came, due, DEAD) + math.log(broken))
    return max(either) + math.log1p(math.exp(-abs(either[0] - either[1])))


def poisson(came: float, due: float, pace: float) -> float:
    """Without the terms that all hypotheses share."""
    return came * math.log(pace) - pace * due


def total(logs: Iterable[float]) -> float:
    each = list(logs)
    most = max(each)
    return most + math.log(sum(math.exp(one - most) for one in each))


def confidence(surprises: Sequence[float], since_last: Iterable[float]) -> float:
    """`surprises`: for each moment at which it may have begun; `since_last`: from each of the last deliveries on, were that the end of it."""
    if not surprises:
        return 0.0
    begun = max(surprises)
    against = math.exp(-min(begun, 500.0)) / BEFOREHAND
    ended = sum(OVER * math.exp(-max(min(one, 500.0), -500.0)) for one in since_last)
    return 1 / (1 + against + ended)
