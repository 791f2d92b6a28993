"""The lock files: every package pinned and hashed, no address in them, and nothing older than its last known hole."""

import importlib.util
import platform
import re
import sqlite3
import sys
import tomllib

import aiosqlite
import pytest
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from hyperpanel.paths import ROOT

RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / ".ci" / "requirements-dev.lock"
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9-]+")
FLOORS = {
    "argon2-cffi": (25, 1),
    "cryptography": (50,),
    "h11": (0, 16),  # before: request smuggling through chunked bodies
    "idna": (3, 7),  # before: a long name takes for ever
    "jinja2": (3, 1, 6),  # before: ways out of the sandbox
    "litestar": (2, 25),  # before: see pyproject.toml
    "msgspec": (0, 20),
    "multipart": (1, 2, 1),
    "uvicorn": (0, 54),
}


def pins(lock) -> dict[str, str]:
    return dict(PIN.findall(lock.read_text(encoding="utf-8")))


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=["runtime", "development"])
def test_every_package_is_pinned_and_hashed(lock):
    entries = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=["runtime", "development"])
def test_a_lock_holds_no_address(lock):
    assert re.findall(r"://|--(?:extra-)?index|--find-links|\bfile:", lock.read_text(encoding="utf-8")) == []


def test_the_development_lock_holds_the_runtime_lock_whole():
    assert pins(RUNTIME).items() <= pins(DEVELOPMENT).items()


def test_what_the_project_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert {NAME.findall(line)[0] for line in asked} - set(pins(DEVELOPMENT)) == set()


@pytest.mark.parametrize("name", FLOORS)
def test_no_package_is_older_than_its_last_hole(name):
    assert number(pins(RUNTIME)[name]) >= FLOORS[name]


def has_wheel() -> bool:
    return (sys.platform, platform.machine()) in {("linux", "x86_64"), ("darwin", "arm64")}


def test_the_sqlite_in_use_does_not_lose_commits():
    assert not has_wheel() or importlib.util.find_spec("pysqlite3")
    assert not has_wheel() or sqlite3.sqlite_version_info >= (3, 51, 3)


def test_all_drivers_use_one_sqlite():
    loaded = {sqlite3.sqlite_version, aiosqlite.sqlite_version, SQLiteDialect_pysqlite.import_dbapi().sqlite_version}
    assert len(loaded) == 1
