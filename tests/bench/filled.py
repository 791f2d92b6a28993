"""The databases that reports are measured on, with the same rows: the schema as the migrations make it, in SQLite or PostgreSQL, and DuckDB."""

import asyncio
import hashlib
import os
import shutil
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import psycopg
from sqlalchemy.engine import URL

from hyperpanel.config import load
from hyperpanel.db import panels
from hyperpanel.db.engine import address
from hyperpanel.db.opening import opened
from hyperpanel.db.panels import New, Panel
from hyperpanel.paths import MIGRATIONS
from reports import speeds
from sync.connectors.base import Stream
from tests.bench import filling, report_sql
from tests.bench.fleets import BEGAN, Fleet, currency
from tests.bench.made_rows import TABLES, kept
from tests.bench.report_ways import DUCK, Peer
from tests.support import machine, postgres
from tests.support.postgres import Server

NAME = "hyperpanel.db"


@dataclass(frozen=True)
class Filled:
    """A database with these rows, and the folder of its installation. `seconds` is how long it took, or None if it was there."""

    url: URL
    folder: Path
    rows: Path
    seconds: float | None = None
    server: Server | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.server is None

    @property
    def address(self) -> str:
        """For a driver."""
        return str(self.folder / NAME) if self.server is None else self.server.url

    def told(self) -> str:
        counts = [f"{held(self.rows, table)} {table}" for table in TABLES if table != "threads"]
        size = f", {(self.folder / NAME).stat().st_size / 1e9:.2f} GB" if self.is_sqlite else ""
        took = "there already" if self.seconds is None else f"filled in {self.seconds:.0f} s"
        engine = f"SQLite {sqlite3.sqlite_version}" if self.is_sqlite else f"PostgreSQL {version_of(self.address)}"
        return f"{'; '.join(counts)}\n{engine}: {took}{size}; polars {pl.__version__}"

    def end(self) -> None:
        if self.server is not None:
            postgres.stop(self.server)


def filled(folder: Path, fleet: Fleet, in_postgres: bool) -> Filled:
    rows = kept(fleet, folder)
    return filled_postgres(folder, rows, fleet) if in_postgres else filled_sqlite(folder, rows, fleet)


def filled_sqlite(folder: Path, rows: Path, fleet: Fleet) -> Filled:
    """Found again by its mark, which stands in the file's folder once it is whole and says what schema it has."""
    place = folder / f"sqlite-{fleet.name}"
    whole = place / "whole"
    url = f"sqlite:///{NAME}"
    if whole.exists() and whole.read_text() == shape():
        return Filled(address(url, place), place, rows)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    begun = time.perf_counter()
    at = attached(place, url, fleet)
    filling.fill_sqlite(place / NAME, rows)
    whole.write_text(shape())
    return Filled(at, place, rows, time.perf_counter() - begun)


def shape() -> str:
    """Of all migrations: the newest may still change while it is written."""
    files = sorted(MIGRATIONS.glob("versions/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def filled_postgres(folder: Path, rows: Path, fleet: Fleet) -> Filled:
    place = folder / "postgres"
    place.mkdir(exist_ok=True)
    server = postgres.start(machine.postgres_binaries(), os.getpid(), None)
    begun = time.perf_counter()
    at = attached(place, server.url, fleet)
    filling.fill_postgres(server.url, rows)
    return Filled(at, place, rows, time.perf_counter() - begun, server)


def filled_duck(folder: Path, rows: Path, fleet: Fleet, python: Path) -> Peer:
    """DuckDB with all that reports look at, times as whole microseconds. Beside the file stands what it was filled with, once it is whole."""
    file, whole = folder / f"duck-{fleet.name}.db", folder / f"duck-{fleet.name}.whole"
    made_by = [
        f"CREATE TABLE {name} AS SELECT {what} FROM read_parquet('{rows}/{name}-*.parquet')" for name, what in DUCKS
    ]
    is_whole = whole.exists() and whole.read_text() == str(made_by)
    if not is_whole:
        file.unlink(missing_ok=True)
    peer = Peer(DUCK, report_sql.DUCKDB, str(file), fleet, python)
    if not is_whole:
        for statement in (*made_by, report_sql.PROMISED.format("")):
            peer.run(statement)
        peer.run(report_sql.GIVEN, promised(rows))
        peer.run("CHECKPOINT")
        whole.write_text(str(made_by))
    return peer


def in_micros(*names: str) -> str:
    return ", ".join(f"epoch_us({name}) AS {name}" for name in (*names, "created_at", "gone_at"))


DUCKS = (
    ("orders", f"* EXCLUDE (link, digest, fields) REPLACE ({in_micros('finished_from', 'finished_at')})"),
    ("payments", f"* REPLACE ({in_micros()})"),
    ("users", f"* REPLACE ({in_micros()})"),
    ("messages", f"* REPLACE ({in_micros()})"),
)


def promised(rows: Path) -> list[tuple[int, str, int | None, str]]:
    """What the services' names promise, by our own reading of them."""
    found = pl.read_parquet(rows / "services-*.parquet").select("panel_id", "id", "name").rows()
    return [(panel_id, id, speeds.promise(name).per_day, name) for panel_id, id, name in found]


def held(rows: Path, table: str) -> int:
    return int(pl.scan_parquet(rows / f"{table}-*.parquet").select(pl.len()).collect().item())


def version_of(url: str) -> str:
    with psycopg.connect(url) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    return str(found[0]) if found else ""


def attached(folder: Path, url: str, fleet: Fleet) -> URL:
    """An installation in this folder with its panels, none of which has been read yet."""
    (folder / "config.toml").write_text(f'[database]\nurl = "{url}"\n', encoding="utf-8")
    asyncio.run(add_panels(folder, fleet))
    return address(url, folder)


async def add_panels(folder: Path, fleet: Fleet) -> None:
    found = await opened(load(folder / "config.toml", {}), folder)
    new = [New(panel(number), {}, (Stream("orders", ("head",)),)) for number in range(1, fleet.panels + 1)]
    async with found.database.write() as connection:
        await panels.add_all(connection, new, found.vault, BEGAN)
    await found.database.close()


def panel(number: int) -> Panel:
    place = f"https://panel-{number:03}.example"
    return Panel(0, f"panel-{number:03}", "perfect_panel", place, currency(number), "UTC", 4.0, private=False)
