"""The ways in which a report is asked for, each in a process of its own: ours through the reader process, its frames alone, and plain SQL."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import polars as pl
from sqlalchemy.engine import URL

from hyperpanel.db.engine import Database
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.sources import Source
from hyperpanel.paths import ROOT
from hyperpanel.support import service_tracking, ticket_tracking, user_tracking
from reports.windows import Window
from tests.bench import report_jobs, report_sql
from tests.bench.fleets import Fleet
from tests.bench.report_peer import received, sent
from tests.bench.report_sql import Dialect, window_of

OURS, BARE, SQL, DUCK = "hyperpanel", "ADBC → polars", "plain SQL", "DuckDB, own file"
Figures = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Report:
    """`ours` and `bare` make what the job is asked with; `sql` is the same report for a peer, where
    SQL can make it (no two of the databases take numbers out of texts alike); `figures` are what must be equal of both."""

    name: str
    hours: Sequence[float]
    job: Callable[[Source, Any], Any]
    ours: Callable[[Scope, Window], Any]
    bare: Callable[[Source, Any], Any]
    sql: Callable[[Dialect, Window, int], str] | None
    figures: Callable[[Any], Figures]


def of_services(found: Any) -> Figures:
    names = ("panel_id", "service_id", "stuck", "finished", "unobserved", "rated", "slow", "score")
    rows = found.select(names).rows() if isinstance(found, pl.DataFrame) else [row[:8] for row in found]
    return sorted((*row[:2], *map(int, row[2:7]), None if row[7] is None else round(float(row[7]), 6)) for row in rows)


def of_users(found: Any) -> Figures:
    if isinstance(found, user_tracking.Report):
        rows = [
            (one.panel_id, one.name, one.spend.count, one.spend.units, one.paid.count, one.paid.units)
            for one in found.rows
        ]
    else:
        rows = [(*row[:2], *map(int, row[2:6])) for row in found]
    return sorted(rows)


def of_staff(found: Any) -> Figures:
    if isinstance(found, ticket_tracking.ByStaff):
        return sorted(found.people.select("name", "replies", "quick", "repeated").rows())
    return sorted((row[0], *map(int, row[1:4])) for row in found)


def of_tickets(found: Any) -> Figures:
    return sorted(found.rows())


def asked_of_users(scope: Scope, window: Window) -> user_tracking.Asked:
    return user_tracking.Asked(scope, window, report_sql.CURRENCY)


SERVICES = Report(
    "service tracking",
    (2, 24, 72),
    service_tracking.made,
    service_tracking.Asked,
    report_jobs.services,
    report_sql.services,
    of_services,
)
USERS = Report(
    "user tracking", (24, 96), user_tracking.made, asked_of_users, report_jobs.users, report_sql.users, of_users
)
STAFF = Report(
    "tickets by staff",
    (72,),
    ticket_tracking.by_staff,
    ticket_tracking.Asked,
    report_jobs.staff,
    report_sql.staff,
    of_staff,
)
TICKETS = Report(
    "tickets by service",
    (72,),
    report_jobs.service_tickets,
    ticket_tracking.Asked,
    report_jobs.ticket_services,
    None,
    of_tickets,
)
REPORTS = (SERVICES, USERS, STAFF, TICKETS)


class Way(Protocol):
    name: str

    @property
    def pid(self) -> int: ...

    def can(self, report: Report) -> bool: ...

    def ask(self, report: Report, hours: float, until: datetime) -> Any: ...

    def end(self) -> None: ...


class Ours:
    """Through the reader process of a database, as the console asks; `is_bare`: for the frames alone."""

    def __init__(self, url: URL, fleet: Fleet, is_bare: bool = False) -> None:
        self.name = BARE if is_bare else OURS
        self.is_bare = is_bare
        self.database = Database(url)
        self.scope = EVERYTHING.narrowed(range(1, fleet.panels + 1))
        self.runner = asyncio.Runner()

    @property
    def pid(self) -> int:
        process = self.database.reader.process.process
        return process.pid or 0 if process else 0

    def can(self, report: Report) -> bool:
        return True

    def ask(self, report: Report, hours: float, until: datetime) -> Any:
        window, reader = window_of(hours, until), self.database.reader
        if self.is_bare:
            return self.runner.run(reader.ask(report.bare, report_jobs.Bare(self.scope, window)))
        return self.runner.run(reader.ask(report.job, report.ours(self.scope, window)))

    def end(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()


class Peer:
    """Plain SQL in a process that does nothing else."""

    def __init__(self, name: str, to: Dialect, place: str, fleet: Fleet, python: Path | None = None) -> None:
        self.name, self.to, self.fleet = name, to, fleet
        command = [str(python or sys.executable), str(ROOT / "tests/bench/report_peer.py"), to.name, place]
        variables = {**os.environ, "PYTHONPATH": "" if python else str(ROOT)}
        self.process = subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @property
    def pid(self) -> int:
        return self.process.pid

    def run(self, sql: str, rows: Sequence[Sequence[Any]] = ()) -> Figures:
        assert self.process.stdin
        assert self.process.stdout
        sent(self.process.stdin, (sql, rows))
        found: Figures | None = received(self.process.stdout)
        if found is None:
            raise RuntimeError(f"{self.name} has ended; what it said stands above.")
        return found

    def can(self, report: Report) -> bool:
        return report.sql is not None

    def ask(self, report: Report, hours: float, until: datetime) -> Figures:
        assert report.sql
        return self.run(report.sql(self.to, window_of(hours, until), self.fleet.panels))

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def cpu(pid: int) -> float:
    """Milliseconds that a process has used; finer than the ticks of its `stat`, which are longer than some reports."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6


def peak(pid: int) -> float:
    """MiB that it has held at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
