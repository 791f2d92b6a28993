"""A folder with an installation of its own, and the real command run there; small simulated panels to attach."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from click.testing import CliRunner, Result

from hyperpanel.cli import cli
from hyperpanel.db import audit as trail
from hyperpanel.db.engine import Database, address
from hyperpanel.paths import ROOT
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.server import background
from tests.support import databases

PATIENCE = 60.0


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
        """In a hurry: a look at a panel takes eight calls."""
        return self.done(*self.add(panel, "--rate", "50"), given=panel.keys)


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


def group_state(place: Path) -> tuple[int, str] | None:
    """None where the process has ended meanwhile."""
    try:
        state, _, group = (place / "stat").read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return None
    return int(group), state


@dataclass
class Running:
    """The real command in a process group of its own; `file` is its stderr."""

    process: subprocess.Popen[str]
    file: Path

    def line(self) -> str:
        """The next one on stdout."""
        assert self.process.stdout
        found = self.process.stdout.readline()
        assert found, self.errors()
        return found

    def errors(self) -> str:
        return self.file.read_text()

    def said(self, text: str) -> None:
        """Wait until stderr holds it."""
        until = time.monotonic() + PATIENCE
        while text not in self.errors():
            assert self.process.poll() is None, self.errors()
            assert time.monotonic() < until, self.errors()
            time.sleep(0.05)

    def interrupted(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def terminated(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def members(self) -> int:
        """Processes of its group that are still at work."""
        states = [state for place in Path("/proc").glob("[0-9]*") if (state := group_state(place))]
        return sum(group == self.process.pid and state != "Z" for group, state in states)


Start = Callable[..., AbstractContextManager[Running]]


@contextmanager
def started(folder: Path, *words: str) -> Iterator[Running]:
    place = folder / f"stderr-{uuid4().hex}"
    command = [sys.executable, "-P", "-m", "hyperpanel", *words]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HYPERPANEL_")}
    with place.open("w") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=clean | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            process_group=0,
        )
    with process:
        try:
            yield Running(process, place)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def process(home: Home) -> Start:
    return partial(started, home.folder)


@pytest.fixture(scope="module")
def process_of_module(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """For what takes long to start: one story, told by several tests."""
    return partial(started, tmp_path_factory.mktemp("module"))


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture
def closed_port() -> int:
    """Nobody answers there."""
    return unused_port()


@pytest.fixture
def free_port() -> int:
    """For a process of the test's own."""
    return unused_port()


@pytest.fixture(scope="module")
def ports() -> list[int]:
    return [unused_port(), unused_port()]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield int(taken.getsockname()[1])
