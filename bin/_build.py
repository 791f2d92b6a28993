"""Build the environment of a checkout: the locked packages, and the way back to the checkout.

Nothing but the standard library, since nothing else is there yet. Whatever happens half-way (Ctrl-C, no network, two
launchers at once), the stamp is written last: without it the next start builds again. Indexes, proxies and
certificates are the machine's own, from the settings of uv or pip; the lock file's hashes hold what they send.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

RUNTIME = "requirements.lock"
OURS = "hyperpanel-environment"  # marks a folder as ours to remove
UV = {"UV_PYTHON_DOWNLOADS": "never"}
NO_PIP = (
    "hyperpanel cannot set itself up: this Python has neither venv's pip nor a pip of its own. "
    "Install one (Debian, Ubuntu: apt-get install python3-venv), or put uv on PATH, and start again."
)


class CannotBuild(Exception):
    """One sentence for the person who started it."""


def main(root: Path, venv: Path, lock: str) -> None:
    started = time.monotonic()
    with _alone(venv):
        if _is_current(root, venv, lock):  # another launcher built it while we waited
            return
        _say(f"Setting up hyperpanel's environment in {venv} (once) …")
        if not _is_current(root, venv, RUNTIME):
            _clear(venv)
        _fill(venv, root / lock)
        _link(root, venv)
        for done in {RUNTIME, lock}:  # the development lock holds the other one whole
            (venv / _stamp_name(done)).write_text(_stamp(root, done) + "\n")
    _say(f"Ready after {time.monotonic() - started:.0f} s.")


@contextmanager
def _alone(venv: Path) -> Iterator[None]:
    """Wait for any other launcher. The folder above is the lock: nothing is left lying about."""
    venv.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(venv.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another start is setting up the environment; waiting for it …")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _is_current(root: Path, venv: Path, lock: str) -> bool:
    stamp = venv / _stamp_name(lock)
    return (venv / "bin/python").exists() and stamp.exists() and stamp.read_text().strip() == _stamp(root, lock)


def _stamp_name(lock: str) -> str:
    return f"{Path(lock).name}.stamp"


def _stamp(root: Path, lock: str) -> str:
    """As the launchers compute it: the lock file's checksum, and where the checkout is (it may be moved)."""
    with open(root / lock, "rb") as content:
        checksum = subprocess.run(["cksum"], stdin=content, capture_output=True, text=True, check=True).stdout.strip()
    return f"{checksum} {root}"


def _clear(venv: Path) -> None:
    if venv.exists() and any(venv.iterdir()):
        if not (venv / OURS).exists() and not (venv / "pyvenv.cfg").exists():
            raise CannotBuild(f"{venv} is no environment of Python's: remove it or name another in HYPERPANEL_VENV.")
        shutil.rmtree(venv)
    venv.mkdir(exist_ok=True)
    (venv / OURS).touch()


def _fill(venv: Path, lock: Path) -> None:
    if shutil.which("uv"):
        if _with_uv(venv, lock):
            return
        _say("uv could not do it (it does not read pip's settings); trying pip …")
        _clear(venv)
    _with_pip(venv, lock)


# --- uv ----------------------------------------------------------------------------------------------------------


def _with_uv(venv: Path, lock: Path) -> bool:
    install = ["--require-hashes", "--no-deps", "--compile-bytecode", "--python", str(venv / "bin/python")]
    return (_has_python(venv) or _uv("venv", "--quiet", "--allow-existing", "--python", _base(), str(venv))) and _uv(
        "pip", "install", *install, "-r", str(lock)
    )


def _uv(*words: str) -> bool:
    output = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "env": os.environ | UV}
    with subprocess.Popen(["uv", *words], **output) as run:  # type: ignore[call-overload]
        for line in run.stderr:
            if not line.startswith((" + ", " - ", " ~ ")):  # each package it installed: more than one asks to know
                _say(f"  {line.rstrip()}")
    return bool(run.returncode == 0)


# --- pip ---------------------------------------------------------------------------------------------------------


def _with_pip(venv: Path, lock: Path) -> None:
    pip = _pip(venv)
    options = ["--no-user", "--no-input", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    log = venv / "install.log"
    if not _counted([*pip, "install", *options, "-r", str(lock)], log, total=_packages(lock)):
        told = [line for line in log.read_text(errors="replace").splitlines() if not line.startswith("Ignoring ")]
        last = "".join(f"  {line}\n" for line in told[-6:])
        raise CannotBuild(f"{last}The packages could not be installed (see {log}). Is the package index reachable?")


def _pip(venv: Path) -> list[str]:
    """Debian keeps ensurepip in a package of its own; its pip, if it is there, can fill an environment without one."""
    own, host = [str(venv / "bin/python"), "-I", "-m"], [_base(), "-I", "-m"]
    if _has_python(venv) or _succeeds([*host, "venv", "--without-pip", str(venv)]):
        if _succeeds([*own, "pip", "--version"]) or _succeeds([*own, "ensurepip"]):
            return [*own, "pip"]
        if _succeeds([*host, "pip", "--version"]):
            return [*host, "pip", "--python", str(venv)]
    raise CannotBuild(NO_PIP)


def _counted(command: Sequence[str], log: Path, total: int) -> bool:
    """Run pip, whose many lines go to the log; a line now and then tells how far it is."""
    seen = 0
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with log.open("w", buffering=1) as kept, subprocess.Popen(command, **output) as run:  # type: ignore[call-overload]
        for line in run.stdout:
            kept.write(line)
            fetched = line.startswith(("Collecting ", "Processing "))
            seen += fetched
            if fetched and seen % 10 == 0:
                _say(f"  {seen} of about {total} packages fetched")
            if line.startswith("Installing collected"):
                _say("  installing and compiling them …")
    return bool(run.returncode == 0)


def _packages(lock: Path) -> int:
    return sum("==" in line for line in lock.read_text().splitlines())


# --- Either ------------------------------------------------------------------------------------------------------


def _base() -> str:
    """The interpreter itself, never a link: `python3` may be another version after the system's next upgrade."""
    return os.path.realpath(sys.executable)


def _has_python(venv: Path) -> bool:
    return (venv / "bin/python").exists()


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _link(root: Path, venv: Path) -> None:
    """What an editable install comes to, without a build tool to download for it."""
    ask = [str(venv / "bin/python"), "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    folder = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    (Path(folder) / "hyperpanel.pth").write_text(f"{root}\n")
    rooms = [str(root / room) for room in ("hyperpanel", "sync", "reports")]
    subprocess.run([str(venv / "bin/python"), "-I", "-m", "compileall", "-q", *rooms], capture_output=True, check=False)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    except CannotBuild as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        _say("Interrupted: the next start sets it up again from the beginning.")
        sys.exit(130)
