"""How the console reaches panels: a connector for each, and how often and how much of each stream is read."""

from dataclasses import dataclass, field
from datetime import timedelta

from hyperpanel.config import Sync
from hyperpanel.db import panels
from hyperpanel.db.opening import Installation
from sync.connectors import CONNECTORS
from sync.connectors.base import Access, Connector
from sync.engine import Limits
from sync.pacing import Pace


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


WHOLE_THREADS = 7
"""A sweep of messages costs a request for each ticket: so many times rarer than the others."""


@dataclass
class Connectors:
    """One connector a panel, made anew when its address or a key has changed."""

    installation: Installation
    made: dict[int, tuple[Access, Connector]] = field(default_factory=dict)

    async def connect(self, panel_id: int) -> Connector:
        found = self.installation
        access = await found.database.read(lambda connection: panels.access(connection, found.vault, panel_id))
        kind = await found.database.read(lambda connection: panels.kind(connection, panel_id))
        held = self.made.get(panel_id)
        if held is not None and held[0] == access:
            return held[1]
        if held is not None:
            await held[1].close()
        connector = CONNECTORS[kind](access)
        self.made[panel_id] = (access, connector)
        return connector

    async def close(self) -> None:
        for _, connector in self.made.values():
            await connector.close()


def limits(settings: Sync) -> Limits:
    return Limits(per_fetch=settings.per_fetch, since=timedelta(days=settings.retention_days))
