"""Everything that must hold, one line and one time each; `.ci/run` runs the same.

  bin/test                       all of it, the browser tests too
  bin/test --full                the long suites as well
  bin/test tests/sync -k cursor  pytest alone, with these arguments

What this machine lacks (PostgreSQL, Chromium) is listed at the end and is no failure; with HYPERPANEL_STRICT=1 it is.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
WORKERS = min(4, max(2, os.cpu_count() or 2))

CHECKS = {
    "format": ["ruff", "format", "--check", "--output-format", "concise", "."],
    "lint": ["ruff", "check", "--output-format", "concise", "."],
    "types": ["mypy"],
    "arrows": ["lint-imports", "--no-logo"],
    "templates": ["djlint", "templates", "--lint", "--check"],
}


def main(arguments: Sequence[str]) -> int:
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a background job starts with it ignored
        signal.signal(number, _interrupt)
    if set(arguments) - {"--full"}:
        os.chdir(ROOT)
        os.execv(TOOLS / "pytest", ["pytest", *arguments])  # noqa: S606 -- in its place, so that --pdb has the terminal
    failed = [name for name, command in CHECKS.items() if not _check(name, command)]
    started = time.monotonic()
    if _run(["pytest", "-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder", *arguments]):
        failed.append("tests")
    print(_line("tests", "tests" not in failed, started))
    if failed:
        print(f"Failed: {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


def _check(name: str, command: Sequence[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(_tool(command), cwd=ROOT, capture_output=True, text=True, check=False)
    print(_line(name, done.returncode == 0, started), flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def _run(command: Sequence[str]) -> int:
    """Run in the open, in a group of its own: whatever ends this program ends all of that first, in its good order."""
    running = subprocess.Popen(_tool(command), cwd=ROOT, process_group=0)
    try:
        return running.wait()
    except KeyboardInterrupt:
        for number, patience in ((signal.SIGINT, 20), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(running.pid, number)
                running.wait(patience)
        return 130


def _tool(command: Sequence[str]) -> list[str]:
    return [str(TOOLS / command[0]), *command[1:]]


def _line(name: str, passed: bool, started: float) -> str:
    return f"{name:<10} {'passed' if passed else 'FAILED'} {time.monotonic() - started:6.1f} s"


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
