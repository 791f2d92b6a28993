"""One service's score opened (M4): its row, the orders behind each term, and what would change it. Made in the reader process."""

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support import service_tracking
from hyperpanel.support.service_tracking import Asked, Row, Service
from reports import service_health, service_levers
from reports.service_health import FEW
from reports.service_levers import Lever, Standing

SHOWN = 200
LONGEST = timedelta(days=36_500)
"""What takes or is allowed longer counts as this: a speed of one a day and some millions ordered are beyond all that a span can hold."""


@dataclass(frozen=True)
class StuckOrder:
    """`remains` None: not told, so all of it. `charge` in units of its currency."""

    id: str
    created_at: datetime
    status: str
    quantity: int | None
    remains: int | None
    provider: str
    charge: int | None
    charge_currency: str


@dataclass(frozen=True)
class RatedOrder:
    """`taken`: until the earliest moment at which it can have finished, between `finished_from` and `finished_at`; `allowed`: what the speed
    gives it, times the multiplier; `delivered`: units."""

    id: str
    created_at: datetime
    status: str
    delivered: int
    taken: timedelta
    allowed: timedelta
    finished_from: datetime
    finished_at: datetime
    provider: str


@dataclass(frozen=True)
class Explained:
    """SHOWN orders of each kind at most, the oldest and the slowest first; `row` says how many there are. `in_time`: rated ones that were not
    slow. `unrated` finished observed but have no speed to be held against."""

    row: Row
    stuck: list[StuckOrder] = field(default_factory=list)
    slow: list[RatedOrder] = field(default_factory=list)
    in_time: list[RatedOrder] = field(default_factory=list)
    levers: list[Lever] = field(default_factory=list)

    @property
    def unrated(self) -> int:
        return self.row.finished - self.row.rated


def one(source: Source, asked: Asked, panel_id: int, service_id: str) -> Explained:
    """A service of which there is nothing in the report has a row of noughts."""
    alone = Asked(asked.scope.narrowed([panel_id]), asked.window, asked.measure)
    service = (panel_id, service_id)
    waiting, finished = service_tracking.gathered(source, alone, service)
    seen = frame_of(service)
    found = service_tracking.judged(source, alone, waiting, finished, seen)
    promise = service_tracking.promised(source, alone.scope, seen)
    [row] = service_tracking.rows(found) or [nothing(promise)]
    timed = service_health.judged(finished, promise, asked.measure.multiplier).with_columns(
        delivered=service_health.delivered()
    )
    rated = timed.filter("rated").sort(pl.col("taken") / pl.col("allowed"), "id", descending=[True, False])
    return Explained(
        row=row,
        stuck=stuck(waiting),
        slow=finishes(rated.filter("slow")),
        in_time=finishes(rated.filter(~pl.col("slow"))),
        levers=service_levers.levers(standing(row, asked.measure.min_orders)),
    )


def name(source: Source, scope: Scope, service: Service) -> str:
    """What it is called now."""
    return str(service_tracking.promised(source, scope.narrowed([service[0]]), frame_of(service))["name"][0])


def frame_of(service: Service) -> pl.DataFrame:
    return pl.DataFrame([service], schema={"panel_id": pl.Int64, "service_id": pl.String}, orient="row")


def nothing(promise: pl.DataFrame) -> Row:
    none: dict[str, Any] = dict.fromkeys(("stuck", "finished", "unobserved", "rated", "slow", "stuck_term"), 0)
    return Row(**promise.row(0, named=True), **none, oldest=None, slow_term=0.0, score=None, band=FEW)


def standing(row: Row, min_orders: int) -> Standing:
    ended = row.finished + row.unobserved
    return Standing(row.stuck, row.slow, row.rated, row.finished, ended, row.band, min_orders)


def stuck(waiting: pl.DataFrame) -> list[StuckOrder]:
    names = [one.name for one in fields(StuckOrder)]
    some = waiting.sort("created_at", "id").head(SHOWN)
    return [StuckOrder(**values) for values in some.select(names).iter_rows(named=True)]


def finishes(rated: pl.DataFrame) -> list[RatedOrder]:
    seconds = [pl.col(name) for name in ("taken", "allowed")]
    some = rated.head(SHOWN).with_columns(
        pl.duration(microseconds=(one.clip(upper_bound=LONGEST.total_seconds()) * 1e6).cast(pl.Int64)).alias(
            one.meta.output_name()
        )
        for one in seconds
    )
    names = [one.name for one in fields(RatedOrder)]
    return [RatedOrder(**values) for values in some.select(names).iter_rows(named=True)]
