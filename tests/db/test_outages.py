"""Outages written down: all of what was found comes back, and whoever asks is told of their own panels alone."""

from datetime import timedelta

from hyperpanel.db import outages
from hyperpanel.db.scope import EVERYTHING, Scope
from reports.outages import Share, of_shares
from tests.support.staged import NOON

SHARES = (
    Share(1, services=2, orders=3, at_risk={"USD": 10**20}, came=1, due=8.5, others=4),
    Share(2, services=1, orders=5, at_risk={"EUR": 7, "USD": 1}, due=2.0),
    Share(3, due=0.5),
)
FOUND = of_shares("prov-a", 0.97, NOON - timedelta(hours=2), SHARES)


async def told(database, scope, now=NOON):
    return await database.read(lambda connection: outages.last(connection, scope, now))


async def kept(database, *found, at=NOON):
    async with database.write() as connection:
        await outages.keep(connection, found, at)


async def test_what_was_found_comes_back_whole(database):
    await kept(database, FOUND)
    assert await told(database, EVERYTHING) == outages.Look(NOON, (FOUND,))
    assert FOUND.at_risk == {"EUR": 7, "USD": 10**20 + 1}


async def test_each_is_told_of_their_own_panels(database):
    await kept(database, FOUND)
    [seen] = (await told(database, Scope(frozenset({2, 3})))).outages
    assert (seen.panels, seen.orders, seen.services, seen.at_risk) == ((2,), 5, 1, {"EUR": 7, "USD": 1})
    assert (seen.came, seen.due, seen.others) == (0, 2.5, 0)
    assert (seen.confidence, seen.first_seen) == (FOUND.confidence, FOUND.first_seen)


async def test_an_outage_without_waiting_orders_of_theirs_is_not_told(database):
    await kept(database, FOUND)
    assert (await told(database, Scope(frozenset({3})))).outages == ()


async def test_a_look_that_found_nobody_is_a_look(database):
    assert await told(database, EVERYTHING) is None
    await kept(database, FOUND, at=NOON - timedelta(minutes=2))
    await kept(database)
    assert await told(database, EVERYTHING) == outages.Look(NOON, ())
    assert await told(database, EVERYTHING, NOON + timedelta(minutes=11)) is None
