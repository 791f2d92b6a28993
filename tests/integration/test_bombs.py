"""Bodies that are made to read a client to death, from one panel of two: little memory, soon over, and the other panel reads on.

The worker is a process of its own here, so that what it needs at most can be read from the kernel.
"""

import signal
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from hyperpanel.db.schema import feeds
from tests.support import databases
from tests.support.attached import Attached, attached, differences, settled
from tests.support.forks import nursery

MEBIBYTE = 1024
MOST = 64 * MEBIBYTE
BOMBS = ("bomb_gzip", "bomb_deflate", "bomb_br", "bomb_zstd", "endless", "deep", "many_keys")
ODD_ROWS = ("long_number", "nan", "lone_surrogate", "duplicate_keys", "nul")


def most(process: int, name: str) -> int:
    """Its memory in KiB: now (VmRSS), or at most (VmHWM) since that was forgotten last."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def forget_most(process: int) -> None:
    Path(f"/proc/{process}/clear_refs").write_text("5")


async def pull(found: Attached, number: int, kind: str) -> None:
    await found.lever(f"{found.panels[number].name}/faults", {"kind": kind, "path": "orders", "times": 2})


async def struck(found: Attached, number: int, kind: str) -> bool:
    counts = await found.lever(f"{found.panels[number].name}/counts")
    return kind in counts["faults"]


async def true(found: Attached, number: int) -> bool:
    panel = found.panels[number]
    return differences(await found.truth(panel.name), await found.held(panel)) == []


def troubled(connection: Connection) -> set[int]:
    return set(connection.scalars(select(feeds.c.panel_id).where(feeds.c.trouble.is_not(None))))


async def test_a_bomb_costs_little_and_its_panel_alone(run_folder, tmp_path):
    url = databases.sqlite_copy(run_folder, tmp_path, migrated=True)
    fair = len(BOMBS)
    async with attached(url, tmp_path, panel_count=fair + 1, order_count=60) as found:
        with nursery(url, tmp_path) as worker:
            worker.start()
            for number in range(fair + 1):
                await settled(partial(true, found, number))
            for number, kind in enumerate(BOMBS):
                forget_most(worker.child)
                before = most(worker.child, "VmRSS")
                await pull(found, number, kind)
                await settled(partial(struck, found, number, kind), 20)
                await found.lever(f"{found.panels[fair].name}/orders/new", {"count": 5})
                assert (kind, most(worker.child, "VmHWM") - before <= MOST) == (kind, True)
            await settled(partial(true, found, fair), 10)
            assert found.panels[fair].id not in await found.installation.database.read(troubled)
            assert worker.end(signal.SIGTERM) == 0


async def test_rows_that_no_decoder_likes_are_read_or_set_aside(database_url, tmp_path):
    async with attached(database_url, tmp_path, panel_count=len(ODD_ROWS), order_count=60) as found:
        for number, kind in enumerate(ODD_ROWS):
            await pull(found, number, kind)
        await found.sync()
        for panel in found.panels:
            await found.lever(f"{panel.name}/faults", {"clear": True})
        results = await found.sync(plans=("head", "refresh", "sweep"))
        assert {result.trouble for result in results} == {None}
        assert await found.wrong("orders") == []
