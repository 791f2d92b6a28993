"""Providers: how each delivers across panels and services, from the orders it was given, whichever panel sold them.

*Stuck* are orders that wait too long whatever the window; *fresh* those of them that came to be stuck within it. *Slow* is the share, among the
finished orders whose speed was promised, of those that took longer than promised times the multiplier: all as in service tracking, put together
by provider. A provider is *struggling* when twelve or more are fresh and at least a quarter of what came to be stuck or to an end, or when
three in ten of twenty rated ones or more were slow; what is inferred to be down is said by `outages` and goes before. What the stuck orders cost
is told in each currency by itself. Orders that name no provider are left out.
"""

from datetime import datetime

import polars as pl

from reports.service_health import SERVICE, STALLED_FROM, Measure, judged

DOWN, STRUGGLING, SILENT, WORKS, FEW = "down", "struggling", "silent", "works", "few"
"""SILENT: nothing of it finished in the window, and too little was due to call that an outage."""

FRESH_SHARE = 0.25
SLOW_FROM = 0.3
RATED_FROM = 20


def summed(
    waiting: pl.DataFrame, finished: pl.DataFrame, speeds: pl.DataFrame, measure: Measure, since: datetime
) -> pl.DataFrame:
    """A row for each provider: provider, stuck, fresh, oldest, finished, unobserved, rated, slow, panels, services, state; the worst first.

    `waiting`: panel_id, service_id, provider, created_at of stuck orders; `finished`, `speeds`: as in service_health.judged, with provider.
    `since`: where the window begins.
    """
    return ranked(counted(waiting, finished, speeds, measure, since, ["provider"]), measure)


def by_service(
    waiting: pl.DataFrame, finished: pl.DataFrame, speeds: pl.DataFrame, measure: Measure, since: datetime
) -> pl.DataFrame:
    """The same for each provider's services: provider, panel_id, service_id, stuck, fresh, oldest, finished, unobserved, rated, slow."""
    found = counted(waiting, finished, speeds, measure, since, ["provider", *SERVICE])
    return ranked(found, measure).drop("panels", "services", "state")


def counted(
    waiting: pl.DataFrame,
    finished: pl.DataFrame,
    speeds: pl.DataFrame,
    measure: Measure,
    since: datetime,
    by: list[str],
) -> pl.DataFrame:
    named = pl.col("provider") != ""
    done = judged(finished.filter(named), speeds, measure.multiplier)
    is_seen = pl.col("finished_from").is_not_null()
    ended = done.group_by(by).agg(
        finished=count(is_seen), unobserved=count(~is_seen), rated=count(pl.col("rated")), slow=count(pl.col("slow"))
    )
    created = pl.col("created_at")
    stuck = waiting.filter(named).group_by(by).agg(
        stuck=pl.len().cast(pl.Int64), fresh=count(created >= since - measure.stuck_after), oldest=created.min()
    )  # fmt: skip
    used = pl.concat([frame.select("provider", *SERVICE) for frame in (waiting.filter(named), done)])
    width = used.group_by(by).agg(
        panels=pl.col("panel_id").n_unique().cast(pl.Int64), services=pl.struct(SERVICE).n_unique().cast(pl.Int64)
    )
    both = width.join(stuck, on=by, how="left").join(ended, on=by, how="left")
    return both.with_columns(pl.col("stuck", "fresh", "finished", "unobserved", "rated", "slow").fill_null(0))


def count(condition: pl.Expr) -> pl.Expr:
    return condition.sum().cast(pl.Int64)


def ranked(counted: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    is_slow = (pl.col("rated") >= RATED_FROM) & (pl.col("slow") >= SLOW_FROM * pl.col("rated"))
    came = pl.col("fresh") + pl.col("finished") + pl.col("unobserved")
    is_piling = (pl.col("fresh") >= STALLED_FROM) & (pl.col("fresh") >= FRESH_SHARE * came)
    is_few = pl.col("finished") + pl.col("stuck") < measure.min_orders
    state = (
        pl.when(is_piling | is_slow).then(pl.lit(STRUGGLING))
        .when(is_few).then(pl.lit(FEW))
        .when(pl.col("finished") + pl.col("unobserved") == 0).then(pl.lit(SILENT))
        .otherwise(pl.lit(WORKS))
    )  # fmt: skip
    place = pl.col("state").replace_strict({STRUGGLING: 0, SILENT: 1, WORKS: 2, FEW: 3}, return_dtype=pl.Int64)
    told = counted.with_columns(state=state).with_columns(place=place)
    keys = [name for name in ("provider", *SERVICE) if name in counted.columns]
    return told.sort("place", -pl.col("stuck"), -pl.col("slow"), *keys).drop("place")


def at_risk(waiting: pl.DataFrame) -> pl.DataFrame:
    """What the orders of each provider cost that wait too long: provider, charge_currency, charge (units)."""
    known = waiting.filter(pl.col("provider") != "", pl.col("charge").is_not_null(), pl.col("charge_currency") != "")
    sums = known.group_by("provider", "charge_currency").agg(pl.col("charge").cast(pl.Int128).sum())
    return sums.sort("provider", "charge_currency")
