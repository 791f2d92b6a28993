"""A database that somebody else holds: pages are told so in good time, the engine tries on, and nobody writes after its end."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert, select
from sqlalchemy.exc import OperationalError

from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import meta

HASTY = 0.05


@pytest.fixture
async def hasty(database_url: str) -> AsyncIterator[Database]:
    made = Database(address(database_url, Path.cwd()), patience=HASTY)
    yield made
    await made.close()


@contextmanager
def held(database: Database) -> Iterator[None]:
    """By somebody else."""
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT" if database.is_sqlite else None)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if database.is_sqlite else "LOCK TABLE meta")
        yield
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()


def note(connection: Connection) -> None:
    connection.execute(insert(meta).values(name="noted", value=str(datetime.now(UTC))))


def noted(connection: Connection) -> bool:
    return connection.scalar(select(meta.c.value).where(meta.c.name == "noted")) is not None


async def test_a_page_that_writes_is_refused_and_one_that_reads_is_not(hasty):
    with held(hasty):
        if hasty.is_sqlite:
            assert not await hasty.read(noted)
        with pytest.raises(OperationalError):
            async with hasty.write() as connection:
                await connection.run_sync(note)
    assert not await hasty.read(noted)


async def test_the_engine_tries_until_the_database_is_let_go(hasty):
    with held(hasty):
        trying = asyncio.create_task(hasty.commit(note))
        await asyncio.wait([trying], timeout=4 * HASTY)
        assert not trying.done()
    await trying
    assert await hasty.read(noted)


async def test_what_is_wrong_with_a_statement_is_not_tried_again(hasty):
    tried = []

    def broken(connection: Connection) -> None:
        tried.append(1)
        connection.exec_driver_sql("SELECT 1 FROM nowhere")

    with pytest.raises(Exception, match="nowhere"):
        await hasty.commit(broken)
    assert tried == [1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_page_waits_for_its_own_process_no_longer_than_for_others(hasty):
    async with hasty.turnstile:
        with pytest.raises(OperationalError, match="locked"):
            async with hasty.write():
                pass
    async with hasty.write() as connection:
        await connection.run_sync(note)
    assert await hasty.read(noted)


async def test_a_cancelled_commit_is_over_when_its_caller_is(hasty):
    begun, go = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        go.wait()
        note(connection)

    writing = asyncio.create_task(hasty.commit(slow))
    await asyncio.to_thread(begun.wait)
    writing.cancel()
    await asyncio.wait([writing], timeout=HASTY)
    assert not writing.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await hasty.read(noted)
