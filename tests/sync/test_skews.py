"""Clocks and time zones, as a look at a panel tells of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hyperpanel.sandbox.faults import Fault
from tests.support.looking import fleet, glance


@pytest.mark.parametrize(("skew", "word"), [(600, "ahead of"), (-600, "behind")])
async def test_a_clock_that_is_off_is_noted(eu, skew, word):
    eu.panel.switch(clock_skew=skew)
    assert await eu.told() == [
        ("clock", "note", f"The clock of eu-1 is 10 min {word} this machine’s. Set the wrong one right, best by NTP.")
    ]


async def test_a_clock_that_is_off_by_a_little_is_not(eu):
    eu.panel.switch(clock_skew=100)
    assert await eu.told() == []


async def test_records_of_the_future_are_noted(ahead):
    ahead.panel.switch(clock_skew=-3 * 3600)
    [(about, level, sentence)] = await ahead.told()
    assert (about, level) == ("clock", "note")
    assert "min in the future by this machine’s clock" in sentence


async def test_a_clock_that_runs_ahead_with_its_records_is_told_once(ahead):
    assert [found[:2] for found in await ahead.told()] == [("clock", "note")]


async def test_one_record_of_another_century_is_no_clock(eu):
    eu.panel.faults.add(Fault("future_time", path="orders"))
    assert await eu.told() == []


async def test_a_wrong_time_zone_is_named_with_the_one_seen(eu):
    eu.panel.switch(time_zone="Asia/Kolkata")
    assert await eu.told() == [
        (
            "clock",
            "wrong",
            "eu-1 writes its times at UTC+05:30, but its time zone is set to Europe/Berlin, which is UTC+02:00 then. "
            "Set one that is at UTC+05:30.",
        )
    ]


async def test_where_no_unix_time_is_given_the_future_tells_of_the_zone(eu):
    eu.panel.switch(
        time_zone="Asia/Kolkata", created_timestamp="missing", timestamps="missing", payment_created_timestamp="missing"
    )
    [(about, level, sentence)] = await eu.told()
    assert (about, level) == ("clock", "wrong")
    assert sentence.startswith("Read in the time zone Europe/Berlin, the newest")


@pytest.mark.parametrize("stamps", ["present", "missing"])
@pytest.mark.parametrize("moment", ["2026-03-29T01:05", "2026-10-25T00:30", "2026-10-25T01:30", "2026-12-31T23:30"])
async def test_the_hours_in_which_clocks_are_changed_give_no_alarm(moment, stamps):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    found = fleet(now=now)
    [panel] = found.panels
    panel.switch(created_timestamp=stamps, timestamps=stamps, payment_created_timestamp=stamps)
    assert await replace(glance(found, 0), now=now).told() == []
