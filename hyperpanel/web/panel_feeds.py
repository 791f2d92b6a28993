"""A panel as a line of the Sync page, which opens to its feeds. Which are open stands in the address, so that a live update keeps them.

A few panels are open unless the address says otherwise; a fleet begins closed, since hundreds of feeds cannot be read anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from hyperpanel.db.backfills import Progress
from hyperpanel.db.drift import Coverage, Sweep
from hyperpanel.db.feeds import Feed, Run, Worker
from hyperpanel.db.gauges import Gauge
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.db.sync_rules import Rules
from hyperpanel.support.feed_acts import is_leaving
from hyperpanel.support.feed_standings import place
from hyperpanel.support.retention import Erasure
from hyperpanel.web import ages
from hyperpanel.web.addresses import Address
from hyperpanel.web.ages import Stood
from hyperpanel.web.feed_rows import About, FeedRow, Step, aside_href, feed_row, step
from hyperpanel.web.sync_gauges import Bar, bar
from hyperpanel.web.visits import Visit
from reports import freshness

OPEN = "open"
NONE = "-"
"""Stands for "none is open": no panel's name begins with it."""

OPEN_AT_FIRST = 4
Key = tuple[int, str]


@dataclass(frozen=True)
class PanelFeeds:
    """`feeds` are empty while it is closed; then it tells itself how many records are set aside. `paused_by`: who paused the whole of it;
    `why_href`: where that person can say why."""

    panel: str
    url: str
    is_open: bool
    toggle_href: str
    state: str
    state_label: str
    told: str
    reason: str
    step: Step | None
    set_aside: int
    set_aside_href: str | None
    feeds: Sequence[FeedRow]
    bar: Bar | None
    paused_by: str | None
    why_href: str | None
    can_control: bool


@dataclass(frozen=True)
class Found:
    """All that the page needs of the database, in one snapshot; from `under_way` on of the open panels alone."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    opened: Sequence[Panel]
    feeds: Sequence[Feed]
    rules: Rules
    calls: Mapping[Key, float] = field(default_factory=dict)
    set_aside: Mapping[Key, int] = field(default_factory=dict)
    decisions: int = 0
    workers: Sequence[Worker] = ()
    gauges: Mapping[int, Gauge] = field(default_factory=dict)
    erasures: Sequence[Erasure] = ()
    under_way: Mapping[Key, Run] = field(default_factory=dict)
    ended: Mapping[Key, Run] = field(default_factory=dict)
    sweeps: Mapping[Key, Sweep] = field(default_factory=dict)
    proven: Mapping[Key, Sweep] = field(default_factory=dict)
    coverage: Mapping[int, Coverage] = field(default_factory=dict)
    pasts: Mapping[Key, Progress] = field(default_factory=dict)


def open_of(visit: Visit, panels: Sequence[Panel]) -> list[Panel]:
    named = {value for name, value in visit.url.pairs if name == OPEN}
    if named:
        return [panel for panel in panels if panel.name in named]
    return list(panels) if len(panels) <= OPEN_AT_FIRST else []


def toggled(visit: Visit, opened: Sequence[Panel], panel: Panel) -> str:
    """This page with one panel opened or closed."""
    others = [one.name for one in opened if one is not panel]
    wanted = others if panel in opened else [*others, panel.name]
    pairs = [(OPEN, name) for name in wanted or [NONE]]
    return str(Address(visit.url.path, (*visit.url.without(OPEN).pairs, *pairs)))


def stood(visit: Visit, feeds: Sequence[Feed]) -> Stood:
    settings = visit.console.settings.sync
    return [(feed, freshness.state(ages.promise(feed, settings), visit.now)) for feed in feeds]


def of_panel(visit: Visit, panel: Panel, found: Found) -> PanelFeeds:
    mine = stood(visit, sorted((feed for feed in found.feeds if feed.panel_id == panel.id), key=place))
    states = [state for _, state in mine]
    state = freshness.worst([state for state in states if state != freshness.PAUSED] or states)
    whole = next((feed for feed, _ in mine if feed.pause is not None and feed.pause.stream is None), None)
    pause = whole.pause if whole else None
    is_open = panel in found.opened
    return PanelFeeds(
        panel=panel.name,
        url=panel.url,
        is_open=is_open,
        toggle_href=toggled(visit, found.opened, panel),
        state=state,
        state_label=visit.say(ages.STATES[state]),
        told=on_time(visit, states),
        reason=reason(visit, panel, mine, whole, is_open),
        step=step(visit, panel.name, whole) if whole else None,
        set_aside=0 if is_open else sum(found.set_aside.get((feed.panel_id, feed.stream), 0) for feed, _ in mine),
        set_aside_href=aside_href(panel.name) if visit.may("set_aside:read") else None,
        feeds=[feed_row(visit, panel.name, feed, about(visit, feed, found)) for feed, _ in mine] if is_open else [],
        bar=bar(visit, found.gauges.get(panel.id)),
        paused_by=ages.who(visit, pause) if pause else None,
        why_href=why_href(visit, panel.name, pause),
        can_control=visit.may("sync:control") and not (pause and is_leaving([pause])),
    )


def why_href(visit: Visit, panel: str, pause: Pause | None) -> str | None:
    """Where a person's pause is explained; what the engine paused has its reason."""
    is_untold = pause is not None and pause.trouble is None and not pause.why
    return f"/settings/sync/{quote(panel, safe='')}/pause" if is_untold and visit.may("sync:control") else None


def on_time(visit: Visit, states: Sequence[str]) -> str:
    good, number = sum(state == freshness.ON_TIME for state in states), visit.fmt.number
    return visit.say("%(on_time)s of %(all)s on time", on_time=number(good), all=number(len(states)))


def reason(visit: Visit, panel: Panel, mine: Stood, whole: Feed | None, is_open: bool) -> str:
    """Why nothing of it is read; of a closed panel also what is wrong with a feed that nobody sees."""
    if whole is not None and whole.pause is not None:
        return ages.paused(visit, panel.name, whole.pause)
    troubled = [] if is_open else [one for one in mine if one[1] != freshness.ON_TIME]
    return next(iter(ages.reasons(visit, [panel], troubled)), "")


def about(visit: Visit, feed: Feed, found: Found) -> About:
    key = (feed.panel_id, feed.stream)
    return About(
        rules=found.rules,
        under_way=found.under_way.get(key),
        ended=found.ended.get(key),
        sweep=found.sweeps.get(key),
        proven=found.proven.get(key),
        coverage=found.coverage.get(feed.panel_id) if feed.stream == "messages" else None,
        past=found.pasts.get(key),
        calls=found.calls.get(key, 0.0),
        set_aside=found.set_aside.get(key, 0),
        is_worked=any(worker.expires_at > visit.now for worker in found.workers),
    )
