"""A catalogue comes whole in one answer, and is swept each time it is read."""

import pytest

from hyperpanel.db.schema import MIRRORED, absences, sweeps
from tests.support import records
from tests.support.databases import sqlite_copy
from tests.support.sources import SERVICES, Source, nameless
from tests.support.worlds import World, world_of


def lose(found: World[Source], *keys: str) -> None:
    for key in keys:
        del found.source.records[key]


@pytest.fixture
async def catalogue(run_folder, tmp_path):
    """Forty services."""
    source = Source(SERVICES)
    source.put(*(records.service(str(number)) for number in range(40)))
    url = sqlite_copy(run_folder, tmp_path, migrated=True)
    async with world_of(url, tmp_path, source, "services") as found:
        await found.run("head")
        yield found


async def listed(found: World[Source]) -> set[str]:
    return {row.id for row in await found.kit.rows(MIRRORED["services"], gone_at=None)}


async def test_a_service_is_gone_when_three_catalogues_lacked_it(catalogue):
    lose(catalogue, "7")
    for lacking in (0, 0, 1):
        await catalogue.run("head")
        assert len(await listed(catalogue)) == 40 - lacking
    assert [row.gone for row in await catalogue.kit.rows(sweeps)][-1] == 1


async def test_a_service_that_comes_back_is_there_again(catalogue):
    lose(catalogue, "7")
    for _ in range(3):
        await catalogue.run("head")
    catalogue.source.put(records.service("7", rate=1))
    await catalogue.run("head")
    assert "7" in await listed(catalogue)


async def test_an_empty_catalogue_is_no_proof_of_anything(catalogue):
    catalogue.source.records.clear()
    for _ in range(4):
        outcome = await catalogue.run("head")
        assert outcome.trouble is not None
    assert (len(await listed(catalogue)), await catalogue.kit.rows(absences)) == (40, [])


async def test_a_catalogue_with_a_service_that_cannot_be_read_accuses_nobody(catalogue):
    lose(catalogue, "7")
    catalogue.source.spoil = lambda ask, answer: nameless(answer, "8")
    for _ in range(4):
        await catalogue.run("head")
    assert (len(await listed(catalogue)), await catalogue.kit.rows(absences)) == (40, [])


async def test_many_services_gone_at_once_wait_for_a_person(catalogue):
    lose(catalogue, *map(str, range(10, 30)))
    for _ in range(4):
        await catalogue.run("head")
    assert len(await listed(catalogue)) == 40
    await catalogue.agree()
    await catalogue.run("head")
    assert len(await listed(catalogue)) == 20
