"""The errand that indexes texts: until nothing is queued, or its time is over."""

import pytest

from hyperpanel.db import search_queue
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support.search_upkeep import catch_up
from tests.support.kits import kit_over
from tests.support.records import batch, order

pytestmark = pytest.mark.loopback


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        await made.read(batch(1, *(order(str(number)) for number in range(400))))
        yield made


def waiting(kit) -> int:
    return int(kit.database.read_now(lambda c: search_queue.behind(c, EVERYTHING)))


async def test_it_works_until_nothing_is_queued(kit):
    assert await catch_up(kit.database) == 400
    assert waiting(kit) == 0
    assert await catch_up(kit.database) == 0


async def test_what_its_time_is_too_short_for_waits_for_the_next(kit):
    assert await catch_up(kit.database, longest=0.0) == 0
    assert waiting(kit) == 400
