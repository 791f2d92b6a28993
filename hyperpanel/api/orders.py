"""Orders as a Perfect Panel tells them, of every panel that the key may see."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET
from sqlalchemy import Connection

from hyperpanel.api import parameters
from hyperpanel.api.callers import Caller, Calling
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
    statuses,
    until,
    words,
)
from hyperpanel.api.parameters import CreatedFrom, CreatedTo, Ids, OnePanel
from hyperpanel.api.wording import local, money, number, number_again
from hyperpanel.client.envelopes import Detail, Listed
from hyperpanel.client.records import Order, OrderDetail, StatusChange
from hyperpanel.db import orders, stream_ages
from hyperpanel.db.list_pages import EXAMINED
from hyperpanel.db.lists import Filters
from hyperpanel.db.orders import Record

ALONE = frozenset({"user", "number", "service", "created_from"})
"""Filters that leave few enough rows to look at each one's link."""

TOO_MANY = (
    "link: these panels hold too many orders to look through them all. "
    "Give user, service_ids, ids or created_from with it, or one panel."
)
REFUSED = {"ip_address": "a console does not keep the addresses of customers"}

Status = Annotated[
    str | None,
    parameters.statuses("pending, in_progress, processing, completed, partial, canceled, error, fail, awaiting"),
]
ServiceIds = Annotated[
    str | None,
    QueryParameter(max_length=4_000, description="Numbers of services with commas between, at most 100."),
]
Sort = Annotated[Literal["date-desc", "date-asc"], QueryParameter(description="By when they were made.")]
Provider = Annotated[
    str | None,
    QueryParameter(
        max_length=500, description="Of this provider alone, exactly as written; needs the scope providers:read."
    ),
]
Mode = Annotated[str | None, QueryParameter(max_length=100, description="auto or manual.")]
Creation = Annotated[
    str | None, QueryParameter(max_length=100, description="How it was made, such as web, api or mass.")
]
Link = Annotated[str | None, QueryParameter(max_length=4_000, description="Of exactly this link alone.")]


def row(view: View, one: Record) -> Order:
    """By position: a page has a thousand of them."""
    name, zone, as_of = view.told[one.panel_id]
    sees, service_id = view.sees_providers, one.service_id
    created, updated = local(one.created_at, zone), local(one.last_update_at, zone)
    return Order(
        number(one.id),
        name,
        as_of,
        one.user,
        one.creation_type,
        money(one.charge, one.charge_currency),
        one.link,
        one.start_count,
        one.quantity,
        service_id if service_id is None else number_again(service_id),
        one.service_type,
        one.service_name,
        one.status_raw,
        one.status,
        one.remains,
        one.is_autocomplete,
        *created,
        *updated,
        one.mode,
        one.provider_order_id if sees else UNSET,
        one.provider if sees else UNSET,
        money(one.provider_charge, one.provider_charge_currency) if sees else UNSET,
    )


KIND: Kind[Order] = Kind("orders", orders.ASKED, {"date-desc": ("created", True), "date-asc": ("created", False)}, row)


@get("/orders", name="orders.index", opt={"scope": "orders:read", "refused": REFUSED})
async def index(
    caller: Calling,
    asked: Asking,
    sort: Sort = "date-desc",
    created_from: CreatedFrom = None,
    created_to: CreatedTo = None,
    order_status: Status = None,
    service_ids: ServiceIds = None,
    ids: Ids = None,
    user: parameters.Username = None,
    provider: Provider = None,
    mode: Mode = None,
    creation_type: Creation = None,
    link: Link = None,
) -> Listed[Order]:
    """Orders, the newest first."""
    if provider:
        caller.demand("providers:read")
    filters = given(
        number=words(ids, "ids", MOST_IDS),
        user=user,
        service=words(service_ids, "service_ids"),
        status=statuses(order_status, "order_status"),
        provider=provider,
        mode=mode,
        source=creation_type,
        link=link,
        created_from=since(created_from),
        created_to=until(created_to),
    )

    def bounded(connection: Connection, filters: Filters) -> Filters:
        if "link" in filters and ALONE.isdisjoint(filters):
            held = stream_ages.held(connection, caller.scope, asked.panel_ids, "orders")
            if sum(one.rows for one in held.values()) > EXAMINED:
                raise BadAsk(TOO_MANY, ["link"])
        return filters

    return await listed(caller, asked, Question(KIND, filters, sort), bounded)


@get("/orders/{order_id:str}", name="orders.show", opt={"scope": "orders:read"})
async def show(caller: Calling, order_id: FromPath[str], panel: OnePanel = "") -> Detail[OrderDetail]:
    """One order, with its changes of status."""

    def read(connection: Connection, view: View, panel_id: int) -> OrderDetail | None:
        return detail(connection, caller, view, panel_id, order_id)

    return await detailed(caller, panel, KIND, order_id, read)


def detail(connection: Connection, caller: Caller, view: View, panel_id: int, order_id: str) -> OrderDetail | None:
    one = orders.one(connection, caller.scope, panel_id, order_id)
    if one is None:
        return None
    told: dict[str, Any] = msgspec.structs.asdict(row(view, one))
    told["as_of"] = orders.as_of(connection, caller.scope, one)
    flips = orders.flips(connection, caller.scope, panel_id, order_id)
    changes = [StatusChange(flip.was, flip.now, flip.not_before, flip.not_after) for flip in flips]
    return OrderDetail(**told, status_changes=changes)
