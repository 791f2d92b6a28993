"""How each plan of a feed is timed: its interval now, what is usual, how far it may be moved, and why it is where it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.feeds import Feed
from hyperpanel.db.sync_rules import PACED, Rules, Terms
from hyperpanel.web.languages import N_
from hyperpanel.web.visits import Visit

PLANS = {
    "head": N_("newest"),
    "watch": N_("watch"),
    "refresh": N_("refresh"),
    "backfill": N_("history"),
    "sweep": N_("sweep"),
}
TIMED = ("head", "watch", "refresh", "sweep")
"""A history is read once; that it is looked at again now and then is nothing to set."""

WHY = {
    "paced": N_("Set by how often news is found."),
    "shortest": N_("As short as it may be: news is found often."),
    "longest": N_("As long as it may be: news is rare."),
}
FIXED = N_("Kept to its interval.")
NOT_YET = N_("Its interval until it has run a few times.")


@dataclass(frozen=True)
class Timing:
    """`now`, `usual`, `shortest` and `longest` in seconds; the bounds are None where it keeps to its interval. `next_run` is None while
    nobody reads it."""

    plan: str
    label: str
    now: float
    usual: float
    shortest: float | None
    longest: float | None
    why: str
    kept_at: datetime | None
    next_run: datetime | None


def timings(visit: Visit, feed: Feed, rules: Rules, is_read: bool) -> Sequence[Timing]:
    return list(timed(visit, feed, rules, is_read))


def timed(visit: Visit, feed: Feed, rules: Rules, is_read: bool) -> Iterator[Timing]:
    for plan in TIMED:
        if plan in feed.due_at:
            terms = rules.terms(feed.panel_id, feed.stream, plan)
            yield Timing(
                plan=plan,
                label=visit.say(PLANS[plan]),
                now=now(feed, terms, plan),
                usual=terms.usual,
                shortest=terms.shortest if terms.paced else None,
                longest=terms.longest if terms.paced else None,
                why=why(visit, feed, terms, plan),
                kept_at=feed.as_of.get(plan),
                next_run=feed.due_at[plan] if is_read else None,
            )


def now(feed: Feed, terms: Terms, plan: str) -> float:
    every = feed.every.get(plan)
    return terms.usual if every is None else every.total_seconds()


def why(visit: Visit, feed: Feed, terms: Terms, plan: str) -> str:
    if not terms.paced or plan not in PACED:
        return visit.say(FIXED)
    return visit.say(WHY.get(feed.why.get(plan, ""), NOT_YET))
