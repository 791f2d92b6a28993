"""The sandbox's fleet answering over HTTP, until a signal or whoever started it ends it."""

import asyncio
import errno
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from hyperpanel.cli.sandbox import HOST
from hyperpanel.cli.staying import Ending
from hyperpanel.errors import Unusable
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.server import serve


async def answer(fleet: Fleet, port: int, tell: Callable[[], None], attached: bool) -> signal.Signals | None:
    """`tell` is called once it answers; `attached`: it ends with standard input. Returns the signal that ended it."""
    ending = Ending()
    if attached:
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
        end_with_stdin(ending.stop)
    serving = asyncio.create_task(serve(fleet, HOST, port))
    serving.add_done_callback(lambda _: ending.stop.set())
    await asyncio.sleep(0)
    if not serving.done():
        tell()
    await ending.stop.wait()
    serving.cancel()
    with suppress(asyncio.CancelledError):
        try:
            await serving
        except OSError as problem:
            raise Unusable(unusable(port, problem)) from None
    return ending.signal


def unusable(port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {HOST} is in use, perhaps by another sandbox. End that one, or choose another with --port."
        )
    return f"Nothing can listen at {HOST}:{port}: {problem.strerror}. Choose another port with --port."


def end_with_stdin(stop: asyncio.Event) -> None:
    """Whoever started this holds the other end: however that process ends, this one does too."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        with suppress(OSError, ValueError):
            sys.stdin.buffer.read()
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, name="stdin", daemon=True).start()
