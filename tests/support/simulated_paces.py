"""How far an order's work gets while its provider is stopped, slowed or well: each stretch of time has a factor."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.support.simulated_events import Event


@dataclass(frozen=True)
class Pace:
    """`stretches`: (since, until, factor) in order and apart; outside them the factor is 1. `mutes`: nothing is reported within these."""

    stretches: tuple[tuple[int, int, float], ...] = ()
    mutes: tuple[tuple[int, int], ...] = ()

    def end(self, since: float, work: float) -> float:
        """When work that is begun at `since`, and takes so many seconds at the usual pace, is done."""
        at = since
        for first, last, factor in self.stretches:
            if last <= at:
                continue
            if at < first:
                if at + work <= first:
                    break
                work -= first - at
                at = first
            if factor * (last - at) >= work:
                return at + work / factor if work else at
            work -= factor * (last - at)
            at = last
        return at + work

    def done(self, since: float, until: float) -> float:
        """How many seconds' work is done between the two."""
        if until <= since:
            return 0.0
        lost = sum(
            (1 - factor) * max(0.0, min(last, until) - max(first, since)) for first, last, factor in self.stretches
        )
        return until - since - lost

    def told(self, at: float) -> float:
        """When the panel may hear of what happened at this time."""
        for first, last in self.mutes:
            if first <= at < last:
                at = last
        return at

    def blocked(self, at: float) -> bool:
        stopped = any(first <= at < last and not factor for first, last, factor in self.stretches)
        return stopped or any(first <= at < last for first, last in self.mutes)


def of(events: Sequence[Event]) -> Pace:
    mutes = sorted((event.since, event.until) for event in events if event.kind == "mute")
    others = [event for event in events if event.kind != "mute"]
    edges = sorted({edge for event in others for edge in (event.since, event.until)})
    stretches = []
    for first, last in pairwise(edges):
        factor = 1.0
        for event in others:
            if event.under_way(first):
                factor *= event.factor
        if factor < 1:
            stretches.append((first, last, factor))
    return Pace(tuple(stretches), tuple(mutes))
