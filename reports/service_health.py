"""Service tracking (SPEC 4, F66-F83, D1-D6): how well each service delivers, as a score whose terms can be looked at.

score = 100 - min(60, 5 x stuck) - slow %, where *stuck* are orders that wait too long whatever the window, and *slow %* is the share, among the
orders that finished in the window and whose speed is known, of those that took longer than quantity / minimum speed x multiplier. When
an order finished is known between two bounds: it is slow only if it is late at the earliest possible finish. Frames have a row for each order.
"""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

PER_STUCK, MOST_FOR_STUCK, WHOLE = 5, 60, 100
HEALTHY_ABOVE, CRITICAL_BELOW = 70, 40
STALLED_FROM = 12
DAY = 86_400.0
SERVICE = ["panel_id", "service_id"]

HEALTHY, WARNING, CRITICAL, STALLED, FEW = "healthy", "warning", "critical", "stalled", "few"
"""FEW: too few orders to be scored. STALLED joins the critical ones: orders pile up and none comes to an end (D1)."""

URGENT = (CRITICAL, STALLED)


@dataclass(frozen=True)
class Measure:
    """What a profile decides. An order is stuck once it was created more than `stuck_after` ago; `multiplier` is how often the promised time
    may pass before it is slow; services with fewer finished or stuck orders than `min_orders` are set apart."""

    stuck_after: timedelta = timedelta(hours=12)
    multiplier: float = 2.0
    min_orders: int = 5


USUAL = Measure()


def score(stuck: int, slow: int, rated: int) -> float:
    """Unbounded below; of hundred at most."""
    return WHOLE - stuck_term(stuck) - slow_term(slow, rated)


def stuck_term(stuck: int) -> int:
    return min(MOST_FOR_STUCK, PER_STUCK * stuck)


def slow_term(slow: int, rated: int) -> float:
    """Slow orders in hundred rated ones; nothing where none could be rated (D3)."""
    return WHOLE * slow / rated if rated else 0.0


def shown(score: float) -> float:
    """As people see it (D2)."""
    return max(0.0, min(float(WHOLE), score))


def band(score: float, stuck: int, finished: int) -> str:
    """`finished`: all that are known to have come to an end in the window, when exactly or not."""
    if stuck >= STALLED_FROM and not finished:
        return STALLED
    if score < CRITICAL_BELOW:
        return CRITICAL
    return HEALTHY if score > HEALTHY_ABOVE else WARNING


def delivered() -> pl.Expr:
    """Units of an order: a partial one's remains never came (D5). Null where more remain than were ordered: such an order cannot be rated."""
    came = pl.col("quantity") - pl.col("remains").fill_null(0)
    return pl.when(pl.col("status") != "partial").then(pl.col("quantity")).when(came >= 0).then(came)


def taken() -> pl.Expr:
    """Seconds until the earliest moment at which an order can have been finished."""
    return (pl.col("finished_from") - pl.col("created_at")).dt.total_microseconds() / 1e6


def allowed(multiplier: float) -> pl.Expr:
    """Seconds that the promise gives; null where nothing is promised."""
    return delivered() * multiplier * DAY / pl.col("per_day")


def judged(finished: pl.DataFrame, speeds: pl.DataFrame, multiplier: float) -> pl.DataFrame:
    """Finished orders with `taken` and `allowed` in seconds, whether they are `rated`, and whether `slow`.

    `finished`: panel_id, service_id, status, quantity, remains, created_at, finished_from (null: not observed), finished_at. `speeds`:
    panel_id, service_id, per_day (null: none is promised).
    """
    known = finished.join(speeds.select(*SERVICE, "per_day"), on=SERVICE, how="left")
    timed = known.with_columns(taken=taken(), allowed=allowed(multiplier))
    rated = pl.col("taken").is_not_null() & pl.col("allowed").is_not_null()
    return timed.with_columns(rated=rated, slow=(rated & (pl.col("taken") > pl.col("allowed"))).fill_null(value=False))


def scored(waiting: pl.DataFrame, finished: pl.DataFrame, speeds: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """A row for each service that has a stuck or a finished order: its terms, `score` (null where set apart), and `band`.

    `waiting`: panel_id, service_id, created_at of the stuck orders, all that are there whatever the window; `finished` and `speeds` as in
    `judged`. Returns panel_id, service_id, stuck, oldest, finished, unobserved, rated, slow, per_day, stuck_term, slow_term, score, band; the
    worst first.
    """
    stuck = waiting.group_by(SERVICE).agg(stuck=pl.len().cast(pl.Int64), oldest=pl.col("created_at").min())
    is_seen = pl.col("finished_from").is_not_null()
    done = judged(finished, speeds, measure.multiplier).group_by(SERVICE)
    ended = done.agg(
        finished=is_seen.sum().cast(pl.Int64),
        unobserved=(~is_seen).sum().cast(pl.Int64),
        rated=pl.col("rated").sum().cast(pl.Int64),
        slow=pl.col("slow").sum().cast(pl.Int64),
    )
    both = stuck.join(ended, on=SERVICE, how="full", coalesce=True)
    counted = both.with_columns(pl.col("stuck", "finished", "unobserved", "rated", "slow").fill_null(0))
    named = counted.join(speeds.select(*SERVICE, "per_day"), on=SERVICE, how="left")
    return (
        banded(termed(named), measure.min_orders)
        .sort("order", pl.col("score"), pl.col("stuck"), *SERVICE, descending=[False, False, True, False, False])
        .drop("order")
    )


def termed(counted: pl.DataFrame) -> pl.DataFrame:
    per_stuck = (pl.col("stuck") * PER_STUCK).clip(upper_bound=MOST_FOR_STUCK)
    per_slow = pl.when(pl.col("rated") > 0).then(WHOLE * pl.col("slow") / pl.col("rated")).otherwise(0.0)
    return counted.with_columns(stuck_term=per_stuck, slow_term=per_slow)


def banded(termed: pl.DataFrame, min_orders: int) -> pl.DataFrame:
    """`order`: what comes first in a list."""
    value = WHOLE - pl.col("stuck_term") - pl.col("slow_term")
    none_ended = (pl.col("finished") == 0) & (pl.col("unobserved") == 0)
    is_few = pl.col("finished") + pl.col("stuck") < min_orders
    named = (
        pl.when(is_few).then(pl.lit(FEW))
        .when((pl.col("stuck") >= STALLED_FROM) & none_ended).then(pl.lit(STALLED))
        .when(value < CRITICAL_BELOW).then(pl.lit(CRITICAL))
        .when(value > HEALTHY_ABOVE).then(pl.lit(HEALTHY))
        .otherwise(pl.lit(WARNING))
    )  # fmt: skip
    places = {CRITICAL: 0, STALLED: 1, WARNING: 2, HEALTHY: 3, FEW: 4}
    return termed.with_columns(score=pl.when(~is_few).then(value), band=named).with_columns(
        order=pl.col("band").replace_strict(places, return_dtype=pl.Int64)
    )
