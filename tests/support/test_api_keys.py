"""What a key may do: never more than it was given, nor than its owner may."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hyperpanel.db import api_keys, staff
from hyperpanel.db.api_keys import Held
from hyperpanel.db.audit import Act
from hyperpanel.db.engine import Database, address
from hyperpanel.errors import BadInput, Missing, Refused
from hyperpanel.support.api_key_fields import Wanted
from hyperpanel.support.api_keys import SCOPES, Hand, change, id_of, make, revoke, rights, rotate
from hyperpanel.support.roles import PERMISSIONS
from tests.support.scripts_keys import scripts_key
from tests.support.staged import NOON, PASSWORD_HASH, cast

WANTED = Wanted("nightly", frozenset({"orders:read"}), None, (), 300, timedelta(days=90))
LATER = NOON + timedelta(days=1)


@pytest.fixture
async def database(database_url):
    made = Database(address(database_url, Path.cwd()))
    await cast(made)
    async with made.write() as connection:
        await staff.add(connection, "lea", PASSWORD_HASH, "admin", [1], NOON)
    yield made
    await made.close()


def person(database, name):
    return database.read_now(lambda connection: staff.named(connection, name))


def hand(database, name=None) -> Hand:
    def act(action, target="", panel_id=None, **details):
        return Act(name or "command", action, target, panel_id, details)

    return Hand(act, person(database, name) if name else None)


async def done(database, what, *given):
    async with database.write() as connection:
        return await what(connection, *given)


async def made(database, name="ana", wanted=WANTED, now=NOON):
    return await done(database, make, hand(database, name), wanted, now)


def held(database, key_id) -> Held:
    found: Held | None = database.read_now(lambda connection: api_keys.held(connection, key_id))
    assert found is not None
    return found


def test_each_scope_is_bounded_by_a_permission_that_there_is():
    assert set(SCOPES.values()) <= PERMISSIONS


async def test_a_key_made_by_somebody_is_theirs(database):
    secret = await made(database)
    key = held(database, secret.id).key
    assert (key.name, key.staff_id, key.expires_at) == ("nightly", 1, NOON + timedelta(days=90))
    assert id_of(secret.text) == key.id


@pytest.mark.parametrize("name", ["max", "ben", "cy"])
async def test_only_who_manages_keys_makes_one(database, name):
    with pytest.raises(Refused):
        await made(database, name)


async def test_nobody_gives_panels_that_they_do_not_see(database):
    with pytest.raises(Refused):
        await made(database, "lea", replace(WANTED, panel_ids=frozenset({1, 2})))
    secret = await made(database, "lea", replace(WANTED, panel_ids=None))
    allowed = rights(held(database, secret.id), NOON)
    assert allowed is not None
    assert allowed.scope.panel_ids == frozenset({1})


async def test_a_name_in_use_is_refused_until_its_key_is_over(database):
    secret = await made(database)
    with pytest.raises(BadInput, match="this name already"):
        await made(database, wanted=replace(WANTED, name="NIGHTLY"))
    await done(database, revoke, hand(database, "ana"), secret.id, NOON)
    await made(database)


@pytest.mark.parametrize(
    ("role", "panel_ids", "scopes", "sees"),
    [
        ("admin", None, {"orders:read", "finance:read", "activity:read"}, {1, 2}),
        ("manager", [2, 3], {"orders:read", "finance:read"}, {2}),
        ("viewer", [3], {"orders:read"}, set()),
    ],
)
async def test_a_key_never_does_more_than_its_owner_may_now(database, role, panel_ids, scopes, sees):
    given = frozenset({"orders:read", "finance:read", "activity:read"})
    secret = await made(database, wanted=replace(WANTED, scopes=given, panel_ids=frozenset({1, 2})))
    await done(database, staff.set_role, 1, role, panel_ids)
    allowed = rights(held(database, secret.id), NOON)
    assert allowed is not None
    assert (allowed.scopes, allowed.scope.panel_ids) == (scopes, sees)


async def test_a_key_ends_with_its_owner(database):
    secret = await made(database)
    await done(database, staff.disable, 1, NOON)
    assert rights(held(database, secret.id), NOON) is None


def test_a_key_of_a_command_is_bounded_by_itself():
    key = scripts_key("A" * 12, scopes=frozenset(SCOPES), panel_ids=None)
    allowed = rights(Held(key, b"", None), NOON)
    assert allowed is not None
    assert (allowed.scopes, allowed.scope.panel_ids) == (frozenset(SCOPES), None)
    assert rights(Held(key, b"", None), key.expires_at) is None
    assert rights(Held(replace(key, revoked_at=NOON), b"", None), NOON) is None
    assert rights(Held(replace(key, staff_id=9), b"", None), NOON) is None


async def test_a_rotated_key_lives_on_beside_its_second(database):
    first = await made(database)
    second = await done(database, rotate, hand(database, "ana"), first.id, LATER)
    one, other = held(database, first.id).key, held(database, second.id).key
    assert one.is_live(LATER)
    assert (other.follows, other.name, other.scopes) == (one.id, one.name, one.scopes)
    assert other.expires_at == LATER + timedelta(days=90)


async def test_of_many_who_rotate_at_once_one_does(database):
    first = await made(database)
    turns = (done(database, rotate, hand(database, "ana"), first.id, LATER) for _ in range(4))
    found = await asyncio.gather(*turns, return_exceptions=True)
    assert sum(isinstance(one, BadInput) for one in found) == 3


async def test_a_third_key_has_to_wait_until_one_of_two_is_revoked(database):
    first = await made(database)
    second = await done(database, rotate, hand(database, "ana"), first.id, LATER)
    with pytest.raises(BadInput, match="in force already"):
        await done(database, rotate, hand(database, "ana"), second.id, LATER)
    await done(database, revoke, hand(database, "ana"), first.id, LATER)
    await done(database, rotate, hand(database, "ana"), second.id, LATER)
    with pytest.raises(BadInput, match="not in force any more"):
        await done(database, rotate, hand(database, "ana"), first.id, LATER)


async def test_who_rotates_somebody_elses_key_gives_it_no_more_than_it_had(database):
    first = await made(database, "lea", replace(WANTED, scopes=frozenset({"orders:read", "activity:read"})))
    await done(database, staff.set_role, person(database, "lea").id, "viewer", [1])
    second = await done(database, rotate, hand(database, "ana"), first.id, LATER)
    key = held(database, second.id).key
    assert (key.staff_id, key.scopes, key.panel_ids) == (1, frozenset({"orders:read"}), frozenset({1}))


async def test_who_sees_some_panels_has_nothing_to_do_with_keys_of_others(database):
    secret = await made(database)
    for what in (rotate, revoke):
        with pytest.raises(Missing):
            await done(database, what, hand(database, "lea"), secret.id, NOON)
    with pytest.raises(Missing):
        await done(database, change, hand(database, "lea"), secret.id, {"name": "mine"}, NOON)


async def test_only_name_addresses_and_limit_change(database):
    secret = await made(database)
    values = {"name": "weekly", "addresses": "192.0.2.7", "per_minute": 60}
    await done(database, change, hand(database, "ana"), secret.id, values, LATER)
    key = held(database, secret.id).key
    assert (key.name, key.addresses, key.per_minute) == ("weekly", ("192.0.2.7",), 60)
    assert (key.scopes, key.expires_at) == (WANTED.scopes, NOON + timedelta(days=90))
