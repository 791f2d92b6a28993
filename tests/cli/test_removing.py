"""`panel remove`: asks, names what goes, and leaves nothing."""

import os
import subprocess
import sys

import pytest

from hyperpanel.paths import ROOT

pytestmark = pytest.mark.loopback


@pytest.fixture
def read(home, eu):
    home.attach(eu)
    home.done("sync", "--since", "400d")
    return home


def test_everything_of_the_panel_goes(read):
    assert "eu-1 was removed, with 4" in read.done("panel", "remove", "eu-1", "--yes")
    assert read.told("panel", "list") == []


def test_a_removed_panel_can_be_attached_again(read, eu):
    read.done("panel", "remove", "eu-1", "--yes")
    assert "eu-1 is attached" in read.attach(eu)


def test_without_a_terminal_it_must_be_told_to(read):
    sentence = read.refused("panel", "remove", "eu-1")
    assert "orders" in sentence
    assert "add --yes" in sentence
    assert len(read.told("panel", "list")) == 1


@pytest.mark.parametrize(("typed", "left"), [("no", 1), ("eu-1", 0)])
def test_on_a_terminal_the_name_is_typed(read, typed, left):
    ours, theirs = os.openpty()
    command = [sys.executable, "-P", "-m", "hyperpanel", "panel", "remove", "eu-1"]
    os.write(ours, f"{typed}\n".encode())
    done = subprocess.run(
        command, stdin=theirs, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    )
    os.close(ours)
    os.close(theirs)
    assert (done.returncode, len(read.told("panel", "list"))) == (0, left)
    assert "This removes eu-1 with" in done.stderr


def test_it_leaves_an_audit_row(read, audit):
    read.done("panel", "remove", "eu-1", "--yes")
    assert audit()[-2:] == ["panel-remove eu-1", "panel-removed eu-1"]


def test_scripts_are_told_what_went(read):
    told = read.told("panel", "remove", "eu-1", "--yes")
    assert (told["panel"], told["removed"], told["orders"]) == ("eu-1", True, 400)
