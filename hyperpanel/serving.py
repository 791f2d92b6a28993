"""The console served: a port taken, answers until told to stop, and memory settled before the first of them."""

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from litestar import Litestar

from hyperpanel.app import create_app
from hyperpanel.config import Settings, Web
from hyperpanel.db.engine import Database
from hyperpanel.errors import Unusable
from hyperpanel.vault import Vault
from hyperpanel.web.hub import Hub

GRACE = 3


async def serve(
    settings: Settings,
    database: Database | None = None,
    stop: asyncio.Event | None = None,
    ready: Callable[[str], None] = lambda address: None,
    vault: Vault | None = None,
) -> None:
    """Answers until `stop` is set, or without one until Ctrl-C or SIGTERM. Raises Unusable for a port in use."""
    app = create_app(settings, database, vault=vault)
    listening = listen(settings.web)
    server = Server(
        uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
        )
    )
    stop = stop or stopped_by_signals()
    ended = asyncio.create_task(server.end_after(stop, hub_of(app)))
    settle_memory()
    ready(f"http://{settings.web.host}:{listening.getsockname()[1]}")
    try:
        await server.serve(sockets=[listening])
    finally:
        ended.cancel()
        listening.close()


class Server(uvicorn.Server):
    """Uvicorn without its own hold on signals: they belong to whoever put the process together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def end_after(self, stop: asyncio.Event, hub: Hub) -> None:
        """Uvicorn waits for answers under way: those to open pages would last for minutes."""
        await stop.wait()
        hub.close()
        self.should_exit = True


def hub_of(app: Litestar) -> Hub:
    door: Any = app.asgi_handler
    hub: Hub = door.console.hub
    return hub


def listen(web: Web) -> socket.socket:
    """Taken before anything starts, so that a busy port is one sentence and not a trace."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # asyncio leaves this out where a socket does not name its protocol; small answers then waited 40 ms for the client.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        made.bind((web.host, web.port))
    except OSError as problem:
        made.close()
        raise Unusable(unusable(web, problem)) from None
    made.listen(512)
    made.setblocking(False)
    return made


def unusable(web: Web, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {web.port} on {web.host} is in use, perhaps by another hyperpanel. End that one, or choose another "
            "port with --port or web.port."
        )
    return f"Nothing can listen at {web.host}:{web.port}: {problem.strerror}. Change web.host or web.port."


def stopped_by_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def settle_memory() -> None:
    """What was loaded stays: looking through it again and again made the slowest pages ten times slower than the
    median."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
