"""Where the settings of syncing take effect: how often, and how much at once, each stream is read."""

from datetime import timedelta

from hyperpanel.config import Sync
from sync.engine import Limits
from sync.pacing import Pace

WHOLE_THREADS = 7
"""A sweep of messages costs a request for each ticket: so many times rarer than the others."""


def pace(settings: Sync) -> Pace:
    """The intervals of the settings."""
    seconds = {
        ("orders", "head"): settings.head_seconds,
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
    return Pace({feed: timedelta(seconds=value) for feed, value in every.items()})


def limits(settings: Sync) -> Limits:
    return Limits(per_fetch=settings.per_fetch, since=timedelta(days=settings.retention_days))
