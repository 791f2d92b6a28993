"""Panels of another console: their names and addresses here, and how they share the calls of one key."""

from dataclasses import replace

import pytest

from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support import consoles
from hyperpanel.support.wanted import Typed, judge
from sync.connectors.consoles import Console, Line, Own

URL = "https://console.example"
HERE = Panel(1, "far-eu-1", "hyperpanel", f"{URL}/p/eu-1", "EUR", "UTC", 2.0, False)


def console(*names):
    return Console(Own(["panels:read"], 300), [Line(name, "EUR", "UTC", []) for name in names])


@pytest.mark.parametrize("url", [URL, f"{URL}/p/eu-1"])
def test_each_panel_is_reached_below_the_console_itself(url):
    found = consoles.found(console("eu-1", "us 2"), "far", url, [HERE])
    assert [(one.url, one.ours, one.is_here) for one in found] == [
        (f"{URL}/p/eu-1", "far-eu-1", True),
        (f"{URL}/p/us%202", "far-us 2", False),
    ]


def test_the_address_of_each_is_one_that_can_be_edited_later():
    [one] = consoles.found(console("us 2"), "far", URL, [])
    judged = judge(Typed(name="far", url=one.url, kind="hyperpanel"), needs_key=False)
    assert judged.require().url == one.url


@pytest.mark.parametrize("url", [URL, f"{URL}/p/", f"{URL}/p/a/b"])
def test_the_kind_needs_the_address_of_one_panel(url):
    assert "url" in judge(Typed(name="far", url=url, kind="hyperpanel"), needs_key=False).errors


@pytest.mark.parametrize(("per_minute", "count", "each"), [(300, 2, 1.5), (6000, 1, 4.0), (180, 3, 0.33)])
def test_new_panels_share_what_the_others_leave_of_a_keys_calls(per_minute, count, each):
    assert consoles.rate(per_minute, URL, count, [HERE]) == each


def test_calls_of_another_console_are_another_keys():
    others = [replace(HERE, url="https://other.example/p/eu-1"), replace(HERE, kind="perfect_panel")]
    assert consoles.rate(120, URL, 1, others) == 2.0


def test_too_few_calls_are_refused_with_how_many_are_needed():
    with pytest.raises(BadInput, match="at least 12"):
        consoles.rate(125, URL, 2, [HERE])
