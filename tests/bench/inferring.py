"""Judging what was inferred of simulated worlds: which outages were named, and how many true times lie within the ranges.

What counts is written in tests/support/simulated_truths.py, which is older than the detectors. These are called by their names at run
time, so that neither side can lean on the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import polars as pl

from tests.support import simulated_truths
from tests.support.simulated_truths import ONE_HALF, Down
from tests.support.simulated_worlds import World

ENOUGH = 20
FOUND, MISSED, FALSE, SMALL, UNREAD = "found", "missed", "false", "small", "unread"


@dataclass(frozen=True)
class Judged:
    """One provider at one moment: found, missed, named falsely, or counting neither way."""

    verdict: str
    seed: int
    now: int
    provider: str
    confidence: float
    behind: str
    down: Down | None = None
    late: float | None = None  # seconds from the outage's beginning to `first_seen`

    def line(self) -> str:
        at = datetime.fromtimestamp(self.now, UTC)
        size = f" for {self.down.lasted / 60:.0f} min, {self.down.held_up} held up" if self.down else ""
        named = f" (confidence {self.confidence:.2f})" if self.confidence else ""
        return f"  {self.verdict:7}seed {self.seed} {at:%m-%d %H:%M} {self.provider or '(none)'}: {self.behind}{size}{named}"


def judged(world: World) -> Iterator[Judged]:
    inferred = import_module("reports.outages").inferred
    for now in world.moments:
        named = {one.provider: one for one in inferred(world.known(now), datetime.fromtimestamp(now, UTC))}
        yield from verdicts(world, now, named)


def verdicts(world: World, now: int, named: Mapping[str, Any]) -> Iterator[Judged]:
    """`named` has one inferred outage a provider, of whatever confidence."""
    down, unread = simulated_truths.down(world, now), simulated_truths.unread(world, now)
    for name in sorted(down.keys() | named.keys()):
        one, truth = named.get(name), down.get(name)
        confidence = one.confidence if one else 0.0
        yield Judged(
            verdict=verdict(truth, confidence, name in unread),
            seed=world.seed,
            now=now,
            provider=name,
            confidence=confidence,
            behind=kind(truth) if truth else ", ".join(simulated_truths.around(world, name, now)),
            down=truth,
            late=one.first_seen.timestamp() - truth.event.since if one and truth else None,
        )


def verdict(truth: Down | None, confidence: float, unread: bool) -> str:
    if truth is None:
        if unread:
            return UNREAD
        return FALSE if confidence >= ONE_HALF else "doubted"
    if not truth.asked:
        return SMALL
    return FOUND if confidence >= ONE_HALF else MISSED


def kind(truth: Down) -> str:
    return truth.event.kind + (", leaking" if truth.event.leak else "")


def covered(world: World) -> pl.DataFrame:
    """A row for each order held out: its band, its true seconds, and the range it was given, if any."""
    delivery = import_module("reports.delivery")
    bounds, now = list(delivery.BANDS), world.moments[0]
    coming = simulated_truths.coming(world, now).with_columns(band_of(bounds))
    ranges = delivery.ranges(world.known(now), datetime.fromtimestamp(now, UTC))
    places = [place(band, bounds) for band in ranges["band"]]
    given = ranges.select(
        pl.col("panel_id").cast(pl.Int64),
        pl.col("service_id").cast(pl.String),
        pl.Series("band", places, pl.Int64),
        pl.col("low_seconds", "high_seconds").cast(pl.Float64),
        pl.col("n", "open").cast(pl.Int64),
    ).filter(pl.col("n") >= ENOUGH, pl.col("low_seconds").is_not_null(), pl.col("high_seconds").is_not_null())
    keys = ["panel_id", "service_id", "band"]
    assert not given.select(keys).is_duplicated().any(), "more than one range of a band"
    inside = pl.col("seconds").is_between("low_seconds", "high_seconds").fill_null(False)
    return coming.join(given, on=keys, how="left").with_columns(inside=inside, kind=pl.lit(world.kind))


def band_of(bounds: list[int | None]) -> pl.Expr:
    """The place of its band: bounds are the last quantities of each but the last."""
    return pl.sum_horizontal(pl.col("quantity") > bound for bound in bounds if bound).cast(pl.Int64).alias("band")


def place(band: int | None, bounds: list[int | None]) -> int:
    """Bands are told by their bound, or by their place."""
    return bounds.index(band) if band in bounds else int(band or 0)
