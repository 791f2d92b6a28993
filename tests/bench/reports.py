"""Reports over a million orders (90 days, 3 000 services, 40 panels, two in a hundred open) while a worker writes: hyperpanel's beside the
same frames read bare through ADBC into polars, plain SQL that gives the same figures, and DuckDB on a file of its own, by turns in one run.

The same rows are put into every database (tests/bench/made_rows.py). Ours is asked as the console asks, with the reader process's answer
unpacked; each way has a process of its own, whose CPU and greatest memory are told. Before the worker begins, all have to give the same
figures. DuckDB's file is a copy that nobody writes to. CPU is that of the process asked: PostgreSQL's own is not in it. On a machine that
others use too, it says more than the time that passed. Goals are said to be met or missed at the end.
Run: `python tests/bench/reports.py [--orders 1000000] [--rounds 20] [--postgres] [--keep FOLDER]`; --keep spares making and
filling the next time (but for PostgreSQL, which goes with the run).
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import hyperpanel  # noqa: F401 -- the safe SQLite first
from tests.bench import filled, report_sql, servers, writing
from tests.bench.filled import Filled
from tests.bench.fleets import UNTIL, Fleet
from tests.bench.report_ways import BARE, DUCK, OURS, REPORTS, SERVICES, SQL, USERS, Ours, Peer, Report, Way, cpu, peak

MOST_MEMORY = 400
SLOWEST = 300
TIMES = {SERVICES.name: (SQL, 1.2), USERS.name: (BARE, 1.5)}
"""Of reports that have a goal: the way that ours is held against, and how many times as long it may take."""


@dataclass(frozen=True)
class Later:
    """The machine's clock, set to the end of the rows when the bench began."""

    began: float

    def now(self) -> datetime:
        return UNTIL + timedelta(seconds=time.time() - self.began)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Figures:
    """Of one way and one question: milliseconds of each round, and of CPU in all."""

    took: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def add(self, way: Way, report: Report, hours: float, until: datetime) -> None:
        used, begun = cpu(way.pid), time.perf_counter()
        way.ask(report, hours, until)
        self.took.append((time.perf_counter() - begun) * 1000)
        self.cpu += cpu(way.pid) - used

    @property
    def middle(self) -> float:
        return statistics.median(self.took)

    @property
    def cost(self) -> float:
        return self.cpu / len(self.took)

    @property
    def slow(self) -> float:
        return statistics.quantiles(self.took, n=20)[18]


Question = tuple[Report, float]
Found = dict[tuple[str, float, str], Figures]


def main() -> None:
    options = asked()
    fleet = Fleet(options.orders, options.panels, options.services)
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as ending:
        folder = (options.keep or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        place = filled.filled(folder, fleet, options.postgres)
        ending.callback(place.end)
        print(place.told())
        ways = list(opened(place, fleet, folder, ending))
        questions = [(report, hours) for report in REPORTS for hours in report.hours if options.only in report.name]
        check(ways, questions)
        before = os.getloadavg()[0]
        clock = Later(time.time())
        with a_writer(place.folder, clock, options.idle) as pages:
            found = measured(ways, questions, options.rounds, clock)
            seconds = time.time() - clock.began
        print(f"load before: {before:.1f} on {os.cpu_count()} cores; {options.rounds} rounds")
        print(
            f"meanwhile a worker committed {pages.value / seconds:.1f} pages of {writing.PAGE} changed orders a second"
        )
        table(ways, questions, found)
        goals(ways, questions, found)


def asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=1_000_000)
    asked.add_argument("--panels", type=int, default=40)
    asked.add_argument("--services", type=int, default=3_000, help="of all panels together")
    asked.add_argument("--rounds", type=int, default=20)
    asked.add_argument("--postgres", action="store_true", help="a throwaway PostgreSQL in place of SQLite")
    asked.add_argument("--keep", type=Path, help="a folder in which rows and files stay, to be found the next time")
    asked.add_argument("--only", default="", help="a part of the names of the reports that are wanted")
    asked.add_argument("--idle", action="store_true", help="without a worker that writes")
    return asked.parse_args()


def opened(place: Filled, fleet: Fleet, folder: Path, ending: ExitStack) -> Iterator[Way]:
    """They end with `ending`."""
    ours, bare = Ours(place.url, fleet), Ours(place.url, fleet, is_bare=True)
    to = report_sql.SQLITE if place.is_sqlite else report_sql.POSTGRES
    plain = Peer(SQL, to, place.address, fleet)
    plain.run(report_sql.PROMISED.format("TEMPORARY"))
    plain.run(report_sql.GIVEN, filled.promised(place.rows))
    ways: list[Way] = [ours, bare, plain]
    python = servers.peers()
    if isinstance(python, str):
        print(f"DuckDB is left out, since it cannot be had here: {python}")
    else:
        ways.append(filled.filled_duck(folder, place.rows, fleet, python))
    for way in ways:
        ending.callback(way.end)
        yield way


def check(ways: Sequence[Way], questions: Sequence[Question]) -> None:
    """All give the same figures, or the run ends here."""
    for report, hours in questions:
        answers = {way.name: way.ask(report, hours, UNTIL) for way in ways if way.can(report)}
        ours = report.figures(answers[OURS])
        for name in answers.keys() & {SQL, DUCK}:
            if (theirs := report.figures(answers[name])) != ours:
                odd = sorted(set(theirs) ^ set(ours), key=str)[:4]
                raise SystemExit(f"{report.name}, {hours} h: {name} gives other figures. {odd}")
        print(
            f"{report.name}, {hours} h: {len(ours)} rows, the same from {len(answers.keys() & {OURS, SQL, DUCK})} ways"
        )


def measured(ways: Sequence[Way], questions: Sequence[Question], rounds: int, clock: Later) -> Found:
    found: Found = {(r.name, hours, way.name): Figures() for r, hours in questions for way in ways if way.can(r)}
    for turn in range(rounds):
        for report, hours in questions:
            until = clock.now()
            first = turn % len(ways)
            for way in filter(lambda one: one.can(report), (*ways[first:], *ways[:first])):
                found[report.name, hours, way.name].add(way, report, hours, until)
    return found


@contextmanager
def a_writer(folder: Path, clock: Later, is_idle: bool) -> Iterator[Any]:
    """Four pages a second, of which every order has changed."""
    start = multiprocessing.get_context("spawn")
    busy, pages = start.Event(), start.Value("i", 0)
    if is_idle:
        yield pages
        return
    habit = writing.Habit(changed=writing.PAGE, a_second=4.0, clock=clock)
    process = start.Process(target=writing.work, args=(str(folder), busy, pages, habit), daemon=True)
    process.start()
    busy.set()
    try:
        while not pages.value and process.is_alive():
            time.sleep(0.1)
        yield pages
    finally:
        process.terminate()
        process.join()


def table(ways: Sequence[Way], questions: Sequence[Question], found: Found) -> None:
    print(f"\n{'':22}{'h':>4}  {'':18}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'ours ÷':>9}{'in CPU':>9}")
    for report, hours in questions:
        ours = found[report.name, hours, OURS]
        for way in ways:
            one = found.get((report.name, hours, way.name))
            if one is None:
                continue
            ratios = "" if way.name == OURS else f"{ours.middle / one.middle:9.2f}{ours.cost / one.cost:9.2f}"
            print(f"{report.name:22}{hours:4}  {way.name:18}{one.middle:9.1f}{one.slow:9.1f}{one.cost:9.1f}{ratios}")
    print("\npeak MiB: " + ", ".join(f"{way.name} {peak(way.pid):.0f}" for way in ways))


def goals(ways: Sequence[Way], questions: Sequence[Question], found: Found) -> None:
    print("\ngoals")
    for report, hours in questions:
        ours = found[report.name, hours, OURS]
        if report.name in TIMES:
            against, times = TIMES[report.name]
            ratio = ours.middle / found[report.name, hours, against].middle
            print(
                f"{report.name}, {hours} h, ÷ {against}: {verdict(ratio, times)}; p95 ms: {verdict(ours.slow, SLOWEST)}"
            )
    print(f"reader process, MiB: {verdict(peak(ways[0].pid), MOST_MEMORY)}")


def verdict(figure: float, at_most: float) -> str:
    return f"{figure:.3g} ≤ {at_most}: {'met' if figure <= at_most else 'MISSED'}"


if __name__ == "__main__":
    main()
