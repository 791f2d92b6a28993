"""Customers: the list, live, and one of them with all that is held. Filters, sorting and place are in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, panels, user_names, users
from hyperpanel.db.lists import Filters
from hyperpanel.db.panels import Panel
from hyperpanel.db.users import Line
from hyperpanel.errors import Missing
from hyperpanel.web import ages, list_filters, list_looks, list_views
from hyperpanel.web.empties import no_rows
from hyperpanel.web.facts import Fact
from hyperpanel.web.frame import AsOf, Frame, frame
from hyperpanel.web.languages import N_, NN_
from hyperpanel.web.list_filters import Asked, Field
from hyperpanel.web.list_kinds import Column, Kind, ListKind
from hyperpanel.web.list_looks import Looked
from hyperpanel.web.list_views import Listed
from hyperpanel.web.panel_choice import named
from hyperpanel.web.render import render
from hyperpanel.web.spending import Spending
from hyperpanel.web.user_doings import Asking, doings
from hyperpanel.web.user_facts import Figure, Name, Part, Rate, Share, facts, names, rates
from hyperpanel.web.user_rows import STATUSES, UserRow, row
from hyperpanel.web.visits import Visit, visit_of

HERE = "/users"
BALANCES = {"positive": N_("Above zero"), "zero": N_("Zero"), "negative": N_("Below zero")}
FIELDS = (
    Field("q", N_("Name or e-mail"), "part", main=True),
    Field("number", N_("User number"), "numbers", main=True),
    Field("status", N_("Status"), "some", {word: label for word, (label, _) in STATUSES.items()}, main=True),
    Field("balance", N_("Balance"), "one", BALANCES),
    Field("created_from", N_("Created from"), "moment", hint="2026-01-31 09:00"),
    Field("created_to", N_("Created before"), "moment", hint="2026-01-31 17:00", after="created_from"),
    Field("auth_from", N_("Last auth from"), "moment", hint="2026-01-31 09:00"),
    Field("auth_to", N_("Last auth before"), "moment", hint="2026-01-31 17:00", after="auth_from"),
)
KIND = Kind(
    name="users",
    stream="users",
    label=N_("Users"),
    counted=NN_("%(total)s user", "%(total)s users"),
    columns=(
        Column("id", N_("ID"), sort="id"),
        Column("panel", N_("Panel"), many_panels=True),
        Column("username", N_("Username")),
        Column("email", N_("E-mail")),
        Column("balance", N_("Balance"), is_number=True, sort="balance"),
        Column("spent", N_("Spent"), is_number=True, sort="spent"),
        Column("status", N_("Status")),
        Column("created", N_("Created"), sort="created"),
        Column("auth", N_("Last auth"), sort="last_auth"),
        Column("discount", N_("Discount"), is_number=True, sort="discount"),
    ),
)


@dataclass(frozen=True)
class Index:
    list: Listed
    rows: Sequence[UserRow]


@dataclass(frozen=True)
class Show:
    """`first_order` to `spending` are of the orders that are held here; `held_from`: no older ones are, where that is known."""

    user: UserRow
    gone_at: datetime | None
    facts: Sequence[Fact]
    names: Sequence[Name]
    rates: Sequence[Rate]
    figures: Sequence[Figure]
    shares: Sequence[Share]
    ordered: int
    first_order: datetime | None
    last_order: datetime | None
    held_from: datetime | None
    spending: Spending | None
    parts: Sequence[Part]
    as_of: datetime | None
    back_href: str


@get(HERE, name="users.index", opt={"permission": "users:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    asked = list_filters.read(visit, FIELDS)
    found = await visit.read(lambda connection: list_looks.look(connection, visit, LIST, asked))
    as_of = ages.as_of(visit, found.chosen, found.feeds)
    around = frame(visit, "users.index", visit.say("Users"), found.panels, found.chosen, as_of)
    status = 422 if asked.errors else 200
    return render(request, around, "users/index.html", listed(visit, asked, found, as_of), {"rows"}, status)


def as_asked(_: Connection, __: Visit, ___: Sequence[int], filters: Filters) -> Filters:
    return filters


def drawn(connection: Connection, visit: Visit, some: Sequence[Panel], lines: Sequence[Line]) -> list[UserRow]:
    """With the names that they had before."""
    before, names = users.earlier_names(connection, visit.scope, lines), {panel.id: panel.name for panel in some}
    return [row(one, names[one.panel_id], before.get((one.panel_id, one.id)), visit.language) for one in lines]


LIST = ListKind(
    kind=KIND,
    listing=users.LISTING,
    fields=FIELDS,
    path=HERE,
    permission="users:read",
    filters=as_asked,
    rows=drawn,
)


def listed(visit: Visit, asked: Asked, found: Looked, as_of: AsOf | None) -> Index:
    page, rows = found.page, found.rows
    form = list_filters.form(visit, asked, {"status": {one.status for one in rows}})
    none_match, none_read = visit.say("No user matches these filters."), visit.say("No users have been read yet.")
    empty = no_rows(visit, bool(found.panels), asked, page, none_match, none_read)
    many = len(found.chosen) > 1
    return Index(list_views.listed(visit, KIND, users.LISTING, page, form, many, empty, as_of), rows)


@get(HERE + "/{panel:str}/{user_id:str}", name="users.show", opt={"permission": "users:read"})
async def show(request: HTMXRequest, panel: FromPath[str], user_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    around, view = await visit.read(lambda connection: one(connection, visit, panel, user_id))
    return render(request, around, "users/show.html", view, {"drawer"})


def one(connection: Connection, visit: Visit, panel_name: str, user_id: str) -> tuple[Frame, Show]:
    """Everything in one snapshot."""
    scope = visit.scope
    panel = named(panels.all_of(connection, scope), panel_name)
    user = users.one(connection, scope, panel.id, user_id)
    if user is None:
        raise Missing("user")
    renames = users.renames(connection, scope, panel.id, user.id)
    borne = user_names.borne(connection, scope, user, renames)
    told = feeds.all_of(connection, scope.narrowed([panel.id]), visit.now)
    shown = row(user, panel.name, renames[-1].was if renames else None, visit.language)
    found = doings(Asking(connection, visit, panel, user, shown, borne, told))
    as_of = ages.as_of(visit, [panel], [feed for feed in told if feed.stream in found.streams])
    view = Show(
        user=shown,
        gone_at=user.gone_at,
        facts=facts(visit, user, shown),
        names=names(renames),
        rates=rates(user),
        figures=found.figures,
        shares=found.shares,
        ordered=found.ordered,
        first_order=found.first_order,
        last_order=found.last_order,
        held_from=found.held_from,
        spending=found.spending,
        parts=found.parts,
        as_of=as_of.at if as_of else None,
        back_href=HERE,
    )
    return frame(visit, "users.show", shown.username, (), (), as_of), view
