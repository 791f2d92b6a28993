"""The records of staged.py's panels behind the API, in process, and scripts with keys of their own."""

import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import insert, update

from hyperpanel.api import frame
from hyperpanel.api.callers import Api
from hyperpanel.api.listing import NDJSON
from hyperpanel.config import Settings
from hyperpanel.db.audit import Act
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import MIRRORED, feeds, panels, plans
from hyperpanel.support import api_keys
from hyperpanel.support.api_key_fields import FASTEST, Wanted
from hyperpanel.support.api_keys import SCOPES, Hand
from tests.support.scoping import COMMITTING
from tests.support.staged import NOON, PANELS, VAULT, cast, mirrored
from tests.support.staged import Hand as Clock

READ_AT = NOON - timedelta(seconds=20)
BASE = "/adminapi/v2"
NAMES = itertools.count()


class Script:
    """Somebody who holds a key."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str, /, as_lines: bool = False, **query: Any) -> httpx2.Response:
        headers = {"Accept": NDJSON} if as_lines else None
        return await self.http.get(f"{BASE}/{path}", params=query or None, headers=headers)

    async def listed(self, path: str, /, **query: Any) -> list[dict[str, Any]]:
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["data"]["list"]
        return rows

    async def ids(self, path: str, /, **query: Any) -> list[Any]:
        return [row["id"] for row in await self.listed(path, **query)]

    async def one(self, path: str, /, **query: Any) -> dict[str, Any]:
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found


@dataclass
class Shelf:
    database: Database
    api: Api
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def script(self, *panel_names: str, scopes: Iterable[str] = SCOPES) -> Script:
        """With a key of these panels; of all where none is named."""
        headers = {"X-Api-Key": await self.key(*panel_names, scopes=scopes)}
        app: Any = frame.build(self.api)
        transport = httpx2.ASGITransport(app)
        made = httpx2.AsyncClient(transport=transport, base_url="http://console", headers=headers)
        return Script(await self.stack.enter_async_context(made))

    async def key(self, *panel_names: str, scopes: Iterable[str] = SCOPES, made_at: datetime = NOON) -> str:
        panel_ids = frozenset(PANELS[name] for name in panel_names) or None
        hand = Hand(lambda action, target="", panel=None, **told: Act("tests", action, target, panel, told, "", ""))
        wanted = Wanted(f"key {next(NAMES)}", frozenset(scopes), panel_ids, (), FASTEST, timedelta(days=1))
        async with self.database.write() as transaction:
            return (await api_keys.make(transaction, hand, wanted, made_at)).text

    async def keep(self, stream: str, *rows: dict[str, Any]) -> None:
        async with self.database.write() as connection:
            await connection.execute(insert(MIRRORED[stream]), list(rows))

    async def put(self, table: Any, *rows: dict[str, Any]) -> None:
        async with self.database.write() as connection:
            await connection.execute(insert(table), list(rows))

    async def zone(self, panel: str, name: str) -> None:
        async with self.database.write() as connection:
            await connection.execute(update(panels).where(panels.c.name == panel).values(time_zone=name))


@asynccontextmanager
async def shelf_over(database_url: str) -> AsyncIterator[Shelf]:
    """`eu-1` and `us-2` were read a moment ago, `dark` never was."""
    database = Database(address(database_url, Path.cwd()))
    COMMITTING.add(database.committing)
    await cast(database)
    made = Shelf(database, Api(Settings(), database, VAULT, Clock()))
    for stream in ("payments", "users", "tickets"):
        for name in ("eu-1", "us-2"):
            await made.put(feeds, {"panel_id": PANELS[name], "stream": stream, "fetched_at": READ_AT, "cached": 0})
            await made.put(plans, *(plan(name, stream, which) for which in ("head", "refresh")))
    try:
        yield made
    finally:
        await made.stack.aclose()
        await made.api.settle()
        await database.close()


def plan(panel: str, stream: str, name: str) -> dict[str, Any]:
    named = {"panel_id": PANELS[panel], "stream": stream, "plan": name}
    return {**named, "cursor": "{}", "due_at": NOON, "as_of": READ_AT if name == "head" else NOON}


def row(stream: str, id: str, panel: str = "eu-1", **changes: Any) -> dict[str, Any]:
    gone_at = changes.pop("gone_at", None)
    return {**mirrored(stream, id, panel, **changes), "gone_at": gone_at}
