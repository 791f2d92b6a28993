"""A fleet read by the real worker: what unchanged records cost it at the panels' full rate, and how fresh 200 panels stay at 60 seconds.

`full`: 40 panels, each with ten pages of 1000 orders within the overlap of a head walk, which the worker reads again and again as fast as the
panel's budget lets it (4 a second; slots are 1.02 / 4 s apart), since the bench sets every plan due again. Nothing is news.
`minute`: 200 panels of a page of orders, payments and tickets beside it, all due every 60 seconds; the first round is not counted.
Lag is how long ago a feed's last page was asked for, freshness how long ago its last finished read began; both are sampled from outside, from
the rows that the worker writes. The upstreams are one server process of prebuilt answers, whose CPU is told apart.
Run: `python tests/bench/fleet.py [full] [minute] [--seconds 40]`; `minute` takes four minutes.
"""

import argparse
import asyncio
import multiprocessing
import os
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import hyperpanel  # noqa: F401 -- the safe SQLite first
from hyperpanel.config import Log, Settings, Sync
from sync.cursors import Head, dump
from tests.bench.sync import heard
from tests.bench.upstream import PAGE, Listing, serve

START = multiprocessing.get_context("spawn")
TICKS = os.sysconf("SC_CLK_TCK")
FILE = "hyperpanel.db"
SPACING = 1.02
MICROS = 1_000_000


@dataclass(frozen=True)
class Fleet:
    """`pages`: how many a head walk reads each time; `warm`: seconds that are not counted."""

    panels: int
    pages: int
    rate: float
    streams: Sequence[str]
    warm: float
    seconds: float
    is_pressed: bool = False
    """Whether every plan is set due again at once."""


FULL = Fleet(40, 10, 4.0, ("orders",), 8, 40, is_pressed=True)
MINUTE = Fleet(200, 1, 4.0, ("orders", "payments", "tickets"), 90, 130)


def settings() -> Settings:
    """All heads every minute, and nothing stretches that; every panel may be read at the same time."""
    every = Sync(head_seconds=60, payments_seconds=60, tickets_seconds=60, pace_range=1, at_once=50)
    return Settings(sync=every, log=Log(level="warning"))


# --- Before ----------------------------------------------------------------------------------------------------------


def listing(fleet: Fleet) -> Listing:
    """The newest is of now: the mark of a head walk must not lie in the future."""
    rows = fleet.pages * PAGE
    a_second = rows / 600
    return Listing(rows, start=int(time.time() - 660), a_second=a_second)


async def prepare(fleet: Fleet, port: int, folder: Path, rows: Listing) -> None:
    """The first panel reads its orders; the others are given the same."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import panels
    from hyperpanel.db.opening import opened
    from hyperpanel.db.store import DatabaseStore
    from sync.connectors.base import Stream
    from sync.connectors.perfect_panel import PerfectPanel
    from sync.pacing import Pace
    from tests.bench.sync_ways import access, backfill

    installation = await opened(settings(), folder)
    new = [
        panels.New(
            panels.Panel(0, f"bench {n}", "perfect_panel", f"http://127.0.0.1:{port}/0/{n}", "USD", "UTC", 1e6, True),
            {"admin_key": "k"},
            [Stream(name, ("head", "backfill") if name == "orders" else ("head",)) for name in fleet.streams],
        )
        for n in range(fleet.panels)
    ]
    async with installation.database.write() as connection:
        ids = await panels.add_all(connection, new, installation.vault, datetime.now(UTC))
    clock = SystemClock()
    store = DatabaseStore(installation.database, clock, Pace({}), installation.vault)
    connector = PerfectPanel(access(port, 0))
    await backfill(store, clock, connector, ids[0], rows.rows)
    await connector.close()
    await installation.database.close()
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        share_out(connection, fleet, rows)


def share_out(connection: sqlite3.Connection, fleet: Fleet, rows: Listing) -> None:
    names = [row[1] for row in connection.execute("PRAGMA table_info(orders)") if row[1] != "panel_id"]
    into, theirs = ", ".join(f'"{name}"' for name in names), ", ".join(f'o."{name}"' for name in names)
    connection.execute(
        f"INSERT INTO orders (panel_id, {into}) SELECT p.id, {theirs} FROM panels p, orders o "
        "WHERE o.panel_id = (SELECT MIN(id) FROM panels) AND p.id <> o.panel_id"
    )
    connection.execute("DELETE FROM plans WHERE plan = 'backfill'")
    cursor = dump(Head(mark=rows.created(rows.rows - 1)))
    connection.execute("UPDATE plans SET cursor = ? WHERE stream = 'orders'", (cursor,))
    connection.execute("UPDATE panels SET rate = ?", (fleet.rate,))
    connection.execute("UPDATE budgets SET pace = ?", (fleet.rate,))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# --- While it runs ---------------------------------------------------------------------------------------------------


def worker(folder: str, ready: Any) -> None:
    """As `hyperpanel worker` runs it, until it is ended."""
    from hyperpanel.cli.logs import kept, set_up
    from hyperpanel.db.opening import opened
    from hyperpanel.worker import work

    os.chdir(folder)

    async def until_ended() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        installation = await opened(settings(), Path(folder))
        ready.put(os.getpid())
        try:
            await work(installation, stop)
        finally:
            await installation.database.close()

    set_up(settings().log)
    with kept():
        asyncio.run(until_ended())


def cpu(pid: int) -> float:
    """Seconds, of all its threads and of the processes that it started."""
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if pid in (int(place.parent.name), int(fields[1])):
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS


@dataclass(frozen=True)
class Seen:
    lags: Sequence[float]
    worker: float
    server: float
    seconds: float
    calls: int
    read: int
    news: int
    troubles: Sequence[str]


def watch(fleet: Fleet, folder: Path, worker_pid: int, server_pid: int) -> Seen:
    with closing(sqlite3.connect(folder / FILE, isolation_level=None, timeout=5)) as connection:
        sampled(connection, fleet, fleet.warm)
        before = [time.monotonic(), cpu(worker_pid), cpu(server_pid), *counts(connection)]
        lags = sampled(connection, fleet, fleet.seconds)
        after = [time.monotonic(), cpu(worker_pid), cpu(server_pid), *counts(connection)]
        spent = [late - early for early, late in zip(before, after, strict=True)]
        asked = "SELECT DISTINCT trouble FROM runs WHERE trouble IS NOT NULL LIMIT 5"
        troubles = [row[0] for row in connection.execute(asked)]
    return Seen(lags, spent[1], spent[2], spent[0], int(spent[3]), int(spent[4]), int(spent[5]), troubles)


def counts(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Calls, records and news of all runs so far."""
    found = connection.execute("SELECT SUM(calls), SUM(read), SUM(new + changed) FROM runs").fetchone()
    return tuple(value or 0 for value in found)  # type: ignore[return-value]


def sampled(connection: sqlite3.Connection, fleet: Fleet, seconds: float) -> list[float]:
    """How far behind every feed was, twice a second. Each sample stands at a moment of its own, not at a beat of the worker's."""
    lags: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        lags += behind(connection, fleet)
        if fleet.is_pressed:
            connection.execute("UPDATE plans SET due_at = ? WHERE due_at > ?", (now(), now()))
        time.sleep(0.37)
    return lags


def behind(connection: sqlite3.Connection, fleet: Fleet) -> list[float]:
    if fleet.is_pressed:
        rows = connection.execute("SELECT fetched_at FROM feeds WHERE fetched_at IS NOT NULL").fetchall()
    else:
        rows = connection.execute("SELECT as_of FROM plans WHERE as_of IS NOT NULL").fetchall()
    return [(now() - row[0]) / MICROS for row in rows]


def now() -> int:
    return int(time.time() * MICROS)


# --- Told ------------------------------------------------------------------------------------------------------------


def full(fleet: Fleet, seen: Seen) -> None:
    asked, most = seen.calls / seen.seconds, fleet.panels * fleet.rate / SPACING
    print(f"{fleet.panels} panels x {fleet.rate:g} requests/s x {PAGE} unchanged records, {seen.seconds:.0f} s")
    print(
        f"requests/s {asked:.1f}, {asked / most:.0%} of what the budgets allow; records/s {seen.read / seen.seconds:.0f}"
    )
    print(f"lag s: p50 {of(seen.lags, 50):.2f}, p99 {of(seen.lags, 99):.2f}, worst {max(seen.lags, default=0):.2f}")
    share = seen.worker / seen.seconds
    print(
        f"worker {share:.2f} cores, {seen.worker / max(seen.read, 1) * 1e6:.2f} us of CPU a record; server {seen.server / seen.seconds:.2f}"
    )
    whole = share / max(asked / most, 0.01)
    print(f"so the full rate costs {whole:.2f} cores (goal at most 1{'' if whole <= 1 else ', MISSED'})")


def minute(fleet: Fleet, seen: Seen) -> None:
    print(f"{fleet.panels} panels x {len(fleet.streams)} feeds every 60 s, {seen.seconds:.0f} s after the first round")
    p99 = of(seen.lags, 99)
    print(f"freshness s: p50 {of(seen.lags, 50):.1f}, p99 {p99:.1f} (goal at most 90{'' if p99 <= 90 else ', MISSED'})")
    share = seen.worker / seen.seconds / 2
    print(
        f"worker {share:.0%} of two cores (goal at most 70 %{'' if share <= 0.7 else ', MISSED'}); requests/s {seen.calls / seen.seconds:.1f}"
    )


def of(values: Sequence[float], percentile: int) -> float:
    return statistics.quantiles(values, n=100)[percentile - 1] if len(values) > 1 else float("nan")


def run(fleet: Fleet, told: Callable[[Fleet, Seen], None]) -> None:
    ready, rows = START.Queue(), listing(fleet)
    server = START.Process(target=serve, args=([rows], ready), daemon=True)
    server.start()
    port = heard(server, ready)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(prepare(fleet, port, Path(folder), rows))
        reading = START.Process(target=worker, args=(folder, ready))
        reading.start()
        try:
            seen = watch(fleet, Path(folder), heard(reading, ready), server.pid or 0)
        finally:
            reading.terminate()
            reading.join()
            server.terminate()
            server.join()
    told(fleet, seen)
    if seen.news or seen.troubles:
        print(f"but {seen.news} records were news, and there was {', '.join(seen.troubles) or 'no trouble'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=["full", "minute", []], default=["full", "minute"])
    parser.add_argument("--seconds", type=float, help="that are counted")
    options = parser.parse_args()
    for name, fleet, told in (("full", FULL, full), ("minute", MINUTE, minute)):
        if name in options.parts:
            run(replaced(fleet, options.seconds), told)


def replaced(fleet: Fleet, seconds: float | None) -> Fleet:
    from dataclasses import replace

    return fleet if seconds is None else replace(fleet, seconds=seconds)


if __name__ == "__main__":
    main()
