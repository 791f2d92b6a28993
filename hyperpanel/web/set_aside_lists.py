"""The list of records set aside as its page shows it: its parts with their counts, and what can be done to all of it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from hyperpanel.db import holds, panels, set_aside
from hyperpanel.db.holds import Hold
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.db.set_aside import Filters
from hyperpanel.web import ages, set_aside_pages
from hyperpanel.web.empties import Empty
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.set_aside_pages import DISMISSED, NEWER_TO, Turned
from hyperpanel.web.visits import Visit

SAMPLES = 5
Counts = Mapping[tuple[int, str], int]


@dataclass(frozen=True)
class Tab:
    """A part of the list, with how many it holds."""

    label: str
    href: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Acts:
    """Where something is done to all that the list holds: None for what does not apply, or is not for this person."""

    retry_href: str | None
    dismiss_href: str | None
    restore_href: str | None


@dataclass(frozen=True)
class Found:
    """All that the page needs of the database, in one snapshot. `matching`: how many the list holds, those that came since left out."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    page: Turned
    open: Counts
    dismissed: Counts
    matching: int
    holds: Sequence[Hold]
    samples: Mapping[tuple[int, str], Sequence[str]]


def look(connection: Connection, visit: Visit) -> Found:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope = visit.scope.narrowed(panel.id for panel in some)
    page = set_aside_pages.turn(connection, scope, set_aside_pages.asked(visit.url))
    opened = set_aside.counts(connection, scope)
    dismissed = set_aside.counts(connection, scope, Filters(dismissed=True))
    return Found(
        panels=known,
        chosen=some,
        page=page,
        open=opened,
        dismissed=dismissed,
        matching=matching(connection, scope, page, dismissed if page.asked.filters.dismissed else opened),
        holds=holds.waiting(connection, scope),
        samples=holds.samples(connection, scope, SAMPLES),
    )


def matching(connection: Connection, scope: Scope, page: Turned, counts: Counts) -> int:
    """Only where very many came since are they counted one by one."""
    filters = page.asked.filters
    if page.newer <= NEWER_TO and not filters.record_id:
        return together(counts, filters.stream) - page.newer
    bound = page.asked.place.key.first_at if page.asked.place.key else None
    return sum(set_aside.counts(connection, scope, replace(filters, until=bound)).values())


def tabs(visit: Visit, found: Found) -> list[Tab]:
    filters, here = found.page.asked.filters, set_aside_pages.top(visit.url).without("state")
    stream, there = filters.stream, here.having(state=DISMISSED)
    return [
        Tab(visit.say("Set aside"), str(here), together(found.open, stream), not filters.dismissed),
        Tab(visit.say("Dismissed"), str(there), together(found.dismissed, stream), filters.dismissed),
    ]


def streams(visit: Visit, found: Found) -> list[Tab]:
    """Those of which any is there, and the one that is asked for."""
    filters, here = found.page.asked.filters, set_aside_pages.top(visit.url).without("stream")
    counts = found.dismissed if filters.dismissed else found.open
    present = {stream for _, stream in counts} | {filters.stream}
    some = [(name, ages.stream_label(visit, name)) for name in ages.STREAMS if name in present]
    every = Tab(visit.say("All"), str(here), together(counts, None), filters.stream is None)
    one = [
        Tab(label, str(here.having(stream=name)), together(counts, name), filters.stream == name)
        for name, label in some
    ]
    return [every, *one] if one else []


def together(counts: Counts, stream: str | None) -> int:
    return sum(number for (_, name), number in counts.items() if stream in (None, name))


def acts(visit: Visit, found: Found) -> Acts:
    """For one record alone its row has the buttons."""
    bound, dismissed = set_aside_pages.until(found.page, visit.now), found.page.asked.filters.dismissed
    may = visit.may("set_aside:decide") and found.matching > 1

    def act(verb: str, applies: bool) -> str | None:
        return set_aside_pages.act(visit.url, verb, bound) if may and applies else None

    return Acts(act("retry", not dismissed), act("dismiss", not dismissed), act("restore", dismissed))


def empty(visit: Visit, found: Found) -> Empty:
    say, page, every = visit.say, found.page, str(visit.url.only(CHOICE))
    if page.newer or not page.asked.is_top:
        return Empty(say("There is nothing further on."), say("Go to the newest"), str(set_aside_pages.top(visit.url)))
    if page.asked.filters.dismissed:
        return Empty(say("Nothing was dismissed."), say("See what is set aside"), every)
    if found.open:
        return Empty(say("Nothing of this kind is set aside."), say("See all that is set aside"), every)
    sentence = say(
        "Nothing is set aside. A record that cannot be read is kept here with the reason, so that it is not lost and holds up no other."
    )
    return Empty(sentence, None, None)
