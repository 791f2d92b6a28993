"""Pages over 1 million orders of 3 panels in SQLite: CPU and time of each, beside a ready text from the same web server, Django's admin and
Datasette over the same file, by turns in one run.

Each server is a process of its own and is asked by one client on one connection; who must sign in has. CPU is the server's, from /proc.
The plain page that the goals speak of is a ready text of the same size from within the console, so behind sign-in; what the bare web server
needs for it stands beside. Sizes do too, since the peers' pages are not as large as ours. Goals are said to be met or missed at the end.
Run: `python tests/bench/pages.py [--orders 1000000] [--seconds 1] [--rounds 7] [--keep FOLDER]`; reading the orders in takes some minutes,
and --keep spares them the next time.
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import hyperpanel  # noqa: F401 -- the safe SQLite first
from tests.bench import servers, ways, writing
from tests.bench.client import burst
from tests.bench.planting import contents, planted
from tests.bench.servers import Server
from tests.bench.ways import DATASETTE, DATASETTE_LEAN, DJANGO, DJANGO_LEAN, DOOR, FIRST, ROWS, Way

CLIENTS = 8
PEERS = {DJANGO: 25, DJANGO_LEAN: 25, DATASETTE: 0, DATASETTE_LEAN: 10}
"""How many times our page's cost theirs is to be at least."""

ENOUGH = 100
"""Requests in a round, below which a 99th percentile says nothing."""


@dataclass
class Figures:
    """Of one way, each round by itself: CPU milliseconds for a request, median and 99th percentile of its time."""

    cpu: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    def add(self, way: Way, seconds: float) -> None:
        first = len(self.cpu) * 31 % len(way.requests)
        burst(way.server.port, way.requests, first, 0.0)
        used = way.server.cpu()
        took = burst(way.server.port, way.requests, first, seconds)
        self.cpu.append((way.server.cpu() - used) / len(took))
        self.p50.append(statistics.median(took))
        if len(took) >= ENOUGH:
            self.p99.append(statistics.quantiles(took, n=100)[98])


Found = Mapping[str, Figures]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=1_000_000)
    asked.add_argument("--seconds", type=float, default=1.0, help="how long each way is asked in a round")
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--keep", type=Path, help="a folder in which the planted file stays, to be found the next time")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as ending:
        folder = (options.keep or Path(scratch)).resolve()
        file = planted(folder, options.orders)
        print("; ".join(f"{number} {name}" for name, number in contents(file).items()))
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; medians of {options.rounds} rounds")
        chosen = list(running(folder, file, Path(scratch), ending))
        found = {way.name: Figures() for way in chosen}
        for _ in range(options.rounds):
            for way in chosen:
                found[way.name].add(way, options.seconds)
        table(chosen, found)
        goals(chosen, found)
        crowd(chosen[0], options.seconds)
        beside_a_writer([way for way in chosen if way.name in (FIRST, ROWS)], folder, options)


def running(folder: Path, file: Path, scratch: Path, ending: ExitStack) -> Iterator[Way]:
    """Every server that can be had, and what is asked of it. They end with `ending`."""

    def kept(server: Server) -> Server:
        ending.callback(server.end)
        return server

    ours = list(ways.of_console(kept(servers.console(folder, scratch)), file))
    yield from ours
    page = scratch / "page.html"
    page.write_bytes(ours[0].page)
    bare, console = (kept(servers.plain(name, folder, page, scratch)) for name in ("bare", "behind_the_door"))
    yield from ways.of_floor(bare, console)
    python = servers.peers()
    if isinstance(python, str):
        print(f"The peers are left out, since their packages cannot be had here: {python}")
        return
    yield from ways.of_django(kept(servers.django(python, file, scratch)))
    yield from ways.of_datasette(kept(servers.datasette(python, file, scratch)))


def table(chosen: Sequence[Way], found: Found) -> None:
    print(f"{'':34}{'CPU ms':>9}{'p50 ms':>9}{'p99 ms':>9}{'kB':>8}{'gzip':>8}")
    for way in chosen:
        one = found[way.name]
        slowest = f"{middle(one.p99):9.2f}" if one.p99 else f"{'–':>9}"
        size = f"{len(way.page) / 1000:8.1f}{way.zipped / 1000:8.1f}"
        print(f"{way.name:34}{middle(one.cpu):9.2f}{middle(one.p50):9.2f}{slowest}{size}")


def middle(figures: Sequence[float]) -> float:
    return statistics.median(figures)


def goals(chosen: Sequence[Way], found: Found) -> None:
    plain, first = found[DOOR], found[FIRST]
    print(f"\n{'':34}{'p50 ÷ plain page':>20}{'p99 ÷ p50':>20}{'requests/s of a core':>24}")
    for way in chosen:
        if way.is_list:
            one = found[way.name]
            slow = verdict(middle(one.p99) / middle(one.p50), at_most=2) if one.p99 else "too few"
            times = verdict(middle(one.p50) / middle(plain.p50), at_most=2.5)
            print(f"{way.name:34}{times:>20}{slow:>20}{verdict(1000 / middle(one.cpu), at_least=250):>24}")
    print(f"\n{'beside ' + FIRST:34}{'CPU':>20}{'p50':>20}")
    for name, least in PEERS.items():
        if name in found:
            cpu, p50 = (middle(getattr(found[name], what)) / middle(getattr(first, what)) for what in ("cpu", "p50"))
            print(f"{name:34}{verdict(cpu, at_least=least):>20}{verdict(p50, at_least=least):>20}")


def verdict(value: float, at_most: float | None = None, at_least: float | None = None) -> str:
    """`at_least` 0 asks for nothing."""
    if at_least == 0:
        return f"{value:.1f}"
    if at_most is not None:
        return f"{value:.1f} (≤ {at_most:g}) {'met' if value <= at_most else 'missed'}"
    return f"{value:.1f} (≥ {at_least:g}) {'met' if value >= (at_least or 0) else 'missed'}"


def crowd(way: Way, seconds: float) -> None:
    """What one process answers when it is asked all the time."""
    used = way.server.cpu()
    with ThreadPoolExecutor(CLIENTS) as pool:
        took = list(pool.map(lambda _: burst(way.server.port, way.requests, 0, seconds * 3), range(CLIENTS)))
    asked, cores = sum(map(len, took)), (way.server.cpu() - used) / (seconds * 3000)
    print(f"\n{FIRST}, {CLIENTS} clients at once: {asked / (seconds * 3):.0f} requests/s on {cores:.2f} cores")


def beside_a_writer(chosen: Sequence[Way], folder: Path, options: argparse.Namespace) -> None:
    quiet, meanwhile = ({way.name: Figures() for way in chosen} for _ in range(2))
    with at_work(folder) as (busy, pages):
        for _ in range(options.rounds):
            for way in chosen:
                busy.clear()
                quiet[way.name].add(way, options.seconds)
                busy.set()
                meanwhile[way.name].add(way, options.seconds)
        committed = pages.value
    print(
        f"\nwhile a worker commits {committed} pages of {writing.PAGE} orders, {writing.CHANGED} of them changed\n"
        f"{'':34}{'CPU ms':>9}{'p50 ms':>9}{'p50 ÷ without the worker':>34}"
    )
    for name, one in meanwhile.items():
        ratio = verdict(middle(one.p50) / middle(quiet[name].p50), at_most=1.1)
        print(f"{name:34}{middle(one.cpu):9.2f}{middle(one.p50):9.2f}{ratio:>34}")


@contextmanager
def at_work(folder: Path) -> Iterator[tuple[Any, Any]]:
    """A worker that works while the event is set, from its first page on; and how many it has committed."""
    start = multiprocessing.get_context("spawn")
    busy, pages = start.Event(), start.Value("i", 0)
    process = start.Process(target=writing.work, args=(str(folder), busy, pages), daemon=True)
    process.start()
    busy.set()
    try:
        while pages.value == 0:
            if not process.is_alive():
                raise RuntimeError("the worker has ended before its first page")
            time.sleep(0.05)
        yield busy, pages
    finally:
        process.terminate()
        process.join()


if __name__ == "__main__":
    main()
