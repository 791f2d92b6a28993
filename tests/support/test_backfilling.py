"""How far back the past can be read again: as far as it is kept."""

from datetime import timedelta

import pytest

from hyperpanel.config import Sync
from hyperpanel.db import backfills, sync_rules
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.errors import BadInput
from hyperpanel.support import backfilling
from tests.support.databases import sqlite_copy
from tests.support.kits import kit_over
from tests.support.records import NOON

DAY = timedelta(days=1)


@pytest.fixture
async def kit(run_folder, tmp_path):
    async with kit_over(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path) as made:
        yield made


async def ask(kit, since, stream: str = "orders") -> None:
    async with kit.database.write() as connection:
        await backfilling.ask(connection, Sync(), kit.feed.panel_id, stream, since, "ana", NOON)


async def test_the_first_moment_of_the_earliest_day_that_is_held_can_be_asked_for(kit):
    earliest = kit.database.read_now(lambda c: backfilling.oldest(c, Sync(), kit.feed.panel_id, "orders", NOON))
    assert earliest == NOON - 91 * DAY
    await ask(kit, NOON - 91 * DAY)
    with pytest.raises(BadInput, match="kept for 90 d"):
        await ask(kit, NOON - 92 * DAY)


async def test_what_is_set_for_this_feed_counts(kit):
    async with kit.database.write() as connection:
        await sync_rules.put(connection, kit.feed.panel_id, "orders", {"retention_days": 7}, "ana", NOON)
    with pytest.raises(BadInput, match="kept for 7 d"):
        await ask(kit, NOON - 20 * DAY)


@pytest.mark.parametrize("stream", ["users", "messages"])
async def test_where_all_is_held_any_date_can_be_asked_for(kit, stream):
    await ask(kit, NOON - 3000 * DAY, stream)
    assert [one.stream for one in kit.database.read_now(lambda c: backfills.progress(c, EVERYTHING)).values()] == [
        stream
    ]


async def test_a_date_to_come_is_refused(kit):
    with pytest.raises(BadInput, match="yet to come"):
        await ask(kit, NOON)
