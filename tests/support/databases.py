"""A fresh, migrated database for each test, quickly: a copy of one that was migrated once in this run.

The workers of a run share a folder. Whoever comes first makes the template there, under a lock; the others copy it.
"""

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psycopg

from tests.support import machine, postgres
from tests.support.postgres import Server

TEMPLATE = "hyperpanel_template"


def sqlite_copy(run: Path, folder: Path, migrated: bool) -> str:
    target = folder / f"{uuid.uuid4().hex[:8]}.db"
    if migrated:
        shutil.copyfile(_sqlite_template(run), target)
    return f"sqlite:///{target}"


@contextmanager
def postgres_copy(run: Path, migrated: bool) -> Iterator[str]:
    server = _server(run)
    source = _postgres_template(run, server) if migrated else "template0"
    name = f"test_{uuid.uuid4().hex[:12]}"
    _admin(server, f"CREATE DATABASE {name} TEMPLATE {source}")
    yield _address(server, name)
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def close(run: Path) -> None:
    """At the end of the run: what its workers started and made."""
    started = run / "postgres.json"
    if started.exists():
        server = Server(**json.loads(started.read_text()))
        if not server.folder and (run / "postgres.template").exists():
            _admin(server, f"DROP DATABASE IF EXISTS {_template_name(run)}")
        postgres.stop(server)
    shutil.rmtree(run, ignore_errors=True)


@contextmanager
def _once(run: Path, name: str) -> Iterator[Path]:
    """Hold the run's lock; the marker file tells whether somebody has done it already."""
    with open(run / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield run / name


def _sqlite_template(run: Path) -> Path:
    with _once(run, "template.db") as made:
        if not made.exists():
            half = run / "half.db"
            _upgrade(f"sqlite:///{half}")
            half.rename(made)  # closed by now, so that nothing is left in a -wal beside it
    return made


def _server(run: Path) -> Server:
    with _once(run, "postgres.json") as started:
        if started.exists():
            return Server(**json.loads(started.read_text()))
        server = _start(run)
        started.write_text(json.dumps(asdict(server)))
        return server


def _start(run: Path) -> Server:
    given = os.environ.get("HYPERPANEL_TEST_POSTGRES")
    return Server(given) if given else postgres.start(machine.postgres_binaries(), int((run / "pid").read_text()))


def _postgres_template(run: Path, server: Server) -> str:
    name = _template_name(run)
    with _once(run, "postgres.template") as made:
        if not made.exists():
            _admin(server, f"CREATE DATABASE {name} TEMPLATE template0")
            _upgrade(_address(server, name))
            made.touch()
    return name


def _template_name(run: Path) -> str:
    return f"{TEMPLATE}_{run.name.rsplit('-', 1)[-1].lower()}"


def _address(server: Server, database: str) -> str:
    return server.url.replace("/postgres?", f"/{database}?", 1) if server.folder else _with_path(server.url, database)


def _with_path(url: str, database: str) -> str:
    head, mark, query = url.partition("?")
    return head.rsplit("/", 1)[0] + "/" + database + mark + query


def _admin(server: Server, statement: str) -> None:
    address = server.url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


def _upgrade(url: str) -> None:
    from hyperpanel.db.migrate import upgrade  # noqa: PLC0415 -- a run of unit tests alone does not load it

    upgrade(url)
