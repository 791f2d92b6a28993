"""A console's database attached to a sandbox fleet over real HTTP, and both sides of the comparison: the truth and what is held."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings, Sync
from hyperpanel.db import panels
from hyperpanel.db.opening import Installation, opened
from hyperpanel.db.panels import Panel
from hyperpanel.db.schema import orders, services
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.server import background
from hyperpanel.worker import once, work
from hyperpanel.worker.once import Result
from sync.connectors.base import Stream
from sync.money import Money

STREAMS = (Stream("orders", ("head", "refresh", "backfill")), Stream("services", ("head",)))
QUICK = Sync(head_seconds=0.3, refresh_seconds=0.3, services_seconds=60, retention_days=400)
ALL_HISTORY = timedelta(days=400)
NOT_COMPARED = {"status_raw"}


@dataclass
class Attached:
    installation: Installation
    fleet: Fleet
    url: str
    panels: list[Panel]

    async def sync(self, **how: Any) -> list[Result]:
        return await once.sync(self.installation, self.panels, since=ALL_HISTORY, **how)

    async def lever(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Read or pull one of the sandbox's `/_truth` levers."""
        async with httpx2.AsyncClient(timeout=60) as client:
            url = f"{self.url}/_truth/{path}"
            answer = await (client.get(url) if body is None else client.post(url, json=body))
            answer.raise_for_status()
            return answer.json()

    async def truth(self, panel: str) -> dict[str, dict[str, Any]]:
        async with httpx2.AsyncClient(timeout=120) as client:
            answer = await client.get(f"{self.url}/_truth/{panel}/orders")
        rows = (msgspec.json.decode(line) for line in answer.content.splitlines() if line)
        return {row["id"]: row for row in rows}

    async def held(self, panel: Panel) -> dict[str, dict[str, Any]]:
        """The cached orders, written the way the truth writes them."""
        names = [column.name for column in orders.c if column.name in TRUTH]
        statement = EVERYTHING.select(*(orders.c[name] for name in names)).where(orders.c.panel_id == panel.id)
        rows = await self.installation.database.read(lambda connection: connection.execute(statement).all())
        return {row.id: as_truth(dict(row._mapping)) for row in rows}

    async def held_services(self, panel: Panel) -> dict[str, dict[str, Any]]:
        names = ("id", "name", "type", "category", "rate", "min", "max", "refill", "cancel")
        statement = EVERYTHING.select(*(services.c[name] for name in names)).where(services.c.panel_id == panel.id)
        rows = await self.installation.database.read(lambda connection: connection.execute(statement).all())
        return {row.id: dict(row._mapping) for row in rows}


TRUTH = {
    "id", "provider_order_id", "user", "creation_type", "mode", "charge", "charge_currency", "provider_charge",
    "provider_charge_currency", "link", "start_count", "quantity", "service_id", "service_type", "service_name", "provider", "status",
    "remains", "is_autocomplete", "created_at", "last_update_at",
}  # fmt: skip


def as_truth(row: dict[str, Any]) -> dict[str, Any]:
    row["created_timestamp"] = stamp(row.pop("created_at"))
    row["last_update_timestamp"] = stamp(row.pop("last_update_at"))
    for name in ("charge", "provider_charge"):
        row[name] = None if row[name] is None else Money(row[name], row[f"{name}_currency"]).amount
    return row


def stamp(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def differences(truth: Mapping[str, Mapping[str, Any]], held: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Every field of every row that is not the same; empty where the cache is true."""
    found = [f"{key}: not held" for key in truth.keys() - held.keys()] + [
        f"{key}: not there" for key in held.keys() - truth.keys()
    ]
    for key in truth.keys() & held.keys():
        found += [
            f"{key}.{name}: {held[key][name]!r}, truly {value!r}"
            for name, value in truth[key].items()
            if differs(name, value, held[key])
        ]
    return found


def differs(name: str, value: Any, held: Mapping[str, Any]) -> bool:
    if name in ("charge", "provider_charge") and value is not None and held[name] is not None:
        return str(held[name].normalize()) != str(held[name].__class__(value).normalize())
    return bool(held[name] != value)


@asynccontextmanager
async def attached(
    database_url: str,
    folder: Path,
    *,
    panel_count: int = 1,
    order_count: int = 2000,
    rate: float = 500.0,
    seed: int = 7,
    stopped: bool = True,
) -> AsyncIterator[Attached]:
    """`rate` is allowed on both sides alike; with 4.0 the sandbox keeps to its five a second."""
    limit = 5 if rate <= 5 else int(rate * 4)
    fleet = Fleet(seed=seed, panels=panel_count, orders=order_count, rate_limit=limit)
    installation = await opened(Settings(database=DatabaseSettings(url=database_url)), folder)
    with background(fleet) as url:
        try:
            found = Attached(installation, fleet, url, [])
            if stopped:
                await found.lever("clock", {"stopped": True})
            found.panels = [await attach(found, panel, rate) for panel in fleet.panels]
            yield found
        finally:
            await installation.database.close()


async def attach(found: Attached, panel: Any, rate: float, streams: Sequence[Stream] = STREAMS) -> Panel:
    made = Panel(
        0, panel.name, "perfect_panel", f"{found.url}/{panel.name}", panel.currency, panel.time_zone, rate, True
    )
    secrets = {"admin_key": panel.admin_key, "services_key": panel.services_key}
    async with found.installation.database.write() as connection:
        panel_id = await panels.add(connection, made, secrets, streams, found.installation.vault, datetime.now(UTC))
    return Panel(**{**{name: getattr(made, name) for name in Panel.__dataclass_fields__}, "id": panel_id})


@asynccontextmanager
async def working(found: Attached) -> AsyncIterator[None]:
    """A worker in a hurry beside whatever the test does."""
    settings = msgspec.structs.replace(found.installation.settings, sync=QUICK)
    stop = asyncio.Event()
    task = asyncio.create_task(work(replace(found.installation, settings=settings), stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def settled(condition: Any, seconds: float = 20.0) -> None:
    """Wait until an awaited condition holds."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 -- what is waited for is another process's doing
            await asyncio.sleep(0.05)
