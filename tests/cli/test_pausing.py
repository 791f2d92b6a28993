"""`panel pause` and `resume`."""

import pytest

pytestmark = pytest.mark.loopback


@pytest.fixture
def attached(home, eu):
    home.attach(eu)
    return home


def paused(home):
    return [(pause["by"], pause["why"]) for pause in home.told("panel", "list")[0]["paused"]]


def test_a_pause_says_who_and_why(attached):
    attached.done("panel", "pause", "EU-1", "--why", "It moves.")
    assert paused(attached) == [("command line", "It moves.")]


def test_a_paused_panel_is_not_read_and_says_so(attached):
    attached.done("panel", "pause", "eu-1", "--why", "It moves.")
    result = attached.run("sync")
    assert result.exit_code == 1
    assert "is paused: It moves." in result.stderr


def test_a_second_pause_changes_nothing(attached):
    attached.done("panel", "pause", "eu-1", "--why", "It moves.")
    assert attached.done("panel", "pause", "eu-1") == "eu-1 is paused already: It moves.\n"
    assert paused(attached) == [("command line", "It moves.")]


def test_a_resumed_panel_is_read_again(attached):
    attached.done("panel", "pause", "eu-1")
    assert attached.done("panel", "resume", "eu-1") == "eu-1 is read again.\n"
    assert paused(attached) == []


def test_resuming_what_is_not_paused_says_so(attached):
    assert attached.done("panel", "resume", "eu-1") == "eu-1 is not paused.\n"


def test_an_unknown_panel_is_refused(home):
    assert home.refused("panel", "pause", "eu-1") == "Error: There is no panel 'eu-1'. Panels: none yet.\n"


def test_both_leave_audit_rows(attached, audit):
    attached.done("panel", "pause", "eu-1")
    attached.done("panel", "resume", "eu-1")
    assert audit() == ["panel-add eu-1", "panel-pause eu-1", "panel-resume eu-1"]


def test_scripts_are_told_whether_anything_changed(attached):
    assert attached.told("panel", "pause", "eu-1") == {"panel": "eu-1", "paused": True, "changed": True}
    assert attached.told("panel", "resume", "eu-1") == {"panel": "eu-1", "paused": False, "changed": True}
    assert attached.told("panel", "resume", "eu-1") == {"panel": "eu-1", "paused": False, "changed": False}
