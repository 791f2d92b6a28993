"""Panels and feeds as the API tells them: how they stand, as the console's own pages have it."""

from hyperpanel.client import console
from hyperpanel.db.feeds import Run
from hyperpanel.db.panels import Pause
from hyperpanel.support.feed_figures import FeedStanding, PanelStanding, StreamStanding
from hyperpanel.support.feed_standings import who


def panel_of(one: PanelStanding) -> console.Panel:
    panel = one.panel
    return console.Panel(
        name=panel.name,
        kind=panel.kind,
        currency=panel.currency,
        time_zone=panel.time_zone,
        group=panel.group_name,
        state=one.state,
        reason=one.reason,
        paused=paused(one.pause),
        as_of=one.as_of,
        streams=[stream_of(each) for each in one.streams],
    )


def stream_of(one: StreamStanding) -> console.StreamState:
    return console.StreamState(
        stream=one.feed.stream,
        state=one.state,
        lag=one.lag.age.total_seconds() if one.lag else None,
        as_of=one.as_of,
        rows=one.feed.cached,
    )


def feed_of(one: FeedStanding) -> console.Feed:
    feed, past, coverage = one.feed, one.past, one.coverage
    return console.Feed(
        panel=one.panel,
        stream=feed.stream,
        state=one.state,
        reason=one.reason,
        paused=paused(feed.pause),
        lag=one.lag.age.total_seconds() if one.lag else None,
        on_time_within=one.lag.aim.total_seconds() if one.lag else None,
        as_of=one.as_of,
        rows=feed.cached,
        set_aside=one.set_aside,
        last_fetched=feed.fetched_at,
        next_run=min(feed.due_at.values(), default=None) if one.is_read else None,
        asked_at=feed.asked_at if one.is_read else None,
        calls_per_minute=one.calls,
        plans=[plan_of(one, plan) for plan in feed.due_at],
        last_run=ended_of(one),
        running=None if one.run is None else run_of(one.run),
        last_sweep=console.Sweep(**vars(one.sweep)) if one.sweep else None,
        threads=console.Threads(**vars(coverage)) if coverage else None,
        backfill=console.Backfill(past.since, past.share, past.read, past.by) if past else None,
        is_history_read=not feed.is_filling,
        reaches_back_to=feed.reached,
    )


def plan_of(one: FeedStanding, plan: str) -> console.PlanState:
    every, usual = one.feed.every.get(plan), one.feed.usual.get(plan)
    return console.PlanState(
        plan=plan,
        every=every.total_seconds() if every else None,
        usual=usual.total_seconds() if usual else None,
        as_of=one.feed.as_of.get(plan),
        next_run=one.feed.due_at[plan] if one.is_read else None,
    )


def ended_of(one: FeedStanding) -> console.Run | None:
    """Its trouble names the feed, as the feed's own reason does."""
    run = one.ended
    if run is None:
        return None
    name = f"{one.panel} ({one.feed.stream})"
    return run_of(run, run.done, None if run.trouble is None else str(run.trouble.of(name)))


def run_of(run: Run, done: bool | None = None, trouble: str | None = None) -> console.Run:
    return console.Run(
        plan=run.plan,
        started_at=run.started_at,
        ended_at=run.ended_at,
        read=run.read,
        new=run.new,
        changed=run.changed,
        set_aside=run.set_aside,
        done=done,
        trouble=trouble,
    )


def paused(pause: Pause | None) -> console.Paused | None:
    """What the engine paused has its reason in its trouble."""
    if pause is None:
        return None
    why = str(pause.trouble) if pause.trouble is not None else pause.why
    return console.Paused(by=who(pause), why=why, at=pause.at, whole_panel=pause.stream is None)
