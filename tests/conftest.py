"""What every test stands on: a fresh database on both systems, no sockets in unit tests, and no silent gaps.

Run by `bin/test`, or by pytest alone. With xdist the first process makes the folder that its workers share, and
clears it away at the end.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import hyperpanel  # noqa: F401 -- puts the safe SQLite in place before anything loads the other
from hyperpanel.db.engine import Database
from hyperpanel.db.reader import ReaderProcess
from tests.simulation import coverage
from tests.support import databases, machine, sockets

RUN = "PYTEST_RUN_FOLDER"
TESTS = Path(__file__).parent
ON_LOOPBACK = {"bench", "browser", "db", "integration"}

settings.register_profile("quick", deadline=None, derandomize=True, database=None)
settings.register_profile("full", deadline=None, max_examples=1000, database=None, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the long suites too")


def pytest_configure(config: pytest.Config) -> None:
    sockets.forbid_the_outside()
    Database.lent = ReaderProcess()  # one for all tests of a process: to begin one takes a second
    settings.load_profile("full" if config.getoption("--full") else "quick")
    if not hasattr(config, "workerinput"):
        run = Path(tempfile.mkdtemp(prefix="hyperpanel-tests-", dir=machine.scratch()))
        (run / "pid").write_text(str(os.getpid()))
        os.environ[RUN] = str(run)
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(run.parent))
        if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):  # commands that tests start would each compile all of it
            os.environ["PYTHONPYCACHEPREFIX"] = str(run / "bytecode")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and RUN in os.environ:
        databases.close(Path(os.environ.pop(RUN)))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        room = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if room == "browser":
            item.add_marker("browser")
        if room in ON_LOOPBACK:
            item.add_marker("loopback")
    if not config.getoption("--full"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("full")])
        items[:] = [item for item in items if not item.get_closest_marker("full")]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A simulation whose faults hardly fire has shown nothing."""
    if not hasattr(session.config, "workerinput") and coverage.lacking(Path(os.environ[RUN])):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if fired := coverage.table(Path(os.environ[RUN])):
        terminalreporter.section("Faults of the simulation")
        for line in fired:
            terminalreporter.write_line(line)
    reports = terminalreporter.stats.get("skipped", [])
    told = {str(report.longrepr[2]).partition(machine.NOT_CHECKED)[2] for report in reports if report.longrepr}
    if gaps := sorted(told - {""}):
        terminalreporter.section("Not checked here")
        for gap in gaps:
            terminalreporter.write_line(gap)


@pytest.fixture(autouse=True)
def _sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    with sockets.loopback(request.node.get_closest_marker("loopback") is not None):
        yield


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """Shared by the workers of this run."""
    return Path(os.environ[RUN])


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of the test's own; the test runs once on each system."""
    yield from _database(request.param, run_folder, tmp_path, migrated=True)


@pytest.fixture(params=BOTH)
def bare_database_url(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[str]:
    """A database without a single table, for the tests of the migrations themselves."""
    yield from _database(request.param, run_folder, tmp_path, migrated=False)


def _database(system: str, run: Path, folder: Path, migrated: bool) -> Iterator[str]:
    if system == "sqlite":
        yield databases.sqlite_copy(run, folder, migrated)
        return
    with databases.postgres_copy(run, migrated) as url:
        yield url
