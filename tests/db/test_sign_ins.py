"""Guessing is slowed down for strangers, and never for whoever signed in with this browser before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import sign_ins
from hyperpanel.db.schema import sign_ins as table
from hyperpanel.db.sign_ins import PER_ACCOUNT, PER_NETWORK, Try, network
from tests.support.staged import NOON


async def admitted(database, name="ana", near="192.0.2.0/24", device="stranger", now=NOON, right=False):
    async with database.write() as connection:
        number = await sign_ins.admit(connection, Try(name, near, device), now)
        if isinstance(number, int) and right:
            await sign_ins.succeed(connection, number, now)
    return number


async def attempt(database, **how) -> bool:
    return isinstance(await admitted(database, **how), int)


async def test_an_account_can_be_tried_ten_times_in_a_quarter_of_an_hour(database):
    tries = [await attempt(database, near=f"198.51.{n}.0/24") for n in range(PER_ACCOUNT + 2)]
    assert tries == [True] * PER_ACCOUNT + [False] * 2
    assert await attempt(database, near="203.0.113.0/24", now=NOON + timedelta(minutes=15))


async def test_a_network_can_try_twenty_times_an_hour(database):
    tries = [await attempt(database, name=f"name{n}") for n in range(PER_NETWORK + 2)]
    assert tries == [True] * PER_NETWORK + [False] * 2
    assert await attempt(database, name="another", now=NOON + timedelta(hours=1))


async def test_the_wait_lasts_until_the_account_has_room(database):
    for minutes in range(PER_ACCOUNT):
        await attempt(database, now=NOON + timedelta(minutes=minutes))
    assert await admitted(database, now=NOON + timedelta(minutes=10)) == timedelta(minutes=5)
    assert await attempt(database, now=NOON + timedelta(minutes=15))


async def test_the_wait_is_the_networks_where_that_is_full(database):
    for n in range(PER_NETWORK):
        await attempt(database, name=f"name{n}", now=NOON + timedelta(seconds=n))
    assert await admitted(database, name="another", now=NOON + timedelta(minutes=20)) == timedelta(minutes=40)


async def test_the_owner_gets_in_while_strangers_fail_in_their_name(database):
    await attempt(database, device="own", right=True, now=NOON - timedelta(days=30))
    while await attempt(database):
        pass
    assert await attempt(database, device="own", right=True)


async def test_a_known_browser_has_a_bucket_too(database):
    await attempt(database, device="own", right=True)
    tries = [await attempt(database, device="own") for _ in range(PER_ACCOUNT + 1)]
    assert tries == [True] * PER_ACCOUNT + [False]


async def test_a_browser_is_known_for_its_own_people_only(database):
    await attempt(database, name="ben", device="shared", right=True)
    while await attempt(database):
        pass
    assert not await attempt(database, device="shared")


async def test_signing_in_is_no_failure(database):
    tries = [await attempt(database, device=f"d{n}", right=True) for n in range(PER_NETWORK + 5)]
    assert all(tries)


async def test_what_is_too_old_to_count_is_forgotten(database):
    await attempt(database, now=NOON - timedelta(days=91))
    await attempt(database, right=True)
    assert len(database.read_now(lambda c: c.execute(select(table)).all())) == 1


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_neighbours_count_as_one(address, near):
    assert network(address) == near
