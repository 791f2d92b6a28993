"""How many rows each saved view in the navigation has now, for the person who asks: a part that each page asks for once it stands, and again
when there is news.

A count looks at a bounded number of rows (hyperpanel.db.list_pages) and waits for its turn by itself, so that many views hold up no page.
What was counted as of the same news a few seconds ago is not counted again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litestar import Response, get
from litestar.enums import MediaType
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import list_pages, news, panels
from hyperpanel.db.lists import Count
from hyperpanel.db.panels import Panel
from hyperpanel.errors import HyperpanelError
from hyperpanel.web import list_filters, view_addresses
from hyperpanel.web.addresses import Address
from hyperpanel.web.every_list import LISTS
from hyperpanel.web.list_pages import sorting
from hyperpanel.web.list_views import counted
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.saved import Saved, in_navigation
from hyperpanel.web.visits import Visit, visit_of

NONE = Count(-1, True)


@dataclass(frozen=True)
class Line:
    id: int
    number: str


@dataclass(frozen=True)
class Found:
    """`at`: the number of the last news."""

    views: Sequence[Saved]
    panels: Sequence[Panel]
    at: int


@get("/views/counts", name="view-counts", opt={"permission": "self"})
async def counts(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    lines = [Line(view.id, await number(visit, found, view)) for view in found.views]
    template = visit.console.pages.template(visit.language, "parts/view_counts.html")
    return Response(template.render(lines=lines), media_type=MediaType.HTML)


def look(connection: Connection, visit: Visit) -> Found:
    views = view_addresses.offered(connection, visit.person) if visit.person else ()
    some = [view for noun in LISTS for view in in_navigation(views, noun)]
    return Found(some, panels.all_of(connection, visit.scope) if some else (), news.last(connection) if some else 0)


async def number(visit: Visit, found: Found, view: Saved) -> str:
    """Empty where the list would not show its rows."""
    key = (view.noun, view.pairs, visit.scope, visit.zone.key, found.at)
    known = visit.console.counts.get(key, visit.now)
    if known is None:
        known = await visit.read(lambda connection: count(connection, visit, found.panels, view))
        visit.console.counts.put(key, known, visit.now)
    return counted(visit, known) if known.number >= 0 else ""


def count(connection: Connection, visit: Visit, known: Sequence[Panel], view: Saved) -> Count:
    kind, at = LISTS[view.noun], replace(visit, url=Address(view.path, view.pairs))
    asked = list_filters.read(at, kind.fields)
    try:
        some, (sort, _) = chosen(at, known), sorting(at.url, kind.listing)
    except HyperpanelError:
        return NONE
    ids = [panel.id for panel in some]
    if asked.errors:
        return NONE
    if not ids:
        return Count(0, True)
    filters = kind.filters(connection, at, ids, asked.filters)
    return list_pages.count(connection, at.scope, ids, kind.listing, filters, sort)
