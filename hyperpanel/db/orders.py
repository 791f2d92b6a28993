"""Orders as people look through them: a page by its place in the list, a bounded count, one with its changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from hyperpanel.db.order_lists import EXAMINED, Filters, Key, Place, Shape, counting, listing, parameters, shape_of
from hyperpanel.db.schema import order_flips, orders, panels, plans
from hyperpanel.db.scope import Scope
from sync.records import FINAL

PAGE = 100
COUNTED_TO = 10_000
NUMBERED_TO = 1_000
ARMS = 200
"""Arms in one statement: SQLite takes no more than 500. Panels beyond are asked for in further statements."""


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

    @property
    def key(self) -> Key:
        return Key(self.created_at, self.panel_id, self.id)


class Order(Line, frozen=True, gc=False):
    """All that is kept of one."""

    creation_type: str | None
    provider_charge: int | None
    provider_charge_currency: str | None
    service_type: str | None
    status_raw: str
    is_autocomplete: bool | None
    last_update_at: datetime | None
    first_seen_at: datetime
    seen_at: datetime
    gone_at: datetime | None


LINE = tuple(orders.c[name] for name in Line.__struct_fields__)
COLUMNS = tuple(orders.c[name] for name in Order.__struct_fields__)


def page(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], filters: Filters, place: Place, limit: int = PAGE
) -> list[Line]:
    """Up to `limit` rows in the order in which they are shown. Ask for one more to know whether there are any
    beyond."""
    found: list[Line] = []
    for shape in segments(filters, place):
        found += segment(connection, scope, panel_ids, shape, parameters(filters, place.key), limit - len(found))
        if len(found) >= limit:
            break
    return found[::-1] if place.backwards else found


def segments(filters: Filters, place: Place) -> list[Shape]:
    """The dated part of the list and the undated one behind it, as far as they lie in the way."""
    shape = replace(shape_of(filters), descending=place.newest_first != place.backwards)
    bounded = "" if place.key is None else "from" if place.inclusive else "beyond"
    at_undated = place.key is not None and place.key.created_at is None
    dated, undated = replace(shape, dated=True), replace(shape, dated=False)
    first = replace(undated if at_undated else dated, bounded=bounded)
    further = dated if at_undated else undated
    has_further = place.backwards == at_undated and not (further is undated and shape.spans)
    return [first, further] if has_further else [first]


def segment(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], shape: Shape, values: dict[str, Any], limit: int
) -> list[Line]:
    at_once = max(1, ARMS // shape.values) if shape.lead != "number" else max(1, len(panel_ids))
    found: list[Line] = []
    for first in range(0, len(panel_ids), at_once):
        some = tuple(panel_ids[first : first + at_once])
        statement = listing(scope, some, shape, LINE)
        found += [Line(*row) for row in connection.execute(statement, values | {"rows": limit})]
    if len(panel_ids) > at_once:
        found.sort(key=lambda order: (order.created_at, order.panel_id), reverse=shape.descending)
    return found[:limit]


@dataclass(frozen=True)
class Count:
    """`is_whole` is False where there are more, or where not every row was looked at."""

    number: int
    is_whole: bool


def count(connection: Connection, scope: Scope, panel_ids: Sequence[int], filters: Filters) -> Count:
    shape = shape_of(filters)
    if shape.lead == "number":
        found = page(connection, scope, panel_ids, filters, Place(), NUMBERED_TO + 1)
        return Count(min(len(found), NUMBERED_TO), len(found) <= NUMBERED_TO)
    most = EXAMINED if shape.rest else COUNTED_TO
    number, looked_at = counted(connection, scope.narrowed(panel_ids), filters, shape, None, most + 1)
    return Count(min(number, COUNTED_TO), number <= COUNTED_TO and looked_at <= most)


def newer(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], filters: Filters, than: Key, most: int
) -> int:
    """How many stand before this one in a list that begins with the newest; at most `most`. Numbers find what is
    there."""
    shape = replace(shape_of(filters), bounded="beyond", descending=False)
    if than.created_at is None or shape.lead == "number":
        return 0
    examined = EXAMINED if shape.rest else most
    return min(most, counted(connection, scope.narrowed(panel_ids), filters, shape, than, examined)[0])


def counted(
    connection: Connection, scope: Scope, filters: Filters, shape: Shape, start: Key | None, rows: int
) -> tuple[int, int]:
    row = connection.execute(counting(scope, shape), parameters(filters, start) | {"rows": rows}).one()
    return int(row[0]), int(row[1])


def statuses(connection: Connection, scope: Scope, panel_ids: Sequence[int]) -> list[str]:
    """Every status that these panels' orders have now."""
    return sorted(connection.scalars(jumping(scope.narrowed(panel_ids))).all())


@lru_cache(maxsize=256)
def jumping(scope: Scope) -> Select[Any]:
    """From one status to the next in the index, instead of through all that have it."""
    first = scope.select(func.min(orders.c.status)).where(orders.c.panel_id == panels.c.id).scalar_subquery()
    seen = scope.select(panels.c.id.label("panel_id"), first.label("status")).cte("seen", recursive=True)
    following = scope.select(func.min(orders.c.status)).where(
        orders.c.panel_id == seen.c.panel_id, orders.c.status > seen.c.status
    )
    seen = seen.union_all(select(seen.c.panel_id, following.scalar_subquery()).where(seen.c.status.is_not(None)))
    return select(seen.c.status).where(seen.c.status.is_not(None)).distinct().execution_options(scoped=True)


@dataclass(frozen=True)
class Flip:
    """A change of status: it happened after `not_before` and no later than `not_after`."""

    was: str
    now: str
    not_before: datetime
    not_after: datetime


def one(connection: Connection, scope: Scope, panel_id: int, order_id: str) -> Order | None:
    row = connection.execute(
        scope.select(*COLUMNS).where(orders.c.panel_id == panel_id, orders.c.id == order_id)
    ).one_or_none()
    return Order(*row) if row else None


def flips(connection: Connection, scope: Scope, panel_id: int, order_id: str) -> list[Flip]:
    """The newest first."""
    kept = [order_flips.c[name] for name in Flip.__dataclass_fields__]
    asked = scope.select(*kept).where(order_flips.c.panel_id == panel_id, order_flips.c.order_id == order_id)
    return [Flip(*row) for row in connection.execute(asked.order_by(order_flips.c.number.desc()))]


def as_of(connection: Connection, scope: Scope, order: Order) -> datetime:
    """When it was last so. An order that is still open has been read again by every finished refresh that it was
    there for."""
    if order.status in FINAL:
        return order.seen_at
    asked = scope.select(plans.c.as_of).where(
        plans.c.panel_id == order.panel_id, plans.c.stream == "orders", plans.c.plan == "refresh"
    )
    refreshed = connection.scalar(asked)
    return max(order.seen_at, refreshed) if refreshed and order.first_seen_at <= refreshed else order.seen_at
