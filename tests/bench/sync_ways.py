"""The ways of reading orders into SQLite that sync.py compares; each is run in a process of its own and measures itself.

`ours` is the engine with its store, as a worker runs it; `naive` what one would write first: the same HTTP client, json, and an upsert of
every row through aiosqlite; `floor` what no way can go below: the client's read, raw records, their digests and the look-up of those held.
"""

import asyncio
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hyperpanel  # noqa: F401 -- the safe SQLite first
from tests.bench.measuring import Measure, contents
from tests.bench.upstream import PAGE

PHASES = ("first load", "unchanged", "1 % changed")
PEER = Path(__file__).with_name("dlt_peer.py")
Told = list[dict[str, Any]]


async def ours(port: int, rows: int, folder: Path, lists: tuple[int, ...] = (0, 1, 2)) -> Told:
    from hyperpanel.clock import SystemClock
    from hyperpanel.db.store import DatabaseStore
    from sync.connectors.perfect_panel import PerfectPanel
    from sync.pacing import Pace

    installation, panel_id = await attached(port, folder)
    clock, told = SystemClock(), []
    store = DatabaseStore(installation.database, clock, Pace({}), installation.vault)
    for number in lists:
        connector = PerfectPanel(access(port, number))
        before = contents(folder / "hyperpanel.db") if number == 1 else {}
        measure = Measure(folder / "hyperpanel.db")
        await backfill(store, clock, connector, panel_id, rows)
        taken = measure.taken(rows)
        told.append({**taken, "others": others(before, folder / "hyperpanel.db") if before else []})
        await connector.close()
    await installation.database.close()
    return told


async def attached(port: int, folder: Path) -> tuple[Any, int]:
    from hyperpanel.config import Settings
    from hyperpanel.db import panels
    from hyperpanel.db.opening import opened
    from sync.connectors.base import Stream

    installation = await opened(Settings(), folder)
    panel = panels.Panel(0, "bench", "perfect_panel", f"http://127.0.0.1:{port}", "USD", "UTC", 1e6, True)
    async with installation.database.write() as connection:
        streams, secrets = (Stream("orders", ("backfill",)),), {"admin_key": "k"}
        panel_id = await panels.add(connection, panel, secrets, streams, installation.vault, datetime.now(UTC))
    return installation, panel_id


async def backfill(store: Any, clock: Any, connector: Any, panel_id: int, rows: int) -> None:
    """From the newest to the end, whatever is held."""
    from dataclasses import replace

    from sync import engine
    from sync.budget import Gate
    from sync.cursors import Backfill
    from sync.engine import Limits
    from sync.store import FeedKey

    claim = await store.claim(FeedKey(panel_id, "orders"), "backfill", "bench")
    gate, limits = Gate(store, clock, panel_id), Limits(PAGE, since=timedelta(days=4000))
    outcome = await engine.run(replace(claim, cursor=Backfill()), connector, store, gate, clock, limits)
    if outcome.trouble is not None or outcome.tally.read < rows:
        raise RuntimeError(f"{outcome.tally.read} of {rows} orders were read: {outcome.trouble}")


def others(before: dict[str, int], database: Path) -> list[str]:
    """Tables that changed though nothing was news."""
    return [name for name, digest in contents(database).items() if before.get(name) != digest]


async def floor(port: int, rows: int, folder: Path) -> Told:
    """The ids of a page are known beforehand: nothing but the raw records is decoded. Nothing is written."""
    from hyperpanel.db.engine import Database, address
    from sync import http
    from sync.connectors.answers import LISTED
    from sync.connectors.columns import digests

    await ours(port, rows, folder, (0,))
    database = Database(address("sqlite:///hyperpanel.db", folder))
    client, told = http.new_client(private=True), []
    for number in range(len(PHASES)):
        measure = Measure(folder / "hyperpanel.db")
        for offset in range(0, rows, PAGE):
            url = f"http://127.0.0.1:{port}/{number}/orders"
            answer = await http.fetch(client, http.query(client, url, {"limit": PAGE, "offset": offset}, {}))
            found = digests(LISTED.decode(answer.body).data.list, 1)
            newest = 1_000_000 + rows - 1 - offset
            keys = [str(newest - place) for place in range(len(found))]
            await database.read(partial(look_up, keys=keys))
        told.append(measure.taken(rows))
    await client.aclose()
    await database.close()
    return told


def look_up(connection: Any, keys: list[str]) -> dict[str, tuple[int, int]]:
    from hyperpanel.db import pages
    from hyperpanel.db.schema import orders

    return pages.digests(connection, orders, 1, keys)


async def naive(port: int, rows: int, folder: Path) -> Told:
    import httpx2
    from sqlalchemy import event
    from sqlalchemy.ext.asyncio import create_async_engine

    from hyperpanel.db.engine import begin_write
    from hyperpanel.db.schema import metadata

    place, told = folder / "naive.db", []
    database = create_async_engine(f"sqlite+aiosqlite:///{place}")
    event.listen(database.sync_engine, "connect", durable)
    event.listen(database.sync_engine, "begin", begin_write)
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.exec_driver_sql(
            "INSERT INTO panels (id,name,folded,kind,url,currency,time_zone,rate,private,created_at) "
            "VALUES (1,'b','b','p','u','USD','UTC',4,1,0)"
        )
    statement = upsert()
    for number in range(len(PHASES)):
        measure = Measure(place)
        async with httpx2.AsyncClient() as client:
            for offset in range(0, rows, PAGE):
                answer = await client.get(f"http://127.0.0.1:{port}/{number}/orders?limit={PAGE}&offset={offset}")
                values = [as_row(row) for row in json.loads(answer.content)["data"]["list"]]
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


def upsert() -> Any:
    from sqlalchemy.dialects.sqlite import insert

    from hyperpanel.db.schema import orders

    fresh = insert(orders)
    return fresh.on_conflict_do_update(
        index_elements=[orders.c.panel_id, orders.c.id],
        set_={column.name: fresh.excluded[column.name] for column in orders.c if not column.primary_key},
    )


def as_row(row: dict[str, Any]) -> dict[str, Any]:
    """The same row as ours, so that the same indexes hold it."""
    now = datetime.now(UTC)
    finished = datetime.fromtimestamp(row["last_update_timestamp"], UTC) if row["status"] == "completed" else None
    return {
        "panel_id": 1, "id": str(row["id"]), "provider_order_id": row["external_id"], "user": row["user"], "creation_type": row["creation_type"],
        "mode": row["mode"], "charge": int(Decimal(row["charge"]["value"]) * 10**8), "charge_currency": row["charge"]["currency_code"],
        "provider_charge": int(Decimal(row["provider_charge"]["value"]) * 10**8), "provider_charge_currency": "USD", "link": row["link"],
        "start_count": row["start_count"], "quantity": row["quantity"], "service_id": str(row["service_id"]),
        "service_type": row["service_type"], "service_name": row["service_name"], "provider": row["provider"], "status": row["status"],
        "status_raw": row["status"], "remains": row["remains"], "is_autocomplete": row["is_autocomplete"],
        "created_at": datetime.fromtimestamp(row["created_timestamp"], UTC),
        "last_update_at": datetime.fromtimestamp(row["last_update_timestamp"], UTC),
        "finished_from": finished, "finished_at": finished, "observed": 1, "digest": 0, "fields": 0, "first_seen_at": now, "seen_at": now,
    }  # fmt: skip


def access(port: int, number: int) -> Any:
    from sync.connectors.base import Access

    return Access("bench", f"http://127.0.0.1:{port}/{number}", "USD", ZoneInfo("UTC"), "k", private=True)


async def small(port: int, rows: int, folder: Path) -> Told:
    """Ours over the short list alone, for its memory."""
    return await ours(port, rows, folder, (len(PHASES),))


WAYS: dict[str, Callable[[int, int, Path], Coroutine[Any, Any, Told]]] = {
    "ours": ours,
    "naive": naive,
    "floor": floor,
    "small": small,
}


def way(name: str, port: int, rows: int, told: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        told.put(asyncio.run(WAYS[name](port, rows, Path(folder))))


def dlt(python: Path, kind: str, port: int, rows: int) -> Told:
    """By the peers' Python. Raises with the end of what it said."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python), "-W", "ignore", str(PEER), f"http://127.0.0.1:{port}", str(rows), kind, folder]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        raise RuntimeError(f"dlt did not read the orders: {done.stderr[-2000:]}")
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return told
