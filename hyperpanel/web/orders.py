"""Orders: the list, live, and one order beside it. Filters, sorting and place are in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, orders, panels, services
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.errors import Missing
from hyperpanel.web import ages, order_filters, order_pages
from hyperpanel.web.addresses import START
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import POSITION, AsOf, Frame, frame
from hyperpanel.web.guards import demand
from hyperpanel.web.order_facts import Fact, Flip, facts, flips
from hyperpanel.web.order_filters import Asked, Chip, Filters
from hyperpanel.web.order_pages import Turned
from hyperpanel.web.order_rows import OrderRow, row
from hyperpanel.web.panel_choice import chosen, named
from hyperpanel.web.render import render, wanted_block
from hyperpanel.web.visits import Visit, visit_of

OFFERED_SERVICES = 100
EVERY_FILTER = ("number", "user", "status", "mode", "source", "service", "provider", "created_from", "created_to")


@dataclass(frozen=True)
class Index:
    """`first`: the number of the first row, 0 where unknown. `live_href`: the same rows once more."""

    rows: Sequence[OrderRow]
    filters: Filters
    chips: Sequence[Chip]
    count: int
    counted_all: bool
    first: int
    newer: int
    newest_href: str
    newer_href: str | None
    older_href: str | None
    live_href: str
    sees_provider: bool
    many_panels: bool
    empty: Empty | None
    stale: str | None


@dataclass(frozen=True)
class Show:
    order: OrderRow
    facts: Sequence[Fact]
    flips: Sequence[Flip]
    as_of: datetime | None
    back_href: str


@dataclass(frozen=True)
class Found:
    """All that a page of orders needs of the database, in one snapshot."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed]
    page: Turned = field(default_factory=Turned)
    statuses: Sequence[str] = ()
    services: Mapping[str, str] = field(default_factory=dict)


@get("/orders", name="orders.index", opt={"permission": "orders:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    asked = order_filters.read(visit)
    if asked.typed["provider"]:
        await demand(visit, "provider:see")
    has_form = wanted_block(request, {"rows"}) is None
    found = await visit.read(lambda connection: look(connection, visit, asked, has_form))
    as_of = ages.as_of(visit, found.chosen, found.feeds)
    around = frame(visit, "orders.index", visit.say("Orders"), found.panels, found.chosen, as_of)
    status = 422 if asked.errors else 200
    return render(request, around, "orders/index.html", listed(visit, asked, found, as_of), {"rows"}, status)


def look(connection: Connection, visit: Visit, asked: Asked, has_form: bool) -> Found:
    """What only the form offers is left out where the rows alone are asked for, every few seconds."""
    scope = visit.scope
    known = panels.all_of(connection, scope)
    some = chosen(visit, known)
    ids = [panel.id for panel in some]
    told = feeds.all_of(connection, scope.narrowed(ids), visit.now, "orders")
    held = sum(feed.cached for feed in told)
    page = order_pages.turn(connection, visit, ids, asked.filters, held) if ids and not asked.errors else Turned()
    if not has_form:
        return Found(known, some, told, page)
    statuses = orders.statuses(connection, scope, ids)
    return Found(known, some, told, page, statuses, services.names(connection, scope, ids, OFFERED_SERVICES))


def listed(visit: Visit, asked: Asked, found: Found, as_of: AsOf | None) -> Index:
    sees_provider, page = visit.may("provider:see"), found.page
    names = {panel.id: panel.name for panel in found.chosen}
    rows = [row(order, names[order.panel_id], visit.language, sees_provider) for order in page.rows]
    seen = {one.service_id: one.service_name or "" for one in rows if one.service_id}
    providers = sorted({one.provider for one in rows if one.provider})
    return Index(
        rows=rows,
        filters=order_filters.form(visit, asked, found.statuses, {**found.services, **seen}, providers),
        chips=order_filters.chips(visit, asked),
        count=page.count.number,
        counted_all=page.count.is_whole,
        first=page.first,
        newer=page.newer,
        newest_href=str(visit.url.without(*POSITION)),
        newer_href=order_pages.newer(visit.url, page),
        older_href=order_pages.older(visit.url, page),
        live_href=order_pages.live(visit.url, page),
        sees_provider=sees_provider,
        many_panels=len(found.chosen) > 1,
        empty=None if rows else empty(visit, asked, found),
        stale=as_of.reason if as_of and as_of.state != "on_time" else None,
    )


def empty(visit: Visit, asked: Asked, found: Found) -> Empty:
    say = visit.say
    if not found.panels:
        return no_panels(visit)
    if asked.errors:
        return Empty(say("Correct the marked filter to see orders."), None, None)
    if found.page.newer or not found.page.is_top:
        return Empty(say("There is nothing further on."), say("Go to the newest"), str(visit.url.without(*POSITION)))
    if asked.is_narrow:
        return Empty(say("No order matches these filters."), say("Clear the filters"), cleared(visit))
    return Empty(say("No orders have been read yet."), say("See how the reading goes"), "/settings/sync")


def cleared(visit: Visit) -> str:
    return str(visit.url.without(*POSITION, *EVERY_FILTER))


@get("/orders/{panel:str}/{order_id:str}", name="orders.show", opt={"permission": "orders:read"})
async def show(request: HTMXRequest, panel: FromPath[str], order_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    around, view = await visit.read(lambda connection: one(connection, visit, panel, order_id))
    return render(request, around, "orders/show.html", view, {"drawer"})


def one(connection: Connection, visit: Visit, panel_name: str, order_id: str) -> tuple[Frame, Show]:
    known = panels.all_of(connection, visit.scope)
    panel = named(known, panel_name)
    order = orders.one(connection, visit.scope, panel.id, order_id)
    if order is None:
        raise Missing("order")
    sees_provider = visit.may("provider:see")
    shown = row(order, panel.name, visit.language, sees_provider)
    view = Show(
        order=shown,
        facts=facts(visit, order, shown, sees_provider),
        flips=flips(visit.language, order, orders.flips(connection, visit.scope, panel.id, order.id)),
        as_of=orders.as_of(connection, visit.scope, order),
        back_href=START,
    )
    told = feeds.all_of(connection, visit.scope.narrowed([panel.id]), visit.now, "orders")
    title = visit.say("Order %(id)s", id=shown.id)
    return frame(visit, "orders.show", title, (), (), ages.as_of(visit, [panel], told)), view
