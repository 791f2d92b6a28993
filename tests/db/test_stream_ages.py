"""As of when a stream is: what reports/freshness.py says of the same feed, on both systems."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from hyperpanel.config import Sync
from hyperpanel.db import feeds
from hyperpanel.db.schema import feeds as table
from hyperpanel.db.schema import plans
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.stream_ages import Held, held
from hyperpanel.support.feed_ages import promise
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
CHANGES = {
    "as it is": [],
    "an older refresh": [update(plans).where(plans.c.plan == "refresh").values(as_of=NOON - timedelta(hours=1))],
    "a refresh that never was": [update(plans).where(plans.c.plan == "refresh").values(as_of=None)],
    "no refresh at all": [delete(plans).where(plans.c.plan == "refresh")],
    "never read": [update(plans).where(plans.c.plan == "head").values(as_of=None)],
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
async def test_a_stream_is_as_old_as_pages_say(database, changes):
    async with database.write() as connection:
        for change in changes:
            await connection.execute(change)
        await connection.execute(update(table).values(cached=12))
    told = database.read_now(lambda c: feeds.all_of(c, EVERYTHING, NOON, "orders"))
    found = database.read_now(lambda c: held(c, EVERYTHING, [1, 2, 3], "orders"))
    assert found == {feed.panel_id: Held(promise(feed, Sync()).as_of, 12) for feed in told}
    assert len(found) == 3


async def test_it_reaches_back_to_where_its_past_was_read(database):
    past = update(plans).where(plans.c.plan == "backfill", plans.c.panel_id == 1)
    async with database.write() as connection:
        await connection.execute(past.values(cursor=f'{{"reached":{int(NOON.timestamp())}}}'))
    found = database.read_now(lambda c: held(c, EVERYTHING, [1, 2], "orders"))
    assert (found[1].reached, found[2].reached) == (NOON, None)


async def test_a_scope_hides_what_it_does_not_hold(database):
    assert set(database.read_now(lambda c: held(c, Scope(frozenset({2})), [1, 2], "orders"))) == {2}
    assert database.read_now(lambda c: held(c, EVERYTHING, [1], "payments")) == {}
