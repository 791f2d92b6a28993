"""Volume and margin: of the orders created in a window what was charged, what was given back, what their providers took, and what is left.

Each currency stands by itself. Given back is the whole charge of a canceled or refunded order, and of a partial one the share that was not
delivered, rounded down. The providers' charges of canceled and partial ones shrink alike; that of a refunded one stays, for nothing says
that the provider gave it back. A failed order did not run: it costs nothing, and there is no margin of it. A margin is of the orders whose
cost is known in the currency of their charge, `known` of them; no cost is not a cost of nothing. Sums are 128 bits wide: a rial fleet's
month would not fit into 64.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import polars as pl

CANCELED, REFUNDED, PARTIAL, FAILED = "canceled", "refunded", "partial", ("fail", "error")
ENDED = (CANCELED, REFUNDED, PARTIAL, *FAILED)
"""The statuses whose orders have to be looked at one by one."""

WIDE = pl.Int128()
NOTHING = pl.lit(0, WIDE)
LESS = ("returned", "failed", "known_less", "cost_less")


def margins(traded: pl.DataFrame, ended: pl.DataFrame, keys: Sequence[str] = ()) -> pl.DataFrame:
    """By `keys` and currency: orders, revenue, returned, net, known (orders), known_revenue (of those, net), cost (of those), margin, and
    share: hundredths that the margin is of known_revenue, null where that is nothing. The most revenue first, currency by currency."""
    keyed = [*keys, "currency"]
    brought = priced(traded).group_by(keyed).agg(*totals())
    took = lessened(priced(ended)).group_by(keyed).agg(*lessening())
    both = brought.join(took, on=keyed, how="left").with_columns(pl.col(LESS).fill_null(0))
    return (
        both.with_columns(
            net=pl.col("revenue") - pl.col("returned"),
            known=pl.col("known") - pl.col("failed"),
            known_revenue=pl.col("known_revenue") - pl.col("known_less"),
            cost=pl.col("cost") - pl.col("cost_less"),
        )
        .with_columns(margin=pl.col("known_revenue") - pl.col("cost"))
        .with_columns(share=share())
        .select(*keyed, "orders", "revenue", "returned", "net", "known", "known_revenue", "cost", "margin", "share")
        .sort("currency", "revenue", *keys, descending=[False, True, *(False for _ in keys)])
    )


def others(traded: pl.DataFrame, ended: pl.DataFrame) -> pl.DataFrame:
    """What providers took in another currency than the order's: currency (of the charge), cost_currency, orders, cost. It is in no margin."""
    keyed = ["currency", "cost_currency"]
    all_of_them = priced(traded).filter("is_other").group_by(keyed).agg(orders=count(), cost=pl.col("cost").sum())
    back = lessened(priced(ended)).filter("is_other").group_by(keyed).agg(cost_less=pl.col("cost_less").sum())
    both = all_of_them.join(back, on=keyed, how="left").with_columns(pl.col("cost_less").fill_null(0))
    return both.select(*keyed, "orders", cost=pl.col("cost") - pl.col("cost_less")).sort(keyed)


def failures(ended: pl.DataFrame) -> pl.DataFrame:
    """Failed orders that a provider charged all the same: cost_currency, orders, cost."""
    charged = priced(ended).filter(pl.col("status").is_in(FAILED), pl.col("cost") > 0)
    return charged.group_by("cost_currency").agg(orders=count(), cost=pl.col("cost").sum()).sort("cost_currency")


def by_day(frame: pl.DataFrame, zone: ZoneInfo) -> pl.DataFrame:
    """With the `day` that an order was created on where somebody is."""
    return frame.with_columns(day=pl.col("created_at").dt.convert_time_zone(zone.key).dt.date())


def priced(frame: pl.DataFrame) -> pl.DataFrame:
    """Charge and cost as wide numbers, and whether they can be held against each other."""
    is_told = pl.col("provider_charge").is_not_null() & (pl.col("provider_charge_currency") != "")
    is_alike = pl.col("provider_charge_currency") == pl.col("currency")
    return frame.rename({"charge_currency": "currency"}).with_columns(
        charge=pl.col("charge").fill_null(0).cast(WIDE),
        cost=pl.col("provider_charge").fill_null(0).cast(WIDE),
        cost_currency=pl.col("provider_charge_currency"),
        is_known=is_told & is_alike & pl.col("charge").is_not_null(),
        is_other=is_told & ~is_alike,
    )


def totals() -> list[pl.Expr]:
    return [
        count().alias("orders"),
        pl.col("charge").sum().alias("revenue"),
        pl.col("is_known").sum().cast(pl.Int64).alias("known"),
        known("charge").alias("known_revenue"),
        known("cost").alias("cost"),
    ]


def lessened(frame: pl.DataFrame) -> pl.DataFrame:
    """What is taken off again: `returned` of the charge, `cost_less` of the cost, and `failed` where there is no margin at all."""
    failed = pl.col("status").is_in(FAILED)
    return frame.with_columns(
        failed=failed,
        returned=undelivered("charge", CANCELED, REFUNDED),
        cost_less=pl.when(failed).then(pl.col("cost")).otherwise(undelivered("cost", CANCELED)),
    )


def undelivered(amount: str, *whole: str) -> pl.Expr:
    """The share of it that a partial order did not deliver, and all of it of orders whose status is one of `whole`."""
    wide, quantity = pl.col(amount), pl.col("quantity").fill_null(0).cast(WIDE)
    left = pl.col("remains").fill_null(0).cast(WIDE).clip(0, quantity)
    part = pl.when(quantity > 0).then(wide * left // quantity).otherwise(NOTHING)
    status = pl.col("status")
    return pl.when(status.is_in(whole)).then(wide).when(status == PARTIAL).then(part).otherwise(NOTHING)


def lessening() -> list[pl.Expr]:
    gone = pl.when("failed").then(pl.col("charge")).otherwise(pl.col("returned"))
    return [
        pl.col("returned").sum(),
        (pl.col("failed") & pl.col("is_known")).sum().cast(pl.Int64),
        pl.when("is_known").then(gone).otherwise(NOTHING).sum().alias("known_less"),
        known("cost_less"),
    ]


def known(name: str) -> pl.Expr:
    return pl.when("is_known").then(pl.col(name)).otherwise(NOTHING).sum()


def count() -> pl.Expr:
    return pl.len().cast(pl.Int64)


def share() -> pl.Expr:
    whole = pl.col("known_revenue")
    return pl.when(whole > 0).then(100 * pl.col("margin").cast(pl.Float64) / whole.cast(pl.Float64))
