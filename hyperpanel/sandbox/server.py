"""The fleet over HTTP: a bare ASGI application, since what is measured behind it is the client, not this."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager

import uvicorn

from hyperpanel.sandbox import levers, truth
from hyperpanel.sandbox.exchange import json_answer
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.visit import visit
from hyperpanel.sandbox.wire import OpenLine, Receive, Scope, Send, hear, speak

App = Callable[[Scope, Receive, Send], Awaitable[None]]
BACKLOG = 512
GRACE = 1  # seconds that answers under way get when the sandbox ends


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


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Signals belong to whoever started the fleet, who ends it by cancelling."""
        yield


def _server(fleet: Fleet) -> _Server:
    return _Server(
        uvicorn.Config(
            create_app(fleet), http=OpenLine, ws="none", lifespan="off", loop="auto", log_config=None,
            access_log=False, server_header=False, date_header=False, timeout_graceful_shutdown=GRACE,
        )
    )  # fmt: skip


def _listen(host: str, port: int) -> socket.socket:
    """Bound here, so that a busy port is an OSError for the caller to word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    listening.setblocking(False)
    return listening


async def serve(fleet: Fleet, host: str = "127.0.0.1", port: int = 9000) -> None:
    """Answer until cancelled."""
    listening, server = _listen(host, port), _server(fleet)
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
    listening, server = _listen("127.0.0.1", port), _server(fleet)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    thread = threading.Thread(target=server.run, args=([listening],), name="sandbox", daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
