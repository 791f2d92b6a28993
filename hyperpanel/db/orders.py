"""Orders as people look through them: what their list can be asked for, and one with its changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam

from hyperpanel.db.lists import Listing, Sort
from hyperpanel.db.schema import order_flips, orders, plans
from hyperpanel.db.scope import Scope
from sync.records import FINAL


class Line(msgspec.Struct, frozen=True, gc=False):
    """An order as a list shows it; `panel_id` and `id` name it."""

    panel_id: int
    id: str
    provider_order_id: str | None
    user: str | None
    mode: str | None
    charge: int | None
    charge_currency: str | None
    link: str | None
    start_count: int | None
    quantity: int | None
    service_id: str | None
    service_name: str | None
    provider: str | None
    status: str
    remains: int | None
    created_at: datetime | None


class Record(Line, frozen=True, gc=False):
    """All that its panel tells of one."""

    creation_type: str | None
    provider_charge: int | None
    provider_charge_currency: str | None
    service_type: str | None
    status_raw: str
    is_autocomplete: bool | None
    last_update_at: datetime | None


class Order(Record, frozen=True, gc=False):
    """All that is kept of one."""

    first_seen_at: datetime
    seen_at: datetime
    gone_at: datetime | None


COLUMNS = tuple(orders.c[name] for name in Order.__struct_fields__)
LISTING = Listing(
    table=orders,
    line=Line,
    sorts={
        "created": Sort(
            (orders.c.created_at,),
            {
                "user": "ix_orders_panel_id_user_created_at_id_gone_at",
                "service": "ix_orders_panel_id_service_id_created_at_id_gone_at",
                "status": "ix_orders_panel_id_status_created_at_id_gone_at",
                "": "ix_orders_panel_id_created_at_id_gone_at",
            },
        )
    },
    values={
        "user": orders.c.user,
        "service": orders.c.service_id,
        "status": orders.c.status,
        "mode": orders.c.mode,
        "source": orders.c.creation_type,
        "provider": orders.c.provider,
    },
    since={"created_from": orders.c.created_at},
    until={"created_to": orders.c.created_at},
    numbers=((orders.c.id, None), (orders.c.provider_order_id, "ix_orders_panel_id_provider_order_id")),
)
"""Orders as people look through them. The most selective filter stands first among the indexes."""

ASKED = replace(LISTING, line=Record, values={**LISTING.values, "link": orders.c.link}, numbers=((orders.c.id, None),))
"""Orders as scripts ask for them: a number is the panel's own, never a provider's."""


@dataclass(frozen=True)
class Flip:
    """A change of status: it happened after `not_before` and no later than `not_after`."""

    was: str
    now: str
    not_before: datetime
    not_after: datetime


def one(connection: Connection, scope: Scope, panel_id: int, order_id: str) -> Order | None:
    row = connection.execute(naming(scope), {"panel": panel_id, "order": order_id}).one_or_none()
    return Order(*row) if row else None


@lru_cache(maxsize=256)
def naming(scope: Scope) -> Select[Any]:
    return scope.select(*COLUMNS).where(orders.c.panel_id == bindparam("panel"), orders.c.id == bindparam("order"))


def flips(connection: Connection, scope: Scope, panel_id: int, order_id: str) -> list[Flip]:
    """The newest first."""
    return [Flip(*row) for row in connection.execute(moving(scope), {"panel": panel_id, "order": order_id})]


@lru_cache(maxsize=256)
def moving(scope: Scope) -> Select[Any]:
    kept = scope.select(*(order_flips.c[name] for name in Flip.__dataclass_fields__))
    of = (order_flips.c.panel_id == bindparam("panel"), order_flips.c.order_id == bindparam("order"))
    return kept.where(*of).order_by(order_flips.c.number.desc())


def as_of(connection: Connection, scope: Scope, order: Order) -> datetime:
    """When it was last so. An order that is still open has been read again by every finished refresh that it was
    there for."""
    if order.status in FINAL:
        return order.seen_at
    refreshed = connection.scalar(refreshing(scope), {"panel": order.panel_id})
    return max(order.seen_at, refreshed) if refreshed and order.first_seen_at <= refreshed else order.seen_at


@lru_cache(maxsize=256)
def refreshing(scope: Scope) -> Select[Any]:
    of = (plans.c.panel_id == bindparam("panel"), plans.c.stream == "orders", plans.c.plan == "refresh")
    return scope.select(plans.c.as_of).where(*of)
