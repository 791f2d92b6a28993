"""People: who they are, what they may see, and that changing either ends their sessions."""

from datetime import timedelta

import pytest

from hyperpanel.db import sessions, sign_ins, staff
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict
from tests.support.staged import NOON, PASSWORD_HASH, PEOPLE

pytestmark = pytest.mark.usefixtures("only_scoped")


async def sign_in(database, name: str) -> str:
    person = database.read_now(lambda c: staff.named(c, name))
    async with database.write() as connection:
        return await sessions.begin(connection, person.id, timedelta(hours=12), NOON, "", "")


def find(database, token: str):
    return database.read_now(lambda c: sessions.find(c, token, timedelta(minutes=30), NOON))


async def test_a_person_is_found_however_the_name_is_written(database):
    assert database.read_now(lambda c: staff.named(c, "  ANA ")).username == "ana"
    assert database.read_now(lambda c: staff.named(c, "nobody")) is None


async def test_a_name_is_given_once(database):
    with pytest.raises(Conflict):
        async with database.write() as connection:
            await staff.add(connection, "Ana", "hash", "viewer", None, NOON)


async def test_a_person_sees_the_panels_that_were_allowed(database):
    scopes = {person.username: person.scope for person in database.read_now(staff.all_of)}
    expected = {name: Scope(None if ids is None else frozenset(ids)) for name, (_, ids) in PEOPLE.items()}
    assert scopes == expected


async def test_somebody_can_sign_in_as_long_as_one_is_not_disabled(database):
    assert database.read_now(staff.anyone)
    for person in database.read_now(staff.all_of):
        async with database.write() as connection:
            await staff.disable(connection, person.id, NOON)
    assert not database.read_now(staff.anyone)


CHANGES = {
    "disabled": lambda connection, person: staff.disable(connection, person.id, NOON),
    "another password": lambda connection, person: staff.set_password(connection, person.id, "hash"),
    "another role": lambda connection, person: staff.set_role(connection, person.id, "viewer", [1]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_of_rights_ends_every_session(database, change):
    tokens = [await sign_in(database, "ana"), await sign_in(database, "ana"), await sign_in(database, "ben")]
    person = database.read_now(lambda c: staff.named(c, "ana"))
    async with database.write() as connection:
        await change(connection, person)
    assert [find(database, token) is not None for token in tokens] == [False, False, True]


async def test_a_stronger_hash_ends_no_session(database):
    token = await sign_in(database, "ana")
    person = database.read_now(lambda c: staff.named(c, "ana"))
    async with database.write() as connection:
        assert await staff.confirm(connection, person.id, PASSWORD_HASH, "stronger")
    assert find(database, token) is not None
    assert database.read_now(lambda c: staff.password_hash(c, "ana")) == "stronger"


@pytest.mark.parametrize(("name", "verified"), [("ana", "another hash"), ("cy", PASSWORD_HASH)], ids=["ana", "cy"])
async def test_a_hash_that_is_not_kept_any_more_or_of_a_disabled_person_is_not_confirmed(database, name, verified):
    person = database.read_now(lambda c: staff.named(c, name))
    async with database.write() as connection:
        assert not await staff.confirm(connection, person.id, verified, "stronger")
    assert database.read_now(lambda c: staff.password_hash(c, name)) == PASSWORD_HASH


def test_a_joiner_makes_no_second_name():
    assert staff.folded("علی\u200cرضا") == staff.folded("علیرضا")


async def test_another_role_replaces_the_panels(database):
    person = database.read_now(lambda c: staff.named(c, "ben"))
    async with database.write() as connection:
        await staff.set_role(connection, person.id, "manager", [2, 3, 3])
    changed = database.read_now(lambda c: staff.named(c, "ben"))
    assert (changed.role, changed.panel_ids) == ("manager", frozenset({2, 3}))


async def test_an_accent_is_the_same_however_it_was_typed(database):
    async with database.write() as connection:
        await staff.add(connection, "Zoe\u0301", "hash", "viewer", None, NOON)
    assert database.read_now(lambda c: staff.named(c, "zo\u00e9")).username == "Zoe\u0301"


async def test_a_number_that_no_column_holds_is_nobodys(database):
    assert database.read_now(lambda c: staff.by_id(c, 3)).username == "ben"
    assert [database.read_now(lambda c, n=n: staff.by_id(c, n)) for n in (99, 2**31, 10**30, -(10**30))] == [None] * 4


async def test_whoever_was_invited_cannot_sign_in_yet(database):
    async with database.write() as connection:
        zoe = await staff.add(connection, "zoe", staff.NO_PASSWORD, "admin", None, NOON)
    assert zoe not in database.read_now(staff.with_password)
    assert {one.username for one in database.read_now(lambda c: staff.able(c, {"admin"}))} == {"ana"}


async def test_somebody_is_seen_in_their_sessions_and_as_they_sign_in(database):
    await sign_in(database, "ana")
    async with database.write() as connection:
        late = NOON + timedelta(hours=3)
        number = await sign_ins.admit(connection, sign_ins.Try("ben", "", ""), late)
        assert isinstance(number, int)
        await sign_ins.succeed(connection, number, late)
        await sign_ins.admit(connection, sign_ins.Try("vic", "", ""), late)
    assert database.read_now(staff.last_seen) == {1: NOON, 3: late}


async def test_somebody_is_the_same_alone_and_among_all(database):
    whole = {person.id: person for person in database.read_now(staff.all_of)}
    assert {number: database.read_now(lambda c, n=number: staff.by_id(c, n)) for number in whole} == whole
