"""Orders: the list, live, and one order beside it. Filters, sorting and place are in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import customers, feeds, orders, panels, services, statuses, users
from hyperpanel.db.lists import Filters
from hyperpanel.db.orders import Line, Order
from hyperpanel.db.panels import Panel
from hyperpanel.errors import Missing
from hyperpanel.web import ages, list_filters, list_looks, list_views
from hyperpanel.web.empties import no_rows
from hyperpanel.web.facts import Fact, Way
from hyperpanel.web.frame import AsOf, Frame, frame
from hyperpanel.web.guards import demand
from hyperpanel.web.languages import N_, NN_
from hyperpanel.web.list_filters import Asked, Field
from hyperpanel.web.list_kinds import Column, Kind, ListKind
from hyperpanel.web.list_looks import Looked
from hyperpanel.web.list_views import Listed
from hyperpanel.web.order_facts import Flip, facts, flips, ways
from hyperpanel.web.order_rows import MODES, SOURCES, STATUSES, OrderRow, row
from hyperpanel.web.panel_choice import named
from hyperpanel.web.render import render, wanted_block
from hyperpanel.web.reported_marks import ServiceReports, of_service
from hyperpanel.web.visits import Visit, visit_of

OFFERED_SERVICES = 100
FIELDS = (
    Field("number", N_("Order number"), "numbers", main=True),
    Field("user", N_("User"), "text", main=True),
    Field("status", N_("Status"), "some", {word: label for word, (label, _) in STATUSES.items()}, main=True),
    Field("service", N_("Service"), "id", wrong=N_("A service is named by its number, such as 170.")),
    Field("provider", N_("Provider"), "text"),
    Field("created_from", N_("Created from"), "moment", hint="2026-01-31 09:00"),
    Field("created_to", N_("Created before"), "moment", hint="2026-01-31 17:00", after="created_from"),
    Field("mode", N_("Mode"), "one", MODES),
    Field("source", N_("Source"), "one", SOURCES),
)
KIND = Kind(
    name="orders",
    stream="orders",
    label=N_("Orders"),
    counted=NN_("%(total)s order", "%(total)s orders"),
    columns=(
        Column("id", N_("ID")),
        Column("panel", N_("Panel"), many_panels=True),
        Column("user", N_("User")),
        Column("charge", N_("Charge"), is_number=True),
        Column("link", N_("Link")),
        Column("start", N_("Start count"), is_number=True),
        Column("quantity", N_("Quantity"), is_number=True),
        Column("service", N_("Service")),
        Column("status", N_("Status")),
        Column("remains", N_("Remains"), is_number=True),
        Column("created", N_("Created"), sort="created"),
        Column("mode", N_("Mode")),
        Column("provider", N_("Provider"), permission="provider:see"),
    ),
)


@dataclass(frozen=True)
class Index:
    list: Listed
    rows: Sequence[OrderRow]


@dataclass(frozen=True)
class Show:
    order: OrderRow
    facts: Sequence[Fact]
    ways: Sequence[Way]
    flips: Sequence[Flip]
    reports: ServiceReports | None
    as_of: datetime | None
    back_href: str


@dataclass(frozen=True)
class Found:
    """With what the form offers."""

    looked: Looked
    statuses: Sequence[str] = ()
    services: Mapping[str, str] = field(default_factory=dict)


@get("/orders", name="orders.index", opt={"permission": "orders:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    asked = list_filters.read(visit, FIELDS)
    for name, permission in LIST.guarded.items():
        if asked.text(name):
            await demand(visit, permission)
    has_form = wanted_block(request, {"rows"}) is None
    found = await visit.read(lambda connection: look(connection, visit, asked, has_form))
    as_of = ages.as_of(visit, found.looked.chosen, found.looked.feeds)
    around = frame(visit, "orders.index", visit.say("Orders"), found.looked.panels, found.looked.chosen, as_of)
    status = 422 if asked.errors else 200
    return render(request, around, "orders/index.html", listed(visit, asked, found, as_of), {"rows"}, status)


def look(connection: Connection, visit: Visit, asked: Asked, has_form: bool) -> Found:
    """What only the form offers is left out where the rows alone are asked for, every few seconds."""
    looked, scope = list_looks.look(connection, visit, LIST, asked), visit.scope
    if not has_form:
        return Found(looked)
    present = statuses.present(connection, scope, looked.panel_ids, orders.LISTING.table)
    return Found(looked, present, services.names(connection, scope, looked.panel_ids, OFFERED_SERVICES))


def listed(visit: Visit, asked: Asked, found: Found, as_of: AsOf | None) -> Index:
    sees_provider, page = visit.may("provider:see"), found.looked.page
    rows = found.looked.rows
    seen = {one.service_id: one.service_name or "" for one in rows if one.service_id}
    providers = {one.provider: one.provider for one in sorted(rows, key=lambda one: one.provider or "") if one.provider}
    form = list_filters.form(
        visit,
        asked,
        {"status": found.statuses},
        {"service": {**found.services, **seen}, "provider": providers},
        frozenset() if sees_provider else frozenset({"provider"}),
    )
    none_match, none_read = visit.say("No order matches these filters."), visit.say("No orders have been read yet.")
    empty = no_rows(visit, bool(found.looked.panels), asked, page, none_match, none_read)
    many = len(found.looked.chosen) > 1
    return Index(list_views.listed(visit, KIND, orders.LISTING, page, form, many, empty, as_of), rows)


def spelled(connection: Connection, visit: Visit, ids: Sequence[int], filters: Filters) -> Filters:
    return users.spelled(connection, visit.scope, ids, filters)


def drawn(_: Connection, visit: Visit, some: Sequence[Panel], lines: Sequence[Line]) -> list[OrderRow]:
    names, sees_provider = {panel.id: panel.name for panel in some}, visit.may("provider:see")
    return [row(order, names[order.panel_id], visit.language, sees_provider) for order in lines]


LIST = ListKind(
    kind=KIND,
    listing=orders.LISTING,
    fields=FIELDS,
    path="/orders",
    permission="orders:read",
    filters=spelled,
    rows=drawn,
    guarded={"provider": "provider:see"},
)


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
        facts=facts(visit, order, shown, sees_provider, customer(connection, visit, panel, order)),
        ways=ways(visit, panel.name, order.user),
        flips=flips(visit.language, order, orders.flips(connection, visit.scope, panel.id, order.id)),
        reports=of_service(connection, visit, panel, order.service_id),
        as_of=orders.as_of(connection, visit.scope, order),
        back_href="/orders",
    )
    told = feeds.all_of(connection, visit.scope.narrowed([panel.id]), visit.now, "orders")
    title = visit.say("Order %(id)s", id=shown.id)
    return frame(visit, "orders.show", title, (), (), ages.as_of(visit, [panel], told)), view


def customer(connection: Connection, visit: Visit, panel: Panel, order: Order) -> str | None:
    """The page of who ordered. An order knows a name alone."""
    if not order.user or not visit.may("users:read"):
        return None
    found = customers.one(connection, visit.scope, panel.id, None, order.user, order.created_at)
    return f"/users/{quote(panel.name, safe='')}/{quote(found.id, safe='')}" if found else None
