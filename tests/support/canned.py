"""An installation whose AI is the sandbox's canned server: set up as Settings → AI leaves it; and what that server was asked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from hyperpanel.ai.desk import Desk
from hyperpanel.clock import SystemClock
from hyperpanel.db import ai_providers
from hyperpanel.db.ai_providers import Chosen, PanelUse, Provider
from hyperpanel.db.engine import Database
from hyperpanel.vault import Vault
from tests.support.staged import VAULT

KEY = "sandbox-ai-key"
DOLLAR = 10**8
SET_UP = datetime(2026, 1, 1, tzinfo=UTC)


def provider(server: str, vault: Vault = VAULT, **changes: Any) -> Provider:
    """It costs a dollar for a million tokens in, and two for a million out."""
    sealed = vault.seal(KEY, ai_providers.place("compatible"))
    usual = Provider(
        "compatible", f"{server}/_ai/openai/v1", True, "canned", sealed, "-key", price_in=DOLLAR, price_out=2 * DOLLAR
    )
    return replace(usual, **changes)


async def set_up(
    database: Database, given: Provider, panels: Iterable[int] = (), budgets: Chosen | None = None, hides: bool = False
) -> None:
    """The provider as the main one; these panels may be asked about."""
    wanted = Chosen("compatible", "", *list(vars(budgets).values())[2:]) if budgets else Chosen("compatible")
    async with database.write() as connection:
        await ai_providers.put(connection, given, "ana", SET_UP)
        await ai_providers.choose(connection, wanted, None, "ana", SET_UP)
        await ai_providers.switch(connection, [(id, PanelUse(True, hides)) for id in panels], "ana", SET_UP)


def desk(database: Database, vault: Vault = VAULT) -> Desk:
    return Desk(database, vault, SystemClock(), ZoneInfo("UTC"))


def truth(server: str, **change: Any) -> dict[str, Any]:
    """What it was asked, after `change` where one is given."""
    address = f"{server}/_ai/truth"
    answer = httpx2.post(address, json=change) if change else httpx2.get(address)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
