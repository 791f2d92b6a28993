"""Delivery: the time that nine in ten coming orders of a service are delivered within, from a twentieth's to nineteen twentieths', by size.

Orders that are not finished yet count with what they have waited so far: weighted Kaplan-Meier (Kaplan and Meier 1958) over the orders of one
service and band of quantity, so that slow ones are not left out for being slow. An observed finish lies between two moments and is spread
evenly over them. Newer orders weigh more, by their rank and not by time, so that a change of speed shows as soon as some tens of orders have
seen it. The quantiles are taken a little further out the fewer orders there are, as split conformal prediction does (Lei et al. 2018): with
twenty the range is from the quickest to the slowest. Canceled orders are left out: nobody waits for them.
"""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from reports.statuses import FINISHED, RUNNING

BANDS = (100, 1_000, 10_000, None)
"""Largest quantity of each band."""

HELD = 0.9
LEAST = 20
"""Fewer finished orders than this make no range."""

HALF_LIFE = 100.0
"""Orders after which one weighs half."""

SPREAD = (1 / 6, 3 / 6, 5 / 6)
AT_FIRST_SIGHT = 60.0
"""Seconds within which an order finished that was done when first seen, on a panel that was being read."""

NEXT_TO_NONE = 1e-9
SERVICE = ["panel_id", "service_id"]
GROUP = [*SERVICE, "band"]


def ranges(orders: pl.DataFrame, now: datetime, read: datetime | None = None) -> pl.DataFrame:
    """panel_id, service_id, band (place in BANDS), low_seconds, high_seconds, n (finished orders it rests on), open (orders that wait).

    `orders`: panel_id, service_id, status, quantity, created_at, finished_from (null: not observed), finished_at, as in outages.inferred. Where
    so many wait that the end is out of sight, `high_seconds` is the longest wait of any. `read`: up to when the panels of these orders were
    read; where it is not told, the newest that they show is taken for it.
    """
    return measured(orders, now, read).drop("is_endless")


def measured(orders: pl.DataFrame, now: datetime, read: datetime | None = None) -> pl.DataFrame:
    """As `ranges`, with `is_endless`: the end is out of sight."""
    weighed = weighted(timed(orders, now, read))
    counts = weighed.group_by(GROUP).agg(
        n=pl.col("high").is_not_null().sum().cast(pl.Int64),
        open=pl.col("high").is_null().sum().cast(pl.Int64),
        worth=pl.col("weight").sum() ** 2 / (pl.col("weight") ** 2).sum(),
    )
    enough = counts.filter(pl.col("n") >= LEAST)
    surviving = survival(spread(weighed.join(enough, on=GROUP)))
    end = reached((1 + HELD) / 2)
    found = surviving.group_by(*GROUP, "n", "open").agg(
        low_seconds=first((1 - HELD) / 2), high_seconds=pl.coalesce(end, pl.col("at").max()), is_endless=end.is_null()
    )
    return found.select(*GROUP, "low_seconds", "high_seconds", "n", "open", "is_endless").sort(GROUP)


def band(quantity: pl.Expr, bands: Sequence[int | None] = BANDS) -> pl.Expr:
    limits = [limit for limit in bands if limit is not None]
    return sum(((quantity > limit).cast(pl.Int64) for limit in limits), pl.lit(0, pl.Int64))


def timed(orders: pl.DataFrame, now: datetime, read: datetime | None) -> pl.DataFrame:
    """`low` and `high`: seconds between which an order finished; null while it waits, when `waited` says how long it was seen to."""
    known = orders.filter(pl.col("created_at") <= now)
    is_done = (pl.col("status").is_in(FINISHED) & (pl.col("finished_at") <= now)).fill_null(value=False)
    is_later = pl.col("status").is_in(FINISHED) & (pl.col("finished_at") > now)
    shown = pl.max_horizontal("created_at", pl.when(pl.col("finished_at") <= now).then("finished_at"))
    is_watched = (pl.col("created_at") >= pl.col("finished_from").min().over("panel_id")).fill_null(value=False)
    is_sudden = is_done & pl.col("finished_from").is_null()
    latest = pl.when(is_sudden).then(AT_FIRST_SIGHT).otherwise(since_created(pl.col("finished_at")))
    return (
        known.with_columns(until=shown.max().over("panel_id") if read is None else pl.lit(read))
        .filter(is_done | is_later.fill_null(value=False) | pl.col("status").is_in(RUNNING))
        .filter(~is_sudden | is_watched)
        .select(
            *SERVICE,
            "created_at",
            band=band(pl.col("quantity").fill_null(1)),
            low=pl.when(is_done).then(since_created(pl.col("finished_from")).fill_null(0.0)),
            high=pl.when(is_done).then(latest),
            waited=since_created(pl.col("until")),
        )
    )


def since_created(moment: pl.Expr) -> pl.Expr:
    return ((moment - pl.col("created_at")).dt.total_microseconds() / 1e6).clip(lower_bound=0.0)


def weighted(timed: pl.DataFrame) -> pl.DataFrame:
    newer = pl.col("created_at").rank("ordinal", descending=True).over(GROUP) - 1
    return timed.with_columns(weight=(newer / -HALF_LIFE * pl.lit(2.0).log()).exp())


def spread(weighed: pl.DataFrame) -> pl.DataFrame:
    """`at` and `weight` of each share of an order, and whether it `ended` there."""
    kept = [*GROUP, "n", "open", "worth"]
    done, waits = weighed.filter(pl.col("high").is_not_null()), weighed.filter(pl.col("high").is_null())
    parts = [
        done.select(*kept, at=pl.col("low") + part * (pl.col("high") - pl.col("low")), weight=pl.col("weight") / len(SPREAD), ended=True)
        for part in SPREAD
    ]  # fmt: skip
    return pl.concat([*parts, waits.select(*kept, at="waited", weight="weight", ended=False)])


def survival(parts: pl.DataFrame) -> pl.DataFrame:
    """`left`: the share that takes longer than `at`. What ends comes before what is cut off at the same time."""
    ordered = parts.sort(*GROUP, "at", "ended", descending=[False, False, False, False, True])
    at_risk = pl.col("weight").cum_sum(reverse=True).over(GROUP)
    going = pl.when("ended").then((pl.col("weight") / at_risk).clip(0.0, 1 - NEXT_TO_NONE)).otherwise(0.0)
    return ordered.with_columns(left=(1 - going).log().cum_sum().over(GROUP).exp())


def first(level: float) -> pl.Expr:
    """The conformal quantile of `worth` orders: its level moves outwards by the place that the coming order takes among them."""
    lower = 1 - (1 - level) * (1 + 1 / pl.col("worth"))
    return pl.col("at").filter(pl.col("ended") & (1 - pl.col("left") >= lower)).min()


def reached(level: float) -> pl.Expr:
    """The same at the upper end; null where so many wait that nobody knows."""
    upper = level * (1 + 1 / pl.col("worth")) - NEXT_TO_NONE
    return pl.col("at").filter(pl.col("ended") & (1 - pl.col("left") >= upper)).min()
