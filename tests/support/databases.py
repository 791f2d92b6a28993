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

from tests.support import emptying, machine, postgres
from tests.support.postgres import Server


def sqlite_copy(run: Path, folder: Path, migrated: bool) -> str:
    return copy_of(_sqlite_template(run), folder) if migrated else f"sqlite:///{folder / uuid.uuid4().hex[:8]}.db"


def copy_of(file: Path, folder: Path) -> str:
    """Of one that nobody has open."""
    target = folder / f"{uuid.uuid4().hex[:8]}.db"
    shutil.copyfile(file, target)
    return f"sqlite:///{target}"


def prepared(url: str) -> str:
    """Where a database would be made and migrated when it is opened, the copy is put: tests/db/test_opening has the other way."""
    place = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not place.exists():
        shutil.copyfile(_sqlite_template(Path(os.environ["PYTEST_RUN_FOLDER"])), place)
    return url


@contextmanager
def postgres_copy(run: Path, migrated: bool) -> Iterator[str]:
    """A migrated one is emptied afterwards and lent again: to make one takes twenty times as long."""
    server = _server(run)
    name, shape = _IDLE.pop() if migrated and _IDLE else _made(run, server, migrated)
    url = _address(server, name)
    yield url
    if migrated and emptying.emptied(_plain(url), shape):
        _IDLE.append((name, shape))
    else:
        _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


_IDLE: list[tuple[str, str]] = []
"""Of this process: databases to be lent, and the shape of each."""


def _made(run: Path, server: Server, migrated: bool) -> tuple[str, str]:
    source = _postgres_template(run, server) if migrated else "template0"
    name = f"{_name_of(run)}_{uuid.uuid4().hex[:12]}"
    _admin(server, f"CREATE DATABASE {name} TEMPLATE {source}")
    return name, emptying.shape(_plain(_address(server, name))) if migrated else ""


def close(run: Path) -> None:
    """At the end of the run: what its workers started and made."""
    started = run / "postgres.json"
    if started.exists():
        server = Server(**json.loads(started.read_text()))
        if not server.folder:
            _drop_all(run, server)
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
    return (
        Server(given)
        if given
        else postgres.start(machine.postgres_binaries(), int((run / "pid").read_text()), machine.scratch())
    )


def _postgres_template(run: Path, server: Server) -> str:
    name = _template_name(run)
    with _once(run, "postgres.template") as made:
        if not made.exists():
            _admin(server, f"CREATE DATABASE {name} TEMPLATE template0")
            _upgrade(_address(server, name))
            made.touch()
    return name


def _template_name(run: Path) -> str:
    return f"{_name_of(run)}_template"


def _name_of(run: Path) -> str:
    """All databases of a run begin with it."""
    return f"hyperpanel_{run.name.rsplit('-', 1)[-1].lower()}"


def _drop_all(run: Path, server: Server) -> None:
    """From a server that goes on."""
    with psycopg.connect(_plain(server.url), autocommit=True) as connection:
        named = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_name_of(run)])
        for (name,) in named.fetchall():
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _address(server: Server, database: str) -> str:
    return server.url.replace("/postgres?", f"/{database}?", 1) if server.folder else _with_path(server.url, database)


def _with_path(url: str, database: str) -> str:
    head, mark, query = url.partition("?")
    return head.rsplit("/", 1)[0] + "/" + database + mark + query


def _admin(server: Server, statement: str) -> None:
    with psycopg.connect(_plain(server.url), autocommit=True) as connection:
        connection.execute(statement.encode())


def _plain(url: str) -> str:
    """Without SQLAlchemy's word for the driver."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def _upgrade(url: str) -> None:
    from hyperpanel.db.migrate import upgrade  # noqa: PLC0415 -- a run of unit tests alone does not load it

    upgrade(url)
