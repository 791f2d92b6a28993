"""Bytes in and out: ASGI messages, beside which the connection itself is handed on, for the rude things that ASGI has no words for."""

import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hyperpanel.sandbox.exchange import Answer, Request

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST = 1024 * 1024  # of a request's body
WORTH_PACKING = 1024
LINE = "sandbox.line"


class OpenLine(HttpToolsProtocol):
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
    await start(send, answer, headers)
    await send({"type": "http.response.body", "body": answer.body})


async def start(send: Send, answer: Answer, headers: dict[str, str]) -> None:
    """An empty header is not sent."""
    told = {"content-type": answer.type, "content-length": str(len(answer.body)), **headers, **answer.headers}
    lines = [(name.encode(), value.encode()) for name, value in told.items() if value]
    await send({"type": "http.response.start", "status": answer.status, "headers": lines})


def packed(answer: Answer, accepted: str) -> Answer:
    if "gzip" not in accepted or len(answer.body) < WORTH_PACKING or "content-encoding" in answer.headers:
        return answer
    packing = {**answer.headers, "content-encoding": "gzip", "vary": "Accept-Encoding"}
    return replace(answer, body=gzip.compress(answer.body, 1), headers=packing)
