"""A feed as a line of the Sync page: its state in a word, the reason in a sentence, what it last found and how far it had drifted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from hyperpanel.db.backfills import Progress
from hyperpanel.db.drift import Coverage, Sweep
from hyperpanel.db.feeds import Feed, Run
from hyperpanel.db.sync_rules import Rules
from hyperpanel.support.sync_settings import limits
from hyperpanel.web import ages
from hyperpanel.web.languages import N_
from hyperpanel.web.sync_timings import PLANS, Timing, timings
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports import freshness
from reports.freshness import Lag
from sync.store import FeedKey

BROUGHT = (
    ("new", N_("%(number)s new")),
    ("changed", N_("%(number)s changed")),
    ("set_aside", N_("%(number)s set aside")),
)
DRIFT = (
    ("differed", N_("%(number)s differed")),
    ("missed", N_("%(number)s were missing")),
    ("absent", N_("%(number)s not found")),
    ("gone", N_("%(number)s gone")),
)
WHOLE = frozenset({"services", "messages"})
"""Streams of which a fetch brings all that there is: the catalogue, or a ticket's thread."""

KEYS_MAY = "panels:edit"


@dataclass(frozen=True)
class Step:
    """What a person can do about a feed that waits for one."""

    label: str
    href: str


@dataclass(frozen=True)
class Swept:
    """The last sweep in a few words, and in all of them."""

    tone: str
    text: str
    told: str


@dataclass(frozen=True)
class Past:
    """A past that is read once more because somebody asked. `share` in hundredths; `told` in a few words."""

    share: float
    told: str
    since: datetime
    by: str


@dataclass(frozen=True)
class About:
    """All that the database tells of one feed beside where it stands. `is_worked`: a worker is running."""

    rules: Rules
    under_way: Run | None = None
    ended: Run | None = None
    sweep: Sweep | None = None
    proven: Sweep | None = None
    coverage: Coverage | None = None
    past: Progress | None = None
    calls: float = 0.0
    set_aside: int = 0
    is_worked: bool = False


@dataclass(frozen=True)
class FeedRow:
    """`running` tells of a run under way; `per_fetch` is what is asked for, None where all comes at once, and `given` what the panel gives of
    it where that is less. `reason` is empty where the panel's own line tells it; `swept` is None for a catalogue, which comes whole each
    time. `asked_at`: since when somebody waits for it to be read; `why_href`: where a pause can be explained; `is_covered`:
    every thread is held as it is now."""

    panel: str
    stream: str
    stream_label: str
    state: str
    state_label: str
    reason: str
    step: Step | None
    lag: Lag | None
    every: timedelta
    timings: Sequence[Timing]
    per_fetch: int | None
    given: int | None
    cached: int
    last_fetched: datetime | None
    next_run: datetime | None
    found: str
    coverage: str
    is_covered: bool
    past: Past | None
    set_aside: int
    set_aside_href: str | None
    swept: Swept | None
    calls_per_minute: float
    running: str | None
    asked_at: datetime | None
    paused_by: str | None
    why_href: str | None
    href: str
    runs_href: str
    can_control: bool


def feed_row(visit: Visit, panel: str, feed: Feed, about: About) -> FeedRow:
    settings = visit.console.settings.sync
    promise = ages.promise(feed, settings)
    state = freshness.state(promise, visit.now)
    running = progress(visit, about.under_way) if feed.is_held and about.under_way else None
    standing = "running" if running and feed.pause is None else state
    asked, is_read = per_fetch(visit, feed, about.rules), feed.pause is None and about.is_worked
    return FeedRow(
        panel=panel,
        stream=feed.stream,
        stream_label=ages.stream_label(visit, feed.stream),
        state=standing,
        state_label=visit.say(ages.STATES[standing]),
        reason="" if feed.pause and not feed.pause.stream else ages.because(visit, panel, feed, state),
        step=step(visit, panel, feed) if feed.pause and feed.pause.stream else None,
        lag=freshness.lag(promise, visit.now),
        every=feed.every.get("head") or timedelta(seconds=about.rules.usual(feed.panel_id, feed.stream, "head")),
        timings=timings(visit, feed, about.rules, is_read),
        per_fetch=asked,
        given=feed.cap if asked and feed.cap and feed.cap < asked else None,
        cached=feed.cached,
        last_fetched=feed.fetched_at,
        next_run=min(feed.due_at.values(), default=None) if is_read else None,
        found=findings(visit, about.ended) if about.ended else "",
        coverage=covered(visit, about.coverage) if about.coverage else "",
        is_covered=about.coverage is None or is_whole(about.coverage),
        past=past(visit, about.past) if about.past else None,
        set_aside=about.set_aside,
        set_aside_href=aside_href(panel, stream=feed.stream) if visit.may("set_aside:read") else None,
        swept=swept(visit, about) if "sweep" in feed.due_at else None,
        calls_per_minute=about.calls,
        running=running,
        asked_at=feed.asked_at if is_read else None,
        paused_by=ages.who(visit, feed.pause) if feed.pause else None,
        why_href=f"{href_of(panel, feed.stream)}#reading" if is_untold(visit, feed) else None,
        href=href_of(panel, feed.stream),
        runs_href=runs_href(panel, feed.stream),
        can_control=visit.may("sync:control"),
    )


def past(visit: Visit, progress: Progress) -> Past:
    share, number = 100 * progress.share, visit.fmt.number
    told = visit.say(
        "reading again, %(percent)s %%, %(number)s read", percent=number(int(share)), number=number(progress.read)
    )
    return Past(round(share, 1), told, progress.since, shown(progress.by) or "")


def per_fetch(visit: Visit, feed: Feed, rules: Rules) -> int | None:
    found = limits(visit.console.settings.sync, rules, FeedKey(feed.panel_id, feed.stream))
    return None if feed.stream in WHOLE else found.per_fetch


def is_untold(visit: Visit, feed: Feed) -> bool:
    """Whether a person paused it who has not said why."""
    pause = feed.pause
    if pause is None or pause.trouble is not None or pause.stream is None:
        return False
    return not pause.why and visit.may("sync:control")


def href_of(panel: str, stream: str) -> str:
    return f"/settings/sync/{quote(panel, safe='')}/{quote(stream, safe='')}"


def runs_href(panel: str, stream: str) -> str:
    return f"/settings/sync/runs?{urlencode({'panel': panel, 'stream': stream})}"


def step(visit: Visit, panel: str, feed: Feed) -> Step | None:
    """Only where it is this person's to do."""
    trouble = feed.pause.trouble if feed.pause else None
    if trouble is not None and trouble.code in ("auth", "no_services_key") and visit.may(KEYS_MAY):
        return Step(visit.say("Enter the key"), f"/settings/panels/{quote(panel, safe='')}")
    if trouble is not None and trouble.code == "vanished" and visit.may("set_aside:decide"):
        return Step(visit.say("Decide"), aside_href(panel))
    return None


def aside_href(panel: str, **filters: str) -> str:
    return f"/settings/set-aside?{urlencode({'panel': panel, **filters})}"


def progress(visit: Visit, run: Run) -> str:
    plan = visit.say(PLANS[run.plan]) if run.plan in PLANS else run.plan
    return visit.say("%(plan)s, %(number)s read", plan=plan, number=visit.fmt.number(run.read))


def covered(visit: Visit, coverage: Coverage) -> str:
    number = visit.fmt.number
    read = visit.count(
        "%(read)s of %(all)s thread read",
        "%(read)s of %(all)s threads read",
        coverage.tickets,
        read=number(coverage.threads),
        all=number(coverage.tickets),
    )
    outdated = visit.say("%(number)s changed since", number=number(coverage.outdated)) if coverage.outdated else ""
    return f"{read}, {outdated}" if outdated else read


def is_whole(coverage: Coverage) -> bool:
    return coverage.threads >= coverage.tickets and not coverage.outdated


def findings(visit: Visit, run: Run) -> str:
    return counted(visit, run, BROUGHT) or visit.say("nothing new")


def counted(visit: Visit, told: Run | Sweep, words: tuple[tuple[str, str], ...]) -> str:
    """What there is any of."""
    numbers = [(text, getattr(told, name)) for name, text in words]
    return ", ".join(visit.say(text, number=visit.fmt.number(number)) for text, number in numbers if number)


def swept(visit: Visit, about: About) -> Swept:
    last, proven = about.sweep, about.proven
    if last is None:
        return Swept("quiet", visit.say("not yet"), visit.say("Not swept yet."))
    text = outcome(visit, last)
    whole = visit.say("Swept %(outcome)s.", outcome=text)
    if last.proven:
        return Swept("quiet", text, whole)
    before = visit.say("The last proven sweep: %(outcome)s.", outcome=outcome(visit, proven)) if proven else ""
    return Swept("warn", text, " ".join([whole, before or visit.say("None has been proven yet.")]))


def outcome(visit: Visit, sweep: Sweep) -> str:
    """`2 h ago: 20 013 rows, 3 differed`. What an unproven sweep counted says nothing."""
    ago = visit.fmt.ago(sweep.ended_at)
    if not sweep.proven:
        return visit.say("%(ago)s ago: not proven", ago=ago)
    rows = visit.count("%(number)s row", "%(number)s rows", sweep.read, number=visit.fmt.number(sweep.read))
    drift = counted(visit, sweep, DRIFT) or visit.say("no drift")
    return visit.say("%(ago)s ago: %(rows)s, %(drift)s", ago=ago, rows=rows, drift=drift)
