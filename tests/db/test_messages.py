"""A conversation on both systems: a page at a time from its end, each body as long as is asked for."""

import pytest
from sqlalchemy import insert

from hyperpanel.db import messages
from hyperpanel.db.messages import LONGEST, Place
from hyperpanel.db.schema import message_versions
from hyperpanel.db.schema import messages as table
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.conversations import edited, said

pytestmark = pytest.mark.usefixtures("only_scoped")


@pytest.fixture
async def talked(database):
    async with database.write() as connection:
        await connection.execute(insert(table), [said(place) for place in range(12)])
        await connection.execute(insert(table), [said(3, ticket="256"), said(5, panel="us-2")])
        await connection.execute(insert(message_versions), [edited(4, "old", number=1), edited(4, "newer", number=2)])
    return database


def page(database, before=None, limit=5, whole="", scope=EVERYTHING):
    return database.read_now(lambda c: messages.page(c, scope, 1, "255", before, whole, limit))


async def test_the_last_messages_come_oldest_first(talked):
    assert [one.place for one in page(talked)] == [7, 8, 9, 10, 11]


async def test_earlier_ones_follow_without_gap_or_repeat(talked):
    first = page(talked)
    second = page(talked, Place(first[0].place, first[0].id))
    assert [one.place for one in second] == [2, 3, 4, 5, 6]


async def test_two_in_one_place_are_told_apart(database):
    async with database.write() as connection:
        await connection.execute(insert(table), [said(1) | {"id": name} for name in "abc"])
    assert [one.id for one in page(database, limit=2)] == ["b", "c"]
    assert [one.id for one in page(database, Place(1, "b"))] == ["a"]


async def test_a_body_comes_cut_unless_it_is_asked_for_whole(database):
    async with database.write() as connection:
        await connection.execute(insert(table), [said(1, "ş" * (LONGEST + 9)), said(2, "short")])
    long, short = page(database)
    assert (len(long.body), long.size, long.is_cut, short.is_cut) == (LONGEST, LONGEST + 9, True, False)
    assert not page(database, whole=long.id)[0].is_cut


async def test_a_conversation_of_a_foreign_panel_is_silent(talked):
    assert page(talked, scope=Scope(frozenset({2}))) == []
    ids = [one.id for one in page(talked, limit=20)]
    assert talked.read_now(lambda c: messages.versions(c, Scope(frozenset({2})), 1, "255", ids)) == []


async def test_what_was_said_before_comes_newest_first(talked):
    ids = [one.id for one in page(talked, limit=20)]
    found = talked.read_now(lambda c: messages.versions(c, EVERYTHING, 1, "255", ids))
    assert [one.body for one in found] == ["newer", "old"]


async def test_one_is_found_in_its_own_thread_and_scope_alone(talked):
    def one(ticket: str, place: int, scope: Scope = EVERYTHING, panel: int = 1) -> messages.Message | None:
        found: messages.Message | None = talked.read_now(
            lambda c: messages.one(c, scope, panel, ticket, f"{place:032x}")
        )
        return found

    assert one("255", 4) == page(talked, limit=8)[0]
    assert [one("256", 4), one("255", 4, Scope(frozenset({2}))), one("255", 4, panel=2), one("255", 99)] == [None] * 4
