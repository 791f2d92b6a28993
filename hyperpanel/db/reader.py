"""The process that large frames are built in, so that no loop waits for them and no second SQLite opens the file beside the writer.

It is started with the first question and answers one after another: a job is a function of the package and its values, and runs there over a
Source in one snapshot. It only reads, so a job whose process died is asked once more of a new one. It ends with the process that
started it, however that ends: its end of the pipe closes then.
"""

import asyncio
import contextlib
import multiprocessing
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy.engine import URL

from hyperpanel.errors import HyperpanelError, Unusable

if TYPE_CHECKING:
    from hyperpanel.db.sources import Source

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = timedelta(seconds=120)
"""For one job: beyond that its process is ended, and another is begun for the next."""


class ReaderFailed(Exception):
    """A job was broken off by a fault of this program, or of the database: with the traceback of its own process, for the log."""


class ReaderProcess:
    """The process itself, begun with the first question. From any thread; one question at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: SpawnProcess | None = None
        self.pipe: Connection | None = None
        self.is_closed = False

    def answer(self, question: Any) -> Any:
        with self.lock:
            for last in (False, True):
                try:
                    good, answer = self.exchanged(question)
                except (EOFError, BrokenPipeError, ConnectionResetError):
                    self.end()
                    if last:
                        raise Unusable("The process that builds reports ended by itself. Try again.") from None
                    continue
                if not good:
                    raise answer
                return answer
        raise AssertionError

    def exchanged(self, question: Any) -> tuple[bool, Any]:
        if self.is_closed:
            raise Unusable("No report is built any more: this process is ending.")
        pipe = self.begun()
        pipe.send(question)
        if not pipe.poll(PATIENCE.total_seconds()):
            self.end()
            raise Unusable("The report took too long. Choose a shorter window or fewer panels.")
        answer: tuple[bool, Any] = pipe.recv()
        return answer

    def begun(self) -> Connection:
        if self.pipe is None:
            made = multiprocessing.get_context("spawn")
            ours, theirs = made.Pipe()
            self.process = made.Process(target=serve, args=(theirs,), name="hyperpanel reader", daemon=True)
            self.process.start()
            theirs.close()
            self.pipe = ours
        return self.pipe

    def end(self) -> None:
        if self.pipe is not None:
            self.pipe.close()
        if self.process is not None:
            self.process.terminate()
            self.process.join()
        self.pipe = self.process = None

    def close(self) -> None:
        """A question under way is broken off."""
        self.is_closed = True
        if (process := self.process) is not None:
            process.terminate()
        with self.lock:
            self.end()


class Reader:
    """The way to it from one database: `ask` from any task, `ask_now` from any thread. `process`: one that others use too."""

    def __init__(self, url: URL, process: ReaderProcess | None = None) -> None:
        self.url = url
        self.own = process is None
        self.process = process or ReaderProcess()
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="reader")

    async def ask(self, job: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `job(source, *args)` returns there. Raises Unusable where the process cannot answer, what of our own errors the job
        raises, and ReaderFailed."""
        asked = partial(self.ask_now, job, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.thread, asked)

    def ask_now(self, job: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return cast(T, self.process.answer((self.url, job, args, kwargs)))

    def close(self) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)
        if self.own:
            self.process.close()


def serve(pipe: Connection) -> None:
    """In the process itself. Whoever started it ends it: a Ctrl-C goes to the whole group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    opened = Opened()
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            url, job, args, kwargs = pipe.recv()
            pipe.send(done(opened, url, job, args, kwargs))


class Opened:
    """The database that was asked last: to open one costs more than a small report."""

    def __init__(self) -> None:
        self.url: URL | None = None
        self.source: Source | None = None

    def of(self, url: URL) -> "Source":
        from hyperpanel.db.sources import Source  # noqa: PLC0415 -- polars is 30 MB, which only this process needs

        if self.source is None or self.url != url or not self.source.is_alive():
            self.forget()
            self.url, self.source = url, Source(url)
        return self.source

    def forget(self) -> None:
        if self.source is not None:
            with contextlib.suppress(Exception):
                self.source.close()
        self.source = None


def done(opened: Opened, url: URL, job: Callable[..., Any], args: Any, kwargs: Any) -> tuple[bool, Any]:
    try:
        source = opened.of(url)
        with source.snapshot():
            return True, job(source, *args, **kwargs)
    except HyperpanelError as problem:
        return False, problem
    except Exception as bug:
        opened.forget()
        return False, ReaderFailed("".join(traceback.format_exception(bug)))
