"""Panels without a services key: a catalogue is read with the key of an ordinary account there, which not every panel has given."""

from collections.abc import Sequence
from dataclasses import dataclass

from hyperpanel.db.panels import Panel
from hyperpanel.web.panel_places import HERE, href_of
from hyperpanel.web.visits import Visit

NAMED = 3


@dataclass(frozen=True)
class Keyless:
    """Panels whose catalogue cannot be read for want of a key. `href`: where it is entered, for whoever may."""

    sentence: str
    href: str | None
    action: str


def keyless(visit: Visit, lacking: Sequence[Panel]) -> Keyless | None:
    if not lacking:
        return None
    sentence = visit.count(
        "%(panels)s has no services key, so its catalogue cannot be read.",
        "%(panels)s have no services key, so their catalogues cannot be read.",
        len(lacking),
        panels=together(visit, lacking),
    )
    if not visit.may("panels:edit"):
        return Keyless(f"{sentence} {visit.say('An administrator can add it.')}", None, "")
    return Keyless(sentence, href_of(lacking[0]) if len(lacking) == 1 else HERE, visit.say("Add the key"))


def together(visit: Visit, some: Sequence[Panel]) -> str:
    """By name, as far as a line holds them."""
    names = ", ".join(panel.name for panel in some[:NAMED])
    more = len(some) - NAMED
    return visit.say("%(names)s and %(number)s more", names=names, number=visit.fmt.number(more)) if more > 0 else names
