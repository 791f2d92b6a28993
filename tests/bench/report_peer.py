"""A process that answers plain SQL, so that its CPU and its memory are its own: of the project's SQLite or PostgreSQL, or of DuckDB's file.

Run by tests/bench/report_ways.py, for DuckDB with the Python of the peers' environment, which knows nothing of this project. Questions and
answers are pickles, each behind its length.
"""

import pickle
import sys
from collections.abc import Callable, Sequence
from typing import IO, Any

Run = Callable[[str, Sequence[Sequence[Any]]], list[tuple[Any, ...]]]
"""A statement and the rows that it is run for, if any; returns what it finds."""


def main(kind: str, place: str) -> None:
    run = OPENED[kind](place)
    while (question := received(sys.stdin.buffer)) is not None:
        sql, rows = question
        sent(sys.stdout.buffer, run(sql, rows))


def sent(pipe: IO[bytes], what: object) -> None:
    content = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(content).to_bytes(8, "big") + content)
    pipe.flush()


def received(pipe: IO[bytes]) -> Any:
    size = pipe.read(8)
    return pickle.loads(pipe.read(int.from_bytes(size, "big"))) if size else None  # noqa: S301 -- from the other end


def sqlite(place: str) -> Run:
    """With the cache that a reader of the console has."""
    import sqlite3

    import hyperpanel  # noqa: F401 -- the safe SQLite first

    connection = sqlite3.connect(place, isolation_level=None)
    for pragma in ("busy_timeout=5000", "cache_size=-16384", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return runner(connection)


def postgres(place: str) -> Run:
    import psycopg

    cursor = psycopg.connect(place, autocommit=True).cursor()

    def run(sql: str, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        if rows:
            cursor.executemany(sql.replace("?", "%s").encode(), rows)
            return []
        cursor.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []

    return run


def duckdb(place: str) -> Run:
    import duckdb

    return runner(duckdb.connect(place))


def runner(connection: Any) -> Run:
    def run(sql: str, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        if rows:
            connection.executemany(sql, rows)
            return []
        found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
        return found

    return run


OPENED: dict[str, Callable[[str], Run]] = {"sqlite": sqlite, "postgres": postgres, "duckdb": duckdb}

if __name__ == "__main__":
    main(*sys.argv[1:3])
