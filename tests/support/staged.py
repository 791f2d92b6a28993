"""A console in process: the stable cast of panels and people in a database, a clock moved by hand, and browsers that ask.

Panels eu-1 and us-2 are read, dark never was. Ana (admin) and max (manager) see all of them, ben (support) and vic
(viewer) see eu-1 alone, nia (viewer) none; cy is disabled.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from litestar import Litestar
from sqlalchemy import insert, update

from hyperpanel.config import Settings, Web
from hyperpanel.db import sessions, staff
from hyperpanel.db.engine import PATIENCE, Database, address
from hyperpanel.db.pages import ADDED
from hyperpanel.db.panels import folded
from hyperpanel.db.schema import budgets, feeds, orders, panels, plans
from hyperpanel.db.staff import Person
from hyperpanel.support.passwords import hashed
from hyperpanel.vault import Vault
from hyperpanel.web.masks import masked
from hyperpanel.web.visits import Console
from tests.support import records, spared
from tests.support.scoping import COMMITTING

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "127.0.0.1:8000"
PASSWORD = "a quiet morning by the sea"
PASSWORD_HASH = hashed(PASSWORD)
VAULT = Vault(bytes(32))
PANELS = {"eu-1": 1, "us-2": 2, "dark": 3}
PEOPLE: Mapping[str, tuple[str, list[int] | None]] = {
    "ana": ("admin", None),
    "max": ("manager", None),
    "ben": ("support", [1]),
    "vic": ("viewer", [1]),
    "nia": ("viewer", []),
    "cy": ("admin", None),
}
STREAMS = {"orders": ("backfill", "head", "refresh"), "services": ("head",)}
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
FROM_US = {"sec-fetch-site": "same-origin"}


def tokenless(page: str) -> str:
    """Two answers are never alike in their form token."""
    for token in set(TOKEN.findall(page)):
        page = page.replace(token, "")
    return page


@dataclass
class Hand:
    """A clock that is moved by hand."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Stage:
    """`app` answers as if it stood at HOST."""

    database: Database
    clock: Hand
    app: Litestar
    browsers: list[httpx2.AsyncClient] = field(default_factory=list)

    @property
    def console(self) -> Console:
        door: Any = self.app.asgi_handler
        console: Console = door.console
        return console

    @property
    def address(self) -> str:
        return f"http{'s' if self.console.cookies.secure else ''}://{HOST}"

    def browser(self, **headers: str) -> "Browser":
        """Somebody who is not signed in; from another address if one is given."""
        client = headers.pop("address", "192.0.2.1")
        app: Any = self.app
        transport = httpx2.ASGITransport(app=app, client=(client, 5000), raise_app_exceptions=True)
        made = Browser(transport=transport, base_url=self.address, headers={**FROM_US, **headers})
        self.browsers.append(made)
        return made

    async def signed_in(self, name: str, **headers: str) -> "Browser":
        """Without the form: its session is put into the database."""
        made = self.browser(**headers)
        person = await self.person(name)
        async with self.database.write() as connection:
            lasts = timedelta(hours=12)
            token = await sessions.begin(connection, person.id, lasts, self.clock.time, "192.0.2.1", "a browser")
        made.cookies.set(self.console.cookies.session, token)
        session = self.database.read_now(lambda c: sessions.find(c, token, lasts, self.clock.time))
        assert session is not None
        made.headers["x-csrf"] = masked(session.csrf)
        return made

    async def person(self, name: str) -> Person:
        found = await self.database.read(lambda connection: staff.named(connection, name))
        assert found is not None
        return found

    async def keep(self, *rows: dict[str, Any], table: Any = orders) -> None:
        async with self.database.write() as connection:
            await connection.execute(insert(table), list(rows))

    async def change(self, table: Any, values: Mapping[str, Any], **where: Any) -> None:
        async with self.database.write() as connection:
            conditions = [table.c[name] == value for name, value in where.items()]
            await connection.execute(update(table).where(*conditions).values(**values))

    async def rows(self, statement: Any) -> list[Any]:
        return list(await self.database.read(lambda connection: connection.execute(statement).all()))


class Browser(httpx2.AsyncClient):
    """Follows no redirect by itself, and sends what a browser sends from a page of ours."""

    async def form(self) -> str:
        """The token of the sign-in form."""
        found = TOKEN.search((await self.get("/sign-in")).text)
        assert found is not None
        return found[1]

    async def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> httpx2.Response:
        data = {"username": username, "password": password, "csrf": await self.form(), **more}
        return await self.post("/sign-in", data=data)

    async def part(self, path: str, block: str, **headers: str) -> httpx2.Response:
        """What htmx asks for."""
        return await self.get(path, headers={"HX-Request": "true", "HX-Target": block, **headers})


def order(id: str = "1000", panel: str = "eu-1", **changes: Any) -> dict[str, Any]:
    """A row as the store would have written it."""
    return mirrored("orders", id, panel, **{"created_at": NOON - timedelta(hours=1), **changes})


def mirrored(stream: str, id: str, panel: str = "eu-1", **changes: Any) -> dict[str, Any]:
    """A row of any stream but messages, as the store would have written it."""
    made = {name: changes.pop(name, None) for name in ADDED.get(stream, ())}
    record = msgspec.structs.asdict(MADE[stream](id, **changes))
    number = abs(hash(id)) % 2**31
    seen = {"observed": 1, "digest": number, "fields": number, "first_seen_at": NOON, "seen_at": NOON}
    return {"panel_id": PANELS[panel], **record, **made, **seen}


MADE = {
    "orders": records.order,
    "users": records.user,
    "payments": records.payment,
    "tickets": records.ticket,
    "services": records.service,
}


async def cast(database: Database, now: datetime = NOON) -> None:
    """Everything that stands on the stage before a test begins."""
    async with database.write() as connection:
        for name, panel_id in PANELS.items():
            values: dict[str, Any] = {
                "name": name,
                "folded": folded(name),
                "kind": "perfect_panel",
            }  # the ids are given in this order
            values |= {"url": f"https://{name}.example", "currency": "USD", "time_zone": "UTC", "rate": 4.0}
            await connection.execute(insert(panels).values(**values, private=False, created_at=now))
            await connection.execute(insert(budgets).values(panel_id=panel_id, pace=4.0, free_at=now))
            await connection.execute(insert(feeds), [feed(name, panel_id, stream, now) for stream in STREAMS])
            await connection.execute(insert(plans), [plan(name, panel_id, *which, now) for which in WHICH])
        for username, (role, panel_ids) in PEOPLE.items():
            made = await staff.add(connection, username, PASSWORD_HASH, role, panel_ids, now)
            if username == "cy":
                await staff.disable(connection, made, now)


WHICH = [(stream, name) for stream, names in STREAMS.items() for name in names]


def feed(panel: str, panel_id: int, stream: str, now: datetime) -> dict[str, Any]:
    read = None if panel == "dark" else now - timedelta(seconds=20)
    return {"panel_id": panel_id, "stream": stream, "fetched_at": read, "cached": 0}


def plan(panel: str, panel_id: int, stream: str, name: str, now: datetime) -> dict[str, Any]:
    done = panel != "dark"
    return {
        "panel_id": panel_id,
        "stream": stream,
        "plan": name,
        "cursor": '{"done":true}' if name == "backfill" and done else "{}",
        "due_at": now + timedelta(seconds=10),
        "as_of": now - timedelta(seconds=20) if done else None,
    }


@asynccontextmanager
async def stage(
    database_url: str,
    pseudo_rtl: bool = False,
    web: Mapping[str, Any] | None = None,
    is_cast: bool = False,
    patience: float = PATIENCE,
) -> AsyncIterator[Stage]:
    """`web` are settings. `is_cast` where the cast is in the database already."""
    database = Database(address(database_url, Path.cwd()), patience=patience)
    COMMITTING.add(database.committing)
    if not is_cast:
        await cast(database)
    clock, settings = Hand(), Settings(web=Web(**{"plain_http": True, **(web or {})}))
    made = Stage(database, clock, spared.application(settings, database, clock, VAULT, pseudo_rtl))
    try:
        yield made
    finally:
        for browser in made.browsers:
            await browser.aclose()
        await made.console.settle()
        await database.close()
