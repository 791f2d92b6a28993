"""The ways to one database: synchronous reads in a limited thread pool, asynchronous writes, and one short-cut for the sync engine.

Reading through aiosqlite costs twice to five times as much, so nothing does. SQLite has one writer; a transaction that reads before it
writes must begin IMMEDIATE, or it is refused at once whatever the time-out. Where another process holds the database, a page is told so when
`patience` is over, and the sync engine, which nobody waits for, tries on.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from hyperpanel.db.folding import teach
from hyperpanel.db.pins import honour_pins
from hyperpanel.db.reader import Reader, ReaderProcess
from hyperpanel.errors import BadSettings

T = TypeVar("T")
WRITERS = 4
PATIENCE = 5.0
"""Seconds that a write waits for others to let go of the database."""

PERSISTENCE = 60.0
"""Seconds that the sync engine goes on trying: a page it has read costs its panel a call."""

LOCKED = "database is locked"
LOCK_NOT_AVAILABLE = "55P03"
SAFE_SQLITE = (3, 51, 3)
SAFE_BRANCHES = {(3, 50): 7, (3, 44): 6}
PRAGMAS = (
    "page_size=8192",  # of a new file: half as many pages to write with each commit of many scattered index entries
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={PATIENCE * 1000:.0f}",
    "foreign_keys=ON",
    "journal_size_limit=67108864",
    "wal_autocheckpoint=4000",  # pages: a page of orders dirties hundreds, most of them again with the next one
    "cache_size=-16384",
)


def unsafe_sqlite() -> str | None:
    """What is wrong with the SQLite in use, if anything: older ones can lose commits in WAL mode."""
    version = sqlite3.sqlite_version_info
    if version >= SAFE_SQLITE or version[2] >= SAFE_BRANCHES.get((version[0], version[1]), 99):
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} can lose commits when several connections write (fixed in 3.51.3). "
        "Install pysqlite3, or use PostgreSQL (database.url)."
    )


def address(url: str, folder: Path) -> URL:
    """The database's address with its driver; a relative SQLite path is read from `folder`. Raises BadSettings."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadSettings(
            "database.url cannot be read. Write sqlite:///hyperpanel.db or postgresql://user:password@host/name."
        ) from None
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise BadSettings("database.url names no file. Write sqlite:///hyperpanel.db.")
        return parsed.set(drivername="sqlite", database=str(folder / parsed.database))
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise BadSettings(f"database.url names {parsed.get_backend_name()}, but only sqlite and postgresql are known.")


class Database:
    """One per process. `read` runs a function in a thread with a read-only connection; `write` is a transaction; `reader` builds large
    frames in a process of its own, and `watcher` in another those that no page waits for. `lent`: a process that others use too."""

    lent: ReaderProcess | None = None

    def __init__(self, url: URL, readers: int = 4, patience: float = PATIENCE) -> None:
        self.url = url
        self.patience = patience
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.reading = self.read_engine(readers)
        self.writing = self.write_engine()
        self.committing = self.commit_engine()
        self.reader = Reader(url, self.lent)
        self.watcher = Reader(url, self.lent)
        self.threads = ThreadPoolExecutor(readers, thread_name_prefix="read")
        self.writers = ThreadPoolExecutor(1 if self.is_sqlite else WRITERS, thread_name_prefix="write")
        self.turnstile = asyncio.Lock()

    def read_engine(self, readers: int) -> Engine:
        engine = create_engine(
            self.url, pool_size=readers, max_overflow=0, hide_parameters=True, pool_pre_ping=not self.is_sqlite
        )
        honour_pins(engine)
        teach(engine)
        if self.is_sqlite:
            event.listen(engine, "connect", prepare_reader)
        event.listen(engine, "begin", begin_read)
        return engine

    def write_engine(self) -> AsyncEngine:
        if not self.is_sqlite:
            made = create_async_engine(self.url, pool_size=WRITERS, hide_parameters=True, pool_pre_ping=True)
            event.listen(made.sync_engine, "connect", self.limit_waiting)
            return made
        engine = create_async_engine(
            self.url.set(drivername="sqlite+aiosqlite"),
            pool_size=1,
            max_overflow=0,
            pool_timeout=60,
            hide_parameters=True,
        )
        honour_pins(engine.sync_engine)
        event.listen(engine.sync_engine, "connect", prepare_writer)
        event.listen(engine.sync_engine, "connect", self.limit_waiting)
        event.listen(engine.sync_engine, "begin", begin_write)
        return engine

    def commit_engine(self) -> Engine:
        size = 1 if self.is_sqlite else WRITERS
        pinging = not self.is_sqlite
        engine = create_engine(self.url, pool_size=size, max_overflow=0, hide_parameters=True, pool_pre_ping=pinging)
        honour_pins(engine)
        if self.is_sqlite:
            event.listen(engine, "connect", prepare_writer)
            event.listen(engine, "begin", begin_write)
        event.listen(engine, "connect", self.limit_waiting)
        return engine

    def limit_waiting(self, connection: Any, _: object) -> None:
        """PostgreSQL would wait for ever."""
        asked = "PRAGMA busy_timeout =" if self.is_sqlite else "SET lock_timeout ="
        cursor = connection.cursor()
        cursor.execute(f"{asked} {self.patience * 1000:.0f}")
        cursor.close()
        connection.commit()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """`work` sees one snapshot and must not write."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, self.read_now, work)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same for callers without a loop."""
        with self.reading.connect() as connection, connection.begin():
            return work(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at the end of the block. No network call may stand inside it."""
        async with self.turn(), self.writing.begin() as connection:
            yield connection

    async def commit(self, work: Callable[[Connection], T]) -> T:
        """A transaction of many small statements, run whole in one thread: through aiosqlite each costs four hops between threads,
        which is more than all the SQL of an unchanged page (tests/bench/sync.py). `work` may be begun more than once."""
        until = monotonic() + max(PERSISTENCE, self.patience)
        while True:
            try:
                return await self.committed(work)
            except OperationalError as problem:
                if monotonic() >= until or not is_held(problem):
                    raise

    async def committed(self, work: Callable[[Connection], T]) -> T:
        """Whoever is cancelled goes when the thread is done: what it still wrote after that would be nobody's."""
        async with self.turnstile if self.is_sqlite else nullcontext():
            writing = asyncio.get_running_loop().run_in_executor(self.writers, self.commit_now, work)
            try:
                return await asyncio.shield(writing)
            except asyncio.CancelledError:
                await asyncio.wait([writing])
                raise

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Of the writers of this process one at a time, where the database has but one: waited for no longer than for the database."""
        if not self.is_sqlite:
            yield
            return
        try:
            async with asyncio.timeout(self.patience):
                await self.turnstile.acquire()
        except TimeoutError:
            raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError(LOCKED)) from None
        try:
            yield
        finally:
            self.turnstile.release()

    def commit_now(self, work: Callable[[Connection], T]) -> T:
        with self.committing.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        self.reader.close()
        self.watcher.close()
        await self.writing.dispose()
        self.writers.shutdown()
        self.threads.shutdown()
        self.committing.dispose()
        self.reading.dispose()


def prepare_writer(connection: Any, _: object) -> None:
    connection.isolation_level = None
    run_pragmas(connection, PRAGMAS)


def prepare_reader(connection: Any, _: object) -> None:
    connection.isolation_level = None
    run_pragmas(connection, ("busy_timeout=5000", "query_only=ON", "cache_size=-16384"))


def run_pragmas(connection: Any, pragmas: tuple[str, ...]) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_write(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def begin_read(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def is_held(problem: OperationalError) -> bool:
    """Whether somebody else had the database all the time: then nothing was written."""
    return LOCKED in str(problem.orig) or getattr(problem.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE
