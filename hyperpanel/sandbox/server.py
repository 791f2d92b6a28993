"""The fleet over HTTP: a bare ASGI application, since what is measured behind it is the client, not this."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from hyperpanel.sandbox import ai_server, levers, truth
from hyperpanel.sandbox.exchange import json_answer
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.serving import App, in_thread, listen, server_of
from hyperpanel.sandbox.visit import visit
from hyperpanel.sandbox.wire import Receive, Scope, Send, hear, speak


def create_app(fleet: Fleet) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await _live(receive, send)
        if scope["type"] != "http":
            return None
        await _route(fleet, scope, receive, send)

    return app


async def _route(fleet: Fleet, scope: Scope, receive: Receive, send: Send) -> None:
    head, _, rest = scope["path"][1:].partition("/")
    if head in fleet.by_name:
        return await visit(fleet.by_name[head], scope, receive, send)
    if head == "_ai":
        return await ai_server.visit(fleet.ai, scope, receive, send)
    if head != "_truth":
        names = ", ".join(f"/{panel.name}" for panel in fleet)
        return await speak(send, json_answer({"error": f"no such panel; there are {names}"}, 404), {})
    name, _, what = rest.strip("/").partition("/")
    if what in truth.STREAMS and scope["method"] == "GET" and name in fleet.by_name:
        return await truth.stream(fleet.by_name[name], what, send)
    request = await hear(scope, receive, "/_truth")
    return await speak(send, levers.answer(fleet, request), {})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def serve(fleet: Fleet, host: str = "127.0.0.1", port: int = 9000) -> None:
    """Answer until cancelled."""
    listening, server = listen(host, port), server_of(create_app(fleet))
    running = asyncio.ensure_future(server.serve([listening]))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        server.should_exit = True
        await running
        raise
    finally:
        listening.close()  # uvicorn leaves it open when it is ended before it has begun


@contextmanager
def background(fleet: Fleet, port: int = 0) -> Iterator[str]:
    """The fleet in a thread of its own; yields its base address, ends with the block."""
    with in_thread(create_app(fleet), port) as address:
        yield address
