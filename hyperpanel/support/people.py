"""What is right of a person here, whoever sets it: their name, their role, the panels they are given. Pages and commands share it.

A username must equal the name under which its person answers in the panels, so it takes whatever they do, but what nobody can see or type.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from hyperpanel.db import panels, staff
from hyperpanel.db.machines import MACHINES
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import N_

LONGEST_NAME, LONGEST_UPSTREAM, LONGEST_WHY = 64, 128, 500
GROUP = "group:"
"""Before a group's name where panels are chosen: no panel's name has a colon."""

VIRAMA = 9
"""The class that Unicode gives to that sign."""

RESERVED = N_("The log calls the machine itself so. Choose another name.")
STRANGE_NAME = N_("A name has 1 to 64 letters, digits, spaces and signs, no comma, and begins with a letter or digit.")


def username(name: str) -> str:
    """As it is kept. A panel's staff may be called `ana (night)`, and here they must be called the same; what nobody can see or type is no
    part of a name, and a comma stands between names in commands."""
    shown = " ".join(unicodedata.normalize("NFC", name).split())
    if not 0 < len(shown) <= LONGEST_NAME or not shown[0].isalnum() or not is_plain(shown) or "," in shown:
        raise BadInput(STRANGE_NAME, "username")
    if staff.folded(shown) in MACHINES:
        raise BadInput(RESERVED, "username")
    return shown


def is_plain(text: str) -> bool:
    """Without control characters, overrides of the direction, and spaces of other kinds."""
    return all(
        sign == " " or unicodedata.category(sign)[0] not in "CZ" or joins(text, at) for at, sign in enumerate(text)
    )


def joins(text: str, at: int) -> bool:
    """A joiner between letters of a script that is written with it: Persian and its kin, and after the sign that binds Indian consonants.
    Among other letters it would make a second name that looks like the first."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] not in staff.JOINERS or not before or not after.isalpha():
        return False
    is_joined = unicodedata.bidirectional(before) in ("AL", "NSM") and unicodedata.bidirectional(after) == "AL"
    return is_joined or unicodedata.combining(before) == VIRAMA


def upstream_name(name: str) -> str:
    """Kept as it is typed: upstreams compare each character."""
    if len(name) > LONGEST_UPSTREAM or not is_plain(name) or name != name.strip():
        raise BadInput(N_("A name in a panel has up to 128 characters, all of them visible."), "name")
    return name


def reaches(one: frozenset[int] | None, other: frozenset[int] | None) -> bool:
    """Whether who sees the one sees all of the other."""
    return one is None or (other is not None and other <= one)


def picked(choices: Iterable[str], known: Sequence[Panel]) -> list[int]:
    """The panels that were chosen by name, or by the group that they are in now. `known` are those that may be handed out: any other name is
    that of no panel."""
    found: set[int] = set()
    for choice in choices:
        ids = {panel.id for panel in known if is_meant(choice, panel)}
        if not ids:
            raise BadInput(N_("There is no panel “{text}”."), "panel", text=choice.removeprefix(GROUP)[:40])
        found |= ids
    return sorted(found)


def is_meant(choice: str, panel: Panel) -> bool:
    if choice.startswith(GROUP):
        group = panel.group_name
        return group is not None and panels.folded(group) == panels.folded(choice.removeprefix(GROUP))
    return panels.folded(panel.name) == panels.folded(choice)


def given(why: str) -> dict[str, str]:
    said = " ".join(why.split())[:LONGEST_WHY]
    return {"why": said} if said else {}
