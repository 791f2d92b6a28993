"""What this machine may lack, and what the tests say when it does.

A person without PostgreSQL or Chromium still gets an answer for all the rest, with the gap named at the end; where
the answer decides something (HYPERPANEL_STRICT, CI) the gap is a failure.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

NOT_CHECKED = "not checked here: "
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRES_HOMES = ("/usr/lib/postgresql", "/usr/local/opt/postgresql", "/opt/homebrew/opt/postgresql")


MEMORY = Path("/dev/shm")  # noqa: S108 -- the folders made there have names of their own
ROOM = 4 << 30


def scratch() -> str | None:
    """A folder in memory, if there is one with room where programs may run: a disk takes milliseconds to hold a commit, and the tests make
    tens of thousands. Else /tmp, since a socket's path is limited to 107 bytes, or what the system says."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        found = os.statvfs(MEMORY)
        if found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC:
            return str(MEMORY)
    return "/tmp" if os.path.isdir("/tmp") else None  # noqa: S108


def is_strict() -> bool:
    return os.environ.get("HYPERPANEL_STRICT") == "1" or os.environ.get("CI") == "true"


def missing(what: str) -> NoReturn:
    """End the test that needs `what`: skipped and listed at the end, or failed when strict."""
    if is_strict():
        pytest.fail(f"{NOT_CHECKED}{what}", pytrace=False)
    pytest.skip(f"{NOT_CHECKED}{what}")


def chromium() -> str:
    named = os.environ.get("HYPERPANEL_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or missing("browser tests: no Chromium (apt-get install chromium, or set HYPERPANEL_CHROMIUM)")


def spreadsheet() -> str:
    return shutil.which("soffice") or missing(
        "what a spreadsheet makes of exports: no LibreOffice (apt-get install libreoffice-calc-nogui)"
    )


def postgres_binaries() -> Path:
    """The folder with initdb and postgres: Debian keeps them off PATH, one folder for each version."""
    homes = [binary for home in POSTGRES_HOMES for binary in Path(home).glob("**/bin/initdb")]
    on_path = shutil.which("initdb")
    found = sorted(homes, key=_version)[-1:] or ([Path(on_path).resolve()] if on_path else [])
    if not found:
        missing("PostgreSQL: no initdb (apt-get install postgresql, or set HYPERPANEL_TEST_POSTGRES to a server)")
    return found[0].parent


def _version(binary: Path) -> float:
    digits = binary.parent.parent.name.replace("postgresql@", "")
    return float(digits) if digits.replace(".", "", 1).isdigit() else 0.0
