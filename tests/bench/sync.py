"""Reading orders into SQLite: first load, unchanged re-read, 1 % changed; our way beside others, by turns in one run, CPU beside wall time.

The others: the naive way and the floor (tests/bench/sync_ways.py), and dlt, into DuckDB and into SQLite, in an environment of its own. All read
the same prebuilt pages from a server process on the loopback interface, at no limit of rate; CPU is the client's own. dlt's merge on SQLite
takes time with the square of the rows: it reads fewer, which is in its favour.
Run: `python tests/bench/sync.py [--rows 100000] [--rounds 3] [--dlt-sqlite-rows 5000] [--without-dlt]`.
"""

import argparse
import multiprocessing
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Empty
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.servers import HERE, peers
from tests.bench.sync_ways import PHASES, Told, dlt, way
from tests.bench.upstream import PAGE, Listing, serve

DLT = HERE / "requirements-dlt.txt"
DUCK, LITE = "dlt, DuckDB", "dlt, SQLite"
SHORTER = 10
GOALS = (
    ("first load", "naive", 2.0),
    ("first load", DUCK, 4.0),
    ("unchanged", "naive", 8.0),
    ("unchanged", DUCK, 15.0),
)
"""In which phase the CPU of whom is at least how many times ours."""

OVER_FLOOR = 2.0
FLAT = 1.25
Found = dict[str, list[Told]]
START = multiprocessing.get_context("spawn")


def main() -> None:
    options = asked()
    ready = START.Queue()
    rows = options.rows
    listings = [Listing(rows), Listing(rows), Listing(rows, moved=100)]
    served = (*listings, Listing(rows // SHORTER))
    server = START.Process(target=serve, args=(served, ready), daemon=True)
    server.start()
    ways = dict(runs(heard(server, ready), options))
    found: Found = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, run in ways.items():
            found[name].append(run())
    server.terminate()
    report(found, options)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dlt-sqlite-rows", type=int, default=5_000, help="a multiple of 1000")
    parser.add_argument("--without-dlt", action="store_true")
    return parser.parse_args()


def runs(port: int, options: argparse.Namespace) -> Iterator[tuple[str, Callable[[], Told]]]:
    rows: int = options.rows
    yield "ours", lambda: apart("ours", port, rows)
    yield "naive", lambda: apart("naive", port, rows)
    yield "floor", lambda: apart("floor", port, rows)
    yield "small", lambda: apart("small", port, rows // SHORTER)
    if options.without_dlt:
        return
    python = peers(DLT)
    if isinstance(python, str):
        print(f"dlt is left out, since its environment could not be made: {python}")
        return
    yield DUCK, lambda: dlt(python, "duckdb", port, rows)
    yield LITE, lambda: dlt(python, "sqlite", port, min(rows, options.dlt_sqlite_rows))


def apart(name: str, port: int, rows: int) -> Told:
    told = START.Queue()
    process = START.Process(target=way, args=(name, port, rows, told))
    process.start()
    found: Told = heard(process, told)
    process.join()
    return found


def heard(process: Any, told: Any) -> Any:
    """What it tells; it may end without a word."""
    while True:
        try:
            return told.get(timeout=1)
        except Empty:
            if not process.is_alive():
                raise SystemExit("a process of the bench came to no end") from None


def report(found: Found, options: argparse.Namespace) -> None:
    print(f"{options.rows} orders, pages of {PAGE}, SQLite, median of {options.rounds}")
    if LITE in found:
        print(f"{LITE} reads {min(options.rows, options.dlt_sqlite_rows)}, since its merge is quadratic")
    print(f"{'':13}{'way':13}{'CPU us/row':>11}{'rows/s':>9}{'WAL B/row':>11}{'peak MiB':>10}")
    for phase, title in enumerate(PHASES):
        for name in found:
            if name != "small":
                print(line(title, name, medians(found[name], phase)))
    for sentence in verdicts(found):
        print(sentence)


def medians(told: list[Told], phase: int) -> dict[str, Any]:
    return {key: statistics.median(run[phase][key] for run in told) for key in told[0][phase] if key != "others"}


def line(title: str, name: str, of: Mapping[str, Any]) -> str:
    written = f"{of['wal']:11.0f}" if "wal" in of else f"{'':11}"
    return f"{title:13}{name:13}{of['cpu']:11.2f}{1e6 / of['wall']:9.0f}{written}{of['peak']:10.0f}"


def verdicts(found: Found) -> Iterator[str]:
    """Each ratio is a median over rounds, in which both came by turns."""
    for title, name, goal in GOALS:
        if name in found:
            ratio = over(found, name, "ours", PHASES.index(title))
            yield f"{title}: {name} / ours in CPU {ratio:.1f} (goal at least {goal:g}{missed(ratio >= goal)})"
    for phase, title in enumerate(PHASES):
        ratio = over(found, "ours", "floor", phase)
        told = f" (goal at most {OVER_FLOOR:g}{missed(ratio <= OVER_FLOOR)})" if phase == 1 else ""
        yield f"{title}: ours / floor in CPU {ratio:.2f}{told}"
    yield unchanged(found)
    large, little = medians(found["ours"], 0)["peak"], medians(found["small"], 0)["peak"]
    told = f"memory: {large:.0f} MiB at the full size, {little:.0f} MiB at a tenth of it"
    yield f"{told} (goal at most {FLAT:g} times{missed(large <= FLAT * little)})"


def over(found: Found, name: str, other: str, phase: int) -> float:
    rounds = zip(found[name], found[other], strict=True)
    return float(statistics.median(one[phase]["cpu"] / two[phase]["cpu"] for one, two in rounds))


def missed(is_met: bool) -> str:
    return "" if is_met else ", MISSED"


def unchanged(found: Found) -> str:
    """What a read without news has written."""
    of = medians(found["ours"], 1)
    others = sorted({name for run in found["ours"] for name in run[1]["others"]})
    said = f"rows of {', '.join(others)} changed, MISSED" if others else "no row but of cursor, run and budget changed"
    return f"unchanged: {of['wal']:.0f} B of WAL a row, {of['pages']:.0f} different pages of the file; {said}"


if __name__ == "__main__":
    main()
