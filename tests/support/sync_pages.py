"""The Sync page in tests: feeds as the engine leaves them, and a line of the page in words."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from hyperpanel.db.schema import feeds, panels, plans, sweeps
from tests.support.staged import NOON, Stage


async def put(staged: Stage, table: Any, **values: Any) -> None:
    async with staged.database.write() as connection:
        await connection.execute(insert(table).values(**values))


async def a_feed(staged: Stage, stream: str, panel_id: int = 1, **as_of: Any) -> None:
    """With the plans that are named, each as of so many seconds ago; None was never done."""
    await put(staged, feeds, panel_id=panel_id, stream=stream, fetched_at=NOON, cached=500)
    for plan, ago in as_of.items():
        at = None if ago is None else NOON - timedelta(seconds=ago)
        past = {"cursor": '{"done":true}'} if plan == "backfill" else {}
        due = {"due_at": NOON + timedelta(minutes=1), "as_of": at, **past}
        await put(staged, plans, panel_id=panel_id, stream=stream, plan=plan, **due)


async def a_sweep(staged: Stage, number: int = 1, **changes: Any) -> None:
    at = NOON - timedelta(hours=3 - number)
    plain = {"panel_id": 1, "stream": "orders", "number": number, "started_at": at, "ended_at": at, "proven": True}
    drift = {"read": 20_013, "missed": 0, "differed": 0, "absent": 0, "gone": 0}
    await put(staged, sweeps, **{**plain, **drift, **changes})


async def a_fleet(staged: Stage) -> None:
    for number in range(10, 14):
        named = {"id": number, "name": f"p{number}", "folded": f"p{number}", "kind": "perfect_panel", "rate": 4.0}
        where = {"url": "https://p.example", "currency": "USD", "time_zone": "UTC", "private": False}
        await put(staged, panels, **named, **where, created_at=NOON)
        await a_feed(staged, "orders", number, head=20)


def line(page: str, panel: str, stream: str = "orders") -> str:
    """A feed's row, in words."""
    row = page.split(f'id="feed-{panel}-{stream}"')[1].split("</tr>", maxsplit=1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def panel_line(page: str, panel: str) -> str:
    row = page.split(f'id="panel-{panel}"')[1].split("</tr>", maxsplit=1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())
