"""Tracking → Providers: who fulfils the orders, across panels and services; who is inferred to be down comes first, as one incident each.

Always as of now. Outages are those that the worker last found, over all panels: to infer them takes longer than a page may.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, outages, panels
from hyperpanel.db.feeds import Feed
from hyperpanel.db.outages import FRESH, Look
from hyperpanel.db.panels import Panel
from hyperpanel.errors import Missing
from hyperpanel.support import providers
from hyperpanel.support.providers import Asked, Made
from hyperpanel.web import ages, report_windows
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import AsOf, frame
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.provider_incidents import Incident, incident
from hyperpanel.web.provider_rows import PLACE, ProviderLine, ServiceOf, line, orders_href, service_of
from hyperpanel.web.render import render
from hyperpanel.web.report_windows import Choice
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of
from reports import freshness, windows

HERE = "/tracking/providers"


@dataclass(frozen=True)
class Index:
    """`inferred`: when outages were last looked for, and over which panels; `unknown`: that nobody looks. `behind`: which panels are on time,
    where not all are."""

    choices: Sequence[Choice]
    incidents: Sequence[Incident]
    inferred: str
    unknown: str
    calm: str
    lines: Sequence[ProviderLine]
    behind: str
    empty: Empty | None


@dataclass(frozen=True)
class Show:
    """`line`: None where it has neither a stuck order nor one that finished in the window."""

    choices: Sequence[Choice]
    line: ProviderLine | None
    incidents: Sequence[Incident]
    inferred: str
    unknown: str
    services: Sequence[ServiceOf]
    many_panels: bool
    orders_href: str
    back_href: str


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed]
    look: Look | None

    @property
    def names(self) -> dict[int, str]:
        return {panel.id: panel.name for panel in self.chosen}


@get(HERE, name="providers.index", opt={"permission": "provider:see"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    asked, choices = asked_of(visit, found)
    made = await visit.console.database.reader.ask(providers.made, asked)
    as_of = ages.as_of(visit, found.chosen, found.feeds)
    around = frame(visit, "providers.index", visit.say("Providers"), found.panels, found.chosen, as_of)
    return render(request, around, "providers/index.html", listed(visit, found, asked, made, choices, as_of))


@get(PLACE, name="providers.show", opt={"permission": "provider:see"})
async def show(request: HTMXRequest) -> Response[str]:
    """The one that the address names."""
    visit = visit_of(request)
    name = asked_name(visit)
    if not name:
        raise Missing("provider")
    found = await visit.read(lambda connection: look(connection, visit))
    asked, choices = asked_of(visit, found)
    made = await visit.console.database.reader.ask(providers.made, replace(asked, provider=name))
    as_of = ages.as_of(visit, found.chosen, found.feeds)
    around = frame(visit, "providers.show", shown(name) or "–", found.panels, found.chosen, as_of)
    return render(request, around, "providers/show.html", opened(visit, found, asked, made, choices))


def look(connection: Connection, visit: Visit) -> Found:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope = visit.scope.narrowed(panel.id for panel in some)
    return Found(
        panels=known,
        chosen=some,
        feeds=feeds.all_of(connection, scope, visit.now, "orders") if some else [],
        look=outages.last(connection, scope, visit.now),
    )


def asked_of(visit: Visit, found: Found) -> tuple[Asked, Sequence[Choice]]:
    """The window is some hours up to now, whatever else the address says."""
    now = replace(visit, url=visit.url.without("from", "to", "at"))
    window = report_windows.windowed(now, windows.SERVICES)
    scope = visit.scope.narrowed(panel.id for panel in found.chosen)
    return Asked(scope, window.window, outages=found.look.outages if found.look else ()), window.choices


def listed(
    visit: Visit, found: Found, asked: Asked, made: Made, choices: Sequence[Choice], as_of: AsOf | None
) -> Index:
    late = is_late(visit, found)
    return Index(
        choices=choices,
        incidents=incidents(visit, found, made),
        inferred=inferred(visit, found),
        unknown=unknown(visit, found),
        calm=""
        if late or made.outages or not made.rows or not found.look
        else visit.say("No provider is inferred to be down."),
        lines=[line(visit, asked, row, late) for row in made.rows],
        behind=as_of.told if as_of and as_of.state != freshness.ON_TIME else "",
        empty=None if made.rows else nothing(visit, found),
    )


def opened(visit: Visit, found: Found, asked: Asked, made: Made, choices: Sequence[Choice]) -> Show:
    late, name, names = is_late(visit, found), asked_name(visit), found.names
    lines = [line(visit, asked, row, late) for row in made.rows]
    return Show(
        choices=choices,
        line=lines[0] if lines else None,
        incidents=incidents(visit, found, made),
        inferred=inferred(visit, found),
        unknown=unknown(visit, found),
        services=[service_of(visit, asked, row, name, names[row.panel_id]) for row in made.services],
        many_panels=len(found.chosen) > 1,
        orders_href=orders_href(visit, name),
        back_href=str(visit.url.only((*CHOICE, "hours"), HERE)),
    )


def asked_name(visit: Visit) -> str:
    return next((value for given, value in visit.url.pairs if given == "name"), "")


def incidents(visit: Visit, found: Found, made: Made) -> list[Incident]:
    return [incident(visit, one, found.names, number) for number, one in enumerate(made.outages, 1)]


def inferred(visit: Visit, found: Found) -> str:
    """Others may have panels of the same provider: what is told is of the panels that are shown."""
    if found.look is None or not found.chosen:
        return ""
    ago = visit.fmt.ago(found.look.at)
    if visit.scope.panel_ids is None and len(found.chosen) == len(found.panels):
        return visit.say("Outages were last looked for %(ago)s ago.", ago=ago)
    return visit.say(
        "Outages were last looked for %(ago)s ago and inferred over all panels; orders, deliveries and money are of those chosen here.",
        ago=ago,
    )


def unknown(visit: Visit, found: Found) -> str:
    if found.look is not None or not found.chosen:
        return ""
    minutes = visit.fmt.number(int(FRESH.total_seconds()) // 60)
    return visit.say(
        "Whether a provider is down is not known: no worker has looked for %(minutes)s minutes.", minutes=minutes
    )


def is_late(visit: Visit, found: Found) -> bool:
    promises = [ages.promise(feed, visit.console.settings.sync) for feed in found.feeds]
    return any(freshness.state(one, visit.now) != freshness.ON_TIME for one in promises)


def nothing(visit: Visit, found: Found) -> Empty:
    say = visit.say
    if not found.panels:
        return no_panels(visit)
    longest = str(visit.url.without("hours").having(hours=str(windows.SERVICES[-1])))
    return Empty(
        say("No order with a provider is stuck, and none finished in this window."),
        say("Show a longer window"),
        longest,
    )
