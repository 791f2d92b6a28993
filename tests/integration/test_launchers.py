"""The launchers in a checkout of their own, whose lock names no package: what they do around the installation."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hyperpanel.paths import ROOT

PROGRAM = "import sys, sync; print('started', *sys.argv[1:])\n"


def bare() -> dict[str, str]:
    """Without what this run's own program and installation are told by."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("HYPERPANEL_", "PYTHON"))}


def launch(
    checkout: Path, *words: str, folder: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    command = [str(checkout / "bin" / "hyperpanel"), *words]
    return subprocess.run(command, env=bare() | variables, cwd=folder, capture_output=True, text=True, check=False)


def make_checkout(at: Path) -> Path:
    shutil.copytree(ROOT / "bin", at / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    for room in ("hyperpanel", "sync", "reports"):
        (at / room).mkdir()
        (at / room / "__init__.py").touch()
    (at / "hyperpanel" / "__main__.py").write_text(PROGRAM)
    (at / "requirements.lock").write_text("# nothing\n")
    return at


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    checkout = make_checkout(tmp_path_factory.mktemp("with a space") / "checkout")
    first = launch(checkout, "orders", "a b")
    assert first.stdout == "started orders a b\n", first.stderr
    assert "Setting up" in first.stderr
    return checkout


def test_the_second_start_sets_nothing_up(built):
    assert launch(built).stderr == ""


def test_it_starts_from_any_folder_and_by_a_link(built, tmp_path):
    (tmp_path / "sync.py").write_text("raise SystemExit('the wrong sync')")
    (tmp_path / "link").symlink_to(built / "bin" / "hyperpanel")
    linked = subprocess.run([tmp_path / "link"], cwd=tmp_path, env=bare(), capture_output=True, text=True, check=False)
    assert linked.stdout == "started\n"


def test_an_interrupted_set_up_is_begun_again(built):
    (built / ".venv" / "requirements.lock.stamp").unlink()
    (built / ".venv" / "half-installed").touch()
    assert launch(built).stdout == "started\n"
    assert not (built / ".venv" / "half-installed").exists()


def test_two_starts_on_a_changed_lock_set_up_once(built):
    (built / "requirements.lock").write_text("# still nothing\n")
    command = [built / "bin" / "hyperpanel"]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, env=bare(), stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    told = [process.communicate() for process in both]
    assert [out for out, _ in told] == ["started\n", "started\n"]
    assert sum("Ready" in error for _, error in told) == 1


def test_a_folder_that_is_no_environment_is_left_alone(built, tmp_path):
    (tmp_path / "mine.txt").touch()
    refused = launch(built, HYPERPANEL_VENV=str(tmp_path))
    assert (refused.returncode, (tmp_path / "mine.txt").exists()) == (1, True)
    assert "is no environment of Python's" in refused.stderr


def test_no_fitting_python_is_one_sentence(built, tmp_path):
    refused = launch(built, HYPERPANEL_VENV=str(tmp_path / "new"), HYPERPANEL_PYTHON="no-such-python")
    assert refused.returncode == 1
    assert refused.stderr.startswith("hyperpanel needs Python 3.11 or newer")
