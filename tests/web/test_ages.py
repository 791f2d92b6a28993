"""How old a page is: all the streams it shows together, the worst state and the oldest age, each reason once."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.web import ages
from hyperpanel.web.addresses import Address
from hyperpanel.web.frame import AsOf
from hyperpanel.web.visits import Visit
from sync.verdicts import Trouble
from tests.support.staged import NOON

PANELS = [
    Panel(id, name, "perfect_panel", "https://p.example", "USD", "UTC", 4.0, False)
    for id, name in ((1, "eu-1"), (2, "us-2"))
]


@pytest.fixture
def visit(staged) -> Visit:
    console = staged.console
    return Visit(console, NOON, Address("/"), "", "", "", False, None, console.languages["en"], ZoneInfo("UTC"))


def feed(panel_id: int, stream: str, ago: int | None = 10, pause: Pause | None = None) -> Feed:
    at = None if ago is None else NOON - timedelta(seconds=ago)
    plans = {"head": at} if stream in ("messages", "services") else {"head": at, "refresh": at}
    return Feed(panel_id, stream, NOON - timedelta(days=9), 0, 0, at, None, None, False, as_of=plans, pause=pause)


def paused(panel_id: int, code: str | None = None) -> Pause:
    return Pause(panel_id, None, "ana", "", None if code is None else Trouble(code), NOON)


def told(visit: Visit, panels: list[Panel], *feeds: Feed) -> AsOf:
    found = ages.as_of(visit, panels, feeds)
    assert found is not None
    return found


def test_a_page_of_several_streams_has_the_worst_state_and_the_oldest_age(visit):
    page = told(visit, PANELS[:1], feed(1, "tickets", 20), feed(1, "messages", 100), feed(1, "users", 150))
    assert (page.state, page.at) == ("late", NOON - timedelta(seconds=150))
    assert page.reason == "eu-1 (Messages) has not been read in time."


def test_a_panel_is_on_time_when_all_that_is_shown_of_it_is(visit):
    shown = [feed(1, "tickets"), feed(1, "messages"), feed(2, "tickets"), feed(2, "messages", 100)]
    assert told(visit, PANELS, *shown).told == "1 of 2 panels on time"


def test_a_panel_of_which_nothing_is_read_is_not_on_time(visit):
    assert told(visit, PANELS, feed(1, "tickets")).told == "1 of 2 panels on time"


def test_one_stream_needs_no_name(visit):
    page = told(visit, PANELS, feed(1, "tickets", 100), feed(2, "tickets", None))
    assert page.reason == "us-2 has not been read yet. eu-1 has not been read in time."


def test_one_pause_of_a_panel_is_told_once(visit):
    page = told(visit, PANELS[:1], *(feed(1, stream, pause=paused(1)) for stream in ("tickets", "messages")))
    assert page.reason == "eu-1 was paused by ana 0 s ago."


def test_a_refused_key_stands_before_all_else(visit):
    page = told(visit, PANELS, feed(1, "orders", None), feed(2, "orders", pause=paused(2, "auth")))
    assert page.state == "key"
    assert page.reason.startswith("us-2 refuses the key.")


def test_where_there_is_nothing_there_is_no_age(visit):
    assert ages.as_of(visit, [], []) is None
    assert ages.as_of(visit, PANELS, []) is None
