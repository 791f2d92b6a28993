"""Links into lists: every moment is read back as it was meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.web.list_filters import parsed
from hyperpanel.web.typed_moments import typed

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("days", [0, 21, -210])
def test_every_half_hour_is_read_back(zone, days):
    begin = AUTUMN + timedelta(days=days, hours=-12)
    moments = [begin + timedelta(minutes=30 * n) for n in range(96)]
    assert [parsed(typed(at, ZoneInfo(zone)), ZoneInfo(zone)) for at in moments] == moments


def test_the_hour_that_comes_twice_is_told_in_utc():
    assert typed(AUTUMN + timedelta(minutes=30), BERLIN) == "2026-10-25 02:30:00"
    assert typed(AUTUMN + timedelta(minutes=90), BERLIN) == "2026-10-25T01:30:00Z"


def test_a_bound_within_a_second_is_that_of_the_next():
    assert typed(AUTUMN + timedelta(microseconds=1), ZoneInfo("UTC")) == "2026-10-25 00:00:01"
