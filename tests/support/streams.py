"""A stream of events from the console in process: the usual client gives an answer back only when it has ended."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.staged import Browser, Stage


@dataclass
class Listening:
    """`start`: the answer's head. `ended` once the console has nothing more to say."""

    app: Any
    scope: dict[str, Any]
    start: dict[str, Any] = field(default_factory=dict)
    chunks: list[bytes] = field(default_factory=list)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def status(self) -> int:
        return int(self.start["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.start["headers"]}

    async def run(self) -> None:
        try:
            await self.app(self.scope, self.receive, self.send)
        finally:
            self.ended.set()
            self.began.set()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.chunks.append(message.get("body", b""))
        self.began.set()
        if not message.get("more_body"):
            self.ended.set()

    async def words(self) -> str:
        """All that has come since it was last asked."""
        for _ in range(20):
            await asyncio.sleep(0)
        text = b"".join(self.chunks).decode()
        self.chunks.clear()
        return text

    async def told(self) -> list[tuple[str, Any, int]]:
        """The same as events: name, data, id."""
        return [event(block) for block in (await self.words()).split("\n\n") if "event: " in block]


def event(block: str) -> tuple[str, Any, int]:
    lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
    return lines["event"], json.loads(lines["data"]), int(lines["id"])


@asynccontextmanager
async def listening(
    staged: Stage, browser: Browser, query: str = "streams=orders", **headers: str
) -> AsyncIterator[Listening]:
    """Open until the block ends. The hub looks at nothing by itself: `await staged.console.hub.beat()`."""
    staged.console.hub.every = 3600
    request = browser.build_request("GET", f"/live?{query}", headers=headers)
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": request.url.scheme,
        "path": "/live",
        "raw_path": b"/live",
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("192.0.2.1", 5000),
        "server": ("127.0.0.1", 8000),
    }
    made = Listening(staged.app, scope)
    task = asyncio.create_task(made.run())
    await asyncio.wait_for(made.began.wait(), 10)
    try:
        yield made
    finally:
        made.gone.set()
        await asyncio.wait_for(task, 10)
