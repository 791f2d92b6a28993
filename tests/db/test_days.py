"""Days are those of the person's calendar on both systems: half hours, quarters, and both changes of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from hyperpanel.db import days
from hyperpanel.db.schema import orders
from hyperpanel.db.scope import EVERYTHING
from tests.support.staged import order

ZONES = ("UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo")


async def test_every_moment_falls_on_the_day_that_the_calendar_says(database):
    since = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [since + timedelta(hours=11 * n, minutes=7 * n, seconds=n) for n in range(760)]
    async with database.write() as connection:
        await connection.execute(insert(orders), [order(str(n), created_at=at) for n, at in enumerate(moments)])
    for zone in map(ZoneInfo, ZONES):
        parts = days.ahead(zone, since, moments[-1] + timedelta(seconds=1))
        asked = EVERYTHING.select(orders.c.created_at, days.day_of(orders.c.created_at, len(parts)))
        told = database.read_now(lambda c, a=asked, p=parts: c.execute(a, days.values(p)).all())
        assert [(at, days.dated(n)) for at, n in told if days.dated(n) != at.astimezone(zone).date()] == []
        assert len(told) == len(moments)


def test_a_zone_without_summer_time_is_one_part():
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert days.ahead(ZoneInfo("Asia/Kolkata"), since, since + timedelta(days=365)) == [
        days.Ahead(since + timedelta(days=365), 19_800)
    ]


def test_clocks_change_to_the_second():
    since = datetime(2026, 3, 1, tzinfo=UTC)
    first, second = days.ahead(ZoneInfo("America/New_York"), since, since + timedelta(days=30))
    assert (first.until, first.seconds, second.seconds) == (datetime(2026, 3, 8, 7, tzinfo=UTC), -18_000, -14_400)
