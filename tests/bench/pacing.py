"""How soon changes are seen under one budget of calls: each policy on each frozen fleet (tests/support/pacing_fleets.py), in virtual time.

Said before there was any result: a fleet has a gap where known rates have at most 0.95 × the mean delay of equal fixed intervals. There
pacing must close 85 % of it; on any other it may have at most 1.02 × the delay of equal fixed. Known rates are the best of three rules
that are told the truth (tests/support/pacing_rivals.py), chosen by the mean of all seeds. Delays are in seconds, of the changes of the days
measured, which begin where learning ends; a fleet's figures are means over its seeds (the oldest age is the greatest), and ratios are those
of these means. Each seed's changes are the same for all. "first 3 h": the mean delay of the first three hours, when nothing is known yet.
Run: `python tests/bench/pacing.py [--seeds 20] [--fleet NAME]`, the latter as often as wanted.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.pacing_fleets import DAY, FLEETS, NAMED, Fleet, world
from tests.support.pacing_ours import Paced
from tests.support.pacing_play import Played, Policy, play
from tests.support.pacing_rivals import EQUAL, KNOWING, RIVALS, Maker

OURS: dict[str, Callable[[], Policy]] = {"ours": Paced}
"""The console's own, by name. They are told nothing of the world."""

KNOWN = "known rates"
GAP, CLOSED, MOST = 0.95, 0.85, 1.02
HEADINGS = ("", "mean", "× known", "× fixed", "p95", "× known", "gap closed", "calls/min", "oldest", "first 3 h")


@dataclass(frozen=True)
class Figures:
    mean: float
    late: float
    calls: float
    oldest: float
    cold: float


def figures(played: Played) -> Figures:
    return Figures(played.mean, played.late, played.calls, played.oldest, played.cold)


def makers(fleet: Fleet) -> dict[str, Maker]:
    """In a steady fleet two of those that know are one."""
    knowing = {name: maker for name, maker in KNOWING.items() if not (fleet.is_steady and name == "summed index")}
    return {**RIVALS, **knowing, **{name: untold(make) for name, make in OURS.items()}}


def untold(make: Callable[[], Policy]) -> Maker:
    return lambda _: make()


def seeded(name: str, seed: int) -> dict[str, Figures]:
    made = world(NAMED[name], seed)
    return {policy: figures(play(made, maker(made))) for policy, maker in makers(made.fleet).items()}


def averaged(seeds: Sequence[Mapping[str, Figures]]) -> dict[str, Figures]:
    return {policy: mean([found[policy] for found in seeds]) for policy in seeds[0]}


def mean(found: Sequence[Figures]) -> Figures:
    mean, late, calls, cold = (
        statistics.fmean(getattr(one, name) for one in found) for name in ("mean", "late", "calls", "cold")
    )
    return Figures(mean, late, calls, max(one.oldest for one in found), cold)


@dataclass(frozen=True)
class Table:
    """`found` holds each policy's figures, those that know the rates among them."""

    fleet: Fleet
    found: Mapping[str, Figures]

    @property
    def best(self) -> str:
        return min((name for name in KNOWING if name in self.found), key=lambda name: self.found[name].mean)

    @property
    def known(self) -> Figures:
        return self.found[self.best]

    @property
    def fixed(self) -> Figures:
        return self.found[EQUAL]

    @property
    def has_gap(self) -> bool:
        return self.known.mean <= GAP * self.fixed.mean

    def closed(self, one: Figures) -> float:
        return (self.fixed.mean - one.mean) / (self.fixed.mean - self.known.mean)

    def row(self, name: str, one: Figures) -> tuple[str, ...]:
        return (
            name,
            f"{one.mean:.1f}",
            f"{one.mean / self.known.mean:.3f}",
            f"{one.mean / self.fixed.mean:.3f}",
            f"{one.late:.1f}",
            f"{one.late / self.known.late:.3f}",
            f"{self.closed(one):.0%}" if self.has_gap else "–",
            f"{one.calls:.1f}",
            f"{one.oldest:.0f}",
            f"{one.cold:.1f}",
        )

    def rows(self) -> list[tuple[str, ...]]:
        told = {name: one for name, one in self.found.items() if name not in KNOWING}
        return [self.row(name, one) for name, one in {**told, f"{KNOWN} ({self.best})": self.known}.items()]

    def verdict(self, name: str) -> str:
        one = self.found[name]
        if self.has_gap:
            met, told = self.closed(one) >= CLOSED, f"closes {self.closed(one):.1%} of the gap, goal {CLOSED:.0%}"
        else:
            ratio = one.mean / self.fixed.mean
            met, told = ratio <= MOST, f"{ratio:.3f} × equal fixed, goal {MOST}"
        return f"{self.fleet.name}: {name} {told}: {'met' if met else 'missed'}"


def shown(table: Table, seeds: int) -> str:
    fleet = table.fleet
    days = f"{fleet.learning / DAY:g} + {fleet.measured / DAY:g} days, {seeds} seeds"
    rows = [HEADINGS, *table.rows()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    return "\n".join([f"\n{fleet.name}: {fleet.about} ({days}; {'a gap' if table.has_gap else 'no gap'})", *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--fleet", action="append", choices=list(NAMED))
    asked = parser.parse_args()
    verdicts = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for fleet in FLEETS:
            if asked.fleet and fleet.name not in asked.fleet:
                continue
            seeds = range(1, asked.seeds + 1)
            table = Table(fleet, averaged(list(pool.map(seeded, repeat(fleet.name), seeds))))
            print(shown(table, asked.seeds), flush=True)
            verdicts += [table.verdict(name) for name in OURS]
    print("", *verdicts, sep="\n")


if __name__ == "__main__":
    main()
