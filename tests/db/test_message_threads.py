"""A thread as one answer, on both systems: its last messages in order, and how many stand before them."""

import pytest
from sqlalchemy import insert

from hyperpanel.db.message_threads import last
from hyperpanel.db.messages import LONGEST
from hyperpanel.db.schema import messages
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")


def message(place: int, **changes):
    told = {"sender": "kadir", "is_staff": False, "is_unread": None, "body": f"{place}", "files": None}
    seen = {"observed": 1, "digest": 1, "fields": 1, "first_seen_at": NOON, "seen_at": NOON, "gone_at": None}
    at = {"panel_id": 1, "ticket_id": "255", "id": f"m{place}", "place": place, "created_at": NOON}
    return {**told, **seen, **at, **changes}


@pytest.mark.parametrize(("most", "bodies", "before"), [(2, ["3", "4"], 2), (4, ["1", "2", "3", "4"], 0), (9, None, 0)])
async def test_the_last_messages_come_and_the_others_are_counted(database, most, bodies, before):
    rows = [message(place) for place in (2, 1, 4, 3)]
    rows += [message(5, gone_at=NOON), message(6, ticket_id="256"), message(7, panel_id=2)]
    async with database.write() as connection:
        await connection.execute(insert(messages), rows)
    found = database.read_now(lambda c: last(c, EVERYTHING, 1, "255", most))
    assert [one.body for one in found.messages] == (bodies or ["1", "2", "3", "4"])
    assert found.before == before
    assert database.read_now(lambda c: last(c, Scope(frozenset({2})), 1, "255", most)).messages == []


async def test_a_long_body_is_cut_and_its_length_told(database):
    async with database.write() as connection:
        await connection.execute(insert(messages).values(**message(1, body="ş" * (LONGEST + 1))))
    [found] = database.read_now(lambda c: last(c, EVERYTHING, 1, "255", 5)).messages
    assert (len(found.body), found.size) == (LONGEST, LONGEST + 1)
