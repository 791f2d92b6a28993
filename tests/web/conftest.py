"""Each test has a stage of its own; what it reads is watched for rows of panels that nobody allowed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hyperpanel.db.engine import Database, address
from tests.support import databases
from tests.support.scoping import only_scoped_reads
from tests.support.staged import Browser, Stage, cast, stage


@pytest.fixture(autouse=True)
def _guard() -> Iterator[None]:
    with only_scoped_reads():
        yield


@pytest.fixture(scope="session")
async def cast_file(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the cast stands, for all tests to copy."""
    url = databases.sqlite_copy(run_folder, tmp_path_factory.mktemp("cast"), migrated=True)
    database = Database(address(url, Path.cwd()))
    await cast(database)
    await database.close()
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
async def staged(cast_file: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    """On SQLite; the statements themselves are tested on both systems in tests/db."""
    async with stage(databases.copy_of(cast_file, tmp_path), pseudo_rtl=True, is_cast=True) as made:
        yield made


@pytest.fixture
async def ana(staged: Stage) -> Browser:
    return await staged.signed_in("ana")


@pytest.fixture
async def ben(staged: Stage) -> Browser:
    return await staged.signed_in("ben")
