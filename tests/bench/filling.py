"""Filling a database whose schema stands, in SQLite or PostgreSQL: without its secondary indexes, which are then made as they stood."""

import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import polars as pl
import psycopg

from tests.bench.made_rows import TABLES, read

# --- SQLite --------------------------------------------------------------------------------------------------------


def fill_sqlite(file: Path, rows: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=FILE", "threads=2"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = secondary(connection)
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for table, frame in read(rows):
            connection.execute("BEGIN")
            connection.executemany(inserting(table, frame), as_sqlite(frame).iter_rows())
            connection.execute("COMMIT")
        for _, made_by in indexes:
            connection.execute(made_by)
        connection.execute("PRAGMA journal_mode=WAL")


def secondary(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    asked = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {TABLES}"
    return connection.execute(asked).fetchall()


def inserting(table: str, frame: pl.DataFrame) -> str:
    marks = ", ".join("?" * frame.width)
    return f"INSERT INTO {table} ({quoted(frame)}) VALUES ({marks})"


def quoted(frame: pl.DataFrame) -> str:
    return ", ".join(f'"{name}"' for name in frame.columns)


def as_sqlite(frame: pl.DataFrame) -> pl.DataFrame:
    """Times as whole microseconds."""
    return frame.with_columns(pl.col(pl.Datetime).dt.epoch("us"))


# --- PostgreSQL ----------------------------------------------------------------------------------------------------


def fill_postgres(url: str, rows: Path) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        indexes = connection.execute(INDEXES, [list(TABLES)]).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        for table, frame in read(rows):
            with connection.cursor().copy(f"COPY {table} ({quoted(frame)}) FROM STDIN (FORMAT csv)".encode()) as copy:
                copy.write(as_csv(frame))
        for _, made_by in indexes:
            connection.execute(made_by.encode())
        connection.execute("VACUUM ANALYZE")


INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s) "
    "AND indexname NOT LIKE 'pk\\_%%'"
)


def as_csv(frame: pl.DataFrame) -> bytes:
    """Text that is empty is quoted: without quotes it would be none."""
    held = BytesIO()
    frame.write_csv(held, include_header=False, quote_style="non_numeric", datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
    return held.getvalue()
