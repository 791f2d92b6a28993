"""The way from the console to a panel, without a socket: an httpx2 transport that calls the sandbox's own `visit`.

It takes its time both ways, fails as the panel's line is told to, and keeps a log of every departure: what the auditor judges the budget by.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx2

from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.visit import visit
from sync import http
from sync.guard import PrivateAddress, Unresolved

QUICK, LATEST = 0.005, 0.2
"""Seconds that a request is under way at least and at most: little enough that a panel sees the rate that was kept here."""

HANGS = 5.0
ENOUGH = 21 * 2**20
"""Bytes of one answer after which whoever reads it must have gone."""


@dataclass
class Call:
    """One request: when it left, when its answer was here (None while it is under way), and what that was."""

    left: float
    path: str
    back: float | None = None
    status: int | None = None
    asked: float | None = None
    """Seconds that it said to wait."""


@dataclass
class Way:
    """To one panel, for all processes: its log is the panel's."""

    panel: Panel
    chance: Random
    now: Callable[[], float]
    slowness: float = 0.3
    calls: list[Call] = field(default_factory=list)

    def left(self, path: str) -> Call:
        call = Call(self.now(), path)
        self.calls.append(call)
        return call

    def over(self, call: Call) -> None:
        call.back = self.now()


class Gone(Exception):
    """Nobody listens any more."""


class Body(httpx2.AsyncByteStream):
    def __init__(self, parts: list[bytes], is_torn: bool) -> None:
        self.parts, self.is_torn = parts, is_torn

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part
        if self.is_torn:
            raise httpx2.RemoteProtocolError("the connection was closed in the middle of an answer")


class Carrier(httpx2.AsyncBaseTransport):
    """One process's connections over a way. `alive` raises where that process has ended."""

    def __init__(self, way: Way, alive: Callable[[], None]) -> None:
        self.way, self.alive = way, alive

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.alive()
        call = self.way.left(request.url.raw_path.decode())
        try:
            answer = await self.carried(request)
            call.status, call.asked = answer.status_code, wait_of(answer)
            return answer
        finally:
            self.way.over(call)
            self.alive()

    async def carried(self, request: httpx2.Request) -> httpx2.Response:
        way = self.way
        await asyncio.sleep(way.chance.uniform(QUICK, LATEST))
        fault = way.panel.line.strike(request.url.host)
        if fault is not None:
            await unconnected(fault.kind, request.url.host)
        head, parts, is_torn = await answered(way.panel, request)
        await asyncio.sleep(way.chance.expovariate(1 / way.slowness))
        if head is None:
            raise httpx2.ReadError("connection reset by peer")
        return httpx2.Response(head["status"], headers=head["headers"], stream=Body(parts, is_torn))


async def answered(panel: Panel, request: httpx2.Request) -> tuple[dict[str, Any] | None, list[bytes], bool]:
    """What the panel says, and whether it was broken off."""
    said, is_torn, size = list[Any](), False, 0
    heard = [{"type": "http.request", "body": request.content if request.method == "POST" else b""}]

    async def receive() -> Any:
        return heard.pop() if heard else await asyncio.get_running_loop().create_future()

    async def send(message: Any) -> None:
        nonlocal size
        said.append(message)
        size += len(message.get("body", b""))
        if size > ENOUGH:
            raise Gone

    try:
        await visit(panel, scope_of(request), receive, send)
    except (ConnectionResetError, Gone):
        is_torn = True
    return (said[0] if said else None), [message["body"] for message in said[1:]], is_torn


def scope_of(request: httpx2.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "method": request.method,
        "path": request.url.path,
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": "https",
    }


async def unconnected(kind: str, host: str) -> None:
    """Raises what httpx2 raises of a connection that is not made, with the cause beneath it."""
    if kind == "connect_hangs":
        await asyncio.sleep(HANGS)
        raise httpx2.ConnectTimeout("nobody takes the connection")
    raise httpx2.ConnectError(kind) from CAUSES[kind](host)


def mistrusted(number: int, words: str) -> Exception:
    problem = ssl.SSLCertVerificationError(f"certificate verify failed: {words}")
    problem.verify_code = number
    return problem


CAUSES: dict[str, Callable[[str], Exception]] = {
    "refused": lambda host: ConnectionRefusedError(),
    "dns_fails": Unresolved,
    "dns_changes": PrivateAddress,
    "tls_bad": lambda host: mistrusted(18, "self-signed certificate"),
    "tls_expired": lambda host: mistrusted(10, "certificate has expired"),
}


def wait_of(answer: httpx2.Response) -> float | None:
    """What a Retry-After asks for, in seconds or as a date by the panel's own clock, where it tells that."""
    text = answer.headers.get("retry-after")
    if text is None or text.isdecimal():
        return None if text is None else float(text)
    moment, now = http.http_date(text), http.http_date(answer.headers.get("date"))
    return None if moment is None or now is None else max(0.0, (moment - now).total_seconds())


def client(way: Way, alive: Callable[[], None]) -> httpx2.AsyncClient:
    """As http.new_client, over a way."""
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": http.AGENT}
    return httpx2.AsyncClient(
        transport=Carrier(way, alive), trust_env=False, follow_redirects=False, timeout=None, headers=headers
    )
