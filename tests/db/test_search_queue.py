"""What is queued for the index: what is new, came back, has another text or is gone, and nothing else."""

import msgspec
import pytest

from hyperpanel.db import search_indexing, search_parts, search_queue
from hyperpanel.db import users as users_of
from hyperpanel.db.schema import text_queue, texts
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.search_texts import sought
from tests.support.kits import kit_over
from tests.support.records import batch, order, user

pytestmark = pytest.mark.loopback


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


def queued(kit) -> list[list[str]]:
    asked = EVERYTHING.select(text_queue.c.ids).order_by(text_queue.c.number)
    return [msgspec.json.decode(ids) for ids in kit.database.read_now(lambda c: c.scalars(asked).all())]


async def index(kit) -> None:
    while await kit.change(search_indexing.step):
        pass


async def test_a_page_is_one_row_with_its_new_records(kit):
    await kit.read(batch(1, order("1"), order("2", link=None)))
    assert queued(kit) == [["1", "2"]]
    assert kit.database.read_now(lambda c: search_queue.behind(c, EVERYTHING)) == 2
    assert kit.database.read_now(lambda c: search_queue.behind(c, Scope(frozenset({99})))) == 0


async def test_a_change_that_no_text_has_is_not_queued(kit):
    await kit.read(batch(1, order("1", status="pending")))
    await index(kit)
    await kit.read(batch(2, order("1", status="completed")))
    assert queued(kit) == []
    await kit.read(batch(30, order("1", link="https://another.example")))
    assert queued(kit) == [["1"]]


async def test_a_renamed_customer_is_found_by_both_names(kit):
    customers = kit.of("users")
    await customers.read(batch(1, user("7", username="before")))
    await index(kit)
    await customers.read(batch(2, user("7", username="afterwards")))
    assert queued(kit) == [["7"]]
    await index(kit)
    for part in map(sought, ("befor", "wards")):
        assert part
        found = kit.database.read_now(lambda c, part=part: search_parts.find(c, EVERYTHING, users_of.LISTING, part, 5))
        assert [line.id for line in found.lines] == ["7"]


async def test_a_large_page_is_indexed_in_steps_that_can_be_broken_off(kit):
    await kit.read(batch(1, *(order(str(n)) for n in range(10))))
    assert await kit.change(lambda c: search_indexing.step(c, 4)) == 4
    assert queued(kit) == [[str(n) for n in range(4, 10)]]
    assert kit.database.read_now(lambda c: search_queue.behind(c, EVERYTHING)) == 6
    await index(kit)
    assert len(kit.database.read_now(lambda c: c.execute(EVERYTHING.select(texts.c.number)).all())) == 10


async def test_small_pages_of_one_feed_are_indexed_together(kit):
    for number in range(1, 5):
        await kit.read(batch(number, order(str(number))))
    assert await kit.change(search_indexing.step) == 4
    assert queued(kit) == []
