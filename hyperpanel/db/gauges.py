"""How much of what a panel allows is being used: for people to look at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func

from hyperpanel.db import latencies
from hyperpanel.db.budgets import flights, out, waiters
from hyperpanel.db.schema import budgets, panels, runs
from hyperpanel.db.scope import Scope

RECENT = timedelta(minutes=5)
"""Calls are told as the mean over this span: a run counts its calls when it began."""


@dataclass(frozen=True)
class Gauge:
    """`rate`: calls a second that the panel's owner allows, `pace`: that are made at most at present, because it complained or became slow;
    `calls_a_minute`: that were made lately; `told_until`: it asked not to be called before; `down_since`: it answers nobody."""

    rate: float
    pace: float
    calls_a_minute: float
    in_flight: int
    waiting: int
    slowed_at: datetime | None
    told_until: datetime | None
    down_since: datetime | None
    probe_at: datetime | None
    latency_seconds: float | None


def of_panels(connection: Connection, scope: Scope, now: datetime) -> dict[int, Gauge]:
    """By panel."""
    made = {row[0]: float(row[1]) for row in connection.execute(calling(scope), {"since": now - RECENT})}
    rows = connection.execute(standing(scope)).all()
    return {row.panel_id: gauge(row, made.get(row.panel_id, 0.0), now) for row in rows}


def gauge(row: Any, calls: float, now: datetime) -> Gauge:
    stamp, latency = now.timestamp(), latencies.load(row.latency)
    pace = min(row.pace, row.rate)
    return Gauge(
        rate=row.rate,
        pace=pace,
        calls_a_minute=calls / (RECENT / timedelta(minutes=1)),
        in_flight=sum(out(one, stamp) for one in flights(row.flying)),
        waiting=sum(stamp < one.until for one in waiters(row.waiting)),
        slowed_at=row.slowed_at if pace < row.rate else None,
        told_until=row.told_until if row.told_until is not None and row.told_until > now else None,
        down_since=row.down_since,
        probe_at=row.probe_at if row.down_since is not None else None,
        latency_seconds=latency.quick if latency is not None else None,
    )


NAMES = (
    "panel_id", "pace", "flying", "waiting", "slowed_at", "told_until", "down_since", "probe_at", "latency",
)  # fmt: skip


@lru_cache(maxsize=256)
def standing(scope: Scope) -> Select[Any]:
    return scope.select(*(budgets.c[name] for name in NAMES), panels.c.rate).where(panels.c.id == budgets.c.panel_id)


@lru_cache(maxsize=256)
def calling(scope: Scope) -> Select[Any]:
    asked = scope.select(panels.c.id, func.coalesce(func.sum(runs.c.calls), 0)).where(
        runs.c.panel_id == panels.c.id, runs.c.started_at > bindparam("since"), scope.allows(runs)
    )
    return asked.group_by(panels.c.id)
