"""Somebody else's process that holds a database: another program's long transaction, a backup, a person at a prompt.

As a program it takes the write lock, says so, and lets go when its standard input ends.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hyperpanel.paths import ROOT

LOCKED = ("feeds", "plans", "orders", "runs", "leases", "budgets", "sessions", "staff", "pauses")


@contextmanager
def held(database_url: str) -> Iterator[None]:
    """All that is written; what is read goes on."""
    command = [sys.executable, "-P", "-m", "tests.support.holders", database_url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield
    finally:
        process.communicate(timeout=20)


def main(database_url: str) -> None:
    if database_url.startswith("sqlite:"):
        hold_file(database_url.removeprefix("sqlite:///"))
    else:
        hold_tables(database_url.replace("postgresql+psycopg:", "postgresql:", 1))


def hold_file(place: str) -> None:
    from pysqlite3 import dbapi2  # noqa: PLC0415

    connection = dbapi2.connect(place, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    wait()
    connection.execute("ROLLBACK")


def hold_tables(url: str) -> None:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(url) as connection:
        connection.execute(f"LOCK TABLE {', '.join(LOCKED)} IN EXCLUSIVE MODE")
        wait()


def wait() -> None:
    print("held", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
