"""Payments: the list, live, and one payment beside it. Filters, sorting and place are in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, panels, payments, statuses, users
from hyperpanel.db.lists import Filters
from hyperpanel.db.panels import Panel
from hyperpanel.db.payments import Line
from hyperpanel.db.schema import payments as table
from hyperpanel.errors import Missing
from hyperpanel.web import ages, list_filters, list_looks, list_views
from hyperpanel.web.empties import no_rows
from hyperpanel.web.facts import Fact, Way
from hyperpanel.web.frame import AsOf, Frame, frame
from hyperpanel.web.languages import N_, NN_
from hyperpanel.web.list_filters import Asked, Field
from hyperpanel.web.list_kinds import Column, Kind, ListKind
from hyperpanel.web.list_looks import Looked
from hyperpanel.web.list_views import Listed
from hyperpanel.web.panel_choice import named
from hyperpanel.web.payment_facts import facts, ways
from hyperpanel.web.payment_rows import MODES, STATUSES, PaymentRow, row
from hyperpanel.web.payment_sums import Sum, sums
from hyperpanel.web.render import render, wanted_block
from hyperpanel.web.visits import Visit, visit_of

HERE = "/payments"
OFFERED = {word: label for word, (label, _) in STATUSES.items() if word != "failed"}
"""One word for what failed is enough to choose from; a panel that has the other one offers it too."""

FIELDS = (
    Field("number", N_("Payment number"), "numbers", main=True),
    Field("user", N_("User"), "text", main=True),
    Field("status", N_("Status"), "some", OFFERED, main=True),
    Field("method", N_("Method"), "part"),
    Field("memo", N_("Memo contains"), "part"),
    Field("mode", N_("Mode"), "one", MODES),
    Field("created_from", N_("Created from"), "moment", hint="2026-01-31 09:00"),
    Field("created_to", N_("Created before"), "moment", hint="2026-01-31 17:00", after="created_from"),
)
KIND = Kind(
    name="payments",
    stream="payments",
    label=N_("Payments"),
    counted=NN_("%(total)s payment", "%(total)s payments"),
    columns=(
        Column("id", N_("ID")),
        Column("panel", N_("Panel"), many_panels=True),
        Column("user", N_("User")),
        Column("balance", N_("Balance"), is_number=True),
        Column("amount", N_("Amount"), is_number=True, sort="amount"),
        Column("method", N_("Method")),
        Column("status", N_("Status")),
        Column("risk", N_("Fraud risk")),
        Column("memo", N_("Memo")),
        Column("created", N_("Created"), sort="created"),
        Column("updated", N_("Updated")),
        Column("mode", N_("Mode")),
    ),
)


@dataclass(frozen=True)
class Index:
    list: Listed
    rows: Sequence[PaymentRow]
    sums: Sequence[Sum]


@dataclass(frozen=True)
class Show:
    payment: PaymentRow
    facts: Sequence[Fact]
    ways: Sequence[Way]
    as_of: datetime
    back_href: str


@dataclass(frozen=True)
class Found:
    """With what the form offers."""

    looked: Looked
    statuses: Sequence[str] = ()


@get(HERE, name="payments.index", opt={"permission": "payments:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    asked = list_filters.read(visit, FIELDS)
    has_form = wanted_block(request, {"rows"}) is None
    found = await visit.read(lambda connection: look(connection, visit, asked, has_form))
    as_of = ages.as_of(visit, found.looked.chosen, found.looked.feeds)
    around = frame(visit, "payments.index", visit.say("Payments"), found.looked.panels, found.looked.chosen, as_of)
    status = 422 if asked.errors else 200
    return render(request, around, "payments/index.html", listed(visit, asked, found, as_of), {"rows"}, status)


def look(connection: Connection, visit: Visit, asked: Asked, has_form: bool) -> Found:
    """What only the form offers is left out where the rows alone are asked for."""
    looked = list_looks.look(connection, visit, LIST, asked)
    return Found(looked, statuses.present(connection, visit.scope, looked.panel_ids, table) if has_form else ())


def spelled(connection: Connection, visit: Visit, ids: Sequence[int], filters: Filters) -> Filters:
    return users.spelled(connection, visit.scope, ids, filters)


def drawn(connection: Connection, visit: Visit, some: Sequence[Panel], lines: Sequence[Line]) -> list[PaymentRow]:
    """With the customers' ids, which a payment may know by their name alone."""
    names = {(line.panel_id, line.user) for line in lines if line.user and not line.user_id}
    payers = payments.payers(connection, visit.scope, names)
    panel = {one.id: one.name for one in some}
    return [
        row(one, panel[one.panel_id], one.user_id or payers.get((one.panel_id, one.user or "")), visit.language)
        for one in lines
    ]


LIST = ListKind(
    kind=KIND,
    listing=payments.LISTING,
    fields=FIELDS,
    path=HERE,
    permission="payments:read",
    filters=spelled,
    rows=drawn,
)


def listed(visit: Visit, asked: Asked, found: Found, as_of: AsOf | None) -> Index:
    rows, page = found.looked.rows, found.looked.page
    methods = sorted({one.method.strip() for one in rows if one.method})
    options = {"method": dict(zip(methods, methods, strict=True))}
    form = list_filters.form(visit, asked, {"status": found.statuses}, options)
    none_match, none_read = visit.say("No payment matches these filters."), visit.say("No payments have been read yet.")
    empty = no_rows(visit, bool(found.looked.panels), asked, page, none_match, none_read)
    many = len(found.looked.chosen) > 1
    view = list_views.listed(visit, KIND, payments.LISTING, page, form, many, empty, as_of)
    return Index(view, rows, sums(visit, rows))


@get(HERE + "/{panel:str}/{payment_id:str}", name="payments.show", opt={"permission": "payments:read"})
async def show(request: HTMXRequest, panel: FromPath[str], payment_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    around, view = await visit.read(lambda connection: one(connection, visit, panel, payment_id))
    return render(request, around, "payments/show.html", view, {"drawer"})


def one(connection: Connection, visit: Visit, panel_name: str, payment_id: str) -> tuple[Frame, Show]:
    panel = named(panels.all_of(connection, visit.scope), panel_name)
    payment = payments.one(connection, visit.scope, panel.id, payment_id)
    if payment is None:
        raise Missing("payment")
    shown = row(payment, panel.name, payments.payer(connection, visit.scope, payment), visit.language)
    view = Show(
        payment=shown,
        facts=facts(visit, payment, shown),
        ways=ways(visit, payment, panel.name),
        as_of=payments.as_of(connection, visit.scope, payment),
        back_href=HERE,
    )
    told = feeds.all_of(connection, visit.scope.narrowed([panel.id]), visit.now, "payments")
    title = visit.say("Payment %(id)s", id=shown.id)
    return frame(visit, "payments.show", title, (), (), ages.as_of(visit, [panel], told)), view
