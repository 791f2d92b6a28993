"""Sessions: found by their token alone, while both limits last."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import schema, sessions, staff
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
IDLE, LASTS = timedelta(minutes=30), timedelta(hours=12)


async def begin(database, name="ana", now=NOON) -> str:
    person = database.read_now(lambda c: staff.named(c, name))
    async with database.write() as connection:
        return await sessions.begin(connection, person.id, LASTS, now, "192.0.2.1", "a browser")


def find(database, token, now=NOON):
    return database.read_now(lambda c: sessions.find(c, token, IDLE, now))


async def test_a_token_finds_its_person(database):
    found = find(database, await begin(database))
    assert (found.person.username, found.ends_at) == ("ana", NOON + LASTS)


async def test_no_token_is_given_twice_or_kept(database):
    tokens = {await begin(database) for _ in range(5)}
    assert len(tokens) == 5
    assert {len(token) for token in tokens} == {43}
    kept = database.read_now(lambda c: c.execute(select(schema.sessions)).all())
    assert not any(token in str(row) for row in kept for token in tokens)


@pytest.mark.parametrize("token", ["", "invented", "x" * 43])
async def test_what_was_never_given_out_finds_nobody(database, token):
    await begin(database)
    assert find(database, token) is None


@pytest.mark.parametrize(("after", "found"), [(timedelta(minutes=29), True), (IDLE, False), (timedelta(days=1), False)])
async def test_an_idle_session_ends(database, after, found):
    token = await begin(database)
    assert (find(database, token, NOON + after) is not None) is found


async def test_a_busy_session_ends_too(database):
    token, now = await begin(database), NOON
    while (session := find(database, token, now)) is not None:
        async with database.write() as connection:
            await sessions.slide(connection, session, now)
        now += timedelta(minutes=25)
    assert LASTS <= now - NOON < LASTS + timedelta(minutes=25)


async def test_being_there_is_noted_once_a_minute(database):
    session = find(database, await begin(database))
    assert not session.slides(NOON + timedelta(seconds=59))
    assert session.slides(NOON + timedelta(seconds=60))


async def test_sessions_that_ended_are_forgotten_when_another_begins(database):
    await begin(database)
    await begin(database, now=NOON + timedelta(days=2))
    assert len(database.read_now(lambda c: c.execute(select(schema.sessions)).all())) == 1


async def test_a_session_can_be_ended(database):
    token = await begin(database)
    async with database.write() as connection:
        await sessions.end(connection, token)
    assert find(database, token) is None


async def test_the_rights_of_many_are_looked_up_at_once(database):
    tokens = {name: sessions.hash_of(await begin(database, name)) for name in ("ana", "ben", "nia", "cy")}
    found = database.read_now(lambda c: sessions.rights(c, tokens.values(), IDLE, NOON))
    assert found == {
        tokens["ana"]: sessions.Rights("admin", None),
        tokens["ben"]: sessions.Rights("support", frozenset({1})),
        tokens["nia"]: sessions.Rights("viewer", frozenset()),
    }
    assert database.read_now(lambda c: sessions.rights(c, tokens.values(), IDLE, NOON + IDLE)) == {}
    assert database.read_now(lambda c: sessions.rights(c, [], IDLE, NOON)) == {}
