"""A desk before the sandbox's AI server: providers with its key, questions, and what the server and the ledger have to say about it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hyperpanel.ai.asks import About, Ask, Prompt
from hyperpanel.ai.client import Question
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.forms import TRANSLATION
from hyperpanel.db import ai_providers
from hyperpanel.db.ai_providers import Chosen, PanelUse, Provider
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import ai_calls
from hyperpanel.sandbox import ai_behaviours, ai_server
from hyperpanel.sandbox.ai_records import Bench
from hyperpanel.vault import Vault
from tests.support.clocks import Hand

KEY = "sandbox-ai-key"
VAULT = Vault(bytes(32))
PATHS = {"openai": "/_ai/openai", "anthropic": "/_ai/anthropic", "compatible": "/_ai/openai"}
PRICES = {"openai": (250_000_000, 1_000_000_000), "anthropic": (300_000_000, 1_500_000_000), "compatible": (0, 0)}
PROMPT = Prompt(None, 0, "", "", "", "Translate. Answer with the JSON object that was asked for.", "{{text}}")
ABOUT = About("translate", "ana")
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@dataclass
class Served:
    """The sandbox's server in a thread of this process."""

    url: str
    bench: Bench

    def behave(self, *given: object) -> None:
        self.bench.queue.waiting += [ai_behaviours.of_json(one) for one in given]

    def reset(self) -> None:
        self.bench.queue.waiting.clear()
        self.bench.forget()

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        return [(one.protocol, one.outcome) for one in self.bench.asked]


@contextmanager
def ai_served() -> Iterator[Served]:
    bench = Bench(NOW.timestamp)
    with ai_server.alone(bench) as url:
        yield Served(url, bench)


def provider(name: str, url: str, **changes: Any) -> Provider:
    address = url if url.count("/") > 2 else url + PATHS[name]
    low, high = PRICES[name]
    sealed = VAULT.seal(KEY, ai_providers.place(name))
    return replace(Provider(name, address, True, "canned", sealed, KEY[-4:], low, high), **changes)


def question(name: str, url: str, **changes: Any) -> Question:
    """One call by itself, without a desk."""
    made = Question(provider(name, url), KEY, "canned", PROMPT.system, "Merhaba 906386", TRANSLATION, 500, 5.0)
    return replace(made, **changes)


def asked(text: str = "Merhaba 906386", about: About = ABOUT, prompt: Prompt = PROMPT, most_out: int = 500) -> Ask:
    return Ask(about, prompt, text, TRANSLATION, most_out)


def on(name: str) -> Prompt:
    """A prompt for one provider."""
    return replace(PROMPT, provider=name)


async def provided(
    database: Database, providers: Sequence[Provider], chosen: Chosen, panel_ids: Sequence[int] = ()
) -> None:
    async with database.write() as connection:
        for one in providers:
            await ai_providers.put(connection, one, "ana", NOW)
        await ai_providers.choose(connection, chosen, None, "ana", NOW)
        await ai_providers.switch(connection, [(id, PanelUse(is_on=True)) for id in panel_ids], "ana", NOW)


async def desk_of(database: Database, url: str, *, panel_ids: Sequence[int] = (), **chosen: Any) -> Desk:
    """With all three providers at that server; OpenAI's is the main one unless another is named."""
    every = [provider(name, url) for name in PATHS]
    await provided(database, every, Chosen(**{"main": "openai", **chosen}), panel_ids)
    return a_desk(database)


def a_desk(database: Database) -> Desk:
    return Desk(database, VAULT, Hand(NOW), ZoneInfo("UTC"))


async def ledger(database: Database, *names: str) -> list[tuple[Any, ...]]:
    """These columns of every row, the first first."""
    wanted = select(*(ai_calls.c[name] for name in names)).order_by(ai_calls.c.id)
    return [tuple(row) for row in await database.read(lambda connection: connection.execute(wanted).all())]
