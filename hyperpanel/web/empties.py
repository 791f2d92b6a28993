"""Empty states: why there is no row, and what to do about it."""

from dataclasses import dataclass

from hyperpanel.web.frame import POSITION
from hyperpanel.web.list_filters import Asked
from hyperpanel.web.list_pages import Turned
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


def no_rows(visit: Visit, has_panels: bool, asked: Asked, page: Turned, none_match: str, none_read: str) -> Empty:
    """Of a list. `none_match` and `none_read` are said where filters let nothing through, and where there is nothing at all."""
    say = visit.say
    if not has_panels:
        return no_panels(visit)
    if asked.errors:
        return Empty(say("Correct the marked filter to see anything."), None, None)
    if page.newer or not page.is_top:
        return Empty(say("There is nothing further on."), say("Go to the start"), str(visit.url.without(*POSITION)))
    if asked.is_narrow:
        return Empty(none_match, say("Clear the filters"), cleared(visit, asked))
    return Empty(none_read, say("See how the reading goes"), "/settings/sync")


def cleared(visit: Visit, asked: Asked) -> str:
    return str(visit.url.without(*POSITION, *(one.name for one in asked.fields)))
