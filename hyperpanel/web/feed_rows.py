"""A feed as a line of the Sync page: its state in a word, the reason in a sentence, and what it last found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hyperpanel.db.feeds import Feed, Run
from hyperpanel.web import ages
from hyperpanel.web.languages import N_
from hyperpanel.web.visits import Visit
from reports import freshness

PLANS = {"head": N_("newest"), "refresh": N_("refresh"), "backfill": N_("history")}
BROUGHT = (
    ("new", N_("%(number)s new")),
    ("changed", N_("%(number)s changed")),
    ("set_aside", N_("%(number)s set aside")),
)


@dataclass(frozen=True)
class FeedRow:
    """`lag` against its `aim`; `running` tells of a run under way; `per_fetch` is what a page really holds, None where all comes at once."""

    panel: str
    stream: str
    stream_label: str
    state: str
    state_label: str
    reason: str
    lag: timedelta | None
    aim: timedelta
    every: timedelta
    per_fetch: int | None
    cached: int
    last_fetched: datetime | None
    next_run: datetime | None
    found: str
    calls_per_minute: float
    running: str | None
    paused_by: str | None
    can_control: bool


def feed_row(
    visit: Visit, panel: str, feed: Feed, under_way: Run | None, ended: Run | None, calls: float, is_worked: bool
) -> FeedRow:
    settings = visit.console.settings.sync
    promise = ages.promise(feed, settings)
    state = freshness.state(promise, visit.now)
    running = progress(visit, under_way) if feed.is_held and under_way else None
    shown = "running" if running and state != freshness.PAUSED else state
    whole = feed.stream == "services"
    return FeedRow(
        panel=panel,
        stream=feed.stream,
        stream_label=visit.say(ages.STREAMS[feed.stream]) if feed.stream in ages.STREAMS else feed.stream,
        state=shown,
        state_label=visit.say(ages.STATES[shown]),
        reason=ages.because(visit, panel, feed, state),
        lag=freshness.lag(promise, visit.now),
        aim=promise.aim,
        every=timedelta(seconds=settings.services_seconds if whole else settings.head_seconds),
        per_fetch=None if whole else min(settings.per_fetch, feed.cap or settings.per_fetch),
        cached=feed.cached,
        last_fetched=feed.fetched_at,
        next_run=None if feed.pause or not is_worked else min(feed.due_at.values(), default=None),
        found=findings(visit, ended) if ended else "",
        calls_per_minute=calls,
        running=running,
        paused_by=ages.who(visit, feed.pause) if feed.pause else None,
        can_control=visit.may("sync:control"),
    )


def progress(visit: Visit, run: Run) -> str:
    plan = visit.say(PLANS[run.plan]) if run.plan in PLANS else run.plan
    return visit.say("%(plan)s, %(number)s read", plan=plan, number=visit.fmt.number(run.read))


def findings(visit: Visit, run: Run) -> str:
    brought = [
        visit.say(text, number=visit.fmt.number(getattr(run, name))) for name, text in BROUGHT if getattr(run, name)
    ]
    return ", ".join(brought) or visit.say("nothing new")
