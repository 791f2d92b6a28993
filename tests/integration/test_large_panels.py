"""Three panels of a common size, each with habits of its own, held truly through all that a day brings."""

import pytest

from tests.support.lives import OF_EACH, ROWS, TEN_TIMES, lived

LARGE_PAGES = [row for row in ROWS if row["page_cap"] == 1000][:3]


@pytest.mark.timeout(600)
async def test_three_panels_of_20_000_orders_are_held_truly_through_all_of_it(tmp_path):
    await lived(tmp_path, LARGE_PAGES, OF_EACH)


@pytest.mark.full
@pytest.mark.timeout(7200)
async def test_three_panels_of_200_000_orders(tmp_path):
    await lived(tmp_path, LARGE_PAGES, TEN_TIMES)
