"""Bytes in and out: ASGI messages, and the rude things a connection can do, which ASGI has no words for."""

import asyncio
import gzip
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hyperpanel.sandbox.exchange import Answer, Request

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Caller(NamedTuple):
    """Who is at the other end, in ASGI's words."""

    scope: Scope
    receive: Receive
    send: Send


LARGEST = 1024 * 1024  # of a request's body
DRIPS = 20  # pieces of a slow answer
WORTH_PACKING = 1024
LINE = "sandbox.line"
LINGER = 1.0  # seconds until a dropped connection is sure to be gone


class Line(HttpToolsProtocol):
    """uvicorn's protocol, which also hands the connection itself to the application."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {LINE: {"transport": self.transport}}


async def hear(scope: Scope, receive: Receive, prefix: str) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = b""
    if scope["method"] not in ("GET", "HEAD"):
        body = await _body(receive)
    path = scope["path"]
    base = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}{prefix}"
    return Request(scope["method"], path[len(prefix) :], scope["query_string"].decode("latin-1"), headers, body, base)


async def _body(receive: Receive) -> bytes:
    parts, more = bytearray(), True
    while more and len(parts) <= LARGEST:
        message = await receive()
        parts += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(parts[:LARGEST])


async def speak(send: Send, answer: Answer, headers: dict[str, str]) -> None:
    await _start(send, answer, headers)
    await send({"type": "http.response.body", "body": answer.body})


async def _start(send: Send, answer: Answer, headers: dict[str, str]) -> None:
    told = {"content-type": answer.type, "content-length": str(len(answer.body)), **headers, **answer.headers}
    lines = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": lines})


async def stammer(kind: str, seconds: float, answer: Answer, headers: dict[str, str], line: Caller) -> None:
    """Say it, but badly."""
    scope, receive, send = line
    body = answer.body
    if kind == "truncated":
        return await speak(send, replace(answer, body=body[: len(body) * 2 // 3]), headers)
    await _start(send, answer, headers)
    if kind == "cut":
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        hang_up(scope, rudely=False)
        return await hang(receive, LINGER)
    if kind == "drip":
        return await _drip(send, body, seconds)
    await send({"type": "http.response.body", "body": body})
    return hang_up(scope, rudely=False)  # though it had said that the connection stays


async def _drip(send: Send, body: bytes, seconds: float) -> None:
    size = max(1, len(body) // DRIPS)
    for start in range(0, len(body), size):
        await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
        await asyncio.sleep(seconds / DRIPS)
    await send({"type": "http.response.body", "body": b""})


def packed(answer: Answer, accepted: str) -> Answer:
    if "gzip" not in accepted or len(answer.body) < WORTH_PACKING or "content-encoding" in answer.headers:
        return answer
    packing = {**answer.headers, "content-encoding": "gzip", "vary": "Accept-Encoding"}
    return replace(answer, body=gzip.compress(answer.body, 1), headers=packing)


async def hang(receive: Receive, seconds: float) -> None:
    """Say nothing for so long, or until the caller has gone."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


async def reset(scope: Scope, receive: Receive) -> None:
    """Drop the connection before a word is said."""
    hang_up(scope, rudely=True)
    await hang(receive, LINGER)


def hang_up(scope: Scope, rudely: bool) -> None:
    line = scope.get("extensions", {}).get(LINE)
    if line is None:
        raise ConnectionResetError("the simulated panel dropped the connection")
    transport = line["transport"]
    if rudely and (connection := transport.get_extra_info("socket")) is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    transport.close()
