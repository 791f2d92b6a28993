"""`sync --remote`: the worker of another installation is asked to read, and what came of it is told as this one's own reading is."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hyperpanel.cli.output import Cell
from hyperpanel.cli.progress import Show, shown
from hyperpanel.cli.remote import Remote, Unanswered, ask
from hyperpanel.errors import Missing

if TYPE_CHECKING:
    from hyperpanel.client import Client
    from hyperpanel.client.console import Feed, Run

EVERY = 1.0
PATIENCE = 300.0
"""Seconds in which nothing happens until it is said that nobody reads."""

BACKFILL = "backfill"

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


@dataclass
class Sum:
    """What the runs of a feed found, until something was in the way."""

    feed: "Feed"
    runs: "list[Run]" = field(default_factory=list)
    trouble: str | None = None


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
        begun = [one for one in sums if one.trouble is None and begin(client, wanted, one, plan)]
        for one in begun:
            one.feed = awaited(client, one, show)
    return [facts(one) for one in sums]


def begin(client: "Client", wanted: Wanted, one: Sum, plan: str) -> bool:
    """Whether it was asked for: a stream may not have this plan, or be paused."""
    from hyperpanel.client import Conflict, NotThere

    since = wanted.since.isoformat() if wanted.since and plan == BACKFILL else None
    try:
        client.run_now(one.feed.panel, one.feed.stream, plan, since)
    except NotThere:
        return False
    except Conflict as problem:
        if plan != BACKFILL:
            one.trouble = f"{one.feed.panel} {one.feed.stream}: {problem}"
        return False
    return True


def awaited(client: "Client", one: Sum, show: Show) -> "Feed":
    """The feed once a run has ended that was not there before. Raises Unanswered where nobody reads it."""
    before, until = one.feed, time.monotonic() + PATIENCE
    while True:
        feed = client.feed(before.panel, before.stream)
        if feed.running is not None:
            show(f"{feed.panel} {feed.stream}", feed.running.read)
            until = time.monotonic() + PATIENCE
        elif feed.paused is not None:
            one.trouble = f"{feed.panel} {feed.stream}: {feed.paused.why or 'It was paused.'}"
            return feed
        elif feed.asked_at is None and feed.last_run is not None and feed.last_run != before.last_run:
            one.runs.append(feed.last_run)
            return feed
        if time.monotonic() > until:
            raise Unanswered(f"{feed.panel} {feed.stream}: {IDLE}")
        time.sleep(EVERY)


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
