"""Pulses: how evenly a provider's deliveries come, so that a silence can be held against its own earlier ones.

Time is counted in deliveries that were due (the compensator of `paces`), corrected for the hours of the day in which the provider works less.
A provider that delivers in batches, or that is read seldom, has long silences by nature; what counts is how much longer this one is.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl

from reports.paces import SOFT, STEP, Paces

LOOKED_BACK = 168.0
"""Hours of history."""

LEFT_OUT = 24.0
"""The last day does not teach what the hours of a day are like: it may be what is being judged."""

LEAN = 8
"""Deliveries with which an hour of the day is taken to be as usual before it is counted."""

UPPER = 0.9


@dataclass(frozen=True)
class Pulse:
    """`times`: hours before now, rising; `due`: deliveries due up to each of them, and `daily` the same with the hours of the day; `beats`:
    moments at which deliveries were seen."""

    times: Sequence[float]
    due: Sequence[float]
    daily: Sequence[float]
    beats: Sequence[float]

    def at(self, values: Sequence[float], moment: float) -> float:
        place = bisect_left(self.times, moment)
        if place <= 0 or place >= len(self.times):
            return values[0 if place <= 0 else -1]
        low, high = self.times[place - 1], self.times[place]
        share = (moment - low) / (high - low) if high > low else 1.0
        return values[place - 1] + share * (values[place] - values[place - 1])

    def of_day(self, since: float, until: float) -> float:
        """How much of what ages alone make due is due at these hours of the day."""
        due = self.at(self.due, until) - self.at(self.due, since)
        return (self.at(self.daily, until) - self.at(self.daily, since)) / due if due > 0 else 1.0

    def gaps(self, before: float) -> list[float]:
        """The silences between beats up to a moment, shortest first."""
        places = [self.at(self.daily, beat) for beat in self.beats if beat <= before]
        return sorted(later - earlier for earlier, later in pairwise(places))

    def clump(self, since: float, due: float) -> float:
        """By how much to divide deliveries due since a moment, so that they surprise as independent ones would."""
        return max(1.0, due / rarity(self.gaps(since), due)) if due > 0 else 1.0


def rarity(gaps: Sequence[float], due: float) -> float:
    """How rare a silence of `due` is among such, as minus the logarithm of its chance: counted as far as there are any, and exponentially
    rarer from there on."""
    if not gaps:
        return due
    longer = len(gaps) - bisect_left(gaps, due)
    if longer:
        return -math.log(longer / (len(gaps) + 1)) + 1e-9
    tail = gaps[int(UPPER * (len(gaps) - 1)) :]
    mean = sum(gaps) / len(gaps)
    excess = max(sum(tail) / len(tail) - tail[0], mean / 4, 0.1)
    return math.log(len(gaps) + 1) + (due - gaps[-1]) / excess


def pulse(paces: Paces, now: datetime) -> Pulse:
    """Of one provider."""
    ended = paces.orders["ended"].drop_nulls()
    beats = sorted({round(hour * 60) / 60 for hour in ended if hour > -LOOKED_BACK})
    oldest = paces.orders.select(pl.col("begun").min().fill_null(0.0)).item()
    start = max(-LOOKED_BACK, float(oldest))
    grid = [-half / 2 for half in range(int(-start * 2), -1, -1)]
    times = sorted({*grid, *beats})
    due = expected(paces, times)
    return Pulse(times, due, by_hour(times, due, ended, now), beats)


def expected(paces: Paces, times: Sequence[float]) -> list[float]:
    """Deliveries due up to each time: each step of an order's age adds its risk while it lasts. One step after another: all of them at once
    would hold every order once for each."""
    orders = paces.orders.filter(pl.col("ended").is_null() | (pl.col("ended") > -LOOKED_BACK))
    aged = orders.select("begun", "level", over=pl.min_horizontal(pl.col("ended").fill_null(0.0), "until"))
    wanted = pl.DataFrame({"at": list(times)}, schema={"at": pl.Float64}).set_sorted("at")
    due = pl.zeros(wanted.height, dtype=pl.Float64, eager=True)
    for step, risk in paces.curves.filter(pl.col("risk") > 0).select("step", "risk").iter_rows():
        due += added(aged, step, risk, wanted)
    return due.to_list()


def added(aged: pl.DataFrame, step: int, risk: float, wanted: pl.DataFrame) -> pl.Series:
    """What one step adds up to each time: a sum over its starts and ends has it exactly."""
    low, high = (pl.max_horizontal("begun", pl.col("begun") + age_at(pl.lit(step + n))) for n in (0, 1))
    lasting = aged.select("over", low=low, high=high).filter(
        pl.col("high") > pl.col("low"), pl.col("over") > pl.col("low")
    )
    slope = risk / (pl.col("high") - pl.col("low"))
    spans = lasting.select("low", end=pl.min_horizontal("over", "high"), slope=slope)
    up = spans.select(at="low", slope="slope", base=-pl.col("slope") * pl.col("low"))
    down = spans.select(at="end", slope=-pl.col("slope"), base=pl.col("slope") * pl.col("end"))
    moved = pl.concat([up, down]).sort("at").with_columns(pl.col("slope", "base").cum_sum())
    found = wanted.join_asof(moved.set_sorted("at"), on="at")
    return found.select((pl.col("slope") * pl.col("at") + pl.col("base")).fill_null(0.0)).to_series()


def age_at(step: pl.Expr) -> pl.Expr:
    return (step * STEP + pl.col("level")).exp() - SOFT


def by_hour(times: Sequence[float], due: Sequence[float], ended: pl.Series, now: datetime) -> list[float]:
    """`due` with what each hour of the day has shown to be worth."""
    worth = hours_of_day(times, due, ended, now)
    daily = [0.0]
    for place in range(1, len(times)):
        step = max(0.0, due[place] - due[place - 1])
        daily.append(daily[-1] + step * worth[hour_of(times[place - 1], now)])
    return daily


def hours_of_day(times: Sequence[float], due: Sequence[float], ended: pl.Series, now: datetime) -> list[float]:
    end = -LEFT_OUT if times and times[0] < -3 * LEFT_OUT else 0.0
    done, should = [float(LEAN)] * 24, [float(LEAN)] * 24
    for place in range(1, len(times)):
        if times[place] <= end:
            should[hour_of(times[place - 1], now)] += max(0.0, due[place] - due[place - 1])
    for moment in ended:
        if times and times[0] < moment <= end:
            done[hour_of(moment, now)] += 1
    return [one / other for one, other in zip(done, should, strict=True)]


def hour_of(moment: float, now: datetime) -> int:
    return (now + timedelta(hours=moment)).hour
