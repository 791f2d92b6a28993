"""When a plan runs next: how often it usually does, by its class, and when it is tried again. Head and refresh plans are paced within bounds
around that (sync/allotments.py). Halving intervals on news and stretching them on none does worse than fixed ones where news is rare.

A failing feed waits longer each time, up to five minutes, with a jitter so that a fleet does not come back all at once.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sync.store import Outcome
from sync.verdicts import Verdict

PRIORITY = {"head": 0, "watch": 0, "refresh": 1, "backfill": 2, "sweep": 3}
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)
FIRST_SWEEP = timedelta(hours=1)
"""After a panel was added."""

LONGEST_WAIT = timedelta(minutes=20)
"""Longer than any wait that is no interval: a Retry-After, a probe, a retry."""

WHEN_FINISHED = timedelta(hours=6)
"""How often a finished backfill looks whether more is to be held now."""


@dataclass(frozen=True)
class Pace:
    """`every`: by stream and plan, the usual time between two runs; `widest`: how many times shorter or longer pacing may make it."""

    every: Mapping[tuple[str, str], timedelta]
    widest: float = 1.0

    def interval(self, stream: str, plan: str) -> timedelta:
        return self.every.get((stream, plan), WHEN_FINISHED)

    def longest(self, stream: str, plan: str) -> timedelta:
        """This plan is never due later than that from now: what is was set by a clock that ran back since."""
        return self.interval(stream, plan) * 1.25 + LONGEST_WAIT

    def after(self, stream: str, plan: str, outcome: Outcome, failures: int) -> timedelta:
        """From the end of a run to the next; `failures` counts the runs in a row that ended in trouble, this one too."""
        if outcome.trouble is not None:
            return self.retry(outcome, failures)
        return self.interval(stream, plan) if outcome.done else timedelta(0)

    def retry(self, outcome: Outcome, failures: int) -> timedelta:
        trouble = outcome.trouble
        if trouble is not None and trouble.verdict is Verdict.SLOW_DOWN:
            return timedelta(seconds=min(trouble.retry_after or 1.0, 900.0))
        wait: timedelta = min(FIRST_RETRY * 2.0 ** min(max(failures, 1) - 1, 10), LONGEST_RETRY)
        return wait * random.uniform(0.75, 1.25)  # noqa: S311  # spreads load, guards nothing
