"""The staged console on a port of this machine, for a real browser: its own thread, the machine's own clock."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext
from sqlalchemy import insert, update

from hyperpanel.app import create_app
from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings, Web
from hyperpanel.db import sessions, staff
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import news, order_flips, orders
from tests.support import awkward
from tests.support.server import served
from tests.support.staged import VAULT, cast, order

NAMES = (
    "Instagram Followers [5-10K/Day] [R30]",
    "TikTok Views [ Speed 500-1K/day ]",
    "فالوور ایرانی [5K/D]",
    "Şarkı dinleme",
)
STATUSES = ("in_progress", "completed", "pending", "partial", "processing", "canceled", "fail", "error", "on_the_moon")
USERS = ("login", "kadir", "şükrü_ağaoğlu", "a_very_long_user_name_that_never_ends_2026", "علی_رضایی", None)


@dataclass
class Site:
    """`database` is the test's own way in, beside the console's."""

    url: str
    database: Database

    async def sign_in(self, context: BrowserContext, name: str, **preferences: str) -> None:
        """Without the form."""
        person = self.database.read_now(lambda connection: staff.named(connection, name))
        assert person is not None
        now = datetime.now(UTC)
        async with self.database.write() as connection:
            if preferences:
                await staff.prefer(connection, person.id, preferences)
            token = await sessions.begin(connection, person.id, timedelta(hours=1), now, "", "")
        cookie: Any = {"name": "hyperpanel", "value": token, "url": self.url, "httpOnly": True, "sameSite": "Strict"}
        await context.add_cookies([cookie])

    async def keep(self, *rows: dict[str, Any]) -> None:
        """With the news of them, as the store writes it."""
        async with self.database.write() as connection:
            await connection.execute(insert(orders), list(rows))
            await connection.execute(insert(news), [told(row["panel_id"], [], arrived=1) for row in rows])

    async def change(self, order_id: str, **values: Any) -> None:
        async with self.database.write() as connection:
            changed = update(orders).where(orders.c.id == order_id).values(**values).returning(orders.c.panel_id)
            panel_id = (await connection.execute(changed)).scalar_one()
            await connection.execute(insert(news).values(**told(panel_id, [order_id])))


def told(panel_id: int, ids: list[str], arrived: int = 0) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {"panel_id": panel_id, "stream": "orders", "at": now, "arrived": arrived, "ids": json.dumps(ids)}


def awkward_order(number: int, now: datetime) -> dict[str, Any]:
    """Every awkward value somewhere: long names, none, other scripts, hostile links."""
    status = STATUSES[number % 9]
    quantity = (100, 1000, 25_000, 1_500_000)[number % 4]
    return order(
        str(2_906_386 - number),
        ("eu-1", "us-2")[number % 2],
        created_at=now - timedelta(minutes=number * number, seconds=5),
        user=USERS[number % 6],
        service_id=str(170 + number % 4),
        service_name=NAMES[number % 4],
        link=("https://www.instagram.com/p/C8abc/", "javascript:alert(1)", None)[number % 3],
        status=status,
        quantity=quantity,
        remains=None if number % 7 == 6 else 0 if status == "completed" else quantity // 3,
        start_count=None if number % 3 == 2 else 1200 + number,
        charge=(3_000_000, 1_250_000_000, None)[number % 3],
        provider_order_id=None if number % 4 == 3 else str(77_120_448 - number),
    )


@asynccontextmanager
async def site(database_url: str, rows: int = 0) -> AsyncIterator[Site]:
    now = datetime.now(UTC)
    database = Database(address(database_url, Path.cwd()))
    await cast(database, now)
    settings = Settings(database=DatabaseSettings(url=database_url), web=Web(plain_http=True))
    with served(create_app(settings, pseudo_rtl=True, vault=VAULT)) as url:
        made = Site(url, database)
        if rows:
            await made.keep(*(awkward_order(number, now) for number in range(rows)))
            flip = {"panel_id": 1, "order_id": "2906386", "number": 5, "was": "pending", "now": "in_progress"}
            bounds = {"not_before": now - timedelta(minutes=9), "not_after": now - timedelta(minutes=5)}
            async with database.write() as connection:
                await connection.execute(insert(order_flips).values(**flip, **bounds))
                for table, held in awkward.rows(now):
                    await connection.execute(insert(table), held)
        try:
            yield made
        finally:
            await database.close()
