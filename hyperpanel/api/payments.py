"""Payments as a Perfect Panel tells them, and one by its number, which a panel itself does not tell."""

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET
from sqlalchemy import Connection

from hyperpanel.api import parameters
from hyperpanel.api.callers import Calling
from hyperpanel.api.errors import BadAsk
from hyperpanel.api.listing import Asking
from hyperpanel.api.mirrored import (
    MOST_IDS,
    Kind,
    Question,
    View,
    detailed,
    given,
    listed,
    since,
    spellings,
    statuses,
    until,
    words,
)
from hyperpanel.api.parameters import CreatedFrom, CreatedTo, Ids, OnePanel
from hyperpanel.api.wording import local, money, number
from hyperpanel.client.envelopes import Detail, Listed
from hyperpanel.client.records import Customer, Payment
from hyperpanel.db import payments
from hyperpanel.db.lists import Filters
from hyperpanel.db.payments import Record

MOST_NAMES = 100
"""Usernames that one address has on all panels: each is looked for by itself."""

MANY_NAMES = f"user_email: more than {MOST_NAMES} usernames have this address here. Give username with it, or a panel."

Email = Annotated[
    str | None,
    QueryParameter(
        max_length=500,
        description="Of whoever has this e-mail address, in small or capital letters; needs the scope users:read.",
    ),
]
Status = Annotated[str | None, parameters.statuses("waiting, completed, pending, fail, expired, hold, underpaid")]


def customer(user: str | None, user_id: str | None) -> Customer | None:
    if user is None and user_id is None:
        return None
    return Customer(user, UNSET if user_id is None else number(user_id))


def row(view: View, one: Record) -> Payment:
    zone, id = view.zones[one.panel_id], number(one.id)
    created, updated = local(one.created_at, zone), local(one.updated_at, zone)
    return Payment(
        id,
        id,
        view.names[one.panel_id],
        view.as_of(one.panel_id),
        customer(one.user, one.user_id),
        money(one.amount, one.amount_currency),
        money(one.balance, one.balance_currency),
        one.method,
        one.status_raw,
        one.status,
        one.memo,
        one.fraud_risk,
        one.mode,
        *created,
        *updated,
    )


KIND: Kind[Payment] = Kind(
    "payments", payments.ASKED, {"created-at-desc": ("created", True), "created-at-asc": ("created", False)}, row
)


@get("/payments", name="payments.index", opt={"scope": "payments:read"})
async def index(
    caller: Calling,
    asked: Asking,
    sort: parameters.CreatedSort = "created-at-desc",
    username: parameters.Username = None,
    user_email: Email = None,
    payment_status: Status = None,
    ids: Ids = None,
    created_from: CreatedFrom = None,
    created_to: CreatedTo = None,
) -> Listed[Payment]:
    """Payments, the newest first."""
    if user_email:
        caller.demand("users:read")
    filters = given(
        number=words(ids, "ids", MOST_IDS),
        user=username,
        email=spellings(user_email),
        status=statuses(payment_status, "payment_status"),
        created_from=since(created_from),
        created_to=until(created_to),
    )

    def named(connection: Connection, filters: Filters) -> Filters | None:
        """By the names that have the address: those have an index. Where one is given, its payments are few enough to look at each."""
        if "email" not in filters or "user" in filters:
            return filters
        names = payments.mailed(connection, caller.scope, asked.panel_ids, filters["email"], MOST_NAMES + 1)
        if len(names) > MOST_NAMES:
            raise BadAsk(MANY_NAMES, ["user_email"])
        return {**filters, "user": tuple(names)} if names else None

    return await listed(caller, asked, Question(KIND, filters, sort), named)


@get("/payments/{payment_id:str}", name="payments.show", opt={"scope": "payments:read"})
async def show(caller: Calling, payment_id: FromPath[str], panel: OnePanel = "") -> Detail[Payment]:
    """One payment."""

    def read(connection: Connection, view: View, panel_id: int) -> Payment | None:
        one = payments.one(connection, caller.scope, panel_id, payment_id)
        if one is None:
            return None
        told: dict[str, Any] = msgspec.structs.asdict(row(view, one))
        return Payment(**{**told, "as_of": payments.as_of(connection, caller.scope, one)})

    return await detailed(caller, panel, KIND, payment_id, read)
