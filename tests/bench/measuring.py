"""What a way of reading has cost: CPU and wall time of its process, its memory, and what it wrote.

The write-ahead log is emptied before and read after. Its frames tell how many different pages of the file were written; whether rows of other
tables changed than those that keep the engine's place is asked of their contents.
"""

import resource
import sqlite3
import struct
import time
from contextlib import closing
from pathlib import Path

from xxhash import xxh3_64

PLACE = frozenset({"feeds", "plans", "runs", "budgets"})
"""Tables that say how far reading has come; a read that brings no news writes to no other."""

HEADER, FRAME = 32, 24


class Measure:
    """From its making on."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.log = database.with_name(database.name + "-wal")
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def taken(self, rows: int) -> dict[str, float]:
        """Per row: microseconds and bytes."""
        cpu, wall = time.process_time() - self.cpu, time.perf_counter() - self.wall
        written = self.log.read_bytes() if self.log.exists() else b""
        return {
            "cpu": cpu / rows * 1e6,
            "wall": wall / rows * 1e6,
            "wal": len(written) / rows,
            "pages": len(pages_of(written)),
            "peak": peak(),
        }


def pages_of(log: bytes) -> set[int]:
    """The pages of the file that a write-ahead log holds a new version of."""
    if len(log) < HEADER:
        return set()
    step = FRAME + struct.unpack(">I", log[8:12])[0]
    return {struct.unpack(">I", log[at : at + 4])[0] for at in range(HEADER, len(log) - FRAME, step)}


def peak() -> float:
    """MiB, of this program alone: what getrusage tells may be of the one before it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def contents(database: Path) -> dict[str, int]:
    """A digest of all rows of each table but those of PLACE."""
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: rows_of(connection, name) for (name,) in names if name not in PLACE}


def rows_of(connection: sqlite3.Connection, table: str) -> int:
    digest = xxh3_64()
    for row in connection.execute(f'SELECT * FROM "{table}"'):
        digest.update(repr(row).encode())
    return digest.intdigest()
