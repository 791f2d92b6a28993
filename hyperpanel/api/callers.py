"""Who calls: a key, what it may do and see at this moment, and the panels it knows by name; made for each call before its path is looked at."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.api.errors import NotAllowed
from hyperpanel.api.remembering import Memory
from hyperpanel.config import Settings
from hyperpanel.db.audit import Act
from hyperpanel.db.engine import Database
from hyperpanel.db.panels import folded
from hyperpanel.db.scope import Scope
from hyperpanel.db.time_limits import within
from hyperpanel.db.totals import Lines
from hyperpanel.errors import Missing
from hyperpanel.vault import Vault
from sync.clocks import Clock

if TYPE_CHECKING:
    from hyperpanel.db.api_keys import Key

T = TypeVar("T")


@dataclass(frozen=True)
class Api:
    """What one process of the API is made of. `reads`: those under way, of all keys; one reader is left to the pages."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    lines: Lines = field(default_factory=Lines)
    memory: Memory = field(default_factory=Memory)
    chores: set[asyncio.Task[None]] = field(default_factory=set)
    """Small writes that no answer waits for."""

    @cached_property
    def reads(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(max(1, self.settings.database.readers - 1))

    async def settle(self) -> None:
        await asyncio.gather(*self.chores, return_exceptions=True)


@dataclass(frozen=True)
class PanelLine:
    id: int
    name: str
    currency: str
    zone: str
    group: str | None = None


@dataclass(frozen=True)
class Caller:
    """`scopes`: what it may do, bounded by its owner's role; `panels`: those it may see, by name. `base` is what its own addresses begin with;
    `headers` go with every answer."""

    api: Api
    key: "Key"
    scopes: frozenset[str]
    scope: Scope
    panels: Mapping[str, PanelLine]
    now: datetime
    address: str
    base: str = "/adminapi/v2"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def only(self) -> str | None:
        """The one panel, where it sees but one: for this caller the console is that panel."""
        return next(iter(self.panels)) if len(self.panels) == 1 else None

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def demand(self, scope: str) -> None:
        if scope not in self.scopes:
            raise NotAllowed(scope)

    def panel(self, name: str) -> PanelLine:
        """Raises Missing for one that is not there or not for this key: the two look alike."""
        wanted = folded(name)
        for line in self.panels.values():
            if folded(line.name) == wanted:
                return line
        raise Missing("panel")

    def at(self, name: str) -> "Caller":
        """The same, seeing this panel alone."""
        line = self.panel(name)
        return replace(self, scope=self.scope.narrowed([line.id]), panels={line.name: line})

    async def read(self, work: Callable[[Connection], T]) -> T:
        """After the key's other reads, where as many as it may have are under way. Raises TookTooLong."""
        bounds = self.api.settings.api
        async with self.api.memory.reads_of(self.key.id, bounds.reads_at_once), self.api.reads:
            return await self.api.database.read(within(bounds.read_seconds, work))

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.api.database.write()

    def act(self, action: str, target: str = "", panel_id: int | None = None, **details: Any) -> Act:
        """What this key does, for the audit."""
        return Act(f"key {self.key.name}", action, target, panel_id, details, self.address, "")


Calling = NamedDependency[SkipValidation[Caller]]
"""How a handler asks for it: `caller: Calling`."""


def caller_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Caller:
    caller: Caller = connection.scope["state"]["caller"]
    return caller
