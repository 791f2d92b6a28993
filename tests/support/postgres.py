"""A throwaway PostgreSQL for one run of the tests, started by the first test that asks and shared by all workers.

It lives behind a Unix socket in a folder of its own: no port to race for, nobody else to let in. A keeper (this file,
run as a program) owns the server: however the tests end, even killed, it sees it, stops the server and removes the
files. initdb refuses root, so root hands all of it to the system's `postgres` user.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STARTING = 60.0
STOPPING = 15.0
# The files are thrown away: no waiting for the disk, no housekeeping.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
}


@dataclass(frozen=True)
class Server:
    """`folder` is empty for a server that is not ours to stop."""

    url: str
    folder: str = ""
    keeper: int = 0


def start(binaries: Path, for_process: int, base: str | None) -> Server:
    """Start a server that lives as long as the process does, its files in a folder under `base`."""
    folder = tempfile.mkdtemp(prefix="hyperpanel-pg-", dir=base)
    with open(f"{folder}/log", "wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, __file__, str(binaries), folder, str(for_process)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests
        )
    _keepers.append(keeper)
    _wait_until_it_answers(keeper, Path(folder))
    return Server(f"postgresql://postgres@/postgres?host={folder}", folder, keeper.pid)


_keepers: list[subprocess.Popen[bytes]] = []  # a Popen that is collected while its process runs warns


def stop(server: Server) -> None:
    if not server.folder:
        return
    try:
        os.kill(server.keeper, signal.SIGTERM)
    except ProcessLookupError:
        return
    until = time.monotonic() + STOPPING
    while os.path.exists(server.folder) and time.monotonic() < until:
        time.sleep(0.02)


def _wait_until_it_answers(keeper: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + STARTING
    while not (folder / "ready").exists():
        if keeper.poll() is not None or time.monotonic() > until:
            log = (folder / "log").read_text(errors="replace") if folder.exists() else ""
            keeper.terminate()
            raise RuntimeError(f"PostgreSQL did not start:\n{log[-2000:]}")
        time.sleep(0.05)


# --- The keeper --------------------------------------------------------------------------------------------------


def keep(binaries: Path, folder: Path, for_process: int) -> None:
    owner = _owner()
    if owner:
        shutil.chown(folder, owner, owner)
    ended: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, _: ended.append(got))
    try:
        _make_cluster(binaries, folder, owner)
        server = _run(binaries, folder, owner)
        while not ended and server.poll() is None and _is_alive(for_process):
            _say_when_ready(folder)
            time.sleep(0.1)
        _end(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str | None:
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _make_cluster(binaries: Path, folder: Path, owner: str | None) -> None:
    initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    initdb += ["--no-sync", "--locale=C.UTF-8", *_collation(binaries)]
    subprocess.run(initdb, check=True, cwd=folder, **_as(owner))


def _collation(binaries: Path) -> list[str]:
    """Sort as servers of real installations do ("a" before "B"), which SQLite does not: what relies on either shows."""
    told = subprocess.run([str(binaries / "initdb"), "--help"], capture_output=True, text=True, check=True).stdout
    return ["--locale-provider=icu", "--icu-locale=en-US"] if "--icu-locale" in told else []


def _run(binaries: Path, folder: Path, owner: str | None) -> "subprocess.Popen[bytes]":
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *settings]
    return subprocess.Popen(command, cwd=folder, **_as(owner))


def _as(owner: str | None) -> dict[str, Any]:
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []} if owner else {}


def _say_when_ready(folder: Path) -> None:
    pid_file = folder / "data" / "postmaster.pid"
    if not (folder / "ready").exists() and pid_file.exists() and "ready" in pid_file.read_text():
        (folder / "ready").touch()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
    try:
        server.wait(STOPPING / 2)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    keep(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
