"""The window of a report as an address says it: half-open, in the person's zone, and never one that cannot be used."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.web.addresses import address
from hyperpanel.web.report_windows import windowed
from hyperpanel.web.visits import Visit
from reports.windows import SERVICES
from tests.support.staged import NOON


@pytest.fixture
def asked(staged):
    def asked(query: str = "", zone: str = "UTC", now: datetime = NOON, **more):
        url = address(f"/tracking/services?{query}")
        english = staged.console.languages["en"]
        visit = Visit(staged.console, now, url, "", "", "", False, None, english, ZoneInfo(zone))
        return windowed(visit, SERVICES, **more)

    return asked


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_the_usual_one_is_the_last_day(asked):
    found = asked()
    assert (found.window.since, found.window.until) == (NOON - timedelta(hours=24), NOON)
    assert [one.label for one in found.choices if one.chosen] == ["24 h"]
    assert not found.is_past


@pytest.mark.parametrize(
    ("typed", "hours"), [("2", 2), ("36", 36), ("1.5", 1.5), ("1,5", 1.5), ("٧٢", 72), ("744", 744)]
)
def test_any_number_of_hours_can_be_asked_for(asked, typed, hours):
    found = asked(f"hours={typed}")
    assert found.window.length == timedelta(hours=hours)
    assert found.is_custom == (hours not in SERVICES)


@pytest.mark.parametrize("typed", ["0", "-3", "745", "a day", "1e9", "inf", "nan", "9" * 400])
def test_hours_that_cannot_be_are_said_beside_the_field(asked, typed):
    found = asked(f"hours={typed}")
    assert found.is_wrong
    assert found.window.length == timedelta(hours=24)
    assert "744" in next(one.error for one in found.fields if one.name == "hours")


def test_times_are_those_of_the_person(asked):
    found = asked("from=2026-02-28+09:30&to=2026-03-01+09:30", "Asia/Kolkata")
    assert (found.window.since, found.window.until) == (at(2026, 2, 28, 4, 0), at(2026, 3, 1, 4, 0))
    assert found.is_custom


def test_a_day_is_an_hour_shorter_where_clocks_go_forward(asked):
    found = asked("from=2026-03-29&to=2026-03-30", "Europe/Berlin", at(2026, 4, 2))
    assert found.window.length == timedelta(hours=23)


def test_a_day_is_an_hour_longer_where_clocks_go_back(asked):
    assert asked("from=2026-10-25&to=2026-10-26", "Europe/Berlin", at(2026, 11, 2)).window.length == timedelta(hours=25)


def test_without_an_end_it_goes_on_until_now(asked):
    assert asked("from=2026-03-01+06:00").window.until == NOON


def test_an_end_that_is_still_to_come_is_now(asked):
    found = asked("from=2026-03-01+06:00&to=2026-03-05")
    assert found.window.until == NOON
    assert not found.is_past


def test_a_past_moment_has_the_same_hours(asked):
    found = asked("hours=12&at=2026-02-27+18:00")
    assert (found.window.until, found.window.hours) == (at(2026, 2, 27, 18), 12)
    assert found.is_past
    assert "at=" not in found.now_href
    assert all("at=2026-02-27" in one.href for one in found.choices)


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-03-01+10:00&to=2026-03-01+09:00",
        "from=yesterday",
        "from=2025-01-01",
        "at=2027-01-01",
        "to=%00",
        "from=2026-03-02",
    ],
)
def test_what_cannot_be_used_is_told_and_the_usual_window_shown(asked, query):
    found = asked(query)
    assert found.is_wrong
    assert (found.window.since, found.window.until) == (NOON - timedelta(hours=24), NOON)


def test_it_keeps_what_else_the_address_says(asked):
    found = asked("panel=eu-1&hours=6&profile=7")
    assert found.kept == (("panel", "eu-1"), ("profile", "7"))
    assert all("panel=eu-1" in one.href for one in found.choices)


def test_a_panel_whose_past_is_not_held_that_far_is_named(asked):
    panel = Panel(1, "eu-1", "perfect_panel", "https://eu.example", "USD", "UTC", 4.0, False)
    held = Feed(1, "orders", NOON, 3, 1000, NOON, None, None, False, reached=NOON - timedelta(hours=30))
    assert asked("hours=24", feeds=[held], panels=[panel]).notes == []
    [note] = asked("hours=72", feeds=[held], panels=[panel]).notes
    assert note == "Of eu-1 nothing from before Feb 28, 2026 is held."


async def test_another_panel_is_looked_at_as_of_the_same_moment(staged, ana):
    page = (await ana.get("/tracking/services?hours=6&at=2026-02-28+18:00&page=2")).text
    assert '<input type="hidden" name="at" value="2026-02-28 18:00">' in page
    assert '<input type="hidden" name="page"' not in page


def test_an_end_alone_stays_the_end_whatever_the_length(asked):
    found = asked("to=2026-02-27+18:00")
    assert found.is_past
    assert all("at=2026-02-27" in one.href for one in found.choices)
    assert all("at=" not in one.href for one in asked("to=2026-03-09").choices)
