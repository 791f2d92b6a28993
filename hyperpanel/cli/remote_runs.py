"""What became of a plan that the worker of another installation was asked to read. It reads a long one in slices, each a run of its own, and
between two of them whatever else is due: the end of one run is not the end of the plan."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperpanel.client.console import Feed, Run

BACKFILL = "backfill"


@dataclass
class Sum:
    """What the runs of a feed found, until something was in the way."""

    feed: "Feed"
    runs: "list[Run]" = field(default_factory=list)
    trouble: str | None = None

    @property
    def name(self) -> str:
        return f"{self.feed.panel} {self.feed.stream}"


@dataclass(eq=False)
class Reading:
    """A plan that was asked for, down to a date of the past where `has_since`. `before`: the feed as it was then. `runs`, by when they began: of
    one that ended unseen, as far as it was seen."""

    sum: Sum
    plan: str
    has_since: bool
    before: "Feed"
    runs: "dict[datetime, Run]" = field(default_factory=dict)

    @property
    def read(self) -> int:
        return sum(run.read for run in self.runs.values())

    def is_at_work(self, feed: "Feed") -> bool:
        """Somebody reads it, or has since it was last looked at."""
        return feed.running is not None or feed.last_run != self.sum.feed.last_run

    def has_ended(self, feed: "Feed") -> bool:
        """Whether there is nothing more to wait for, as the feed stands now; then its runs are told of."""
        self.sum.feed = feed
        self.keep(feed)
        if feed.running is not None and feed.running.plan == self.plan:
            return False
        self.sum.trouble = self.trouble(feed)
        if self.sum.trouble is None and not self.is_through(feed):
            return False
        self.sum.runs += self.runs.values()
        return True

    def keep(self, feed: "Feed") -> None:
        earlier = self.before.last_run
        for run in (feed.running, feed.last_run):
            if run is not None and run.plan == self.plan and (earlier is None or run.started_at > earlier.started_at):
                self.runs[run.started_at] = run

    def trouble(self, feed: "Feed") -> str | None:
        if feed.paused is not None:
            return f"{self.sum.name}: {feed.paused.why or 'It was paused.'}"
        last = self.last
        is_ours = feed.asked_at is None and last is not None and not self.has_moved(feed)
        return last.trouble if is_ours and last is not None else None

    def is_through(self, feed: "Feed") -> bool:
        """A past that goes on below the date that was asked for is read further by itself. An older console does not tell what is done."""
        last = self.last
        if feed.asked_at is not None:
            return False
        if self.has_moved(feed):
            return True
        if self.has_since:
            return feed.backfill is None
        if last is None or last.ended_at is None:
            return False
        return last.done if last.done is not None else self.plan != BACKFILL or feed.is_history_read is not False

    def has_moved(self, feed: "Feed") -> bool:
        """It was read to its end, even where other runs hide the one that did so."""
        now = as_of(feed, self.plan)
        return now is not None and now != as_of(self.before, self.plan)

    @property
    def last(self) -> "Run | None":
        return self.runs[max(self.runs)] if self.runs else None


def as_of(feed: "Feed", plan: str) -> datetime | None:
    return next((one.as_of for one in feed.plans or () if one.plan == plan), None)
