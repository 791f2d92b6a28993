"""Empty states: why there is no row, and what to do about it."""

from dataclasses import dataclass

from hyperpanel.web.panel_places import HERE
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class Empty:
    """`href`: where it is done, if there is such a place."""

    sentence: str
    action: str | None
    href: str | None


def no_panels(visit: Visit) -> Empty:
    """It depends on who asks."""
    say = visit.say
    if visit.scope.panel_ids is not None:
        return Empty(say("No panel is open to you yet. Ask an administrator for one."), None, None)
    if not visit.may("panels:edit"):
        return Empty(say("No panel is attached yet. An administrator can add one."), None, None)
    first = say("No panel is attached yet. Add the first one: its address and its Admin API key are all it takes.")
    return Empty(first, say("Add a panel"), f"{HERE}/new")
