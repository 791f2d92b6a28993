"""Who asks, when, from where and in which language: made once for each request, before anything else looks at it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import structlog
from litestar.connection import ASGIConnection
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.ai.desk import Desk
from hyperpanel.config import Settings
from hyperpanel.db.audit import Act
from hyperpanel.db.engine import Database
from hyperpanel.db.opening import Installation
from hyperpanel.db.scope import Scope
from hyperpanel.db.sessions import Session
from hyperpanel.db.staff import Person
from hyperpanel.db.totals import Lines
from hyperpanel.support import roles
from hyperpanel.support.export_files import Turns
from hyperpanel.support.thread_fetching import Fetches
from hyperpanel.vault import Vault
from hyperpanel.web.addresses import Address
from hyperpanel.web.api_document import Known
from hyperpanel.web.assets import Assets
from hyperpanel.web.cookies import Cookies, form_token
from hyperpanel.web.formats import Formats, Signs
from hyperpanel.web.help_topics import Topics
from hyperpanel.web.hub import Hub
from hyperpanel.web.languages import Language, Languages
from hyperpanel.web.remembered import Counts, Firsts
from hyperpanel.web.saved import Saved
from hyperpanel.web.templates import Pages
from sync.clocks import Clock

LOG = structlog.get_logger("hyperpanel.web")
T = TypeVar("T")
NOBODY = Scope(frozenset())
LONGEST_BROWSER = 200


@dataclass(frozen=True)
class Console:
    """What one process of the console is made of."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    languages: Languages
    signs: Mapping[str, Signs]
    pages: Pages
    assets: Assets
    topics: Topics
    cookies: Cookies
    hub: Hub
    ai: Desk
    api: Known = field(default_factory=Known)
    """What the API's own document tells of it, for its pages."""

    lines: Lines = field(default_factory=Lines)
    counts: Counts = field(default_factory=Counts)
    firsts: Firsts = field(default_factory=Firsts)
    fetches: Fetches = field(default_factory=Fetches)
    exports: Turns = field(default_factory=Turns)
    reporting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever makes reports on complaints: one at a time."""

    chores: set[asyncio.Task[None]] = field(default_factory=set)
    """Small writes that no answer waits for."""
    works: set[asyncio.Task[Any]] = field(default_factory=set)
    """What takes long, is broken off at the end, and is taken up again at the next start."""

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.settings.web.idle_minutes)

    @property
    def session_lasts(self) -> timedelta:
        return timedelta(hours=self.settings.web.session_hours)

    @property
    def installation(self) -> Installation:
        return Installation(self.settings, self.database, self.vault)

    def work(self, doing: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(doing)
        self.works.add(task)
        task.add_done_callback(self.worked)

    def worked(self, task: asyncio.Task[Any]) -> None:
        """Nobody waits for it, so what went wrong is in the log alone."""
        self.works.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            LOG.error("work in the background failed; it is taken up at the next start", exc_info=problem)

    async def settle(self) -> None:
        for task in self.works:
            task.cancel()
        await self.ai.close()
        await self.hub.settle()
        await asyncio.gather(*self.chores, *self.works, return_exceptions=True)


@dataclass(frozen=True)
class Visit:
    """One request. `device` is the browser's long-lived token; `is_new_device` when it is to be given one."""

    console: Console
    now: datetime
    url: Address
    address: str
    browser: str
    device: str
    is_new_device: bool
    session: Session | None
    language: Language
    zone: ZoneInfo
    views: Sequence[Saved] = ()
    """The saved views that this person has; read for whole pages alone."""

    @property
    def person(self) -> Person | None:
        return self.session.person if self.session else None

    @property
    def scope(self) -> Scope:
        """The panels that may be seen: none before sign-in."""
        return self.person.scope if self.person else NOBODY

    @property
    def csrf(self) -> str:
        return self.session.csrf if self.session else form_token(self.device)

    @cached_property
    def fmt(self) -> Formats:
        return Formats(self.console.signs[self.language.code], self.zone, self.now)

    def say(self, text: str, **values: Any) -> str:
        return self.language.say(text, **values)

    def count(self, one: str, many: str, n: int, **values: Any) -> str:
        return self.language.count(one, many, n, **values)

    def may(self, permission: str) -> bool:
        return self.person is not None and roles.may(self.person.role, permission)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.console.database.read(work)

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.console.database.write()

    def act(self, action: str, target: str = "", panel_id: int | None = None, actor: str = "", **details: Any) -> Act:
        """What this person does, for the audit."""
        who = actor or (self.person.username if self.person else "")
        return Act(who, action, target, panel_id, details, self.address, self.browser)


def visit_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Visit:
    visit: Visit = connection.scope["state"]["visit"]
    return visit
