"""How well outages are inferred and delivery ranges hold, on simulated worlds whose truth is known.

The worlds and what is asked of them (tests/support/simulated_truths.py) were fixed before the detectors were written, with the seeds.
Aims: precision 0.9, recall 0.9, and 85 to 95 % of the coming orders within their range in every band of quantity.
Run: `python tests/bench/inference.py [--seeds N] [--explain] [--development] [--only outages]`.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import polars as pl

from tests.bench import inferring
from tests.bench.inferring import FALSE, FOUND, MISSED, SMALL, UNREAD, Judged
from tests.support import simulated_seeds
from tests.support.simulated_truths import HELD_UP, LASTED, ONE_HALF

BANDS = ("to 100", "to 1 000", "to 10 000", "above")
STEPS = (0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, help="only so many worlds of each kind")
    asked.add_argument("--explain", action="store_true", help="a line for each miss and false alarm")
    asked.add_argument("--development", action="store_true", help="the seeds for trying things out")
    asked.add_argument("--only", choices=("outages", "deliveries"))
    options = asked.parse_args()
    development = tuple(simulated_seeds.DEVELOPMENT) if options.development else None
    if options.only != "deliveries":
        outages((development or simulated_seeds.OUTAGE_SEEDS)[: options.seeds], options.explain)
    if options.only != "outages":
        deliveries((development or simulated_seeds.DELIVERY_SEEDS)[: options.seeds], options.explain)


def outages(seeds: Sequence[int], explain: bool) -> None:
    began, orders, moments, found = time.perf_counter(), 0, 0, list[Judged]()
    for seed in seeds:
        world = simulated_seeds.outages(seed)
        orders, moments = orders + len(world.orders), moments + len(world.moments)
        found += inferring.judged(world)
    took = time.perf_counter() - began
    print(f"Outages: {len(seeds)} worlds, {orders} orders, {moments} moments, {took:.0f} s")
    print(
        f"asked of those that last {LASTED // 60} min and have held up {HELD_UP} deliveries; named: confidence {ONE_HALF}"
    )
    counts = Counter(one.verdict for one in found)
    rated(counts)
    by_kind(found)
    confidence(found)
    if explain:
        print("\n".join(one.line() for one in found if one.verdict in (MISSED, FALSE)))


def rated(counts: Counter[str]) -> None:
    named, asked = counts[FOUND] + counts[FALSE], counts[FOUND] + counts[MISSED]
    print(f"precision {ratio(counts[FOUND], named)}   recall {ratio(counts[FOUND], asked)}")
    print(f"counting neither way: {counts[SMALL]} too short or small, {counts[UNREAD]} over but not read yet")


def ratio(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part} of {whole})" if whole else "none"


def by_kind(found: Sequence[Judged]) -> None:
    for kind in sorted({one.behind for one in found if one.verdict in (FOUND, MISSED)}):
        verdicts = Counter(one.verdict for one in found if one.behind == kind)
        print(f"  recall, {kind:24}{ratio(verdicts[FOUND], verdicts[FOUND] + verdicts[MISSED])}")
    for kind, count in Counter(one.behind for one in found if one.verdict == FALSE).most_common():
        print(f"  false alarms, {kind:18}{count}")
    late = [one.late / 60 for one in found if one.verdict == FOUND and one.late is not None]
    if late:
        print(f"  first seen, minutes after it began: median {statistics.median(late):.0f}, {tails(late)}")


def tails(values: Sequence[float]) -> str:
    ordered = sorted(values)
    return f"one in ten below {ordered[len(ordered) // 10]:.0f} or above {ordered[-1 - len(ordered) // 10]:.0f}"


def confidence(found: Sequence[Judged]) -> None:
    """Of all that was named, whatever the confidence: how much of it was a total outage, however small."""
    print(f"  {'confidence':14}{'named':>7}{'mean':>8}{'true':>8}")
    said = [one for one in found if one.confidence and one.verdict != UNREAD]
    for low, high in pairwise(STEPS):
        within = [one for one in said if low <= one.confidence < high]
        if within:
            mean, true = statistics.mean(one.confidence for one in within), sum(one.down is not None for one in within)
            print(f"  {low:.2f}-{min(high, 1):.2f}{len(within):12}{mean:8.2f}{true / len(within):8.2f}")


def deliveries(seeds: Sequence[int], explain: bool) -> None:
    began = time.perf_counter()
    worlds = {seed: inferring.covered(simulated_seeds.deliveries(seed)) for seed in seeds}
    rows = pl.concat(worlds.values())
    took = time.perf_counter() - began
    print(f"\nDelivery ranges: {len(seeds)} worlds, {rows.height} orders held out, {took:.0f} s")
    print(f"  {'':22}{'orders':>8}{'ranged':>8}{'inside':>8}{'below':>8}{'above':>8}{'no end':>8}{'high/low':>10}")
    for number, name in enumerate(BANDS):
        told(name, rows.filter(pl.col("band") == number))
    for kind in simulated_seeds.DELIVERIES:
        told(kind, rows.filter(pl.col("kind") == kind))
    told("all", rows)
    told("with orders still open", rows.filter(pl.col("open") > 0))
    if explain:
        for seed, one in worlds.items():
            told(f"seed {seed} {one['kind'][0]}", one)


def told(title: str, rows: pl.DataFrame) -> None:
    ranged = rows.filter(pl.col("low_seconds").is_not_null())
    if ranged.is_empty():
        print(f"  {title:22}{rows.height:8}{0:8}")
        return
    seconds, low, high = pl.col("seconds"), pl.col("low_seconds"), pl.col("high_seconds")
    shares = ranged.select(
        inside=pl.col("inside").mean(),
        below=(seconds < low).fill_null(False).mean(),
        above=(seconds > high).fill_null(False).mean(),
        endless=seconds.is_null().mean(),
    ).row(0)
    width = ranged.select((high / pl.max_horizontal(low, 1.0)).log().mean().exp()).item()
    parts = "".join(f"{share:8.1%}" for share in shares)
    print(f"  {title:22}{rows.height:8}{ranged.height / rows.height:8.1%}{parts}{width:10.1f}")


if __name__ == "__main__":
    main()
