"""`check`: the doctor of the whole installation."""

import json
from pathlib import Path

import pytest

from hyperpanel.sandbox.faults import Fault

pytestmark = pytest.mark.loopback
NTP = "this machine’s. Set the wrong one right, best by NTP."


def findings(home, code=0):
    result = home.run("check", "--json")
    assert result.exit_code == code, result.output
    return [(found["what"], found["state"], found["sentence"]) for found in json.loads(result.stdout)]


def states(home, code=0):
    return {what: state for what, state, _ in findings(home, code)}


@pytest.fixture
def whole(home, eu):
    home.attach(eu)
    home.done("staff", "add", "ana", "--role", "admin", "--password-stdin", given="seven yellow bicycles")
    return home


def test_a_whole_installation_passes(whole):
    assert "wrong" not in states(whole).values()


def test_people_read_lines(whole):
    assert "ok    eu-1        key: eu-1 accepts the key." in whole.done("check")


def test_nobody_who_can_sign_in_is_wrong(home):
    assert states(home, 1)["staff"] == "wrong"


def test_no_panels_yet_is_worth_a_note(home):
    assert states(home, 1)["panels"] == "note"


def test_a_panel_that_refuses_its_key_is_wrong(whole, eu):
    eu.panel.faults.add(Fault("401"))
    assert ("eu-1", "wrong", "key: eu-1 refuses the key. Enter its current key, then resume.") in findings(whole, 1)


def test_a_clock_that_is_off_is_noted(whole, eu):
    eu.panel.switch(clock_skew=-3600)
    found = findings(whole)
    eu.panel.switch(clock_skew=0)
    assert ("eu-1", "note", f"clock: The clock of eu-1 is 60 min behind {NTP}") in found


def test_a_pause_is_noted_and_the_panel_still_asked(whole):
    whole.done("panel", "pause", "eu-1", "--why", "It moves.")
    assert ("eu-1", "note", "eu-1 is paused: It moves.") in findings(whole)


def test_looking_makes_no_database(home):
    Path("hyperpanel.db").unlink()
    assert states(home, 1)["database"] == "wrong"
    assert list(home.folder.iterdir()) == []


def test_another_master_key_is_wrong(whole):
    Path("hyperpanel.key").unlink()
    assert any("The master key is not the one" in sentence for _, _, sentence in findings(whole, 1))


def test_broken_settings_are_a_finding(home):
    Path("config.toml").write_text("[web\n")
    assert states(home, 1)["settings"] == "wrong"


def test_an_unsafe_sqlite_is_named(home, monkeypatch):
    monkeypatch.setattr("hyperpanel.db.engine.SAFE_SQLITE", (99, 0, 0))
    monkeypatch.setattr("hyperpanel.db.engine.SAFE_BRANCHES", {})
    found = {what: (state, sentence) for what, state, sentence in findings(home, 1)}
    assert found["sqlite"][0] == "note"
    assert "can lose commits" in found["sqlite"][1]
