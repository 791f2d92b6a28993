"""Seeded worlds in virtual time: the real engine over the real store, panels that lie and break off, and no invariant broken in any of them.

What fails is printed with its seed, and the command that lives it again. The faults that fired are counted over all processes of the run.
"""

import os
import subprocess
import sys

import pytest

from hyperpanel.paths import ROOT
from tests.simulation import coverage, seeds

CHUNK = 100
QUICK, FURTHER, WHOLE = 10, 20, 200
"""Chunks of this file, those up to which tests/simulation/test_further_seeds.py goes (so that two processes share them), and all."""


def chunk(number: int) -> range:
    return range(number * CHUNK, (number + 1) * CHUNK)


def lived(run_folder, number: int) -> None:
    found, fired = seeds.many(chunk(number), run_folder)
    coverage.write(run_folder, f"chunk-{number}", fired)
    assert found == [], "\n".join(found)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", range(QUICK))
def test_no_invariant_is_broken_in_a_hundred_worlds(run_folder, number):
    lived(run_folder, number)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", range(FURTHER, WHOLE, 2))
def test_no_invariant_is_broken_in_half_of_twenty_thousand_worlds(run_folder, number):
    lived(run_folder, number)


def story(seed: int, hashes: str) -> str:
    """Every line that a world tells of itself, in a process of its own."""
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed), "--trace"]
    told = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hashes}, capture_output=True, text=True, check=False
    )
    return told.stdout


def test_a_seed_tells_the_same_story_in_every_process():
    one, other = story(104, "1"), story(104, "2")
    assert one == other
    assert "everything heals" in one
