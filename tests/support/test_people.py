"""What is right of a person: names as panels have them, panels that may be handed out."""

import pytest

from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support import people
from hyperpanel.web.activity_words import ACTORS
from hyperpanel.web.ages import MACHINES


def panel(id: int, name: str, group: str | None = None) -> Panel:
    return Panel(id, name, "perfect_panel", "https://panel.example", "USD", "UTC", 4.0, False, group)


KNOWN = [panel(1, "eu-1", "Europe"), panel(2, "eu-2", "Europe"), panel(3, "us-1")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana", "ana"),
        ("  Ana   Maria ", "Ana Maria"),
        ("ana (night)", "ana (night)"),
        ("ben+eu@panel.example", "ben+eu@panel.example"),
        ("o'hara/2 #1 [x] *", "o'hara/2 #1 [x] *"),
        ("Şükrü_Ağaoğlu", "Şükrü_Ağaoğlu"),
        ("علی رضایی", "علی رضایی"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("क्\u200dष", "क्\u200dष"),
        ("The command line", "The command line"),
        ("Zoe\u0301", "Zoé"),
        ("x" * 64, "x" * 64),
    ],
)
def test_a_name_may_be_what_panels_have(typed, kept):
    assert people.username(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        ".ana",
        "(ana)",
        "a,b",
        "x" * 65,
        "a\x00b",
        "a\x1bb",
        "an\u202ea",
        "an\u2066a",
        "an\u200ba",
        "an\u200ca",
        "an\u200da",
        "علی\u200c",
        "علی\u200c رضا",
        "علی\u200c\u200cرضا",
        "a\ue000",
        "\u0301a",
    ],
)
def test_what_nobody_can_see_or_type_is_no_name(typed):
    with pytest.raises(BadInput):
        people.username(typed)


@pytest.mark.parametrize("name", sorted({*ACTORS, *MACHINES} - {""}))
def test_nobody_is_called_as_logs_call_a_machine(name):
    with pytest.raises(BadInput, match="the machine itself"):
        people.username(f" {name.title()}")


@pytest.mark.parametrize("name", [" ana", "ana ", "a\tb", "a\u00a0b", "an\u202ea", "x" * 129])
def test_a_name_in_a_panel_is_never_mended(name):
    with pytest.raises(BadInput):
        people.upstream_name(name)


@pytest.mark.parametrize("name", ["", ".Ana, (night)", "ana  maria", "علی\u200cرضا"])
def test_a_name_in_a_panel_is_kept_as_typed(name):
    assert people.upstream_name(name) == name


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        (["us-1"], [3]),
        (["EU-1 ", "eu-1"], [1]),
        (["group:europe"], [1, 2]),
        (["group:Europe", "us-1"], [1, 2, 3]),
        ([], []),
    ],
)
def test_panels_are_chosen_by_name_and_by_group(chosen, ids):
    assert people.picked(chosen, KNOWN) == ids


@pytest.mark.parametrize("choice", ["us-2", "group:Asia", "group:", ""])
def test_a_panel_that_may_not_be_handed_out_is_none(choice):
    with pytest.raises(BadInput, match="There is no panel"):
        people.picked(["eu-1", choice], KNOWN)


@pytest.mark.parametrize(
    ("one", "other", "reaches"),
    [
        (None, None, True),
        (None, {1}, True),
        ({1}, None, False),
        ({1}, {1}, True),
        ({1}, {1, 2}, False),
        ({1, 2}, {2}, True),
        (set(), set(), True),
    ],
)
def test_who_sees_all_that_another_sees_reaches_them(one, other, reaches):
    assert people.reaches(one, other) is reaches
