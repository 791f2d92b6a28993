"""`sync --remote`: the worker of another installation is asked to read, and what came of it is told as this one's own reading is."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hyperpanel.cli.output import Cell
from hyperpanel.cli.progress import Show, shown
from hyperpanel.cli.remote import Remote, Unanswered, ask
from hyperpanel.cli.remote_runs import BACKFILL, Reading, Sum
from hyperpanel.errors import Missing

if TYPE_CHECKING:
    from hyperpanel.client import Client
    from hyperpanel.client.console import Feed, Run

EVERY = 1.0
PATIENCE = 300.0
"""Seconds in which nothing happens until it is said that nobody reads."""

IDLE = "It was not read within five minutes: is a worker running there?"


@dataclass(frozen=True)
class Wanted:
    """`plans`: one after another, as far as a feed has them; `since`: the first day of the past that is read once more."""

    names: Sequence[str]
    streams: Sequence[str]
    plans: Sequence[str]
    since: date | None

    def means(self, feed: "Feed") -> bool:
        return feed.stream in self.streams if self.streams else feed.paused is None


def synced_there(remote: Remote, wanted: Wanted) -> list[dict[str, Cell]]:
    """Raises Unanswered, and Missing where there is nothing to read."""
    with shown("read") as show:
        return ask(remote, lambda client: synced(client, wanted, show))


def synced(client: "Client", wanted: Wanted, show: Show) -> list[dict[str, Cell]]:
    """By plan: all feeds are asked for before the first is waited for, since they are read side by side."""
    sums = [Sum(feed) for feed in client.feeds(panel=list(wanted.names) or None) if wanted.means(feed)]
    if not sums:
        raise Missing("There is nothing there that this key may have read. Look at `panel list --remote`.")
    for plan in wanted.plans:
        begun = [begin(client, wanted, one, plan) for one in sums if one.trouble is None]
        await_all(client, [one for one in begun if one is not None], show)
    return [facts(one) for one in sums]


def begin(client: "Client", wanted: Wanted, one: Sum, plan: str) -> Reading | None:
    """None where it was not asked for: a stream may not have this plan, or be paused."""
    from hyperpanel.client import Conflict, NotThere

    since = wanted.since.isoformat() if wanted.since and plan == BACKFILL else None
    try:
        told = client.run_now(one.feed.panel, one.feed.stream, plan, since)
    except NotThere:
        return None
    except Conflict as problem:
        if not has_no_past(problem):
            one.trouble = f"{one.name}: {problem}"
        return None
    return Reading(one, plan, since is not None, before=told if told.asked_at else one.feed)


def has_no_past(problem: Exception) -> bool:
    """That is no trouble: each run of such a stream reads all of it. Anything else is, such as that a feed is paused."""
    from hyperpanel.db.backfills import NO_PAST

    return str(problem) == NO_PAST


def await_all(client: "Client", readings: Sequence[Reading], show: Show) -> None:
    """Until each has ended; they are looked at side by side, or slices of one would pass unseen while another is waited for. Raises
    Unanswered where nobody reads any of them."""
    left, until = list(readings), time.monotonic() + PATIENCE
    while left:
        found = {(feed.panel, feed.stream): feed for feed in looked_at(client, left)}
        seen = [(one, found[key]) for one in left if (key := (one.sum.feed.panel, one.sum.feed.stream)) in found]
        if any(one.is_at_work(feed) for one, feed in seen):
            until = time.monotonic() + PATIENCE
        ended = [one for one, feed in seen if one.has_ended(feed)]
        for one, feed in seen:
            if feed.running is not None:
                show(one.sum.name, one.read)
        left = [one for one in left if one not in ended]
        if left and time.monotonic() > until:
            raise Unanswered(f"{left[0].sum.name}: {IDLE}")
        if left:
            time.sleep(EVERY)


def looked_at(client: "Client", left: Sequence[Reading]) -> "Iterable[Feed]":
    """One call, of however many feeds: a key has a limit."""
    if len(left) == 1:
        return [client.feed(left[0].sum.feed.panel, left[0].sum.feed.stream)]
    return client.feeds(panel=list(dict.fromkeys(one.sum.feed.panel for one in left)))


def facts(one: Sum) -> dict[str, Cell]:
    """None for what a console does not tell of its runs."""
    counted = {name: sum(getattr(run, name) for run in one.runs) for name in ("read", "new", "changed", "set_aside")}
    known = counted["new"] + counted["changed"] + counted["set_aside"]
    return {
        "panel": one.feed.panel,
        "stream": one.feed.stream,
        "read": counted["read"],
        "new": counted["new"],
        "changed": counted["changed"],
        "unchanged": counted["read"] - known,
        "set_aside": counted["set_aside"],
        "calls": None,
        "seconds": round(sum(seconds(run) for run in one.runs), 1),
        "proven": None,
        "trouble": one.trouble,
    }


def seconds(run: "Run") -> float:
    return (run.ended_at - run.started_at).total_seconds() if run.ended_at else 0.0


def day(ago: timedelta, now: datetime) -> date:
    """The day in UTC that a span reaches back to."""
    return (now.astimezone(UTC) - ago).date()
