"""A million orders to a file as the console makes it in the background, CSV and XLSX, beside the shortest program that writes a table as CSV.

Each way is a process of its own. Memory is its peak above what the idle process had, the pauses are the longest that the loop was kept from a
task that wants to run every 5 ms. Run: `python tests/bench/exports.py [--orders 1000000] [--keep FOLDER]`; filling takes about a minute.
"""

import argparse
import asyncio
import csv
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import hyperpanel  # noqa: F401 -- the safe SQLite first
from hyperpanel.app import put_together
from hyperpanel.clock import SystemClock
from hyperpanel.config import Settings, Web
from hyperpanel.db import exports, migrate
from hyperpanel.db.engine import Database, address
from hyperpanel.support.export_files import place
from hyperpanel.vault import Vault
from hyperpanel.web import export_runs
from hyperpanel.web.export_plans import MAY
from tests.bench.measuring import peak
from tests.support.staged import cast, mirrored

ALLOWED = 100
EVERY = 0.005
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
PERMISSIONS = {MAY, "orders:read", "provider:see"}


@dataclass(frozen=True)
class Figures:
    """`cpu`: seconds of all threads; `above`: MiB; `pause`: milliseconds, None where there is no loop."""

    seconds: float
    cpu: float
    above: float
    size: float
    rows: int
    pause: float | None = None

    def told(self, name: str) -> str:
        pause = "" if self.pause is None else f", the loop waited {self.pause:.0f} ms at most"
        each = self.cpu / self.rows * 1e6
        took = f"{self.seconds:7.1f} s, {self.cpu:6.1f} s of CPU, {each:4.0f} µs for a row,"
        return f"{name:<24}{self.rows:9,} rows {took} {self.above:+5.0f} MiB, {self.size:5.0f} MB{pause}"


def filled(folder: Path, orders: int) -> Path:
    """A migrated database with so many orders on three panels."""
    file = folder / "bench.db"
    if file.exists():
        return file
    url = address(f"sqlite:///{file}", Path.cwd())
    migrate.upgrade(url.render_as_string(hide_password=False))
    asyncio.run(staged(url))
    with sqlite3.connect(file) as connection:
        row = mirrored("orders", "1", created_at=None)
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        connection.executemany(f"INSERT INTO orders ({names}) VALUES ({marks})", map(order, range(orders)))
    return file


async def staged(url: Any) -> None:
    database = Database(url)
    await cast(database)
    await database.close()


def order(n: int) -> tuple[Any, ...]:
    made = mirrored("orders", "1")
    told = {"panel_id": n % 3 + 1, "id": str(1_000_000 + n), "user": f"user-{n % 40_000}", "charge": n * 7919 % 10**9}
    told |= {"created_at": BEGAN - timedelta(seconds=n * 7), "link": f"https://social.example/p/{n * 104_729 % 10**9}"}
    return tuple(plain(value) for value in {**made, **told}.values())


def plain(value: Any) -> Any:
    return int(value.timestamp() * 1_000_000) if isinstance(value, datetime) else value


def naive(file: Path, into: Path) -> Figures:
    """SELECT * to csv.writer: raw units and raw times, no columns chosen, nobody's rights asked."""
    before, began, cpu = peak(), time.perf_counter(), time.process_time()
    with sqlite3.connect(file) as connection, into.open("w", newline="", encoding="utf-8") as out:
        found = connection.execute("SELECT * FROM orders ORDER BY created_at DESC, panel_id DESC, id DESC")
        writer, rows = csv.writer(out), 0
        for row in found:
            writer.writerow(row)
            rows += 1
    used = time.process_time() - cpu
    return Figures(time.perf_counter() - began, used, peak() - before, into.stat().st_size / 1e6, rows)


def ours(format: str) -> Callable[[Path, Path], Figures]:
    def made(file: Path, into: Path) -> Figures:
        return asyncio.run(exported(file, into, format))

    return made


async def exported(file: Path, into: Path, format: str) -> Figures:
    settings = Settings(web=Web(plain_http=True, exports_folder=str(into.parent)))
    database = Database(address(f"sqlite:///{file}", Path.cwd()))
    console = put_together(settings, database, SystemClock(), False, Vault(bytes(32)))
    values = {"noun": "orders", "query": "", "format": format, "language": "en", "time_zone": "Europe/Istanbul"}
    async with database.write() as connection:
        wanted = await exports.add(connection, 1, [1, 2, 3], PERMISSIONS, at=datetime.now(UTC), **values) or ""
    await database.read(lambda connection: exports.of(connection, 1))
    before, began, cpu = peak(), time.perf_counter(), time.process_time()
    beating = asyncio.create_task(pauses())
    await export_runs.run(console)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    beating.cancel()
    [longest] = await asyncio.gather(beating)
    found = await database.read(lambda connection: exports.one(connection, wanted, 1))
    await database.close()
    size = place(str(into.parent), wanted, format).stat().st_size / 1e6
    return Figures(took, used, peak() - before, size, found.rows if found else 0, longest * 1000)


async def pauses() -> float:
    """The longest that this task was kept waiting, in seconds, when it is cancelled."""
    longest = 0.0
    while True:
        began = time.perf_counter()
        try:
            await asyncio.sleep(EVERY)
        except asyncio.CancelledError:
            return longest
        longest = max(longest, time.perf_counter() - began - EVERY)


WAYS = {"SELECT * to csv.writer": naive, "hyperpanel, CSV": ours("csv"), "hyperpanel, XLSX": ours("xlsx")}


def apart(way: str, file: Path, into: Path, pipe: Connection) -> None:
    pipe.send(WAYS[way](file, into))


def measured(way: str, file: Path, into: Path) -> Figures:
    made = multiprocessing.get_context("spawn")
    mine, theirs = made.Pipe()
    process = made.Process(target=apart, args=(way, file, into, theirs))
    process.start()
    figures: Figures = mine.recv()
    process.join()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the filled database")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        kept = asked.keep or Path(scratch)
        kept.mkdir(parents=True, exist_ok=True)
        file = filled(kept, asked.orders)
        found = {way: measured(way, file, Path(scratch) / "naive.csv") for way in WAYS}
    for way, figures in found.items():
        print(figures.told(way))
    most = max(figures.above for way, figures in found.items() if way.startswith("hyperpanel"))
    print(f"within {ALLOWED} MiB above idle: {'met' if most <= ALLOWED else 'MISSED'}")


if __name__ == "__main__":
    main()
