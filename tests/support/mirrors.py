"""A console that has read one sandbox panel by the real sync, called as that panel would be: its API behind the panel's own address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from litestar.types import Receive, Scope, Send

from hyperpanel.api import frame
from hyperpanel.api.callers import Api
from hyperpanel.clock import SystemClock
from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings
from hyperpanel.db.audit import Act
from hyperpanel.db.opening import Installation, opened
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.server import background, create_app
from hyperpanel.support import api_keys
from hyperpanel.support.api_key_fields import FASTEST, Wanted
from hyperpanel.support.api_keys import SCOPES, Hand
from tests.support import sockets
from tests.support.attached import Attached, attach
from tests.support.databases import prepared

RATE = 1000.0


def as_panel(console: Any, sandbox: Any, panel: str) -> Any:
    """The console where the panel's API is, the sandbox for all else: its truth and its pages."""
    start = f"/{panel}"

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith((f"{start}/adminapi", f"{start}/admin/adminapi")):
            inside = {**scope, "path": path.removeprefix(start), "raw_path": path.removeprefix(start).encode()}
            await console(inside, receive, send)
        else:
            await sandbox(scope, receive, send)

    return app


async def key_of(installation: Installation, panel_id: int | None, name: str = "tests") -> str:
    """Of one panel, or of all; with every scope."""
    now = datetime.now(UTC)
    hand = Hand(lambda action, target="", panel=None, **details: Act("tests", action, target, panel, details, "", ""))
    panel_ids = None if panel_id is None else frozenset({panel_id})
    wanted = Wanted(name, frozenset(SCOPES), panel_ids, (), FASTEST, timedelta(days=1))
    async with installation.database.write() as transaction:
        return (await api_keys.make(transaction, hand, wanted, now)).text


@asynccontextmanager
async def mirrored(fleet: Fleet, folder: Path) -> AsyncIterator[tuple[httpx2.AsyncClient, str]]:
    """How to ask it, and the key."""
    url = prepared(f"sqlite:///{folder / 'mirror.db'}")
    installation = await opened(Settings(database=DatabaseSettings(url=url)), folder)
    try:
        with sockets.loopback(True), background(fleet) as address:
            found = Attached(installation, fleet, address, [])
            found.panels = [await attach(found, fleet.panels[0], RATE)]
            results = await found.sync()
        assert not [result for result in results if result.trouble], results
        api = Api(installation.settings, installation.database, installation.vault, SystemClock())
        app = as_panel(frame.build(api), create_app(fleet), fleet.panels[0].name)
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
            yield http, await key_of(installation, found.panels[0].id)
    finally:
        await installation.database.close()
