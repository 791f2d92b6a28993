"""A provider tried out as it is typed, by the vendors' own libraries at the sandbox's server: its models, one answer, and what can be wrong."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hyperpanel.ai.asks import About, AiTrouble
from hyperpanel.ai.desk import Desk
from hyperpanel.clock import SystemClock
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import ai_calls
from hyperpanel.sandbox import ai_server
from hyperpanel.support.ai_forms import Draft
from hyperpanel.support.ai_trials import try_out
from tests.support.staged import VAULT

KEY = "sandbox-ai-key"
ABOUT = About("test", "ana")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ai_server.alone() as base:
        yield base


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    database = Database(address(database_url, Path.cwd()))
    yield Desk(database, VAULT, SystemClock(), ZoneInfo("UTC"))
    await database.close()


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def draft(server: str, name: str = "compatible", model: str = "canned", **changes: Any) -> Draft:
    protocol = "anthropic" if name == "anthropic" else "openai"
    values: dict[str, Any] = {
        "address": f"{server}/_ai/{protocol}/v1",
        "private": True,
        "price_in": 10**8,
        "price_out": 10**8,
    }
    return Draft(**{"name": name, "model": model, "key": KEY, **values, **changes})


async def calls(desk: Desk) -> list[tuple[str, str, str]]:
    asked = select(ai_calls.c.purpose, ai_calls.c.state, ai_calls.c.provider)
    return [tuple(row) for row in await desk.database.read(lambda connection: list(connection.execute(asked)))]


@pytest.mark.parametrize("name", ["openai", "anthropic", "compatible"])
async def test_a_provider_answers_tells_its_models_and_is_in_the_ledger(server, desk, name):
    trial = await try_out(desk, draft(server, name), KEY, ABOUT)
    assert trial.model == "canned"
    assert trial.ms is not None
    assert "canned" in trial.models
    assert await calls(desk) == [("test", "done", name)]


async def test_without_a_model_the_key_is_looked_at_and_nothing_is_asked(server, desk):
    trial = await try_out(desk, draft(server, model=""), KEY, ABOUT)
    assert (trial.ms, "canned" in trial.models) == (None, True)
    assert await calls(desk) == []


@pytest.mark.parametrize(
    ("changes", "key", "kind"),
    [
        ({}, "another-key", "key_refused"),
        ({"model": "no-such-model"}, KEY, "no_model"),
        ({"private": False}, KEY, "address"),
        ({"address": "http://127.0.0.1:9"}, KEY, "unreachable"),
    ],
)
async def test_what_is_wrong_is_told_by_its_kind(server, desk, changes, key, kind):
    with pytest.raises(AiTrouble) as trouble:
        await try_out(desk, draft(server, **changes), key, ABOUT)
    assert (trouble.value.kind, trouble.value.values["provider"]) == (kind, "compatible")
