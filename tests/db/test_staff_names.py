"""Who somebody is in each panel, and who answers there."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.db import staff_names
from hyperpanel.db.schema import messages
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.support import staff_seen
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
EU = Scope(frozenset({1}))


async def said(database, *rows: tuple[str, bool, float], panel_id: int = 1) -> None:
    """Sender, whether of the staff, and how many days ago."""
    seen = {"observed": 1, "digest": 1, "fields": 1, "first_seen_at": NOON, "seen_at": NOON}
    made = [
        {
            "panel_id": panel_id,
            "ticket_id": "1",
            "id": str(number),
            "place": number,
            "sender": sender,
            "is_staff": is_staff,
            "body": "",
            "created_at": NOON - timedelta(days=days),
            **seen,
        }
        for number, (sender, is_staff, days) in enumerate(rows)
    ]
    async with database.write() as connection:
        await connection.execute(insert(messages), made)


def answering(database, panel_id=1):
    return database.read_now(lambda c: staff_names.answering(c, EVERYTHING, panel_id, NOON))


async def test_a_name_holds_in_its_panel_until_it_is_the_username_again(database):
    async with database.write() as connection:
        await staff_names.give(connection, 1, 3, "ben_support", "ana", NOON)
        await staff_names.give(connection, 1, 3, "Ben (day)", "ana", NOON)
        await staff_names.give(connection, 2, 3, "ben", "ana", NOON)
    assert database.read_now(lambda c: staff_names.given(c, EU)) == {(1, 3): "Ben (day)"}
    async with database.write() as connection:
        await staff_names.give(connection, 1, 3, "", "ana", NOON)
    assert database.read_now(lambda c: staff_names.given(c, EVERYTHING)) == {(2, 3): "ben"}


async def test_those_who_answered_lately_are_seen(database):
    await said(database, ("ana", True, 1), ("kadir", False, 1), ("ana", True, 3), ("old", True, 91), ("", True, 1))
    await said(database, ("max", True, 1), panel_id=2)
    assert answering(database) == {"ana": NOON - timedelta(days=1)}


async def test_only_the_last_messages_are_looked_through(database, monkeypatch):
    monkeypatch.setattr(staff_names, "MOST_MESSAGES", 2)
    await said(database, ("ana", True, 1), ("kadir", False, 2), ("max", True, 3))
    assert list(answering(database)) == ["ana"]


async def test_what_was_seen_is_written_down_panel_by_panel(database):
    await said(database, ("ana", True, 1), ("old", True, 95))
    assert await staff_seen.look(database, NOON) == 1
    assert database.read_now(lambda c: staff_names.seen(c, EU)) == {1: {"ana": NOON - timedelta(days=1)}}
    assert database.read_now(lambda c: staff_names.seen(c, Scope(frozenset({2})))) == {}
    assert await staff_seen.look(database, NOON + timedelta(days=90)) == 0
    assert database.read_now(lambda c: staff_names.seen(c, EVERYTHING)) == {}
