"""A world of changes, polled under a budget: sixty calls a minute in all and ten to any one panel, as token buckets of burst one give them.

Each second has one call, and a panel that was called rests for six. A poll sees every change since the feed's last one; the delay of a
change is the time until that poll. Whoever polls hears no more than a console does: how many changes a poll has seen.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from typing import Protocol

import polars as pl

from tests.support.pacing_fleets import HOUR, World, panel_of

CALLS_A_MINUTE = 60
REST = 6
"""Seconds between two calls to one panel: ten a minute."""

FIRST_HOURS = 3 * HOUR
NOBODY = -1


class Policy(Protocol):
    """Whom to poll. At second nought all feeds have just been seen, and nothing is known of any."""

    def next_poll(self, at: float, resting: Container[int]) -> int | None:
        """The feed to poll now, none of a panel that rests; or None, and the call is let go."""

    def polled(self, feed: int, at: float, news: int, since: float) -> None:
        """`news` changes were found, made after `since`, when the feed was polled last."""


class Agenda:
    """The next time of each feed, for policies that plan: whoever is due longest goes first."""

    def __init__(self, dues: Sequence[float]) -> None:
        self.dues = list(dues)
        self.heap = sorted((due, feed) for feed, due in enumerate(dues))

    def plan(self, feed: int, due: float) -> None:
        """In place of what was planned of it before."""
        if due != self.dues[feed]:
            self.dues[feed] = due
            heappush(self.heap, (due, feed))

    def due(self, at: float, resting: Container[int]) -> int | None:
        """It stays on the agenda until it is planned anew."""
        aside, found = [], None
        while found is None and self.heap and self.heap[0][0] <= at:
            entry = due, feed = heappop(self.heap)
            if due == self.dues[feed]:
                aside.append(entry)
                found = None if panel_of(feed) in resting else feed
        for entry in aside:
            heappush(self.heap, entry)
        return found


@dataclass(frozen=True)
class Played:
    """`polls`: when each feed was polled, in order. The end of the play counts as a poll of all, in delays and ages alone."""

    world: World
    polls: Sequence[Sequence[float]]

    @cached_property
    def seen(self) -> pl.DataFrame:
        """Each change's time and delay."""
        frames = []
        for changes, polls in zip(self.world.changes, self.polls, strict=True):
            at = pl.Series("at", changes, pl.Float64)
            ends = pl.Series("ends", [*polls, self.world.fleet.end], pl.Float64)
            frames.append(pl.DataFrame({"at": at, "delay": ends.gather(ends.search_sorted(at, "left")) - at}))
        return pl.concat(frames)

    def delays(self, since: float, until: float) -> pl.Series:
        return self.seen.filter(pl.col("at").is_between(since, until, closed="left"))["delay"]

    @property
    def measured(self) -> pl.Series:
        return self.delays(self.world.fleet.learning, self.world.fleet.until)

    @property
    def mean(self) -> float:
        return mean(self.measured)

    @property
    def late(self) -> float:
        """The delay that 95 in 100 changes stay below."""
        return self.measured.quantile(0.95, "linear") or 0.0

    @property
    def cold(self) -> float:
        """The mean delay of the first hours, when nothing is known."""
        return mean(self.delays(0, FIRST_HOURS))

    @property
    def calls(self) -> float:
        """A minute, of what is measured."""
        fleet = self.world.fleet
        counted = sum(fleet.learning <= at < fleet.until for polls in self.polls for at in polls)
        return counted * 60 / fleet.measured

    @property
    def oldest(self) -> float:
        """The longest that any feed went without a poll, once learning was over."""
        fleet = self.world.fleet
        return max(age(polls, fleet.learning, fleet.until) for polls in self.polls)


def mean(delays: pl.Series) -> float:
    return float(delays.sum()) / max(1, len(delays))


def age(polls: Sequence[float], since: float, until: float) -> float:
    """The greatest there was between the two."""
    begun = bisect_right(polls, since)
    within = [*(at for at in polls[begun:] if at < until), until]
    return max(at - last for last, at in zip([polls[begun - 1] if begun else 0.0, *within], within, strict=False))


def play(world: World, policy: Policy) -> Played:
    """Raises where the policy polls a panel that rests."""
    polls: list[list[float]] = [[] for _ in world.changes]
    counted, lasts = [0] * len(polls), [0.0] * len(polls)
    resting = deque([NOBODY] * (REST - 1), REST - 1)
    for second in range(world.fleet.end):
        at = float(second)
        feed = policy.next_poll(at, resting)
        if feed is None:
            resting.append(NOBODY)
            continue
        if panel_of(feed) in resting:
            raise ValueError(f"feed {feed} was polled at {at}, while its panel rested")
        resting.append(panel_of(feed))
        polls[feed].append(at)
        before, since = counted[feed], lasts[feed]
        counted[feed], lasts[feed] = bisect_right(world.changes[feed], at, before), at
        policy.polled(feed, at, counted[feed] - before, since)
    return Played(world, polls)
