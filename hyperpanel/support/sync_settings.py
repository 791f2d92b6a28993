"""Where the settings of syncing take effect: how often, and how much at once, each stream is read."""

from datetime import timedelta

from hyperpanel.config import Sync
from hyperpanel.db.sync_rules import Rules
from sync.engine import Limits
from sync.pacing import Pace
from sync.store import FeedKey

WHOLE_THREADS = 7
"""A sweep of messages costs a request for each ticket: so many times rarer than the others."""


def pace(settings: Sync) -> Pace:
    """The intervals of the settings."""
    seconds = {
        ("orders", "head"): settings.head_seconds,
        ("orders", "watch"): settings.watch_seconds,
        ("orders", "refresh"): settings.refresh_seconds,
        ("users", "head"): settings.users_seconds,
        ("users", "refresh"): settings.refresh_seconds,
        ("payments", "head"): settings.payments_seconds,
        ("payments", "refresh"): settings.walk_seconds,
        ("tickets", "head"): settings.tickets_seconds,
        ("tickets", "refresh"): settings.walk_seconds,
        ("messages", "head"): settings.tickets_seconds,
        ("messages", "refresh"): settings.threads_seconds,
        ("services", "head"): settings.services_seconds,
    }
    sweeps = dict.fromkeys(("orders", "users", "payments", "tickets"), settings.sweep_hours * 3600)
    sweeps["messages"] = WHOLE_THREADS * settings.sweep_hours * 3600
    every = {**seconds, **{(stream, "sweep"): sweep for stream, sweep in sweeps.items()}}
    return Pace({feed: timedelta(seconds=value) for feed, value in every.items()}, settings.pace_range)


def limits(settings: Sync, rules: Rules, feed: FeedKey) -> Limits:
    """How much of a feed is asked for at once, and how far back it is held."""
    per_fetch = rules.value(feed.panel_id, feed.stream, "per_fetch")
    return Limits(
        per_fetch=settings.per_fetch if per_fetch is None else int(per_fetch), since=retention(settings, rules, feed)
    )


def retention(settings: Sync, rules: Rules, feed: FeedKey) -> timedelta:
    days = rules.value(feed.panel_id, feed.stream, "retention_days")
    return timedelta(days=settings.retention_days if days is None else days)
