"""Keys as rows: what is kept of one, whose it is, and what it takes the place of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hyperpanel.db import api_keys, staff
from hyperpanel.db.api_keys import Key
from hyperpanel.db.schema import api_keys as table
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
BEN = 3
KEY = Key(
    id="A" * 12,
    name="nightly",
    scopes=frozenset({"orders:read", "users:read"}),
    panel_ids=frozenset({1, 2}),
    addresses=("192.0.2.7", "2001:db8::/32"),
    per_minute=300,
    staff_id=BEN,
    follows=None,
    created_at=NOON,
    expires_at=NOON + timedelta(days=90),
)


async def added(database, *keys):
    async with database.write() as connection:
        for key in keys:
            await api_keys.add(connection, key, key.id.encode())


def held(database, key_id=KEY.id):
    return database.read_now(lambda connection: api_keys.held(connection, key_id))


async def test_a_key_is_read_as_it_was_kept_with_its_owner(database):
    await added(database, KEY)
    assert held(database).key == KEY
    assert held(database).hash == KEY.id.encode()
    assert held(database).owner.username == "ben"
    assert database.read_now(api_keys.all_of) == [held(database)]


async def test_an_unknown_id_is_nothing(database):
    assert held(database, "Z" * 12) is None
    assert database.read_now(lambda connection: api_keys.digest(connection, "Z" * 12)) is None


async def test_every_panel_and_no_panel_are_not_the_same(database):
    await added(database, replace(KEY, panel_ids=None), replace(KEY, id="B" * 12, panel_ids=frozenset()))
    assert held(database).key.panel_ids is None
    assert held(database, "B" * 12).key.panel_ids == frozenset()


async def test_a_key_of_nobody_has_no_owner(database):
    await added(database, replace(KEY, staff_id=None))
    assert held(database).owner is None


async def test_a_disabled_owner_is_told(database):
    await added(database, KEY)
    async with database.write() as connection:
        await staff.disable(connection, BEN, NOON)
    assert held(database).owner.disabled_at == NOON


async def test_a_key_is_revoked_once(database):
    await added(database, KEY)
    async with database.write() as connection:
        assert await api_keys.revoke(connection, KEY.id, NOON)
        assert not await api_keys.revoke(connection, KEY.id, NOON + timedelta(days=1))
    assert held(database).key.revoked_at == NOON
    assert not held(database).key.is_live(NOON)


def test_a_key_ends_by_itself():
    assert KEY.is_live(KEY.expires_at - timedelta(seconds=1))
    assert not KEY.is_live(KEY.expires_at)


async def test_a_chain_is_all_that_took_each_others_place(database):
    second, third = replace(KEY, id="B" * 12, follows=KEY.id), replace(KEY, id="C" * 12, follows="B" * 12)
    await added(database, KEY, second, third, replace(KEY, id="D" * 12))
    for one in (KEY, second, third):
        found = database.read_now(lambda connection, one=one: api_keys.chain(connection, one.id))
        assert found == {KEY.id, second.id, third.id}


async def test_a_use_is_noted_unless_another_process_did(database):
    await added(database, KEY)
    minute = timedelta(minutes=1)
    async with database.write() as connection:
        await api_keys.note_use(connection, KEY.id, "192.0.2.7", NOON, NOON - minute)
        await api_keys.note_use(connection, KEY.id, "192.0.2.8", NOON + minute / 2, NOON - minute / 2)
    assert (held(database).key.last_used_at, held(database).key.last_used_from) == (NOON, "192.0.2.7")


async def test_only_the_hash_of_a_key_is_kept():
    assert {column.name for column in table.columns} & {"secret", "text", "token"} == set()
