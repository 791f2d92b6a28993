"""`sync`: reads to the end, and tells what was found."""

import json
import time
from datetime import timedelta

import pytest

from hyperpanel.cli.syncing import PLANS, STREAMS, span
from hyperpanel.errors import BadInput
from hyperpanel.sandbox.faults import Fault
from hyperpanel.worker import once
from sync.connectors import CONNECTORS

pytestmark = pytest.mark.loopback


def test_the_plans_are_those_there_are():
    assert set(PLANS) == set(once.PLANS)


def test_each_feed_is_told_in_numbers(home, eu):
    home.attach(eu)
    results = home.told("sync", "--since", "400d")
    orders, services = results[0], results[-1]
    assert [told["stream"] for told in results] == list(once.ORDER)
    assert (orders["stream"], orders["new"], orders["trouble"]) == ("orders", 400, None)
    assert orders["read"] == orders["new"] + orders["changed"] + orders["unchanged"] + orders["set_aside"]
    assert (services["stream"], services["calls"]) == ("services", 1)


def test_people_get_a_table(home, eu):
    home.attach(eu)
    titles, orders, *others = home.done("sync").splitlines()
    assert titles.split() == [
        "panel",
        "stream",
        "read",
        "new",
        "changed",
        "unchanged",
        "set",
        "aside",
        "calls",
        "seconds",
    ]
    assert (orders.split()[:2], others[-1].split()[:2]) == (["eu-1", "orders"], ["eu-1", "services"])


def test_progress_goes_to_stderr(home, eu):
    home.attach(eu)
    assert "eu-1 orders: 400 read" in home.run("sync", "--since", "400d").stderr


def test_a_named_stream_and_plan_are_read_alone(home, panels):
    for panel in panels:
        home.attach(panel)
    [told] = home.told("sync", "us-2", "--stream", "services", "--plan", "head")
    assert (told["panel"], told["stream"]) == ("us-2", "services")


def test_a_panel_that_cannot_be_read_is_one_line_and_exit_1(home, panels):
    for panel in panels:
        home.attach(panel)
    panels[0].panel.faults.add(Fault("401"))
    result = home.run("sync", "--json")
    troubled = {told["panel"] for told in json.loads(result.stdout) if told["trouble"]}
    assert (result.exit_code, troubled) == (1, {"eu-1"})
    assert result.stderr.count("Error: eu-1 refuses the key. Enter its current key, then resume.\n") == 1


def test_a_sweep_is_done_when_it_is_named_and_tells_of_what_it_read(home, eu):
    home.attach(eu)
    home.done("sync", "--stream", "orders")
    [told] = home.told("sync", "--stream", "orders", "--plan", "sweep")
    assert (told["new"], told["changed"], told["trouble"]) == (0, 0, None)
    assert told["read"] > 0


def test_an_unknown_panel_is_refused(home):
    assert home.refused("sync", "eu-9") == "Error: There is no panel 'eu-9'. Panels: none yet.\n"


def test_without_panels_there_is_nothing_to_sync(home):
    assert "There are no panels yet. Add one" in home.refused("sync")


@pytest.mark.parametrize("text", ["30", "d", "0d", "-1d", "3 months", "1.5d"])
def test_a_span_that_cannot_be_read_is_refused(home, text):
    assert "is no span of time" in home.refused("sync", f"--since={text}")


@pytest.mark.parametrize(("text", "meant"), [("12h", 12), ("30D", 720), ("2w", 336)])
def test_spans_have_a_unit(text, meant):
    assert span(text) == timedelta(hours=meant)


def test_the_longest_span_is_no_overflow():
    assert span("99999w") > timedelta(days=1)
    with pytest.raises(BadInput):
        span("100000w")


def test_a_plan_that_is_not_there_is_wrong_usage(home):
    assert "See: hyperpanel sync --help" in home.refused("sync", "--plan", "newest", code=2)


def test_the_streams_are_those_of_the_connectors(eu):
    assert set(STREAMS) == set(once.ORDER)
    assert set(CONNECTORS) == {"perfect_panel", "hyperpanel"}


def test_an_interrupted_sync_is_quiet_and_its_feed_free_at_once(home, eu, process):
    home.attach(eu)
    eu.panel.faults.add(Fault("timeout", times=1, path="/orders", seconds=60))
    with process("sync", "--stream", "orders") as command:
        asked = eu.asked
        while eu.asked == asked:
            time.sleep(0.05)
        assert command.interrupted() == 130
        assert command.errors().strip() == ""
    assert home.told("sync", "--stream", "orders")[0]["trouble"] is None
