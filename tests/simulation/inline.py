"""A database in memory whose statements run in the loop itself: no thread decides what comes first.

One connection serves a whole process of tests, and is filled anew from a migrated template for each world: statements stay compiled.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from hyperpanel.db.engine import Database
from hyperpanel.db.folding import teach
from hyperpanel.db.migrate import upgrade
from hyperpanel.db.pins import honour_pins

T = TypeVar("T")
BUSY_TIMEOUT = 5.0


class Ailing:
    """What is wrong with the disk at this moment: the words SQLite has for it, which no write survives."""

    def __init__(self) -> None:
        self.words: str | None = None
        self.refused = 0

    async def admit(self) -> None:
        if self.words == "database is locked":
            await asyncio.sleep(BUSY_TIMEOUT)
        if self.words is not None:
            self.refused += 1
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError(self.words))


class Statements:
    """The part of an AsyncConnection that writers use, over a plain one: nothing here ever waits."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect

    async def execute(self, *arguments: Any) -> Any:
        return self.connection.execute(*arguments)

    async def scalar(self, *arguments: Any) -> Any:
        return self.connection.scalar(*arguments)

    async def scalars(self, *arguments: Any) -> Any:
        return self.connection.scalars(*arguments)

    async def run_sync(self, work: Callable[..., T], *arguments: Any) -> T:
        return work(self.connection, *arguments)


class InlineDatabase(Database):
    """The product's Database as one process has it. `ailing` is the machine's, and shared by all of them."""

    def __init__(self, ailing: Ailing, alive: Callable[[], None] = lambda: None) -> None:
        self.is_sqlite = True
        self.url = make_url("sqlite://")
        self.ailing, self.alive = ailing, alive

    async def read(self, work: Callable[[Connection], T]) -> T:
        await self.moment()
        return work(CONNECTION)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        return work(CONNECTION)

    async def commit(self, work: Callable[[Connection], T]) -> T:
        await self.moment()
        await self.ailing.admit()
        done = self.commit_now(work)
        await self.moment()
        return done

    def commit_now(self, work: Callable[[Connection], T]) -> T:
        with transaction():
            return work(CONNECTION)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        await self.moment()
        await self.ailing.admit()
        with transaction():
            yield Statements(CONNECTION)

    async def moment(self) -> None:
        """Others come first now and then; and a process may end here."""
        await asyncio.sleep(0)
        self.alive()

    async def close(self) -> None:
        return None


@contextmanager
def transaction() -> Iterator[None]:
    """By hand, on the one connection: to check one out and in again would cost as much as most of the statements."""
    RAW.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        RAW.rollback()
        raise
    RAW.execute("COMMIT")


def plain(connection: Any, _: object) -> None:
    connection.isolation_level = None
    for pragma in ("page_size=8192", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


class Watcher:
    """Whom the database tells of each row that is written over."""

    auditor: Any = None

    def changed(self, stream: str, panel_id: int, key: str, was: int, now: int) -> None:
        if self.auditor is not None:
            self.auditor.changed(stream, panel_id, key, was, now)


WATCHER = Watcher()
ENGINE = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True)
event.listen(ENGINE, "connect", plain)
honour_pins(ENGINE)
teach(ENGINE)
CONNECTION: Connection = ENGINE.connect()
RAW: Any = CONNECTION.connection.driver_connection
TOLD = ("orders", "users", "payments", "tickets")
TRIGGER = (
    "CREATE TEMP TRIGGER told_{stream} AFTER UPDATE OF digest ON main.{stream} WHEN new.digest <> old.digest "
    "BEGIN SELECT told('{stream}', new.panel_id, new.id, old.digest, new.digest); END"
)
TEMPLATES: dict[str, Any] = {}


def template(file: str) -> Any:
    """A migrated, empty database, kept in memory."""
    if file not in TEMPLATES:
        TEMPLATES[file] = sqlite3.connect(":memory:")
        with sqlite3.connect(file) as found:
            found.backup(TEMPLATES[file])
    return TEMPLATES[file]


def fill(source: Any) -> None:
    """Everything in the process's database becomes what is in `source`."""
    for stream in TOLD:
        RAW.execute(f"DROP TRIGGER IF EXISTS temp.told_{stream}")
    source.backup(RAW)
    RAW.create_function("told", 5, WATCHER.changed)
    for stream in TOLD:
        RAW.execute(TRIGGER.format(stream=stream))


def migrated(file: str) -> str:
    upgrade(f"sqlite:///{file}")
    return file
