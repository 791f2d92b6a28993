"""`panel list` and `panel check`."""

import json

import pytest

from hyperpanel.cli.panels import state
from hyperpanel.sandbox.faults import Fault

pytestmark = pytest.mark.loopback


def test_without_panels_the_list_tells_how_to_add_one(home):
    assert "panel add NAME" in home.done("panel", "list")


def test_the_list_is_a_table_for_people(home, eu):
    home.attach(eu)
    titles, row = home.done("panel", "list").splitlines()
    assert titles.split()[:2] == ["name", "kind"]
    assert row.split() == ["eu-1", "perfect_panel", eu.url, "EUR", "Europe/Berlin", "50.0", "read"]


def test_a_panel_that_answers_passes(home, eu):
    home.attach(eu)
    assert "ok    eu-1  key: eu-1 accepts the key." in home.done("panel", "check")


def test_check_names_what_is_wrong_and_exits_1(home, panels):
    for panel in panels:
        home.attach(panel)
    panels[1].panel.faults.add(Fault("401"))
    result = home.run("panel", "check")
    assert result.exit_code == 1
    assert "wrong us-2  key: us-2 refuses the key." in result.stdout
    assert "ok    eu-1  key: eu-1 accepts the key." in result.stdout


def test_check_asks_the_named_panels_alone(home, panels):
    for panel in panels:
        home.attach(panel)
    before = panels[1].asked
    [told] = home.told("panel", "check", "eu-1")
    assert (told["panel"], told["ok"], panels[1].asked) == ("eu-1", True, before)


def test_check_as_json_is_printed_when_something_is_wrong_too(home, eu):
    home.attach(eu)
    eu.panel.faults.add(Fault("challenge"))
    result = home.run("panel", "check", "--json")
    [probe] = json.loads(result.stdout)[0]["probes"]
    assert (result.exit_code, probe["about"], probe["level"], probe["code"]) == (1, "challenge", "wrong", "html")


def test_a_panel_whose_key_is_accepted_again_only_has_to_be_resumed(home, eu):
    home.attach(eu)
    eu.panel.faults.add(Fault("401"))
    assert home.run("sync", "eu-1").exit_code == 1
    eu.panel.faults.clear()
    resumed = "Read on: hyperpanel panel resume eu-1"
    assert resumed in home.done("panel", "check")
    [told] = home.told("panel", "check")
    assert told["mended"]
    home.done("panel", "resume", "eu-1")
    assert resumed not in home.done("panel", "check")


def test_an_unknown_panel_is_named_with_those_there_are(home, eu):
    home.attach(eu)
    assert home.refused("panel", "check", "eu-9") == "Error: There is no panel 'eu-9'. Panels: eu-1.\n"


def test_check_keeps_the_panels_rate(home, eu):
    home.done(*home.add(eu, "--no-check"), given=eu.keys)
    home.done("panel", "check")
    times = [seen.monotonic for seen in eu.panel.log][-8:]
    assert all(later - earlier >= 1.0 for earlier, later in zip(times, times[4:], strict=False))


def test_a_panel_without_pause_is_read():
    assert state([]) == "read"
