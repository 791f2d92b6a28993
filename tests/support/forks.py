"""The real worker command, begun in milliseconds: a process that has imported all of it once, and forks one child after another.

Each child runs `hyperpanel work` as the command line does, from the reading of its settings on. To import everything anew for each of fifty
children would take longer than all that they do. As a program (`python -m tests.support.forks`) it answers `start` with the number of a child
and `reap` with how that child ended; it ends with its standard input.
"""

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hyperpanel.paths import ROOT

QUICK = {
    "head_seconds": "0.4",
    "refresh_seconds": "0.4",
    "users_seconds": "0.4",
    "payments_seconds": "0.4",
    "tickets_seconds": "0.4",
    "threads_seconds": "0.4",
    "walk_seconds": "0.4",
    "services_seconds": "60",
    "retention_days": "400",
}


class Nursery:
    """The process that forks; one child at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.child = 0

    def say(self, word: str) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def start(self) -> None:
        self.child = self.say("start")

    def end(self, number: signal.Signals) -> int:
        """How it ended: its exit code, or less than zero for the signal that ended it."""
        os.kill(self.child, number)
        return self.say("reap")


def environment(database_url: str) -> dict[str, str]:
    settings = {f"HYPERPANEL_SYNC__{name.upper()}": value for name, value in QUICK.items()}
    return {**os.environ, **settings, "HYPERPANEL_DATABASE__URL": database_url, "PYTHONPATH": str(ROOT)}


@contextmanager
def nursery(database_url: str, folder: Path, **more: str) -> Iterator[Nursery]:
    """What its children say is in `worker.log` there."""
    command = [sys.executable, "-P", "-m", "tests.support.forks"]
    variables: Mapping[str, str] = {**environment(database_url), **more}
    with open(folder / "worker.log", "ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        yield Nursery(process)
    finally:
        process.communicate(timeout=20)


def main() -> None:
    load()
    child = 0
    for line in sys.stdin:
        if line.strip() == "start":
            child = begin()
            answer = child
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            child = 0
        print(answer, flush=True)
    if child:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def begin() -> int:
    """A child has no use for the questions, and its output is no answer."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        sys.argv = ["hyperpanel", "work"]
        run()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def load() -> None:
    """All that a worker imports on its way."""
    import aiosqlite  # noqa: F401, PLC0415
    import psycopg  # noqa: F401, PLC0415
    import sqlalchemy.dialects.postgresql.psycopg  # noqa: PLC0415
    import sqlalchemy.dialects.sqlite.aiosqlite  # noqa: F401, PLC0415
    import uvloop  # noqa: F401, PLC0415

    import hyperpanel.cli.staying  # noqa: PLC0415
    import hyperpanel.worker  # noqa: F401, PLC0415


def run() -> None:
    from hyperpanel.cli import main as command  # noqa: PLC0415

    command()


if __name__ == "__main__":
    main()
