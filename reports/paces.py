"""Paces: how an order's finish usually becomes more likely as it grows older, learnt for each provider from its own orders.

Orders of one service take alike, and large ones longer: ages are compared as z = ln(age) - level of the service - slope x ln(quantity), and all
orders of a provider share one curve of hazard over z. Only whole deliveries count as finishes. What was canceled, failed or ended in part
never finishes here and stays at risk, so that the curve has the usual share of them in it (a sub-distribution hazard: Fine and Gray 1999), and
a provider that cancels everything delivers nothing. Open orders are cut off at their age. Finishes are learnt as they were observed
(`finished_at`): the usual delay of a panel's reads is in the curve by itself. Times are hours before now.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

LEARNT_FROM = timedelta(days=10)
STEP = 0.2
"""Width of a step of the curve: ages a fifth apart."""

SOFT = 0.01
"""Hours put on top of each age, so that seconds do not stretch the logarithm."""

AT_FIRST_SIGHT = 1 / 60
"""Hours taken to have passed where an order was done when it was first seen, on a panel that was being read."""

TYPICAL = 3
"""A service of fewer orders than this leans on its provider's level more than on its own."""

UNIT = ["provider", "panel_id", "service_id"]

AT_A_TIME = 100_000
"""Orders."""


@dataclass(frozen=True)
class Paces:
    """`orders`: provider, panel_id, service_id, begun, ended (null: never), until (the newest that the panel has shown of anything), level.
    `curves`: provider, step, risk (within the step), before (all steps below it)."""

    orders: pl.DataFrame
    curves: pl.DataFrame

    def of(self, provider: str) -> "Paces":
        is_its = pl.col("provider") == provider
        return Paces(self.orders.filter(is_its), self.curves.filter(is_its))

    def parted(self) -> Iterator["Paces"]:
        return (Paces(part, self.curves) for part in parted(self.orders))


def learnt(orders: pl.DataFrame, now: datetime) -> Paces:
    """What is known at `now`: later finishes are not. A provider's paces are its own: some providers at a time take less room than all."""
    each = [leveled(part) for part in parted(timed(orders, now))]
    return Paces(pl.concat(each), pl.concat([curves(part) for part in each]))


def parted(seen: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Each provider whole in one of the parts."""
    parts = seen.height // AT_A_TIME + 1
    place = seen["provider"].hash() % parts
    return (seen.filter(place == part) for part in range(parts))


def timed(orders: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """An order that was done before anybody watched its panel tells nothing about time, and is left out."""
    is_done = ((pl.col("status") == "completed") & (pl.col("finished_at") <= now)).fill_null(value=False)
    shown = pl.max_horizontal("created_at", pl.when(pl.col("finished_at") <= now).then("finished_at"))
    known = orders.lazy().filter((pl.col("created_at") <= now) & (pl.col("created_at") > now - LEARNT_FROM))
    panels = known.group_by("panel_id").agg(until=hours(shown.max(), now), watched=pl.col("finished_from").min())
    is_watched = (pl.col("created_at") >= pl.col("watched")).fill_null(value=False)
    is_sudden = is_done & pl.col("finished_from").is_null()
    ended = pl.when(is_sudden).then(pl.col("begun") + AT_FIRST_SIGHT).otherwise(hours(pl.col("finished_at"), now))
    told = (
        known.join(panels, on="panel_id")
        .filter(~is_sudden | is_watched)
        .with_columns(begun=hours(pl.col("created_at"), now), size=size())
        .with_columns(ended=pl.when(is_done).then(pl.max_horizontal("begun", ended)))
    )
    return told.select(*UNIT, "begun", "ended", "until", "size").collect()


def hours(moment: pl.Expr, now: datetime) -> pl.Expr:
    return (moment - now).dt.total_microseconds() / 3.6e9


def size() -> pl.Expr:
    return pl.col("quantity").fill_null(1).clip(lower_bound=1).log()


def log_age(age: pl.Expr) -> pl.Expr:
    return (age.clip(lower_bound=0.0) + SOFT).log()


def leveled(seen: pl.DataFrame) -> pl.DataFrame:
    """With `level`: the usual logarithm of an order's age at its finish, by service and quantity."""
    done = seen.filter(pl.col("ended").is_not_null()).with_columns(took=log_age(pl.col("ended") - pl.col("begun")))
    mean = [(pl.col(name) - pl.col(name).mean().over(UNIT)).alias(f"{name}_off") for name in ("took", "size")]
    product, square = pl.col("took_off") * pl.col("size_off"), pl.col("size_off") ** 2
    slopes = done.with_columns(mean).group_by("provider").agg(
        slope=(product.sum() / (square.sum() + 1)).clip(0.0, 1.0)
    )  # fmt: skip
    flat = done.join(slopes, on="provider").with_columns(flat=pl.col("took") - pl.col("slope") * pl.col("size"))
    common = flat.group_by("provider", "slope").agg(common=pl.col("flat").median())
    own = flat.group_by(UNIT).agg(own=pl.col("flat").median(), n=pl.len())
    both = seen.join(common, on="provider").join(own, on=UNIT, how="left").with_columns(pl.col("n").fill_null(0))
    mixed = (pl.col("n") * pl.col("own").fill_null(0.0) + TYPICAL * pl.col("common")) / (pl.col("n") + TYPICAL)
    return both.select(*UNIT, "begun", "ended", "until", level=mixed + pl.col("slope") * pl.col("size"))


def curves(seen: pl.DataFrame) -> pl.DataFrame:
    """The steps from the first to the last that any order of the provider has reached."""
    age = pl.col("ended").fill_null(pl.col("until")) - pl.col("begun")
    steps = seen.with_columns(step=step(age)).group_by("provider", "step").agg(
        reached=pl.len(), done=pl.col("ended").is_not_null().sum()
    )  # fmt: skip
    first, last = pl.col("step").min(), pl.col("step").max()
    every = steps.group_by("provider").agg(step=pl.int_ranges(first, last + 1).first()).explode("step")
    full = every.join(steps, on=["provider", "step"], how="left").sort("provider", "step")
    counted = full.with_columns(pl.col("reached", "done").fill_null(0))
    at_risk = pl.col("reached").cum_sum(reverse=True).over("provider")
    risk = -(1 - pl.col("done") / (at_risk + 1)).log()
    whole = counted.with_columns(risk=risk)
    return whole.select("provider", "step", "risk", before=pl.col("risk").cum_sum().over("provider") - pl.col("risk"))


def height(age: pl.Expr) -> pl.Expr:
    """z in steps."""
    return (log_age(age) - pl.col("level")) / STEP


def step(age: pl.Expr) -> pl.Expr:
    return height(age).floor().cast(pl.Int64)


def with_risk(frame: pl.DataFrame, curves: pl.DataFrame, age: pl.Expr, name: str) -> pl.DataFrame:
    """The hazard that an order has gone through up to an age, as column `name`. `frame` has provider and level."""
    ends = curves.group_by("provider").agg(first=pl.col("step").min(), last=pl.col("step").max())
    placed = frame.with_columns(height=height(age)).join(ends, on="provider")
    stepped = placed.with_columns(step=pl.col("height").floor().cast(pl.Int64).clip(pl.col("first"), pl.col("last")))
    share = (pl.col("height") - pl.col("step")).clip(0.0, 1.0)
    found = stepped.join(curves, on=["provider", "step"])
    passed = pl.when(age > 0).then(pl.col("before") + share * pl.col("risk")).otherwise(0.0)
    return found.with_columns(passed.alias(name)).drop("height", "first", "last", "step", "risk", "before")
