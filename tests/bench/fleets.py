"""The fleet whose rows reports are measured over: how much of everything it has, and the chance that it is made by.

Chance is a hash of a row's number and a seed, column by column, so that a panel of a quarter of a million orders takes a second. (polars
does not promise the same hash in its next version: every database of a run is filled from the same files, tests/bench/made_rows.py.)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

UNTIL = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""The moment of all reports. Rows end there."""

DAYS = 90
BEGAN = UNTIL - timedelta(days=DAYS)
CURRENCIES = ("USD", "USD", "USD", "EUR", "TRY", "INR", "BRL")
MICROS = 1_000_000
TIME = pl.Datetime("us", "UTC")
N = pl.col("n")
NEVER = pl.lit(None, TIME)


@dataclass(frozen=True)
class Fleet:
    """`services`: of all panels together."""

    orders: int = 1_000_000
    panels: int = 40
    services: int = 3_000
    seed: int = 20261122

    @property
    def each(self) -> int:
        return -(-self.orders // self.panels)

    @property
    def customers(self) -> int:
        """Of one panel."""
        return max(50, min(self.each // 20, 15_000))

    @property
    def name(self) -> str:
        return f"{self.orders}-{self.panels}-{self.services}-{self.seed}"


@dataclass(frozen=True)
class Chance:
    """`even` between nothing and one, `normal` about nothing: each name is a column of its own, of rows that have a number `n`."""

    seed: int

    def even(self, name: str) -> pl.Expr:
        return N.hash(self.seed * 1_000 + sum(map(ord, name))) / 2.0**64

    def normal(self, name: str) -> pl.Expr:
        return (-2 * (self.even(name + "r") + 1e-18).log()).sqrt() * (2 * math.pi * self.even(name + "a")).cos()

    def one_of(self, name: str, words: Sequence[str | None]) -> pl.Expr:
        place = (self.even(name) * len(words)).floor().cast(pl.Int64)
        return place.replace_strict(list(range(len(words))), list(words), return_dtype=pl.String)

    def number(self, name: str) -> pl.Expr:
        """Of 63 bits, as digests are."""
        return (self.even(name) * 2.0**62).cast(pl.Int64)


def zipf(places: pl.Series, size: int) -> pl.Series:
    """Even chance to a rank below `size`: the first is taken most."""
    weights = pl.Series([1 / (rank + 1) for rank in range(size)])
    steps = weights.cum_sum() / weights.sum()
    return steps.search_sorted(places).clip(0, size - 1).cast(pl.Int64)


def currency(panel_id: int) -> str:
    return CURRENCIES[panel_id % len(CURRENCIES)]


def moment(at: datetime) -> pl.Expr:
    return pl.lit(at, TIME)


def lasting(seconds: pl.Expr) -> pl.Expr:
    return pl.duration(microseconds=(seconds * MICROS).cast(pl.Int64))


def numbered(rows: int) -> pl.DataFrame:
    return pl.DataFrame({"n": pl.int_range(rows, eager=True)})


def buyers(fleet: Fleet, places: pl.Series) -> pl.Series:
    return "customer" + zipf(places, fleet.customers).cast(pl.String)
