"""Prompts as they are kept: versions for good, one in use of each purpose, and a deleted one back within a day."""

import asyncio
from datetime import timedelta

import pytest

from hyperpanel.ai import prompts
from hyperpanel.db import ai_prompts
from hyperpanel.db.ai_prompts import RECALL, TitleTaken, Wording
from hyperpanel.errors import Missing
from tests.support.staged import NOON

FIRST = Wording("", "", "one", "")
SECOND = Wording("openai", "m", "two", "{{text}}")


@pytest.fixture
async def made(database):
    """Two for intents, and one for translations."""
    async with database.write() as connection:
        for purpose, title in (("intent", "Plain"), ("intent", "Strict"), ("translate", "Plain")):
            await ai_prompts.add(connection, purpose, title, FIRST, "max", NOON)
    return database


async def used(database, purpose="intent"):
    return (await database.read(lambda found: prompts.in_use(found, purpose))).title


async def test_a_title_is_taken_once_for_each_purpose(made):
    with pytest.raises(TitleTaken):
        async with made.write() as connection:
            await ai_prompts.add(connection, "intent", "  PLAIN ", FIRST, "max", NOON)
    async with made.write() as connection:
        await ai_prompts.add(connection, "analyze", "Plain", FIRST, "max", NOON)
    listed = await made.read(ai_prompts.all_of)
    assert [(one.purpose, one.title) for one in listed] == [
        ("analyze", "Plain"),
        ("intent", "Plain"),
        ("intent", "Strict"),
        ("translate", "Plain"),
    ]


async def test_each_change_is_a_version_that_stays(made):
    async with made.write() as connection:
        assert await ai_prompts.change(connection, 1, 1, "Plainer", SECOND, "ana", NOON)
    both = await made.read(lambda found: ai_prompts.history(found, 1))
    assert [(one.version, one.wording, one.by) for one in both] == [(2, SECOND, "ana"), (1, FIRST, "max")]
    assert {(one.title, one.latest) for one in both} == {("Plainer", 2)}
    first = await made.read(lambda found: prompts.one(found, 1, 1))
    assert (first.version, first.system) == (1, f"one\n\n{prompts.RULES}")
    latest = await made.read(lambda found: prompts.one(found, 1))
    assert (latest.version, latest.provider, latest.model) == (2, "openai", "m")


async def test_a_change_needs_the_version_that_was_seen(made):
    async with made.write() as connection:
        assert await ai_prompts.change(connection, 1, 1, "Plain", SECOND, "ana", NOON)
        assert not await ai_prompts.change(connection, 1, 1, "Plain", FIRST, "max", NOON)
    with pytest.raises(TitleTaken):
        async with made.write() as connection:
            await ai_prompts.change(connection, 1, 2, "strict", FIRST, "max", NOON)


async def test_of_each_purpose_one_is_in_use_or_the_built_in_one(made):
    assert await used(made) == ""
    async with made.write() as connection:
        assert await ai_prompts.use(connection, "intent", 1)
        assert await ai_prompts.use(connection, "intent", 2)
        assert await ai_prompts.use(connection, "translate", 3)
    assert (await used(made), await used(made, "translate"), await used(made, "themes")) == ("Strict", "Plain", "")
    async with made.write() as connection:
        assert await ai_prompts.use(connection, "intent", None)
    assert (await used(made), await used(made, "translate")) == ("", "Plain")


async def test_one_of_another_purpose_or_a_deleted_one_is_not_used(made):
    async with made.write() as connection:
        assert not await ai_prompts.use(connection, "intent", 3)
        assert await ai_prompts.delete(connection, 1, NOON)
        assert not await ai_prompts.use(connection, "intent", 1)


async def test_two_at_once_leave_one_in_use(made):
    async def use(prompt_id):
        async with made.write() as connection:
            return await ai_prompts.use(connection, "intent", prompt_id)

    assert all(await asyncio.gather(use(1), use(2)))
    assert sum(one.in_use for one in await made.read(ai_prompts.all_of)) == 1


async def test_a_deleted_one_falls_back_to_the_built_in_and_comes_back_within_a_day(made):
    async with made.write() as connection:
        await ai_prompts.use(connection, "intent", 1)
        assert await ai_prompts.delete(connection, 1, NOON)
        assert not await ai_prompts.delete(connection, 1, NOON)
    assert await used(made) == ""
    assert [one.id for one in await made.read(ai_prompts.all_of)] == [2, 3]
    [gone] = await made.read(lambda found: ai_prompts.deleted(found, NOON))
    async with made.write() as connection:
        assert await ai_prompts.restore(connection, 1, gone.title, NOON + RECALL - timedelta(seconds=1))
        assert not await ai_prompts.restore(connection, 1, gone.title, NOON)
    assert [(one.id, one.in_use) for one in await made.read(ai_prompts.all_of)] == [(1, False), (2, False), (3, False)]


async def test_after_a_day_or_with_its_title_taken_it_stays_deleted(made):
    async with made.write() as connection:
        await ai_prompts.delete(connection, 1, NOON)
        assert not await ai_prompts.restore(connection, 1, "Plain", NOON + RECALL)
        await ai_prompts.add(connection, "intent", "plain", SECOND, "ana", NOON)
    assert await made.read(lambda found: ai_prompts.deleted(found, NOON + RECALL)) == []
    with pytest.raises(TitleTaken):
        async with made.write() as connection:
            await ai_prompts.restore(connection, 1, "Plain", NOON)


async def test_what_a_deleted_one_asked_can_still_be_read(made):
    async with made.write() as connection:
        await ai_prompts.delete(connection, 1, NOON)
    assert (await made.read(lambda found: prompts.one(found, 1, 1))).title == "Plain"
    with pytest.raises(Missing):
        await made.read(lambda found: prompts.one(found, 99))
    with pytest.raises(Missing):
        await made.read(lambda found: prompts.one(found, 2, 5))


async def test_held_is_the_latest_version(made):
    async with made.write() as connection:
        await ai_prompts.change(connection, 1, 1, "Plain", SECOND, "ana", NOON)
        latest = await ai_prompts.held(connection, 1)
        assert latest is not None
        assert latest.version == 2
        assert await ai_prompts.held(connection, 99) is None


async def test_a_list_is_of_those_in_use_and_the_last_changed(made, monkeypatch):
    monkeypatch.setattr(ai_prompts, "MOST", 2)
    async with made.write() as connection:
        await ai_prompts.use(connection, "intent", 1)
        await ai_prompts.change(connection, 2, 1, "Strict", SECOND, "ana", NOON + timedelta(hours=1))
    assert [one.title for one in await made.read(ai_prompts.all_of)] == ["Plain", "Strict"]
    assert await made.read(ai_prompts.count) == 3
    assert await made.read(ai_prompts.titles) == {1: "Plain", 2: "Strict", 3: "Plain"}


async def test_versions_come_some_at_a_time(made, monkeypatch):
    monkeypatch.setattr(ai_prompts, "VERSIONS", 2)
    async with made.write() as connection:
        for seen in (1, 2, 3):
            await ai_prompts.change(connection, 1, seen, "Plain", SECOND, "ana", NOON)
    pages = [await made.read(lambda found, before=before: ai_prompts.history(found, 1, before)) for before in (None, 3)]
    assert [[one.version for one in page] for page in pages] == [[4, 3], [2, 1]]
