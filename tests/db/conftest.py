"""The cast of tests/support/staged.py in a database, on both systems; and the guard for what is read for somebody."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hyperpanel.db.engine import Database, address
from tests.support.scoping import only_scoped_reads
from tests.support.staged import cast


@pytest.fixture
def only_scoped() -> Iterator[None]:
    """For the modules that read for people; the engine's Store acts on the panel it was given."""
    with only_scoped_reads():
        yield


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database(address(database_url, Path.cwd()))
    await cast(made)
    yield made
    await made.close()
