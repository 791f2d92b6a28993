"""The servers that are measured, each a process of its own, and the CPU that each has used. Needs Linux: it is read from /proc.

The peers' packages are none of the project's: they go into an environment of their own, in the cache folder of whoever runs the bench, from
hashed requirements. Whoever has no way to get them measures this console alone.
"""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hyperpanel.cli.keepsakes import free_port
from hyperpanel.paths import ROOT
from tests.bench.client import HOST, PATIENCE

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int

    def cpu(self) -> float:
        """Milliseconds, of every process of its session: a server may have a master and a worker."""
        ticks = 0
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = place.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[3]) == self.process.pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks * 1000 / TICKS

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)


def started(command: Sequence[str], port: int, log: Path, environment: Mapping[str, str] | None = None) -> Server:
    """Once it listens; raises with the end of its log where it does not."""
    with log.open("wb") as said:
        variables = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex((HOST, port)) == 0:
                return Server(process, port)
        time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"{command[0]} does not answer: {log.read_text(errors='replace')[-2000:]}")


def console(folder: Path, logs: Path) -> Server:
    port = free_port(0)
    settings = ("--config", str(folder / "config.toml"))
    command = [sys.executable, "-m", "hyperpanel", *settings, "serve", "--port", str(port)]
    return started(command, port, logs / "console.log")


def plain(name: str, folder: Path, page: Path, logs: Path) -> Server:
    """`name`: bare or behind_the_door, see tests/bench/plain.py."""
    port = free_port(0)
    command = [sys.executable, "-m", "tests.bench.plain", name, str(port), str(page), str(folder / "config.toml")]
    return started(command, port, logs / f"{name}.log")


def django(python: Path, file: Path, logs: Path) -> Server:
    port = free_port(0)
    options = ("--bind", f"{HOST}:{port}", "--workers", "1", "--threads", "4", "--pythonpath", str(HERE))
    variables = {"BENCH_FILE": str(file), "BENCH_OWN": str(logs / "django.db")}
    command = [str(python.with_name("gunicorn")), *options, "django_admin:application"]
    return started(command, port, logs / "django.log", variables)


def datasette(python: Path, file: Path, logs: Path) -> Server:
    port = free_port(0)
    command = [str(python.with_name("datasette")), "serve", str(file), "--host", HOST, "--port", str(port)]
    return started(command, port, logs / "datasette.log")


def peers(requirements: Path = REQUIREMENTS) -> Path | str:
    """The Python of the peers' environment, made on first use; or why there is none."""
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "hyperpanel-bench" / f"{wanted}-{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / "bin" / "python"
    if (folder / "done").exists():
        return python
    install = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(requirements)]
    try:
        for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], install):
            subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        return str(getattr(problem, "stderr", "") or problem).strip().splitlines()[-1]
    (folder / "done").touch()
    return python
