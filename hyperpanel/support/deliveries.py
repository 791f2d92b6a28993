"""How one service delivers, put together in the reader process: the range of its coming orders, and its promise audited."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hyperpanel.db import delivery_frames
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support.service_tracking import Service, promised
from reports import delivery, promises
from reports.service_health import SERVICE
from reports.statuses import FINISHED


@dataclass(frozen=True)
class Asked:
    """`read`: up to when the panel's orders are known; None where they never were."""

    scope: Scope
    service: Service
    now: datetime
    read: datetime | None = None


@dataclass(frozen=True)
class Range:
    """Of a band of quantity (place in delivery.BANDS). `low` and `high`: seconds; `is_endless`: `high` is only the longest wait so far."""

    band: int
    low: float
    high: float
    n: int
    open: int
    is_endless: bool = False


@dataclass(frozen=True)
class Audit:
    """Of a band: as promises.audited has it."""

    band: int
    per_day: int
    n: int
    half_low: float
    half_high: float
    most_low: float
    most_high: float
    kept: int
    times: float
    verdict: str


@dataclass(frozen=True)
class Made:
    ranges: list[Range]
    audits: list[Audit]


def made(source: Source, asked: Asked) -> Made:
    orders = delivery_frames.of_service(source, asked.scope, asked.service, asked.now)
    one = pl.DataFrame([asked.service], schema={"panel_id": pl.Int64, "service_id": pl.String}, orient="row")
    ended = orders.filter(pl.col("status").is_in(FINISHED))
    found = delivery.measured(orders, asked.now, asked.read or asked.now)
    audited = promises.audited(ended, promised(source, asked.scope, one))
    return Made(
        ranges=[Range(*values) for values in found.drop(SERVICE).iter_rows()],
        audits=[Audit(**values) for values in audited.drop(SERVICE).to_dicts()],
    )
