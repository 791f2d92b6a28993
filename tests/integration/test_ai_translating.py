"""A long message over real HTTP: what was answered of it is kept, so that asking again pays for the missing part alone."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from hyperpanel.ai import prompts, translating
from hyperpanel.ai.answers import Wanted, answered
from hyperpanel.ai.asks import About, AiTrouble
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.translating import Task
from hyperpanel.db.ai_answers import Answer
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import ai_settings
from tests.support.ai_desks import Served, ai_served, desk_of
from tests.support.staged import cast

PANEL = 1
PROMPT = prompts.built_in("translate")
ABOUT = About("translate", "ana", panel_id=PANEL, ticket_id="77")
pytestmark = [pytest.mark.loopback, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
TEXT = "\n\n".join(f"{nth} the order has not been delivered and we wait " + "for days " * 90 for nth in range(24))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with ai_served() as made:
        yield made


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database(address(database_url, Path.cwd()))
    await cast(made)
    yield made
    await made.close()


async def pressed(desk: Desk, heard: list[str]) -> Answer:
    make = partial(translating.make, desk, ABOUT, PROMPT, Task(TEXT, "en"))
    return await answered(desk, Wanted("translate", PANEL, "77", TEXT, "en", PROMPT, "ana"), make, heard.append)


async def test_a_part_that_was_answered_is_not_asked_for_again(served, database):
    desk = await desk_of(database, served.url, panel_ids=[PANEL], day_tokens=16_000)
    count, heard = len(translating.parts(TEXT)), list[str]()
    with pytest.raises(AiTrouble) as trouble:
        await pressed(desk, heard)
    assert trouble.value.kind == "day_budget"
    paid = len(served.bench.asked)
    assert 0 < paid < count
    async with database.write() as connection:
        await connection.execute(update(ai_settings).values(day_tokens=None))
    answer = await pressed(desk, heard)
    assert len(served.bench.asked) == count
    assert [(answer.answer or {})["text"].count(word) for word in ("the order has", "days")] == [24, 24 * 90]
    assert await pressed(desk, heard) == answer
    assert heard[-1] in (answer.answer or {})["text"]
