"""Where large exports lie until they are fetched, and how they go: hours after they were made, or when what they hold is no longer allowed.

They are copies of customers' data, so nobody but the console's own user can read the folder.
"""

import asyncio
import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TypeVar

from hyperpanel.config import Web
from hyperpanel.db import exports
from hyperpanel.db.engine import Database

T = TypeVar("T")
FORMATS = ("csv", "xlsx")
LATE = timedelta(hours=1)
SOON = timedelta(minutes=5)
"""A file may be there a moment before its row is seen."""

STEPS = 2


@dataclass(eq=False)
class Turns:
    """Of one process: large exports are made one after another, and only so many steps of any export are read at a time."""

    making: asyncio.Lock = field(default_factory=asyncio.Lock)
    steps: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(STEPS))


def place(folder: str, export_id: str, format: str) -> Path:
    return Path(folder) / f"{export_id}.{format}"


def part(folder: str, export_id: str, holder: str) -> Path:
    """While it is made. Two makers of one export, of whom one was thought dead, do not write into each other's."""
    return Path(folder) / f"{export_id}.{holder}.part"


def begun(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")


def remove(folder: str, export_ids: Iterable[str]) -> None:
    for export_id in export_ids:
        for format in FORMATS:
            place(folder, export_id, format).unlink(missing_ok=True)


async def in_thread(work: Callable[[], T]) -> T:
    """Whoever is cancelled goes when the thread is done: a file that is still being written must not be closed."""
    doing = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


async def forget(database: Database, web: Web, now: datetime) -> int:
    """What is too old, what a maker that died left behind, and what nobody's row names: that of a panel which was removed."""
    kept = timedelta(hours=web.exports_hours)
    gone, known = await database.read(
        lambda connection: (exports.old(connection, now - kept), exports.all_ids(connection))
    )
    await in_thread(lambda: remove(web.exports_folder, gone))
    await in_thread(lambda: sweep(web.exports_folder, known, (now - kept - LATE).timestamp(), (now - SOON).timestamp()))
    async with database.write() as connection:
        await exports.forget(connection, gone)
    return len(gone)


def sweep(folder: str, known: Collection[str], before: float, unknown_before: float) -> None:
    for format in (*FORMATS, "part"):
        for path in Path(folder).glob(f"*.{format}"):
            if path.stat().st_mtime < (before if path.name.partition(".")[0] in known else unknown_before):
                path.unlink(missing_ok=True)
