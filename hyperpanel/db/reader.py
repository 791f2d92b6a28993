"""The process that large frames are built in, so that no loop waits for them and no second SQLite opens the file beside the writer.

It is started with the first question and answers one after another: a job is a function of the package and its values, and runs there over a
Source in one snapshot. It only reads, so a job whose process died is asked once more of a new one. It ends with the process that
started it, however that ends: a thread of its own watches for that, since a job under way looks at no pipe.
"""

import asyncio
import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import monotonic
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy.engine import URL

from hyperpanel.errors import HyperpanelError, Unusable

if TYPE_CHECKING:
    from hyperpanel.db.sources import Source

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = timedelta(seconds=120)
"""From the asking on, with the time that it waits for others. A process that has not answered then is ended, and another is begun."""

MOST_WAITING = 16
BUSY = "Too many reports are being built. Try again in a moment."
ENDING = "No report is built any more: this process is ending."


class ReaderFailed(Exception):
    """A job was broken off by a fault of this program, or of the database: with the traceback of its own process, for the log."""


class ReaderProcess:
    """The process itself, begun with the first question. From any thread."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self.waiting: dict[bytes, Future[Any]] = {}
        self.process: SpawnProcess | None = None
        self.pipe: Connection | None = None
        self.is_closed = False

    def ask(self, question: Any) -> Future[Any]:
        """Equal questions share an answer while none of them was begun; one that was may have missed what was committed since."""
        asked, until = pickle.dumps(question), monotonic() + PATIENCE.total_seconds()
        with self.lock:
            if self.is_closed:
                raise Unusable(ENDING)
            if asked not in self.waiting:
                if len(self.waiting) >= MOST_WAITING:
                    raise Unusable(BUSY)
                self.waiting[asked] = self.thread.submit(self.begin, asked, until)
            return self.waiting[asked]

    def answer(self, question: Any) -> Any:
        return self.ask(question).result()

    def begin(self, asked: bytes, until: float) -> Any:
        with self.lock:
            del self.waiting[asked]
        if monotonic() >= until:
            raise Unusable(BUSY)
        good, answer = self.tried(asked, until)
        if not good:
            raise answer
        return answer

    def tried(self, asked: bytes, until: float) -> tuple[bool, Any]:
        for _ in range(2):
            try:
                return self.exchanged(asked, until)
            except (EOFError, OSError):
                self.end()
        raise Unusable("The process that builds reports ended by itself, or cannot be begun. Try again.")

    def exchanged(self, asked: bytes, until: float) -> tuple[bool, Any]:
        pipe = self.begun()
        pipe.send_bytes(asked)
        if not pipe.poll(max(0.0, until - monotonic())):
            self.end()
            raise Unusable("The report took too long. Choose a shorter window or fewer panels.")
        good, answer = pickle.loads(pipe.recv_bytes())  # noqa: S301 -- what our own process wrote
        return good, answer

    def begun(self) -> Connection:
        if self.pipe is None and not self.is_closed:
            made = multiprocessing.get_context("spawn")
            self.pipe, theirs = made.Pipe()
            process = made.Process(target=serve, args=(theirs,), name="hyperpanel reader", daemon=True)
            with theirs:
                process.start()
            self.process = process
        if self.pipe is None or self.is_closed:
            raise Unusable(ENDING)
        return self.pipe

    def end(self) -> None:
        if self.pipe is not None:
            self.pipe.close()
        if self.process is not None:
            self.process.terminate()
            self.process.join()
        self.pipe = self.process = None

    def close(self) -> None:
        """A question under way is broken off, and those that wait are refused."""
        with self.lock:
            self.is_closed = True
        if (process := self.process) is not None:
            process.terminate()
        self.thread.shutdown()
        self.end()


class Reader:
    """The way to it from one database: `ask` from any task, `ask_now` from any thread. `process`: one that others use too."""

    def __init__(self, url: URL, process: ReaderProcess | None = None) -> None:
        self.url = url
        self.own = process is None
        self.process = process or ReaderProcess()

    async def ask(self, job: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `job(source, *args)` returns there. Raises Unusable where the process cannot answer, what of our own errors the job
        raises, and ReaderFailed."""
        answer = self.process.ask((self.url, job, args, kwargs))
        return cast(T, await asyncio.shield(asyncio.wrap_future(answer)))  # others may wait for it too

    def ask_now(self, job: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return cast(T, self.process.answer((self.url, job, args, kwargs)))

    def close(self) -> None:
        if self.own:
            self.process.close()


def serve(pipe: Connection) -> None:
    """In the process itself. Whoever started it ends it: a Ctrl-C goes to the whole group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_parent, daemon=True).start()
    opened = Opened()
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            pipe.send_bytes(done(opened, pipe.recv_bytes()))


def end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        wait([parent.sentinel])
        os._exit(1)


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


def done(opened: Opened, asked: bytes) -> bytes:
    """Whether it went well, and the answer or what is to be raised."""
    try:
        url, job, args, kwargs = pickle.loads(asked)  # noqa: S301 -- what our own process wrote
        source = opened.of(url)
        with source.snapshot():
            answer = job(source, *args, **kwargs)
        return pickle.dumps((True, answer))
    except HyperpanelError as problem:
        return pickle.dumps((False, problem))
    except Exception as bug:
        opened.forget()
        return pickle.dumps((False, ReaderFailed("".join(traceback.format_exception(bug)))))
