"""Each test has a stage of its own; what it reads is watched for rows of panels that nobody allowed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.scoping import only_scoped_reads
from tests.support.staged import Browser, Stage, stage


@pytest.fixture(autouse=True)
def _guard() -> Iterator[None]:
    with only_scoped_reads():
        yield


@pytest.fixture
async def staged(run_folder: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    """On SQLite; the statements themselves are tested on both systems in tests/db."""
    async with stage(databases.sqlite_copy(run_folder, tmp_path, migrated=True), pseudo_rtl=True) as made:
        yield made


@pytest.fixture
async def ana(staged: Stage) -> Browser:
    return await staged.signed_in("ana")


@pytest.fixture
async def ben(staged: Stage) -> Browser:
    return await staged.signed_in("ben")
