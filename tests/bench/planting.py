"""The rows that pages are measured over: the sandbox's panels, read whole into a file by the engine itself.

Nothing is planted by hand, so indexes, digests, customers and the messages of open and recent tickets stand as reading leaves them.
"""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from hyperpanel.cli.staging import CONFIG
from hyperpanel.db import migrate
from hyperpanel.paths import ROOT
from hyperpanel.sandbox.inventory import usual
from tests.support.attached import attached

PANELS = 3
LISTS = ("orders", "payments", "tickets", "users", "services")
PERSON, PASSWORD = "bench", "a-bench-is-no-place-for-secrets"
NAME = "hyperpanel.db"
MARK = "planted"
"""Stands beside the file once it is whole, and says how many orders were asked for."""


def planted(folder: Path, orders: int) -> Path:
    """The file, made anew unless the folder holds one of so many orders."""
    folder.mkdir(parents=True, exist_ok=True)
    file, mark = folder / NAME, folder / MARK
    if not mark.exists() or mark.read_text() != str(orders):
        mark.unlink(missing_ok=True)
        for old in folder.glob(f"{NAME}*"):
            old.unlink()
        asyncio.run(read(folder, -(-orders // PANELS)))
        (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
        employ(folder)
        mark.write_text(str(orders))
    migrate.upgrade(f"sqlite:///{file}")
    settle(file)
    return file


async def read(folder: Path, each: int) -> None:
    people = usual(each, None, None, None)[1:4]
    url = f"sqlite:///{NAME}"
    async with attached(url, folder, panel_count=PANELS, order_count=each, people=people, rate=5000.0) as found:
        results = await found.sync(streams=LISTS, plans=("head", "backfill"))
        results += await found.sync(streams=("messages",), plans=("head",))
        for result in results:
            if result.trouble:
                raise RuntimeError(f"{result.panel} {result.stream}: {result.trouble}")


def employ(folder: Path) -> None:
    command = [sys.executable, "-m", "hyperpanel", "--config", str(folder / "config.toml")]
    adding = [*command, "staff", "add", PERSON, "--role", "admin", "--password-stdin"]
    subprocess.run(adding, cwd=ROOT, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)


def settle(file: Path) -> None:
    """Nothing is left in the write-ahead log: each server begins with the same file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def contents(file: Path) -> dict[str, int]:
    tables = ("orders", "users", "payments", "tickets", "messages", "services")
    with closing(sqlite3.connect(file)) as connection:
        return {name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}
