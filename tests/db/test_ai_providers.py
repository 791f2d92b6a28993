"""Providers, budgets and panels' switches as they are kept: keys sealed for one name, later savers told, foreign panels out of sight."""

from datetime import timedelta
from typing import Any

import pytest

from hyperpanel.db import ai_providers
from hyperpanel.db.ai_providers import Chosen, PanelUse, Provider
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.errors import Conflict, Unusable
from tests.support.staged import NOON, VAULT

pytestmark = pytest.mark.usefixtures("only_scoped")
LATER = NOON + timedelta(seconds=5)
SECRET = "sk-the-key-1234"


def provider(name: str = "openai", **changes: Any) -> Provider:
    sealed = VAULT.seal(SECRET, ai_providers.place(name))
    values: dict[str, Any] = {"address": "", "private": False, "model": "m", "sealed": sealed, "tail": "1234"}
    return Provider(**{"name": name, **values, "price_in": 250_000_000, "price_out": None, **changes})


async def test_nothing_is_set_up_at_first(database):
    assert await database.read(ai_providers.all_of) == {}
    assert await database.read(ai_providers.chosen) == Chosen()
    assert await database.read(ai_providers.changed_at) is None
    assert not await database.read(ai_providers.is_set_up)


async def test_a_provider_is_kept_and_replaced(database):
    async with database.write() as connection:
        await ai_providers.put(connection, provider(), "ana", NOON)
        await ai_providers.put(connection, provider(model="other"), "ana", LATER)
    assert await database.read(ai_providers.all_of) == {
        "openai": provider(model="other", sealed=await sealed(database))
    }
    async with database.write() as connection:
        await ai_providers.remove(connection, "openai")
    assert await database.read(ai_providers.all_of) == {}


async def sealed(database) -> bytes | None:
    found: dict[str, Provider] = await database.read(ai_providers.all_of)
    return found["openai"].sealed


async def test_a_key_opens_for_the_name_that_it_was_sealed_for_alone():
    assert ai_providers.opened(VAULT, provider()) == SECRET
    assert ai_providers.opened(VAULT, provider(sealed=None)) == ""
    with pytest.raises(Unusable):
        ai_providers.opened(VAULT, provider("anthropic", sealed=provider().sealed))


def test_a_key_is_in_no_repr():
    assert SECRET not in repr(provider())
    assert "1234" not in repr(provider())


@pytest.mark.parametrize(
    ("changes", "is_ready"),
    [
        ({}, True),
        ({"model": ""}, False),
        ({"sealed": None}, False),
        ({"name": "compatible", "address": "https://ai.example/v1", "sealed": None}, True),
        ({"name": "compatible", "address": ""}, False),
    ],
)
async def test_what_can_be_asked_has_all_that_it_takes(database, changes, is_ready):
    one = provider(**changes)
    async with database.write() as connection:
        await ai_providers.put(connection, one, "ana", NOON)
        await ai_providers.choose(connection, Chosen(main=one.name), None, "ana", NOON)
    assert await database.read(ai_providers.is_set_up) == is_ready


async def test_who_saves_what_was_changed_meanwhile_is_told(database):
    async with database.write() as connection:
        await ai_providers.choose(connection, Chosen(day_tokens=1), None, "ana", NOON)
    for seen in (None, NOON - timedelta(seconds=1)):
        with pytest.raises(Conflict):
            async with database.write() as connection:
                await ai_providers.choose(connection, Chosen(day_tokens=2), seen, "ben", LATER)
    assert await database.read(ai_providers.chosen) == Chosen(day_tokens=1)
    async with database.write() as connection:
        await ai_providers.choose(connection, Chosen(day_tokens=3, panel_cost=7), NOON, "ben", LATER)
    assert await database.read(ai_providers.chosen) == Chosen(day_tokens=3, panel_cost=7)
    assert await database.read(ai_providers.changed_at) == LATER


async def test_panels_are_off_until_they_are_switched_on_and_foreign_ones_are_not_seen(database):
    own, foreign = Scope(frozenset({1})), Scope(frozenset({2}))
    every = {1: PanelUse(), 2: PanelUse(), 3: PanelUse()}
    assert await database.read(lambda connection: ai_providers.panels(connection, EVERYTHING)) == every
    use = PanelUse(is_on=True, hides_personal=True)
    async with database.write() as connection:
        await ai_providers.switch(connection, [(1, PanelUse(is_on=True)), (2, use)], "ana", NOON)
        await ai_providers.switch(connection, [(1, use)], "ana", LATER)
    assert await database.read(lambda connection: ai_providers.panels(connection, own)) == {1: use}
    assert await database.read(lambda connection: ai_providers.panel(connection, own, 1)) == use
    assert await database.read(lambda connection: ai_providers.panel(connection, foreign, 1)) == PanelUse()
