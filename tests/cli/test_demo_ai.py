"""The demo's AI: set up once, left alone afterwards, and followed where the sandbox answers on another port."""

from dataclasses import replace

import pytest

from hyperpanel.cli import demo_ai
from hyperpanel.config import Settings
from hyperpanel.db import ai_providers
from hyperpanel.db.ai_providers import Chosen
from hyperpanel.db.engine import Database, address
from hyperpanel.db.opening import Installation
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import ai_keys
from tests.support import databases
from tests.support.staged import NOON, VAULT, cast

FIRST, SECOND = "http://127.0.0.1:9000/eu-1", "http://127.0.0.1:9555/eu-1"


@pytest.fixture
async def found(run_folder, tmp_path):
    database = Database(address(databases.sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path))
    await cast(database)
    yield Installation(Settings(), database, VAULT)
    await database.close()


async def held(found):
    return await found.database.read(ai_providers.all_of), await found.database.read(ai_providers.chosen)


async def test_the_sandbox_is_the_provider_of_all_panels_but_the_last(found):
    await demo_ai.prepare(found, FIRST, NOON)
    providers, chosen = await held(found)
    assert (providers["compatible"].address, providers["compatible"].model) == (
        "http://127.0.0.1:9000/_ai/openai/v1",
        "canned",
    )
    assert ai_keys.opened(VAULT, providers["compatible"]) == "sandbox-ai-key"
    assert (chosen.main, chosen.day_tokens) == ("compatible", 500_000)
    uses = await found.database.read(lambda connection: ai_providers.panels(connection, EVERYTHING))
    assert sum(use.is_on for use in uses.values()) == len(uses) - 1


async def test_what_people_changed_stays(found):
    await demo_ai.prepare(found, FIRST, NOON)
    at = await found.database.read(ai_providers.changed_at)
    async with found.database.write() as connection:
        await ai_providers.choose(connection, Chosen("", ""), at, "ana", NOON.replace(hour=13))
    await demo_ai.prepare(found, FIRST, NOON)
    assert (await held(found))[1].main == ""


async def test_another_port_is_followed(found):
    await demo_ai.prepare(found, FIRST, NOON)
    await demo_ai.prepare(found, SECOND, NOON)
    provider = (await held(found))[0]["compatible"]
    assert provider.address == "http://127.0.0.1:9555/_ai/openai/v1"
    assert ai_keys.opened(VAULT, provider) == "sandbox-ai-key"


async def test_a_server_of_somebodys_own_is_left_alone(found):
    await demo_ai.prepare(found, FIRST, NOON)
    mine = replace((await held(found))[0]["compatible"], address="https://ai.example/v1")
    async with found.database.write() as connection:
        await ai_providers.put(connection, mine, "ana", NOON)
    await demo_ai.prepare(found, SECOND, NOON)
    assert (await held(found))[0]["compatible"].address == "https://ai.example/v1"
