"""Bare ASGI applications of the sandbox on a socket: of this process, or in a thread of their own."""

import socket
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager

import uvicorn

from hyperpanel.sandbox.wire import OpenLine, Receive, Scope, Send

App = Callable[[Scope, Receive, Send], Awaitable[None]]
BACKLOG = 512
GRACE = 1  # seconds that answers under way get when the sandbox ends


class Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Signals belong to whoever started the fleet, who ends it by cancelling."""
        yield


def server_of(app: App) -> Server:
    return Server(
        uvicorn.Config(
            app, http=OpenLine, ws="none", lifespan="off", loop="auto", log_config=None,
            access_log=False, server_header=False, date_header=False, timeout_graceful_shutdown=GRACE,
        )
    )  # fmt: skip


def listen(host: str, port: int) -> socket.socket:
    """Bound here, so that a busy port is an OSError for the caller to word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    listening.setblocking(False)
    return listening


@contextmanager
def in_thread(app: App, port: int = 0) -> Iterator[str]:
    """Yields its base address, ends with the block."""
    listening, server = listen("127.0.0.1", port), server_of(app)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    thread = threading.Thread(target=server.run, args=([listening],), name="sandbox", daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
