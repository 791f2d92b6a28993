"""A console that answers as the admin API does, as far as somebody who wants to read its panels asks: for those who test the asking."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hyperpanel.sandbox.serving import in_thread
from hyperpanel.sandbox.wire import Receive, Scope, Send

AS_OF = "2026-03-01T12:00:00Z"
EVERYTHING = (
    "panels:read",
    "orders:read",
    "users:read",
    "payments:read",
    "tickets:read",
    "services:read",
    "providers:read",
)
LISTS = ("/panels", "/orders", "/users", "/payments", "/tickets")
KEY = "hp_stand-in"


def line(name: str, **more: Any) -> dict[str, Any]:
    """One of its panels."""
    streams = [{"stream": stream, "as_of": AS_OF} for stream in ("orders", "messages", "services")]
    return {
        "name": name,
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "kind": "perfect_panel",
        "streams": streams,
        **more,
    }


@dataclass
class StandIn:
    """`lines`: its panels; `keyed`: the paths that it was asked for with a key."""

    lines: list[dict[str, Any]] = field(default_factory=lambda: [line("eu-1"), line("us-2")])
    scopes: Sequence[str] = EVERYTHING
    per_minute: int = 300
    is_console: bool = True
    keyed: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        path, key = scope["path"], headers.get(b"x-api-key", b"").decode()
        if key:
            self.keyed.append(path)
        head, mark, rest = path.partition("/adminapi/v2")
        panel = head.removeprefix("/p/") if head else None
        status, body = self.answer(f"{mark}{rest}".removeprefix("/adminapi/v2"), panel, key)
        start = {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        await send(start)
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    def answer(self, path: str, panel: str | None, key: str) -> tuple[int, dict[str, Any]]:
        seen = [one for one in self.lines if panel in (None, one["name"])]
        if path == "/health" and self.is_console and panel is None:
            return 200, {"ok": True}
        if not self.is_console:
            return 200, {"data": [], "error_message": "Page not found.", "error_code": 100}
        if key != KEY:
            return 401, {"data": [], "error_message": "This key is not accepted.", "error_code": 401}
        if path == "/key":
            own = {"scopes": list(self.scopes), "per_minute": self.per_minute, "panels": [one["name"] for one in seen]}
            return 200, {"data": own, "error_message": "", "error_code": 0}
        if seen and path in LISTS:
            return 200, listing(seen if path == "/panels" else [])
        return 404, {"data": [], "error_message": "There is no such record.", "error_code": 404}


def listing(rows: Sequence[dict[str, Any]], as_of: str | None = AS_OF) -> dict[str, Any]:
    around = {"next_page_href": "", "prev_page_href": "", "offset": 0, "limit": 1000, "next_cursor": ""}
    data = {"count": len(rows), "count_is_total": True, "list": list(rows)}
    return {"data": data, "pagination": around, "as_of": as_of, "error_message": "", "error_code": 0}


@contextmanager
def standing_in(console: StandIn) -> Iterator[str]:
    """Its address."""
    with in_thread(live(console)) as url:
        yield url


def live(console: StandIn) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            return await console(scope, receive, send)
        while scope["type"] == "lifespan":
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    return app
