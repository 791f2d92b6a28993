"""The provider view put together: what page, command, dashboard and API show is made here, in the reader process.

Counts are those of service tracking over the same frames, put together by provider (reports/providers.py), always as of now; who is down was
inferred before, from the last days of all panels (reports/outages.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from hyperpanel.db import delivery_frames, frames
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support.service_tracking import promised
from reports import outages, providers
from reports.outages import Outage
from reports.providers import DOWN
from reports.service_health import SERVICE, Measure
from reports.windows import Window


@dataclass(frozen=True)
class Asked:
    """`scope` names its panels one by one. The window ends now. `provider`: of one alone, with its services. `outages`: who is down, as far as
    the panels of the scope show."""

    scope: Scope
    window: Window
    measure: Measure = field(default_factory=Measure)
    provider: str | None = None
    outages: Sequence[Outage] = ()

    @property
    def now(self) -> datetime:
        return self.window.until


@dataclass(frozen=True)
class Row:
    """`at_risk`: what the stuck orders cost, in units by currency. `state`: of reports/providers.py."""

    provider: str
    stuck: int
    fresh: int
    oldest: datetime | None
    finished: int
    unobserved: int
    rated: int
    slow: int
    panels: int
    services: int
    state: str
    at_risk: Mapping[str, int]
    outage: Outage | None


@dataclass(frozen=True)
class ServiceRow:
    panel_id: int
    service_id: str
    name: str
    stuck: int
    fresh: int
    oldest: datetime | None
    finished: int
    unobserved: int
    rated: int
    slow: int
    per_day: int | None


@dataclass(frozen=True)
class Made:
    """`services`: those of the one provider that was asked for."""

    rows: Sequence[Row]
    outages: Sequence[Outage]
    services: Sequence[ServiceRow] = ()


def made(source: Source, asked: Asked) -> Made:
    """Providers that are down come first, the surest of them before the others."""
    waiting, finished, speeds = gathered(source, asked)
    found = [one for one in asked.outages if asked.provider in (None, one.provider)]
    counted = providers.summed(waiting, finished, speeds, asked.measure, asked.window.since)
    costs = by_currency(providers.at_risk(waiting))
    down = {one.provider: one for one in found}
    rows = [row(values, costs, down) for values in counted.to_dicts()]
    rows += [silent(one) for one in found if one.provider not in set(counted["provider"])]
    rows.sort(key=lambda one: -one.outage.confidence if one.outage else 0.0)
    services = of_provider(asked, waiting, finished, speeds) if asked.provider is not None else []
    return Made(rows, found, services)


def gathered(source: Source, asked: Asked) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Stuck orders, finished ones, and the speeds of their services."""
    stuck_before = asked.now - asked.measure.stuck_after
    waiting = frames.waiting(source, asked.scope, stuck_before, "provider", "charge_currency", "charge")
    finished = frames.finished(source, asked.scope, asked.window, "provider")
    if asked.provider is not None:
        waiting, finished = (frame.filter(pl.col("provider") == asked.provider) for frame in (waiting, finished))
    seen = pl.concat([waiting.select(SERVICE), finished.select(SERVICE)]).unique()
    return waiting, finished, promised(source, asked.scope, seen)


def inferred(source: Source, scope: Scope, now: datetime) -> list[Outage]:
    """Who is inferred to be down, the surest first. `scope` names its panels one by one."""
    return outages.inferred(delivery_frames.recent(source, scope, now), now)


def by_currency(costs: pl.DataFrame) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for provider, currency, units in costs.iter_rows():
        found.setdefault(provider, {})[currency] = units
    return found


def row(values: Mapping[str, Any], costs: Mapping[str, Mapping[str, int]], down: Mapping[str, Outage]) -> Row:
    provider = values["provider"]
    outage = down.get(provider)
    state = DOWN if outage else values["state"]
    return Row(**{**values, "state": state}, at_risk=costs.get(provider, {}), outage=outage)


def silent(outage: Outage) -> Row:
    """Down, with nothing stuck yet and nothing finished in the window."""
    return Row(
        outage.provider, 0, 0, None, 0, 0, 0, 0, len(outage.panels), outage.services, DOWN, at_risk={}, outage=outage
    )


def of_provider(asked: Asked, waiting: pl.DataFrame, finished: pl.DataFrame, speeds: pl.DataFrame) -> list[ServiceRow]:
    counted = providers.by_service(waiting, finished, speeds, asked.measure, asked.window.since)
    named = counted.join(speeds.select(*SERVICE, "name", "per_day"), on=SERVICE, how="left").drop("provider")
    return [ServiceRow(**values) for values in named.to_dicts()]
