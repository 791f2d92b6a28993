"""The other half of the seeds: a process of the tests takes a file as a whole, and this is the longest of all."""

import pytest

from tests.simulation.test_seeds import FURTHER, QUICK, WHOLE, lived


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", range(QUICK, FURTHER))
def test_no_invariant_is_broken_in_a_hundred_further_worlds(run_folder, number):
    lived(run_folder, number)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", range(FURTHER + 1, WHOLE, 2))
def test_no_invariant_is_broken_in_the_other_half_of_twenty_thousand_worlds(run_folder, number):
    lived(run_folder, number)
