"""Services: each panel's catalogue as it was last read, one service beside it, and reading it again at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import descriptions, feeds, panels, services
from hyperpanel.db.lists import Filters
from hyperpanel.db.panels import Panel
from hyperpanel.db.services import Line
from hyperpanel.errors import Missing
from hyperpanel.web import ages, description_words, list_filters, list_looks, list_views, reported_marks
from hyperpanel.web.description_words import Told
from hyperpanel.web.empties import Empty, no_rows
from hyperpanel.web.facts import Fact
from hyperpanel.web.frame import AsOf, Frame, frame
from hyperpanel.web.languages import N_, NN_
from hyperpanel.web.list_filters import Asked, Field
from hyperpanel.web.list_kinds import Column, Kind, ListKind
from hyperpanel.web.list_looks import Looked
from hyperpanel.web.list_views import Listed
from hyperpanel.web.panel_choice import CHOICE, named
from hyperpanel.web.render import render, wanted_block
from hyperpanel.web.reported_marks import ServiceReports
from hyperpanel.web.service_facts import Change, Orders, changes, facts, orders
from hyperpanel.web.service_keys import Keyless, keyless
from hyperpanel.web.service_rows import NO, TYPES, YES, ServiceRow, row
from hyperpanel.web.visits import Visit, visit_of

HERE = "/services"
OFFERED = 100
ANSWERS = {"yes": True, "no": False}
WORDS = {"yes": YES, "no": NO}
DESCRIBED = {"yes": N_("Has one"), "no": N_("Has none")}
FIELDS = (
    Field("number", N_("Service number"), "numbers", main=True),
    Field("name", N_("Name contains"), "part", main=True),
    Field("type", N_("Type"), "some", TYPES, main=True),
    Field("category", N_("Category contains"), "part"),
    Field("refill", N_("Refill"), "one", WORDS),
    Field("cancel", N_("Cancelable"), "one", WORDS),
    Field("described", N_("Description"), "one", DESCRIBED),
)
KIND = Kind(
    name="services",
    stream="services",
    label=N_("Services"),
    counted=NN_("%(total)s service", "%(total)s services"),
    columns=(
        Column("id", N_("ID"), sort="id"),
        Column("panel", N_("Panel"), many_panels=True),
        Column("name", N_("Name"), sort="name"),
        Column("description", N_("Description")),
        Column("category", N_("Category")),
        Column("type", N_("Type")),
        Column("rate", N_("Rate per 1000"), is_number=True, sort="rate"),
        Column("min", N_("Min"), is_number=True, sort="min"),
        Column("max", N_("Max"), is_number=True, sort="max"),
        Column("refill", N_("Refill")),
        Column("cancel", N_("Cancelable")),
    ),
)


@dataclass(frozen=True)
class Index:
    """`said`: what was just done. `refresh_href`: where the catalogues are asked for again, by whoever may."""

    list: Listed
    rows: Sequence[ServiceRow]
    keyless: Keyless | None
    refresh_href: str | None
    descriptions_href: str | None
    said: str


@dataclass(frozen=True)
class Show:
    service: ServiceRow
    facts: Sequence[Fact]
    description: Told | None
    edit_href: str | None
    changes: Sequence[Change]
    orders: Orders | None
    reports: ServiceReports | None
    as_of: datetime
    back_href: str


@dataclass(frozen=True)
class Found:
    """With what the form offers. `keyed`: the panels that have the key."""

    looked: Looked
    keyed: frozenset[int]
    types: Sequence[str] = ()
    categories: Mapping[str, str] = field(default_factory=dict)

    @property
    def read(self) -> list[Panel]:
        """Those whose catalogue is, or was, read."""
        fed = {feed.panel_id for feed in self.looked.feeds}
        return [panel for panel in self.looked.chosen if panel.id in fed]

    @property
    def lacking(self) -> list[Panel]:
        return [panel for panel in self.looked.chosen if panel.id not in self.keyed]


@get(HERE, name="services.index", opt={"permission": "services:read"})
async def index(request: HTMXRequest) -> Response[str]:
    return await standing(request)


async def standing(request: HTMXRequest, said: str = "") -> Response[str]:
    """The page, or the rows alone where htmx asks for them."""
    visit = visit_of(request)
    asked = list_filters.read(visit, FIELDS)
    has_form = wanted_block(request, {"rows"}) is None
    found = await visit.read(lambda connection: look(connection, visit, asked, has_form))
    as_of = ages.as_of(visit, found.read, found.looked.feeds)
    around = frame(visit, "services.index", visit.say("Services"), found.looked.panels, found.looked.chosen, as_of)
    view = replace(listed(visit, asked, found, as_of), said=said)
    return render(request, around, "services/index.html", view, {"rows"}, 422 if asked.errors else 200)


def look(connection: Connection, visit: Visit, asked: Asked, has_form: bool) -> Found:
    """What only the form offers is left out where the rows alone are asked for."""
    looked, scope = list_looks.look(connection, visit, LIST, asked), visit.scope
    ids = looked.panel_ids
    keyed = services.keyed(connection, scope.narrowed(ids))
    if not ids or not has_form:
        return Found(looked, keyed)
    offered = {name: name for name in services.categories(connection, scope, ids, OFFERED)}
    return Found(looked, keyed, services.types(connection, scope, ids, OFFERED), offered)


def answered(filters: Filters) -> Filters:
    """Yes and no as the database has them. What is neither, which somebody wrote into the address, is true of no service (NULL)."""
    made: dict[str, tuple[Any, ...]] = dict(filters)
    for name in ("refill", "cancel", "described"):
        if name in filters:
            made[name] = tuple(ANSWERS.get(word) for word in filters[name])
    return made


def asked_for(_: Connection, __: Visit, ___: Sequence[int], filters: Filters) -> Filters:
    return answered(filters)


def drawn(connection: Connection, visit: Visit, some: Sequence[Panel], lines: Sequence[Line]) -> list[ServiceRow]:
    by_id, may_report = {panel.id: panel for panel in some}, visit.may("reported:raise")
    reported = reported_marks.marks(connection, visit, sorted(by_id))
    return [
        row(one, panel.name, panel.currency, visit.language, reported.get((panel.id, one.id), 0), may_report)
        for one in lines
        for panel in [by_id[one.panel_id]]
    ]


LIST = ListKind(
    kind=KIND,
    listing=services.LISTING,
    fields=FIELDS,
    path=HERE,
    permission="services:read",
    filters=asked_for,
    rows=drawn,
)


def listed(visit: Visit, asked: Asked, found: Found, as_of: AsOf | None) -> Index:
    rows, page = found.looked.rows, found.looked.page
    form = list_filters.form(visit, asked, {"type": found.types}, {"category": found.categories})
    lack = keyless(visit, found.lacking)
    empty = Empty(lack.sentence, lack.action or None, lack.href) if lack and not found.read else None
    none_match, none_read = visit.say("No service matches these filters."), visit.say("No services have been read yet.")
    empty = empty or no_rows(visit, bool(found.looked.panels), asked, page, none_match, none_read)
    many = len(found.looked.chosen) > 1
    view = list_views.listed(visit, KIND, services.LISTING, page, form, many, empty, as_of)
    may_refresh = visit.may("sync:control") and len(found.lacking) < len(found.looked.chosen)
    return Index(
        list=view,
        rows=rows,
        keyless=lack if found.read else None,
        refresh_href=str(visit.url.only(CHOICE, f"{HERE}/refresh")) if may_refresh else None,
        descriptions_href=str(visit.url.only(CHOICE, "/descriptions")) if visit.may("descriptions:edit") else None,
        said="",
    )


@get(HERE + "/{panel:str}/{service_id:str}", name="services.show", opt={"permission": "services:read"})
async def show(request: HTMXRequest, panel: FromPath[str], service_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    around, view = await visit.read(lambda connection: one(connection, visit, panel, service_id))
    return render(request, around, "services/show.html", view, {"drawer"})


def one(connection: Connection, visit: Visit, panel_name: str, service_id: str) -> tuple[Frame, Show]:
    panel = named(panels.all_of(connection, visit.scope), panel_name)
    found = services.one(connection, visit.scope, panel.id, service_id)
    if found is None:
        raise Missing("service")
    shown, may_orders = row(found, panel.name, panel.currency, visit.language), visit.may("orders:read")
    counted = services.orders_by_status(connection, visit.scope, panel.id, found.id) if may_orders else {}
    view = Show(
        service=shown,
        facts=facts(visit, found, shown),
        description=description_words.told(descriptions.one(connection, visit.scope, panel.id, found.id)),
        edit_href=f"{shown.href}/description" if visit.may("descriptions:edit") else None,
        changes=changes(services.changes(connection, visit.scope, panel.id, found.id), panel.currency),
        orders=orders(visit, counted, shown) if may_orders else None,
        reports=reported_marks.of_service(connection, visit, panel, found.id),
        as_of=services.as_of(connection, visit.scope, found),
        back_href=HERE,
    )
    shows = {"services", *(("orders",) if visit.may("orders:read") else ())}
    held = feeds.all_of(connection, visit.scope.narrowed([panel.id]), visit.now)
    told = [feed for feed in held if feed.stream in shows]
    title = visit.say("Service %(id)s", id=shown.id)
    return frame(visit, "services.show", title, (), (), ages.as_of(visit, [panel], told)), view
