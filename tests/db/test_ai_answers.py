"""Who may ask, on both systems: the first, then nobody, then anybody when it failed or fell silent."""

from datetime import datetime, timedelta

from hyperpanel.db import ai_answers
from hyperpanel.db.ai_answers import LOOKED_AT, SILENT, Answer
from hyperpanel.db.engine import Database
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.records import NOON


def answer(key: str = "k", at: datetime = NOON, ticket_id: str = "77", panel_id: int = 1) -> Answer:
    told = (key, "translate", ticket_id, "digest", "en", "prompt", "asking")
    return Answer(panel_id, *told, None, None, None, None, "ana", at)


async def claim(database: Database, wanted: Answer, holder: str) -> bool:
    async with database.write() as connection:
        return await ai_answers.claim(connection, wanted, holder)


async def end(database: Database, holder: str, **values: object) -> bool:
    return await database.commit(lambda connection: ai_answers.end(connection, 1, "k", holder, **values))


async def of_ticket(database: Database, scope: Scope = EVERYTHING) -> list[Answer]:
    return await database.read(lambda connection: ai_answers.of_ticket(connection, scope, 1, "77", "translate"))


async def test_the_first_asks_and_nobody_else(database):
    assert await claim(database, answer(), "a")
    assert not await claim(database, answer(), "b")
    assert not await claim(database, answer(at=NOON + SILENT / 2), "b")


async def test_one_that_fell_silent_is_taken_over_and_can_end_nothing_after_that(database):
    await claim(database, answer(), "a")
    assert await claim(database, answer(at=NOON + SILENT), "b")
    assert not await end(database, "a", state="done", answer={"text": "late"})
    assert await end(database, "b", state="done", answer={"text": "in time \u0000"})
    [held] = await of_ticket(database)
    assert (held.state, held.answer) == ("done", {"text": "in time \u0000"})


async def test_whoever_says_that_it_is_there_keeps_it(database):
    await claim(database, answer(), "a")
    async with database.write() as connection:
        assert await ai_answers.still_asking(connection, 1, "k", "a", NOON + SILENT / 2)
        assert not await ai_answers.still_asking(connection, 1, "k", "b", NOON)
    assert not await claim(database, answer(at=NOON + SILENT), "b")


async def test_a_failure_is_no_obstacle_and_is_forgotten_when_it_is_asked_anew(database):
    await claim(database, answer(), "a")
    await end(database, "a", state="failed", problem="cut")
    assert [held.problem for held in await of_ticket(database)] == ["cut"]
    assert await claim(database, answer(), "b")
    assert [(held.state, held.problem) for held in await of_ticket(database)] == [("asking", None)]


async def test_what_is_done_is_not_asked_again_however_old(database):
    await claim(database, answer(), "a")
    await end(database, "a", state="done", answer={})
    assert not await claim(database, answer(at=NOON + timedelta(days=99)), "b")


async def test_a_scope_sees_its_own_panels_answers_the_latest_first(database):
    await claim(database, answer("old"), "a")
    await claim(database, answer("new", NOON + timedelta(minutes=1)), "a")
    await claim(database, answer("elsewhere", panel_id=2), "a")
    await claim(database, answer("of another ticket", ticket_id="78"), "a")
    assert [held.key for held in await of_ticket(database)] == ["new", "old"]
    assert await of_ticket(database, Scope(frozenset({2}))) == []


async def test_of_a_ticket_the_latest_are_read_and_no_more_and_failures_take_no_place_of_theirs(database):
    async with database.write() as connection:
        for number in range(LOOKED_AT + 5):
            await ai_answers.claim(connection, answer(f"k{number}", NOON + timedelta(minutes=number)), "a")
    found = await of_ticket(database)
    assert [held.key for held in found] == [f"k{number}" for number in reversed(range(5, LOOKED_AT + 5))]
    await claim(database, answer(), "a")
    await end(database, "a", state="done", answer={})
    [held] = await database.read(lambda found: ai_answers.of_ticket(found, EVERYTHING, 1, "77", "translate", "done"))
    assert held.key == "k"


async def test_what_nobody_used_for_long_is_forgotten_on_its_panel_alone(database):
    await claim(database, answer(), "a")
    await claim(database, answer("elsewhere", panel_id=2), "a")
    async with database.write() as connection:
        assert await ai_answers.forget(connection, 1, NOON) == 0
        assert await ai_answers.forget(connection, 1, NOON + timedelta(seconds=1)) == 1
    assert await of_ticket(database) == []
