"""A real server on loopback for tests that need real HTTP: the in-process clients show no concurrency."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

STARTING = 30.0


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve the application from a thread of its own, on a free port, and hand out its address."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="on", timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, name="served", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{_port(server, thread)}"
    finally:
        server.should_exit = True
        thread.join(STARTING)


def _port(server: uvicorn.Server, thread: threading.Thread) -> int:
    until = time.monotonic() + STARTING
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the application did not start: see what it logged")
        time.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
