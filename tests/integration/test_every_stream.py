"""All streams of panels with any two habits together, held against the truth: at first, after a day, and after lists moved while they were read.

Each fleet has three panels with habits of their own, so that one run covers three rows of the pairs.
"""

import pytest

from tests.support.lives import A_TENTH, OF_EACH, ROWS, lived

FLEETS = [ROWS[first : first + 3] for first in range(0, len(ROWS), 3)]


@pytest.mark.parametrize("number", range(len(FLEETS)))
async def test_the_cache_is_true_for_any_two_habits_together(tmp_path, number):
    await lived(tmp_path, FLEETS[number], A_TENTH)


@pytest.mark.full
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("number", range(len(FLEETS)))
async def test_any_two_habits_of_panels_with_20_000_orders(tmp_path, number):
    await lived(tmp_path, FLEETS[number], OF_EACH)
