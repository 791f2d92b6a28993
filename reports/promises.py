"""Promises: what a service's name says it delivers in a day, beside what its finished orders did, by size.

An order's speed is what was delivered, divided by the time it took. That time is known between two bounds, so the speed is too; whether an order
kept the promise is judged at the earliest possible finish, as everywhere. `half` is the speed that half of the orders reached, `most` the
one that nine in ten did. Fewer than twenty orders are not judged.
"""

import polars as pl

from reports.delivery import GROUP, LEAST, SERVICE, band
from reports.service_health import DAY, delivered

KEEPS, SHORT, FASTER, FEW = "keeps", "short", "faster", "few"
FAR = 3
"""So many times as fast as promised is far faster: the name could say more."""

SHORTEST = 1.0
"""Seconds: an order that was done at once has a speed too."""

HALF, MOST = 0.5, 0.1


def audited(finished: pl.DataFrame, speeds: pl.DataFrame) -> pl.DataFrame:
    """A row for each service with a promise and each band of quantity: panel_id, service_id, band, per_day, n, half_low, half_high, most_low,
    most_high (units a day, between the bounds), kept (orders that kept the promise), times (how many times as long as promised the middle
    order took at least), verdict.

    `finished`: panel_id, service_id, status, quantity, remains, created_at, finished_from (null: not observed, and left out), finished_at.
    `speeds`: panel_id, service_id, per_day (null: none is promised).
    """
    promised = speeds.filter(pl.col("per_day") > 0).select(*SERVICE, "per_day")
    seen = finished.filter(pl.col("finished_from").is_not_null(), delivered() > 0).join(promised, on=SERVICE)
    timed = seen.with_columns(
        band=band(pl.col("quantity")), fastest=speed("finished_from"), slowest=speed("finished_at")
    )
    counted = timed.group_by(*GROUP, "per_day").agg(
        n=pl.len().cast(pl.Int64),
        half_low=pl.col("slowest").quantile(HALF, "lower"),
        half_high=pl.col("fastest").quantile(HALF, "lower"),
        most_low=pl.col("slowest").quantile(MOST, "lower"),
        most_high=pl.col("fastest").quantile(MOST, "lower"),
        kept=(pl.col("fastest") >= pl.col("per_day")).sum().cast(pl.Int64),
    )
    measured = counted.with_columns(times=pl.col("per_day") / pl.col("half_high"))
    return measured.with_columns(verdict=verdict()).sort(GROUP)


def speed(moment: str) -> pl.Expr:
    """Units a day, had the order finished at one of its bounds."""
    took = (pl.col(moment) - pl.col("created_at")).dt.total_microseconds() / 1e6
    return delivered() * DAY / took.clip(lower_bound=SHORTEST)


def verdict() -> pl.Expr:
    return (
        pl.when(pl.col("n") < LEAST).then(pl.lit(FEW))
        .when(pl.col("times") > 1).then(pl.lit(SHORT))
        .when(pl.col("times") <= 1 / FAR).then(pl.lit(FASTER))
        .otherwise(pl.lit(KEEPS))
    )  # fmt: skip
