"""Asking a model: which provider, whether it may be asked, once more or another one where that can help, and all of it in the books.

A process has one desk. What it has begun goes on when whoever asked goes away, and is broken off when the process ends.
"""

import asyncio
import random
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from hyperpanel.ai import client
from hyperpanel.ai.asks import About, AiTrouble, Ask, Form, Hear, Prompt, Said
from hyperpanel.ai.books import Books, allowed
from hyperpanel.ai.client import Call, CallTrouble, Interrupted, Question, Usage, nobody
from hyperpanel.ai.forms import strict, text
from hyperpanel.ai.hearing import about as roughly
from hyperpanel.ai.hearing import texts
from hyperpanel.db import ai_calls, ai_providers
from hyperpanel.db.ai_providers import Provider, opened
from hyperpanel.db.engine import Database
from hyperpanel.errors import Unusable
from hyperpanel.vault import Vault
from sync.clocks import Clock

LOG = structlog.get_logger("hyperpanel.ai")
DEADLINE, TRY_DEADLINE = 90.0, 20.0
AT_FIRST, AT_FALLBACK = 2, 1
"""Attempts at each, not counting those that only find out how plainly a server has to be asked."""

SOON = 5.0
"""Seconds: a provider that wants to be left alone for longer is not waited for."""

PAUSE = 0.8
STAYS = frozenset({"declined", "form", "too_long"})
"""What another provider would not mend."""

TRY = Form("try", strict(ok=text()))
TRY_PROMPT = Prompt(
    None,
    0,
    "",
    "",
    "",
    "Answer with a JSON object that has one property, ok, and in it the word yes.",
    "Are you there?",
)
TRY_OUT_TOKENS = 400


@dataclass(frozen=True)
class Desk:
    """`zone`: of the days that budgets are of. `shared`: what is being answered, by panel and key (hyperpanel.ai.answers). `plain`: how plainly
    a server has to be asked, by its address and model."""

    database: Database
    vault: Vault
    clock: Clock
    zone: ZoneInfo
    works: set[asyncio.Task[Any]] = field(default_factory=set, compare=False, repr=False)
    shared: dict[tuple[int, str], Any] = field(default_factory=dict, compare=False, repr=False)
    plain: dict[tuple[str, str], int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def books(self) -> Books:
        return Books(self.database, self.zone)

    def work(self, doing: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Goes on whoever goes away."""
        task = asyncio.create_task(doing)
        self.works.add(task)
        task.add_done_callback(self.worked)
        return task

    def worked(self, task: asyncio.Task[Any]) -> None:
        """What went wrong is told to those who wait, if there still are any."""
        self.works.discard(task)
        _ = task.cancelled() or task.exception()

    async def close(self) -> None:
        """Breaks off what is under way, and waits until its rows are settled."""
        while works := list(self.works):
            for task in works:
                task.cancel()
            await asyncio.gather(*works, return_exceptions=True)


async def ask(desk: Desk, asked: Ask, hear: Hear = nobody) -> Said:
    """Raises AiTrouble. `hear` is told the answer so far; where it breaks off and is begun anew, it shrinks."""
    first, fallback = await desk.database.read(partial(planned, desk, asked))
    attempts = count(1)
    try:
        return await at_one(desk, asked, first, AT_FIRST, attempts, hear)
    except CallTrouble as trouble:
        if fallback is None or trouble.kind in STAYS:
            raise
    return await at_one(desk, asked, fallback, AT_FALLBACK, attempts, hear)


async def try_out(desk: Desk, provider_name: str, about: About) -> Said:
    """Whether a provider answers at all: one small question, and no other is asked instead. Raises AiTrouble."""
    asked = trial(about, provider_name)
    first, _ = await desk.database.read(partial(planned, desk, asked))
    return await at_one(desk, asked, replace(first, deadline=TRY_DEADLINE), 1, count(1), nobody)


async def try_typed(desk: Desk, provider: Provider, key: str, about: About) -> Said:
    """The same of a provider that is not stored, or not like this."""
    asked = trial(about, provider.name)
    system = asked.prompt.system
    typed = Question(provider, key, provider.model, system, asked.message, TRY, TRY_OUT_TOKENS, TRY_DEADLINE)
    return await at_one(desk, asked, typed, 1, count(1), nobody)


def trial(about: About, provider_name: str) -> Ask:
    return Ask(about, replace(TRY_PROMPT, provider=provider_name), TRY_PROMPT.body, TRY, TRY_OUT_TOKENS)


def planned(desk: Desk, asked: Ask, connection: Connection) -> tuple[Question, Question | None]:
    """The provider that the prompt names, and no other: it may be one's own server. Else the main one and the fallback, or the fallback alone
    where the main one cannot be asked. Raises AiTrouble."""
    allowed(connection, asked.about)
    known, chosen = ai_providers.all_of(connection), ai_providers.chosen(connection)
    if asked.prompt.provider:
        return foremost(desk, asked, known.get(asked.prompt.provider)), None
    fallback = standing_in(desk, asked, known.get(chosen.fallback), chosen.main)
    try:
        return foremost(desk, asked, known.get(chosen.main)), fallback
    except AiTrouble:
        if fallback is None:
            raise
        return fallback, None


def foremost(desk: Desk, asked: Ask, provider: Provider | None) -> Question:
    """With the model that the prompt names, or else its own. Raises AiTrouble where it cannot be asked."""
    prompt = asked.prompt
    if provider is None or not replace(provider, model=prompt.model or provider.model).is_ready:
        raise AiTrouble("none", provider=prompt.provider)
    question = questioned(desk, asked, provider, prompt.model or provider.model)
    if question is None:
        raise AiTrouble("key_refused", provider=provider.name)
    return question


def standing_in(desk: Desk, asked: Ask, provider: Provider | None, main: str) -> Question | None:
    """The fallback, with its own model, if it can be asked."""
    if provider is None or provider.name == main or not provider.is_ready:
        return None
    return questioned(desk, asked, provider, provider.model)


def questioned(desk: Desk, asked: Ask, provider: Provider, model: str) -> Question | None:
    """None where the key does not open: the master key is another one by now."""
    try:
        key = opened(desk.vault, provider)
    except Unusable:
        return None
    return Question(provider, key, model, asked.prompt.system, asked.message, asked.form, asked.most_out, DEADLINE)


async def at_one(desk: Desk, asked: Ask, question: Question, tries: int, attempts: Iterator[int], hear: Hear) -> Said:
    """Raises CallTrouble for what the provider did, and AiTrouble where nothing left for it."""
    while True:
        put = plainly(desk, question)
        try:
            return await once(desk, asked, put, next(attempts), hear)
        except CallTrouble as trouble:
            if is_plainer(desk, put, trouble):
                continue
            tries -= 1
            if not tries or not await waited(desk, trouble):
                raise


def plainly(desk: Desk, question: Question) -> Question:
    return replace(question, plainness=desk.plain.get((question.provider.address, question.model), 0))


def is_plainer(desk: Desk, question: Question, trouble: CallTrouble) -> bool:
    """Whether a server that did not understand can be asked more plainly than it was; from now on it is. Others may have found out meanwhile."""
    place, asked = (question.provider.address, question.model), question.plainness
    if not trouble.is_too_modern or question.provider.name != ai_providers.COMPATIBLE or asked >= client.PLAINEST:
        return False
    desk.plain[place] = max(desk.plain.get(place, 0), asked + 1)
    return True


async def waited(desk: Desk, trouble: CallTrouble) -> bool:
    """Whether the same provider may be asked once more: then it has been waited for as long as it wants, and no two wait equally long."""
    if not trouble.may_repeat or (trouble.after or 0) > SOON or (trouble.kind == "limited" and trouble.after is None):
        return False
    await desk.clock.sleep((trouble.after or 0) + PAUSE * random.uniform(0.5, 1.5))  # noqa: S311 -- spreads load
    return True


async def once(desk: Desk, asked: Ask, question: Question, attempt: int, hear: Hear) -> Said:
    """One attempt, from its row to its settled row, which is seen to whoever goes away."""
    call = await client.adaptor(question.provider.name)
    row = await desk.books.open(asked, question, attempt, desk.clock.now())
    said: Said = await asyncio.shield(desk.work(attempted(desk, question, row, call, hear)))
    return said


async def attempted(desk: Desk, question: Question, row: int, call: Call, hear: Hear) -> Said:
    provider, named = question.provider, {"provider": question.provider.name, "model": question.model}
    try:
        reply = await call(question, desk.clock, hear)
    except CallTrouble as trouble:
        trouble.values |= named
        if trouble.kind == "broken":
            LOG.error("a provider does not understand what it is asked; the ledger has the call", **named, call=row)
        await desk.books.close(row, provider, trouble.usage, trouble.kind)
        raise
    except Interrupted as end:
        await desk.books.close(row, provider, end.usage, ai_calls.INTERRUPTED)
        raise
    except Exception as bug:  # told without its words, which may hold the question
        LOG.error("a call to a provider failed by a bug", **named, call=row, error=type(bug).__name__)
        usage = Usage(roughly(*texts(question)), 0, is_estimated=True)
        await desk.books.close(row, provider, usage, "broken")
        raise AiTrouble("broken") from None
    cost = await desk.books.close(row, provider, reply.usage)
    used = reply.usage
    return Said(
        reply.text, **named, tokens_in=used.tokens_in or 0, tokens_out=used.tokens_out or 0, cost=cost, ms=used.ms or 0
    )
