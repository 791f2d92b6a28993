"""Reading orders into SQLite: first load, unchanged re-read, 1 % changed; our way beside the naive one, in one run.

Naive is what one would write first: the same HTTP client, json, and a Core upsert of every row through aiosqlite. Both read the same
prebuilt pages from a server process on the loopback interface, at no limit of rate. CPU is this client's own; each way runs in a process
of its own, by turns. Run: `python tests/bench/sync.py [--rows 100000] [--rounds 3]`.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpx2
from sqlalchemy import event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import create_async_engine

import hyperpanel  # noqa: F401 -- the safe SQLite first

PAGE = 1000
START = 1_760_000_000
PHASES = ("first load", "unchanged", "1 % changed")


def record(number: int, version: int) -> dict[str, Any]:
    """An order as the admin API writes it; `version` changes what moves."""
    return {
        "id": 1_000_000 + number,
        "external_id": str(77_000_000 + number),
        "user": f"customer{number % 977}",
        "creation_type": "api",
        "charge": {"value": f"{number % 900 / 100:.2f}", "currency_code": "USD", "formatted": "$0"},
        "provider_charge": {"value": f"{number % 300 / 100:.2f}", "currency_code": "USD", "formatted": "$0"},
        "link": f"https://social.example/p/{number * 7919}",
        "start_count": number % 5000,
        "quantity": 1000,
        "service_id": number % 300,
        "service_type": "default",
        "service_name": f"Followers [Speed: {number % 50}K/Day] [R30]",
        "provider": f"provider-{number % 7}.example",
        "status": "completed" if number % 50 else "in_progress",
        "remains": version,
        "is_autocomplete": False,
        "created": "2026-01-01 00:00:00",
        "created_timestamp": START + number * 5,
        "mode": "auto",
        "ip_address": "203.0.113.1",
        "last_update": "2026-01-01 00:00:00",
        "last_update_timestamp": START + number * 5 + 60,
    }


def serve(rows: int, ready: Any) -> None:
    """Answers joined from prebuilt records, newest first; a page is found by created_to, as the admin API has it, or by offset."""
    built = {
        phase: [json.dumps(record(n, moved(n, phase))).encode() for n in reversed(range(rows))] for phase in PHASES
    }
    newest = START + (rows - 1) * 5

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path, _, text = head.split(b" ", 2)[1].decode().partition("?")
                query = dict(part.split("=") for part in text.split("&"))
                first = int(query.get("offset", 0))
                if "created_to" in query:
                    first += max(0, (newest - int(query["created_to"])) // 5)
                part = built[PHASES[int(path[1])]][first : first + PAGE]
                content = page(part, first + PAGE < rows)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
                    + content
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def forever() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


def moved(number: int, phase: str) -> int:
    """In the last phase one order in a hundred has moved."""
    return 7 if phase == PHASES[2] and number % 100 == 0 else 0


def page(records: list[bytes], more: bool) -> bytes:
    href = b"?next" if more else b""
    return (
        b'{"data": {"count": 0, "list": ['
        + b",".join(records)
        + b']}, "pagination": {"next_page_href": "%s"}, "error_code": 0}' % href
    )


async def ours(port: int, rows: int, folder: Path) -> list[dict[str, float]]:
    from hyperpanel.clock import SystemClock
    from hyperpanel.config import Settings
    from hyperpanel.db import panels
    from hyperpanel.db.opening import opened
    from hyperpanel.db.panels import Panel
    from hyperpanel.db.store import DatabaseStore
    from sync import engine
    from sync.budget import Gate
    from sync.connectors.base import Stream
    from sync.connectors.perfect_panel import PerfectPanel
    from sync.cursors import Backfill
    from sync.engine import Limits
    from sync.pacing import Pace
    from sync.store import FeedKey

    installation = await opened(Settings(), folder)
    async with installation.database.write() as connection:
        panel = Panel(0, "bench", "perfect_panel", f"http://127.0.0.1:{port}", "USD", "UTC", 1e6, True)
        streams = (Stream("orders", ("backfill",)),)
        panel_id = await panels.add(
            connection, panel, {"admin_key": "k"}, streams, installation.vault, datetime.now(UTC)
        )
    clock = SystemClock()
    store, told = DatabaseStore(installation.database, clock, Pace({}), installation.vault), []
    for phase in range(len(PHASES)):
        connector = PerfectPanel(access(port, phase))
        claim = await store.claim(FeedKey(panel_id, "orders"), "backfill", "bench")
        assert claim is not None
        measure = Measure(folder / "hyperpanel.db")
        claim = type(claim)(claim.feed, claim.plan, claim.holder, claim.fence, claim.run, Backfill(), claim.manners)
        outcome = await engine.run(
            claim, connector, store, Gate(store, clock, panel_id), clock, Limits(PAGE, since=timedelta(days=4000))
        )
        assert (outcome.trouble, outcome.tally.read >= rows) == (None, True)
        told.append(measure.taken(rows))
        await connector.close()
    await installation.database.close()
    return told


async def floor(port: int, rows: int, folder: Path) -> list[dict[str, float]]:
    """What no way can go below: the client's read, raw records, digests and their look-up; nothing is written."""
    from hyperpanel.db.engine import Database, address
    from sync.connectors.base import Ask
    from sync.connectors.perfect_panel import PerfectPanel

    await ours(port, rows, folder)
    database = Database(address("sqlite:///hyperpanel.db", folder))
    told = []
    for phase in range(len(PHASES)):
        connector, measure = PerfectPanel(access(port, phase)), Measure(folder / "hyperpanel.db")
        for offset in range(0, rows, PAGE):
            answer = await connector.page(Ask("orders", PAGE, offset=offset))
            await database.read(partial(look_up, keys=answer.keys))
        told.append(measure.taken(rows))
        await connector.close()
    await database.close()
    return told


def look_up(connection: Any, keys: list[str]) -> dict[str, tuple[int, int]]:
    from hyperpanel.db import pages
    from hyperpanel.db.schema import orders

    return pages.digests(connection, orders, 1, keys)


async def naive(port: int, rows: int, folder: Path) -> list[dict[str, float]]:
    from hyperpanel.db.engine import begin_write
    from hyperpanel.db.schema import metadata, orders

    place = folder / "naive.db"
    database = create_async_engine(f"sqlite+aiosqlite:///{place}")
    event.listen(database.sync_engine, "connect", durable)
    event.listen(database.sync_engine, "begin", begin_write)
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.exec_driver_sql(
            "INSERT INTO panels (id,name,folded,kind,url,currency,time_zone,rate,private,created_at) "
            "VALUES (1,'b','b','p','u','USD','UTC',4,1,0)"
        )
    told = []
    for phase in range(len(PHASES)):
        measure = Measure(place)
        async with httpx2.AsyncClient() as client:
            for offset in range(0, rows, PAGE):
                answer = await client.get(f"http://127.0.0.1:{port}/{phase}/orders?limit={PAGE}&offset={offset}")
                values = [as_row(row) for row in json.loads(answer.content)["data"]["list"]]
                fresh = insert(orders)
                statement = fresh.on_conflict_do_update(
                    index_elements=[orders.c.panel_id, orders.c.id],
                    set_={column.name: fresh.excluded[column.name] for column in orders.c if not column.primary_key},
                )
                async with database.begin() as connection:
                    await connection.execute(statement, values)
        told.append(measure.taken(rows))
    await database.dispose()
    return told


def durable(connection: Any, _: object) -> None:
    """As safe as ours, and otherwise as it comes."""
    from hyperpanel.db.engine import run_pragmas

    connection.isolation_level = None
    run_pragmas(connection, ("journal_mode=WAL", "synchronous=FULL"))


def as_row(row: dict[str, Any]) -> dict[str, Any]:
    from decimal import Decimal

    now = datetime.now(UTC)
    return {
        "panel_id": 1, "id": str(row["id"]), "provider_order_id": row["external_id"], "user": row["user"], "creation_type": row["creation_type"],
        "mode": row["mode"], "charge": int(Decimal(row["charge"]["value"]) * 10**8), "charge_currency": row["charge"]["currency_code"],
        "provider_charge": int(Decimal(row["provider_charge"]["value"]) * 10**8), "provider_charge_currency": "USD", "link": row["link"],
        "start_count": row["start_count"], "quantity": row["quantity"], "service_id": str(row["service_id"]),
        "service_type": row["service_type"], "service_name": row["service_name"], "provider": row["provider"], "status": row["status"],
        "status_raw": row["status"], "remains": row["remains"], "is_autocomplete": row["is_autocomplete"],
        "created_at": datetime.fromtimestamp(row["created_timestamp"], UTC),
        "last_update_at": datetime.fromtimestamp(row["last_update_timestamp"], UTC),
        "observed": 1, "digest": 0, "fields": 0, "first_seen_at": now, "seen_at": now,
    }  # fmt: skip


def access(port: int, phase: int) -> Any:
    from zoneinfo import ZoneInfo

    from sync.connectors.base import Access

    return Access("bench", f"http://127.0.0.1:{port}/{phase}", "USD", ZoneInfo("UTC"), "k", private=True)


class Measure:
    """CPU and wall time of this process from here on, and what the write-ahead log grew by."""

    def __init__(self, database: Path) -> None:
        import sqlite3

        self.log = database.with_name(database.name + "-wal")
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def taken(self, rows: int) -> dict[str, float]:
        return {
            "cpu": (time.process_time() - self.cpu) / rows * 1e6,
            "wall": (time.perf_counter() - self.wall) / rows * 1e6,
            "wal": self.log.stat().st_size / rows if self.log.exists() else 0,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


WAYS = {"ours": ours, "naive": naive, "floor": floor}


def way(name: str, port: int, rows: int, told: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        told.put(asyncio.run(WAYS[name](port, rows, Path(folder))))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    start = multiprocessing.get_context("spawn")
    ready = start.Queue()
    server = start.Process(target=serve, args=(options.rows, ready), daemon=True)
    server.start()
    port = ready.get()
    found: dict[str, list[list[dict[str, float]]]] = {name: [] for name in WAYS}
    for _ in range(options.rounds):
        for name in WAYS:
            told = start.Queue()
            process = start.Process(target=way, args=(name, port, options.rows, told))
            process.start()
            found[name].append(told.get())
            process.join()
    server.terminate()
    report(found, options.rows)


def report(found: dict[str, list[list[dict[str, float]]]], rows: int) -> None:
    def median(name: str, phase: int, what: str) -> float:
        return statistics.median(run[phase][what] for run in found[name])

    print(f"{rows} orders, pages of {PAGE}, SQLite, median of {len(found['ours'])}")
    print(f"{'':14}{'way':8}{'CPU us/row':>12}{'rows/s':>10}{'WAL B/row':>11}{'peak MiB':>10}")
    for phase, title in enumerate(PHASES):
        for name in WAYS:
            cpu, wall = median(name, phase, "cpu"), median(name, phase, "wall")
            print(
                f"{title:14}{name:8}{cpu:12.2f}{1e6 / wall:10.0f}{median(name, phase, 'wal'):11.0f}{median(name, phase, 'peak'):10.0f}"
            )
        ratio = median("naive", phase, "cpu") / median("ours", phase, "cpu")
        over = median("ours", phase, "cpu") / median("floor", phase, "cpu")
        print(f"{title:14}naive / ours in CPU: {ratio:.1f}; ours / floor: {over:.2f}")


if __name__ == "__main__":
    main()
