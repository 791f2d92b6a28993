"""I8, by the times at which requests left for a panel: never above its rate, never more than two at a time, never before it allowed.

Waits and slots are rows that processes share, so they are told in the time of day: what spans a jump of the machine's clock is not judged.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from tests.simulation.line import Call, Way

IN_FLIGHT = 2
LONGEST_WAIT = 900.0
HURRY = 1.0
"""Seconds that a departure may be early: the dates of a Retry-After count whole seconds."""


def wrong(way: Way, rate: int, jumps: Sequence[float]) -> Iterator[str]:
    """Each breach in words."""
    name, left = way.panel.name, [call.left for call in way.calls]
    for early, late in zip(left, left[rate:], strict=False):
        if late - early < 1.0 and not any(early - 1.0 <= jump <= late for jump in jumps):
            yield f"{name}: {rate + 1} calls within {late - early:.3f} s at {late:.1f}"
    most = at_once([call for call in way.calls if not any(spans(call, jump) for jump in jumps)])
    if most > IN_FLIGHT:
        yield f"{name}: {most} calls in flight"
    for call in way.calls:
        if call.status == 429 and (early_by := hurried(way, call, jumps)):
            yield f"{name}: called {early_by:.1f} s before its Retry-After was over"


def hurried(way: Way, refused: Call, jumps: Sequence[float]) -> float:
    """By how much the next call came too early, if it did."""
    if refused.asked is None or refused.back is None:
        return 0.0
    until = refused.back + min(refused.asked, LONGEST_WAIT) - HURRY
    if any(refused.left <= jump <= until for jump in jumps):
        return 0.0
    return max((until - other.left for other in way.calls if refused.back < other.left < until), default=0.0)


def spans(call: Call, moment: float) -> bool:
    return call.left <= moment and (call.back is None or moment <= call.back)


def at_once(calls: Sequence[Call]) -> int:
    """How many were under way at one moment; one that comes back as another leaves is over."""
    steps = [(call.left, 1) for call in calls] + [(call.back, -1) for call in calls if call.back is not None]
    return max(accumulate(step for _, step in sorted(steps)), default=0)
