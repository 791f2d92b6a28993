"""Each test has a console of its own, and scripts that call it with keys that are really there."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hyperpanel.db.engine import Database, address
from tests.support import databases
from tests.support.calls import Script, Scripts
from tests.support.scoping import only_scoped_reads
from tests.support.staged import Stage, cast, stage


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
    async with stage(databases.copy_of(cast_file, tmp_path), is_cast=True) as made:
        yield made


@pytest.fixture
def scripts(staged: Stage) -> Scripts:
    return Scripts(staged)


@pytest.fixture
async def script(scripts: Scripts) -> Script:
    """All scopes, the panel eu-1."""
    return await scripts.script()
