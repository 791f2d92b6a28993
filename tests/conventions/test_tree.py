"""The tree keeps its shape (DESIGN: the root is fixed), and says nothing about the machines it was made on."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

from hyperpanel.paths import ROOT

AT_THE_ROOT = {
    "CHANGELOG.md",
    "README.md",
    "bin",
    "config.example.toml",
    "hyperpanel",
    "pyproject.toml",
    "reports",
    "requirements.lock",
    "static",
    "sync",
    "templates",
    "tests",
}
NOT_ROOMS = {"__init__", "__main__", "locale"}
FOREIGN = ("static/vendor/", "tests/web/vendor/")
HOMES = re.compile(r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+)/")
# In two pieces each, so that this file does not find itself.
INDEXES = re.compile("|".join(["py" + r"pi\.", "python" + "hosted", r"registry\." + "npm", r"deb\." + "debian"]))


@cache
def files() -> list[str]:
    """What is, or would be, committed; in an unpacked archive, all that does not hide."""
    if not (ROOT / ".git").exists():
        return [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file() and not hides(path)]
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def hides(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(ROOT).parts)


def texts() -> dict[str, str]:
    own = [name for name in files() if not name.startswith(FOREIGN)]
    contents = {name: (ROOT / name).read_bytes() for name in own}
    return {name: data.decode("utf-8") for name, data in contents.items() if b"\0" not in data}


def test_the_root_holds_nothing_new():
    assert {Path(name).parts[0] for name in files() if not name.startswith(".")} - AT_THE_ROOT == set()


def test_every_room_has_its_place_in_the_import_contract():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    placed = re.findall(r"hyperpanel\.(\w+)", " ".join(tools["importlinter"]["contracts"][0]["layers"]))
    rooms = {Path(name).parts[1].removesuffix(".py") for name in files() if name.startswith("hyperpanel/")}
    assert rooms - set(placed) - NOT_ROOMS == set()


def test_no_package_among_the_tests_hides_one_of_ours():
    assert [name for name in files() if name.startswith("tests/") and name.endswith("__init__.py")] == []


def test_no_path_of_a_machine_is_written_down():
    assert {name: HOMES.findall(text) for name, text in texts().items() if HOMES.search(text)} == {}


def test_no_package_index_is_named():
    assert {name for name, text in texts().items() if INDEXES.search(text)} == set()


def test_the_launchers_can_be_run():
    assert [
        name for name in ("bin/hyperpanel", "bin/demo", "bin/test") if not (ROOT / name).stat().st_mode & 0o100
    ] == []
