"""Runs of the evaluation set as they are kept: one at a time for the same question, stopped by anybody, given up when silent."""

from datetime import timedelta

from hyperpanel.db import ai_scores
from hyperpanel.db.ai_scores import Of
from tests.support.staged import NOON

OF = Of("intent", "a" * 32, "compatible", "canned", "c" * 32)
LATER = NOON + ai_scores.SILENT


async def begun(database, of=OF, holder="one", at=NOON):
    async with database.write() as connection:
        return await ai_scores.begin(connection, of, 40, "ana", holder, at)


async def told(database, run_id, holder="one", done=3, at=NOON):
    async with database.write() as connection:
        return await ai_scores.tell(connection, run_id, holder, done, at)


async def ended(database, run_id, state=ai_scores.DONE, result="{}", holder="one", at=NOON):
    async with database.write() as connection:
        await ai_scores.end(connection, run_id, holder, state, 40, result, None, at)


async def one(database, run_id):
    return await database.read(lambda connection: ai_scores.one(connection, run_id))


async def test_the_same_is_begun_once(database):
    assert await begun(database)
    assert await begun(database, holder="two") is None
    assert await begun(database, Of("intent", "b" * 32, "compatible", "canned", "c" * 32), "two")


async def test_one_that_ended_can_be_begun_again(database):
    first = await begun(database)
    await ended(database, first)
    assert await begun(database, holder="two") not in (None, first)


async def test_a_silent_one_is_given_up_and_its_holder_hears_so(database):
    first = await begun(database)
    assert await begun(database, holder="two", at=LATER)
    assert ((await one(database, first)).state, (await one(database, first)).problem) == ("failed", "interrupted")
    assert not await told(database, first, at=LATER)


async def test_one_that_speaks_is_under_way(database):
    first = await begun(database)
    assert await told(database, first, done=7, at=LATER - timedelta(seconds=1))
    assert (await one(database, first)).is_under_way(LATER)
    assert (await one(database, first)).done == 7
    assert await begun(database, holder="two", at=LATER) is None


async def test_stopped_by_anybody_it_ends_with_what_it_has(database):
    first = await begun(database)
    async with database.write() as connection:
        assert await ai_scores.stop(connection, first)
    assert not await told(database, first)
    await ended(database, first, ai_scores.STOPPED, '{"some": 1}')
    assert ((await one(database, first)).state, (await one(database, first)).result) == ("stopped", '{"some": 1}')


async def test_nobody_else_ends_it(database):
    first = await begun(database)
    await ended(database, first, holder="two")
    assert (await one(database, first)).state == "running"


async def test_the_latest_that_came_to_something_counts(database):
    for at, result in enumerate(("first", "second", None)):
        run = await begun(database, holder=str(at), at=NOON + at * timedelta(hours=1))
        await ended(database, run, result=result, holder=str(at), at=NOON + at * timedelta(hours=1))
    found = await database.read(lambda connection: ai_scores.latest(connection, "intent", [OF.prompt, "other"]))
    assert {digest: run.result for digest, run in found.items()} == {OF.prompt: "second"}
    over_others = await database.read(
        lambda connection: ai_scores.latest(connection, "intent", [OF.prompt], cases="d" * 32)
    )
    assert over_others == {}
    kept = await database.read(lambda connection: ai_scores.kept(connection, "intent"))
    assert [run.result for run in kept] == ["second", "first"]


async def test_of_each_prompt_one_result_is_read(database):
    """A result is of hundreds of cases, and a prompt may be scored often."""
    for digest in "ababab":
        of = Of("intent", digest * 32, "compatible", "canned", "c" * 32)
        await ended(database, await begun(database, of))
    counted = Counted()
    wanted = ["a" * 32, "b" * 32]
    found = await database.read(lambda connection: ai_scores.latest(counted.of(connection), "intent", wanted))
    assert [found[digest * 32].id for digest in "ab"] == [5, 6]
    assert counted.rows == 2


class Counted:
    """A connection that counts the rows it gives."""

    rows = 0

    def of(self, connection):
        self.connection = connection
        return self

    def execute(self, asked):
        found = self.connection.execute(asked).all()
        self.rows += len(found)
        return found
