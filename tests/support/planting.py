"""As many rows as are asked for in every table that mirrors a panel, and as many panels: each row with names and times of its own, so that
what is looked up row by row shows."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from hyperpanel.db.engine import Database
from hyperpanel.db.panels import folded
from hyperpanel.db.schema import (
    budgets,
    feeds,
    messages,
    orders,
    panels,
    payments,
    plans,
    service_reports,
    services,
    set_aside,
    threads,
    tickets,
    users,
)
from tests.support import ai_planting
from tests.support.aside_rows import record
from tests.support.staged import NOON, PANELS, WHICH, feed, mirrored, plan

MIRRORED = {"orders": orders, "users": users, "payments": payments, "tickets": tickets, "services": services}
STREAMS = ("users", "payments", "tickets", "messages")
PLANS = (*WHICH, *((stream, name) for stream in STREAMS for name in ("head", "refresh", "backfill")))
STATUSES = {
    "orders": ("pending", "in_progress", "completed", "partial"),
    "tickets": ("pending", "answered", "closed"),
    "payments": ("completed", "waiting"),
}


def rows(stream: str, numbers: Sequence[int], panel: int = 1) -> list[dict[str, Any]]:
    return [{**mirrored(stream, str(number), **own(stream, number)), "panel_id": panel} for number in numbers]


def own(stream: str, number: int) -> dict[str, Any]:
    """What sets this record apart from its neighbours."""
    if stream == "services":
        return {"name": f"Service {number}", "category": f"Category {number % 5}"}
    if stream == "users":
        return {"username": f"user-{number}", "created_at": NOON - timedelta(hours=number)}
    words = STATUSES[stream]
    status = words[number % len(words)]
    found = {"user": f"user-{number}", "status": status, "status_raw": status}
    more: dict[str, dict[str, Any]] = {
        "orders": {"service_id": str(number), "service_name": f"Service {number}"},
        "tickets": {"user_id": str(number), "last_update_at": NOON - timedelta(minutes=number)},
        "payments": {"user_id": str(number), "method": f"Method {number % 7}"},
    }
    return {**found, **more[stream], "created_at": NOON - timedelta(minutes=number)}


def reported(number: int) -> dict[str, Any]:
    said = {"service_name": f"Service {number}", "reason": f"Number {number} does not start.", "by": "ben"}
    return {"id": str(number), "service_id": str(number), **said, "at": NOON - timedelta(minutes=number)}


async def plant(database: Database, numbers: Sequence[int], panel: int = 1) -> None:
    """The records of these numbers, in each stream of a panel; of each ticket one message, of each order one that is set aside, of each
    service a report, and what AI keeps."""
    seen = {"observed": 1, "fields": 1, "first_seen_at": NOON, "seen_at": NOON}
    said = {"sender": "kadir", "is_staff": False, "body": "Where is it?", "created_at": NOON}
    read = {"digest": 1, "observed": 1, "read_at": NOON, "messages": 1}
    async with database.write() as connection:
        for stream, table in MIRRORED.items():
            await connection.execute(insert(table), rows(stream, numbers, panel))
        for number in numbers:
            ticket = {"panel_id": panel, "ticket_id": str(number)}
            await connection.execute(insert(threads).values(**ticket, read_for=1, **read))
            await connection.execute(insert(messages).values(**ticket, id="m", place=0, digest=1, **said, **seen))
        told = [{**reported(number), "panel_id": panel} for number in numbers]
        await connection.execute(insert(service_reports), told)
        aside = [{**record(str(number)), "panel_id": panel} for number in numbers]
        await connection.execute(insert(set_aside), aside)
        await ai_planting.plant(connection, numbers, panel)


async def read_all(database: Database) -> None:
    """All streams of the cast's panels are read, beside those that are so from the beginning."""
    async with database.write() as connection:
        for name, panel_id in PANELS.items():
            await connection.execute(insert(feeds), [feed(name, panel_id, stream, NOON) for stream in STREAMS])
            missing = PLANS[len(WHICH) :]
            await connection.execute(insert(plans), [plan(name, panel_id, *which, NOON) for which in missing])


async def add_panels(database: Database, count: int) -> list[int]:
    """More of them, which are read as eu-1 is; returns their ids."""
    ids = [100 + number for number in range(count)]
    async with database.write() as connection:
        for panel_id in ids:
            name = f"more-{panel_id}"
            facts = {"kind": "perfect_panel", "url": f"https://{name}.example", "currency": "USD", "time_zone": "UTC"}
            shown: dict[str, Any] = {
                "id": panel_id,
                "name": name,
                "folded": folded(name),
                "rate": 4.0,
                "private": False,
            }
            await connection.execute(insert(panels).values(**shown, **facts, created_at=NOON))
            await connection.execute(insert(budgets).values(panel_id=panel_id, pace=4.0, free_at=NOON))
            streams = ("orders", "services", *STREAMS)
            await connection.execute(insert(feeds), [feed(name, panel_id, stream, NOON) for stream in streams])
            await connection.execute(insert(plans), [plan(name, panel_id, *which, NOON) for which in PLANS])
    return ids
