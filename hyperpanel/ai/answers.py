"""One answer for many askers: what is held is given back; of all who ask for the same at once one asks, and the others wait for it.

In a process they share what is heard of it; other processes look at its row until it is done. Whoever goes away does not end it: it is kept, and
the next one finds it.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from hyperpanel.ai.asks import KINDS, AiTrouble, Hear, Prompt
from hyperpanel.ai.client import nobody
from hyperpanel.ai.desk import Desk
from hyperpanel.db import ai_answers
from hyperpanel.db.ai_answers import ASKING, DONE, FAILED, Answer
from hyperpanel.db.scope import Scope

LOG = structlog.get_logger("hyperpanel.ai")
LOOK = 0.3
ALIVE = 15.0
"""Seconds between two looks at another process's work, and between two signs of life of our own."""

THEIRS = "person_budget"
"""The trouble of whoever asks and of nobody else: the next one who waits asks instead."""


@dataclass(frozen=True)
class Wanted:
    """`text`: all that the answer depends on, apart from language and prompt."""

    purpose: str
    panel_id: int
    ticket_id: str
    text: str = field(repr=False)
    language: str
    prompt: Prompt
    by: str

    @property
    def key(self) -> str:
        return digest_of("\x00".join((self.purpose, self.language, self.prompt.digest, self.text)))


@dataclass(frozen=True)
class Made:
    answer: dict[str, Any]
    provider: str
    model: str


Make = Callable[[Hear], Awaitable[Made]]


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass
class Shared:
    """What this process does for one answer, and who hears it."""

    so_far: str = ""
    hearers: list[Hear] = field(default_factory=list)

    def tell(self, so_far: str) -> None:
        self.so_far = so_far
        for hear in list(self.hearers):
            self.told(hear)

    def told(self, hear: Hear) -> None:
        """One who cannot hear keeps nobody else from it."""
        try:
            hear(self.so_far)
        except Exception as bug:
            self.hearers.remove(hear)
            LOG.warning("nobody hears an answer any more", error=type(bug).__name__)


async def answered(desk: Desk, wanted: Wanted, make: Make, hear: Hear = nobody) -> Answer:
    """Raises AiTrouble, to all who wait; whoever asks after that tries anew."""
    while True:
        is_ours, task, shared = joined(desk, wanted, make)
        try:
            return await heard(task, shared, hear)
        except AiTrouble as trouble:
            if is_ours or trouble.kind != THEIRS:
                raise


def joined(desk: Desk, wanted: Wanted, make: Make) -> tuple[bool, asyncio.Task[Answer], Shared]:
    """What is being asked already, or else begun now."""
    place = (wanted.panel_id, wanted.key)
    found: tuple[asyncio.Task[Answer], Shared] | None = desk.shared.get(place)
    if found is not None:
        return False, *found
    shared = Shared()
    task = desk.work(Asking(desk, wanted, make, shared).run())
    task.add_done_callback(lambda _: desk.shared.pop(place, None))
    desk.shared[place] = task, shared
    return True, task, shared


async def heard(task: asyncio.Task[Answer], shared: Shared, hear: Hear) -> Answer:
    shared.hearers.append(hear)
    if shared.so_far:
        shared.told(hear)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if task.cancelled():  # with its process; whoever waits may be told
            raise AiTrouble("cut") from None
        raise
    finally:
        if hear in shared.hearers:
            shared.hearers.remove(hear)


@dataclass
class Asking:
    desk: Desk
    wanted: Wanted
    make: Make
    shared: Shared

    def __post_init__(self) -> None:
        self.key = self.wanted.key
        self.holder = secrets.token_hex(8)
        self.scope = Scope(frozenset({self.wanted.panel_id}))

    async def run(self) -> Answer:
        held = await self.look()
        if held is not None and held.state == DONE:
            await self.note_use()
            return held
        while not await self.claim():
            if (held := await self.waited()) is not None:
                return held
        return await self.asked()

    async def waited(self) -> Answer | None:
        """For another process; None where it is no longer asking, so that we may."""
        while True:
            await self.desk.clock.sleep(LOOK)
            held = await self.look()
            if held is None or held.problem == THEIRS or await self.is_silent():
                return None
            if held.state == DONE:
                return held
            if held.state == FAILED:
                raise AiTrouble(held.problem if held.problem in KINDS else "broken")

    async def look(self) -> Answer | None:
        """In the panel that was asked about, and in no other."""
        panel_id = self.wanted.panel_id
        return await self.desk.database.read(lambda held: ai_answers.one(held, self.scope, panel_id, self.key))

    async def is_silent(self) -> bool:
        panel_id, now = self.wanted.panel_id, self.desk.clock.now()
        return await self.desk.database.read(
            lambda held: ai_answers.is_silent(held, self.scope, panel_id, self.key, now)
        )

    async def note_use(self) -> None:
        """Once a day, since a read need not become a write."""
        panel_id, now = self.wanted.panel_id, self.desk.clock.now()
        if await self.desk.database.read(lambda held: ai_answers.is_unused(held, self.scope, panel_id, self.key, now)):
            async with self.desk.database.write() as connection:
                await ai_answers.used(connection, panel_id, self.key, now)

    async def claim(self) -> bool:
        self.row = row(self.wanted, self.desk.clock.now())
        try:
            async with self.desk.database.write() as connection:
                return await ai_answers.claim(connection, self.row, self.holder)
        except IntegrityError:  # the panel has been removed
            raise AiTrouble("gone") from None

    async def asked(self) -> Answer:
        making = asyncio.ensure_future(self.make(self.shared.tell))
        try:
            return await self.kept(await self.made(making))
        except AiTrouble as trouble:
            await self.end(state=FAILED, problem=trouble.kind)
            raise
        except asyncio.CancelledError:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
            await self.end(state=FAILED, problem="cut")
            raise
        except Exception as bug:  # told without its words, which may hold what a customer wrote
            LOG.error("an answer could not be made by a bug", purpose=self.wanted.purpose, error=type(bug).__name__)
            await self.end(state=FAILED, problem="broken")
            raise AiTrouble("broken") from None

    async def made(self, making: asyncio.Future[Made]) -> Made:
        while not (await asyncio.wait({making}, timeout=ALIVE))[0]:
            with suppress(OperationalError):  # somebody holds the database; there is time for another sign
                await self.say_alive()
        return making.result()

    async def kept(self, made: Made) -> Answer:
        await self.end(state=DONE, answer=made.answer, provider=made.provider, model=made.model)
        return replace(self.row, state=DONE, answer=made.answer, provider=made.provider, model=made.model)

    async def say_alive(self) -> None:
        async with self.desk.database.write() as connection:
            told = (self.wanted.panel_id, self.key, self.holder, self.desk.clock.now())
            await ai_answers.still_asking(connection, *told)

    async def end(self, **values: Any) -> None:
        """Waits as long as it takes where others hold the database: the answer has been paid for by now."""
        panel_id = self.wanted.panel_id
        await self.desk.database.commit(
            lambda connection: ai_answers.end(connection, panel_id, self.key, self.holder, **values)
        )


def row(wanted: Wanted, now: datetime) -> Answer:
    told = (wanted.purpose, wanted.ticket_id, digest_of(wanted.text), wanted.language, wanted.prompt.digest)
    return Answer(wanted.panel_id, wanted.key, *told, ASKING, None, None, None, None, wanted.by, now)
