"""Which reports the page shows, read from the address, and the addresses of its other parts and pages.

Open ones unless the address says otherwise: that is what somebody has to do something about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from hyperpanel.db import feeds, lists, panels, service_reports
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.db.service_reports import OPEN, PAGE, RESOLVED, STATES, Filters, Key, Named, Place, Report, Service
from hyperpanel.errors import BadInput
from hyperpanel.support import cursors
from hyperpanel.support.cursors import Cursor
from hyperpanel.web.addresses import Address
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import POSITION
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import Asked, Field
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.set_aside_lists import Tab
from hyperpanel.web.visits import Visit

EVERY = "all"
LIST = (*CHOICE, "status", "service", "by")
"""What of the address tells which list it is."""

FIELDS = (
    Field("service", N_("Service"), "id", wrong=N_("A service is named by its number, such as 170."), main=True),
    Field("by", N_("Reported by"), "text", main=True),
)


@dataclass(frozen=True)
class Found:
    """All that the page needs of the database, in one snapshot. `feeds`: those of the catalogues, which the names of now come of."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed] = ()
    rows: Sequence[Report] = ()
    has_more: bool = False
    place: Place = field(default_factory=Place)
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    named: Mapping[Service, Named] = field(default_factory=dict)
    reporters: Sequence[str] = ()

    def number(self, state: str) -> int:
        return sum(self.counts.values()) if state == EVERY else self.counts[state]


def state_of(visit: Visit) -> str:
    """Raises BadInput."""
    found = next((value for name, value in visit.url.pairs if name == "status" and value), OPEN)
    if found not in (*STATES, EVERY):
        raise BadInput("no such status")
    return found


def place_of(visit: Visit) -> Place:
    """Raises BadInput for a place that no page of ours leads to."""
    given = [(name, value) for name, value in visit.url.pairs if name in POSITION and value]
    if not given:
        return Place()
    [(name, text), *others] = given
    key = cursors.read(text).key
    if others or name == "at" or key.at is None or len(key.at) != 1 or not isinstance(key.at[0], datetime):
        raise BadInput("a place in another list")
    return Place(Key(key.at[0], key.panel_id, key.id), name == "before")


def look(connection: Connection, visit: Visit, asked: Asked) -> Found:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope, state = visit.scope.narrowed(panel.id for panel in some), state_of(visit)
    told = feeds.all_of(connection, scope, visit.now, "services")
    if asked.errors:
        return Found(known, some, told)
    filters = Filters(None if state == EVERY else state, one_of(asked, "service"), one_of(asked, "by"))
    place = place_of(visit)
    rows = service_reports.page(connection, scope, filters, place, PAGE + 1)
    if place.backwards and len(rows) <= PAGE:
        place = Place()
        rows = service_reports.page(connection, scope, filters, place, PAGE + 1)
    has_more, rows = len(rows) > PAGE, rows[-PAGE:] if place.backwards else rows[:PAGE]
    return Found(
        panels=known,
        chosen=some,
        feeds=told,
        rows=rows,
        has_more=has_more or place.backwards,
        place=place,
        counts=service_reports.counts(connection, scope, filters),
        named=service_reports.named(connection, scope, {one.service for one in rows}),
        reporters=service_reports.reporters(connection, scope),
    )


def one_of(asked: Asked, name: str) -> str | None:
    return next(iter(asked.filters.get(name, ())), None)


def tabs(visit: Visit, found: Found) -> list[Tab]:
    here, state = top(visit).without("status"), state_of(visit)
    labels = {OPEN: visit.say("Still open"), RESOLVED: visit.say("Resolved"), EVERY: visit.say("All")}
    return [
        Tab(label, str(here if name == OPEN else here.having(status=name)), found.number(name), name == state)
        for name, label in labels.items()
    ]


def top(visit: Visit) -> Address:
    return visit.url.only(LIST)


def older(visit: Visit, found: Found) -> str | None:
    if not found.has_more or not found.rows:
        return None
    return str(top(visit).having(after=cursor(found.rows[-1])))


def newer(visit: Visit, found: Found) -> str | None:
    if found.place.key is None:
        return None
    return str(top(visit).having(before=cursor(found.rows[0])) if found.rows else top(visit))


def cursor(report: Report) -> str:
    return str(Cursor(lists.Key((report.at,), report.panel_id, report.id)))


def empty(visit: Visit, found: Found, asked: Asked) -> Empty:
    say = visit.say
    if not found.panels:
        return no_panels(visit)
    if asked.errors:
        return Empty(say("Correct the marked filter to see anything."), None, None)
    if found.place.key is not None:
        return Empty(say("There is nothing further on."), say("Go to the start"), str(top(visit)))
    if asked.is_narrow:
        every = str(visit.url.only((*CHOICE, "status")))
        return Empty(say("No report matches these filters."), say("Clear the filters"), every)
    return nothing(visit, found)


def nothing(visit: Visit, found: Found) -> Empty:
    """Not of this kind, or not at all."""
    say = visit.say
    if state_of(visit) == RESOLVED:
        return Empty(say("No report has been resolved yet."), None, None)
    if found.counts[RESOLVED]:
        resolved = str(top(visit).having(status=RESOLVED))
        return Empty(say("No service is reported now."), say("See what was resolved"), resolved)
    told = say("Nobody has reported a service yet. Report one where it is shown, or here, so that others know of it.")
    return Empty(told, None, None)
