"""The demo's AI: the sandbox's own server as the provider, on for all panels but the last, so that both can be seen.

Set up once, where nobody has set up anything yet; what people change stays. Only the sandbox's address is followed, should it answer on
another port than last time.
"""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.cli.staff_changes import hand
from hyperpanel.clock import SystemClock
from hyperpanel.db import ai_providers, panels
from hyperpanel.db.ai_providers import COMPATIBLE, Chosen, PanelUse, Provider
from hyperpanel.db.opening import Installation
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.sandbox.ai_exchange import KEY, MODELS
from hyperpanel.support import ai_keys, ai_saving
from hyperpanel.support.ai_forms import Draft
from hyperpanel.support.ai_saving import Change, Held, Switched

PATH = "/_ai/openai/v1"
DOLLAR = 10**8
PRICE_IN, PRICE_OUT = DOLLAR * 15 // 100, DOLLAR * 60 // 100  # of a million tokens; examples, since nothing is paid
CHOSEN = Chosen(
    COMPATIBLE, "", day_tokens=500_000, panel_tokens=250_000, person_tokens=100_000,
    day_cost=DOLLAR // 2, panel_cost=DOLLAR // 4, person_cost=DOLLAR // 10,
)  # fmt: skip


async def prepare(found: Installation, fleet_url: str, now: datetime | None = None) -> None:
    """`fleet_url`: any address of the sandbox."""
    at, address = now or SystemClock().now(), address_of(fleet_url)
    held = await found.database.read(
        lambda connection: Held(
            ai_providers.all_of(connection), ai_providers.chosen(connection), ai_providers.changed_at(connection)
        )
    )
    known = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    async with found.database.write() as connection:
        if held.at is None and not held.providers:
            draft = Draft(COMPATIBLE, address, True, MODELS[0], PRICE_IN, PRICE_OUT, KEY)
            await ai_saving.save(connection, found.vault, Change(held, {COMPATIBLE: draft}, CHOSEN), hand().act, at)
            on = [Switched(panel.id, panel.name, PanelUse(), PanelUse(is_on=True)) for panel in known[:-1] or known]
            await ai_saving.switch(connection, on, hand().act, at)
        else:
            await follow(connection, found, held, address, at)


def address_of(fleet_url: str) -> str:
    parts = urlsplit(fleet_url)
    return f"{parts.scheme}://{parts.netloc}{PATH}"


async def follow(connection: AsyncConnection, found: Installation, held: Held, address: str, at: datetime) -> None:
    """Where the sandbox's server is still the provider, under another address."""
    ours = held.providers.get(COMPATIBLE)
    if ours is None or ours.address == address or not is_ours(found, ours):
        return
    await ai_providers.put(connection, replace(ours, address=address), hand().act("", "").actor, at)


def is_ours(found: Installation, provider: Provider) -> bool:
    parts = urlsplit(provider.address)
    return parts.path == PATH and parts.hostname == "127.0.0.1" and ai_keys.opened(found.vault, provider) == KEY
