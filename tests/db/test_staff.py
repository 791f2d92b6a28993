"""People: who they are, what they may see, and that changing either ends their sessions."""

from datetime import timedelta

import pytest

from hyperpanel.db import sessions, staff
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict
from tests.support.staged import NOON, PEOPLE

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
        await staff.rehash(connection, person.id, "stronger")
    assert find(database, token) is not None
    assert database.read_now(lambda c: staff.password_hash(c, "ana")) == "stronger"


async def test_another_role_replaces_the_panels(database):
    person = database.read_now(lambda c: staff.named(c, "ben"))
    async with database.write() as connection:
        await staff.set_role(connection, person.id, "manager", [2, 3, 3])
    changed = database.read_now(lambda c: staff.named(c, "ben"))
    assert (changed.role, changed.panel_ids) == ("manager", frozenset({2, 3}))
