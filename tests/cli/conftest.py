"""A folder with an installation of its own, and the real command run there; small simulated panels to attach."""

import asyncio
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from hyperpanel.cli import cli
from hyperpanel.db import audit as trail
from hyperpanel.db.engine import Database, address
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.server import background
from tests.support import databases


@dataclass(frozen=True)
class Home:
    """The caller's folder."""

    folder: Path

    def run(self, *words: str, given: str | bytes | None = None) -> Result:
        return CliRunner().invoke(cli, list(words), input=given, prog_name="hyperpanel")

    def done(self, *words: str, given: str | bytes | None = None) -> str:
        """What it printed; the command must succeed."""
        result = self.run(*words, given=given)
        assert result.exit_code == 0, result.output
        return result.stdout

    def told(self, *words: str) -> Any:
        return json.loads(self.done(*words, "--json"))

    def refused(self, *words: str, given: str | bytes | None = None, code: int = 1) -> str:
        """The one line on stderr."""
        result = self.run(*words, given=given)
        assert (result.exit_code, result.stdout) == (code, ""), result.output
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1, result.stderr
        return result.stderr

    def add(self, panel: "Attachable", *more: str, name: str = "", url: str = "") -> tuple[str, ...]:
        named = ("panel", "add", name or panel.name, "--url", url or panel.url, "--currency", panel.currency)
        return (*named, "--timezone", panel.time_zone, "--private", "--secrets-stdin", *more)

    def attach(self, panel: "Attachable") -> str:
        return self.done(*self.add(panel), given=panel.keys)


@dataclass(frozen=True)
class Attachable:
    """A simulated panel at its address."""

    panel: Panel
    base: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.panel, name)

    @property
    def url(self) -> str:
        return f"{self.base}/{self.panel.name}"

    @property
    def keys(self) -> str:
        return json.dumps({"admin_key": self.panel.admin_key, "services_key": self.panel.services_key})

    @property
    def asked(self) -> int:
        """Requests that it has seen."""
        return self.panel.counts["requests"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_folder: Path) -> Iterator[Home]:
    for name in [name for name in os.environ if name.startswith("HYPERPANEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    Path(databases.sqlite_copy(run_folder, tmp_path, True).removeprefix("sqlite:///")).rename("hyperpanel.db")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield Home(tmp_path)
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Fleet, str]]:
    fleet = Fleet(panels=2, orders=400, rate_limit=10_000)
    with background(fleet) as base:
        yield fleet, base


@pytest.fixture
def panels(served: tuple[Fleet, str]) -> Iterator[list[Attachable]]:
    """eu-1 and us-2, whose faults end with the test."""
    fleet, base = served
    yield [Attachable(panel, base) for panel in fleet]
    for panel in fleet:
        panel.faults.clear()


@pytest.fixture
def eu(panels: list[Attachable]) -> Attachable:
    return panels[0]


@pytest.fixture
def closed_port() -> int:
    """Nobody answers there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture
def opened(home: Home) -> Callable[[], AbstractAsyncContextManager[Database]]:
    """The folder's database, for a look at what a command left there."""

    @asynccontextmanager
    async def database() -> AsyncIterator[Database]:
        found = Database(address("sqlite:///hyperpanel.db", home.folder), 1)
        try:
            yield found
        finally:
            await found.close()

    return database


@pytest.fixture
def audit(opened: Callable[[], AbstractAsyncContextManager[Database]]) -> Callable[[], list[str]]:
    """What the command line did, in its order, after making sure that the chain holds."""

    async def read() -> list[str]:
        async with opened() as database:
            assert await database.read(trail.verify) is None
            rows = await database.read(lambda connection: list(trail.rows(connection)))
        assert {row["actor"] for row in rows} == {"command line"}
        return [f"{row['action']} {row['target']}" for row in rows]

    return lambda: asyncio.run(read())
