"""The statements behind a list of orders, and what one can ask of it.

The list runs over several panels, and every index leads with the panel. So each panel (and each status or service
asked for) is an arm of its own that reads its index in the list's order and stops after a page; the arms are merged by
key, and only the rows that are shown are read whole. Indexes are pinned on SQLite, whose planner can take a page of
1 ms for a scan of a second. Statements are built once for each shape of question and kept: building one costs more
than running it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    tuple_,
    union,
    union_all,
)

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment

EXAMINED = 30_000
"""Rows looked at to count where a filter has no index: a count is not worth a scan of a million."""


@dataclass(frozen=True)
class Key:
    """A place in the list. Orders without a date stand after all that have one, in either direction."""

    created_at: datetime | None
    panel_id: int
    id: str


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty means any. `numbers` are the panel's or the provider's; the span is half-open."""

    numbers: tuple[str, ...] = ()
    user: str | None = None
    statuses: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    mode: str | None = None
    source: str | None = None
    provider: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Which part of the list: from `key` on (itself too, if `inclusive`), or `backwards` towards the list's start."""

    newest_first: bool = True
    key: Key | None = None
    inclusive: bool = False
    backwards: bool = False


@dataclass(frozen=True)
class Shape:
    """All that a statement depends on but the values: two questions of one shape share a statement.

    `lead` is the filter whose index is read, in `values` arms a panel; the `rest` are looked at row by row.
    """

    lead: str
    values: int
    rest: frozenset[str]
    spans: frozenset[str]
    dated: bool = True
    descending: bool = True
    bounded: str = ""


INDEXES = {
    "": "ix_orders_panel_id_created_at_id_gone_at",
    "user": "ix_orders_panel_id_user_created_at_id_gone_at",
    "service": "ix_orders_panel_id_service_id_created_at_id_gone_at",
    "status": "ix_orders_panel_id_status_created_at_id_gone_at",
}
COLUMNS = {
    "user": orders.c.user,
    "service": orders.c.service_id,
    "status": orders.c.status,
    "mode": orders.c.mode,
    "source": orders.c.creation_type,
    "provider": orders.c.provider,
}
SPANS = ("created_from", "created_to")
THERE = orders.c.gone_at.is_(None)
"""What its panel has no longer is in no list."""


def shape_of(filters: Filters) -> Shape:
    """The most selective filter that has an index leads."""
    given = {name for name, values in asked(filters).items() if values}
    lead = next((name for name in ("number", "user", "service", "status") if name in given), "")
    values = len(asked(filters)[lead]) if lead in ("service", "status") else 1
    spans = frozenset(name for name in SPANS if getattr(filters, name))
    return Shape(lead, values, frozenset(given - {lead}), spans)


def asked(filters: Filters) -> dict[str, tuple[str, ...]]:
    one = {
        name: (value,) if value else ()
        for name in ("user", "mode", "source", "provider")
        for value in (getattr(filters, name),)
    }
    return {**one, "number": filters.numbers, "service": filters.services, "status": filters.statuses}


def parameters(filters: Filters, start: Key | None) -> dict[str, Any]:
    """Each value by itself (user_0, status_0, status_1, …), and all of a filter's together (status, …)."""
    given = {name: values for name, values in asked(filters).items() if values}
    single = {f"{name}_{n}": value for name, values in given.items() for n, value in enumerate(values)}
    spans = {name: getattr(filters, name) for name in SPANS if getattr(filters, name)}
    place = {"at_time": start.created_at, "at_panel": start.panel_id, "at_id": start.id} if start else {}
    return {**given, **single, **spans, **place}


@lru_cache(maxsize=512)
def listing(
    scope: Scope, panel_ids: tuple[int, ...], shape: Shape, columns: tuple[ColumnElement[Any], ...]
) -> Select[Any]:
    """Keys from the arms, merged; then the rows themselves."""
    merged = arms(scope, panel_ids, shape)
    merged = merged.order_by(*ordering(shape, *map(literal_column, ("created_at", "panel_id", "id"))))
    keys = merged.limit(bindparam("rows")).subquery()
    whole = scope.select(*columns).where(orders.c.panel_id == keys.c.panel_id, orders.c.id == keys.c.id)
    return whole.order_by(*ordering(shape, keys.c.created_at, keys.c.panel_id, keys.c.id))


def ordering(shape: Shape, created_at: Any, *others: Any) -> list[ColumnElement[Any]]:
    """What has no date is in the order of panels and ids."""
    wanted = (created_at, *others) if shape.dated else others
    return [column.desc() if shape.descending else column.asc() for column in wanted]


def arms(scope: Scope, panel_ids: tuple[int, ...], shape: Shape) -> CompoundSelect[Any]:
    if shape.lead == "number":
        return union(*(cut(part, shape) for part in numbered(scope.narrowed(panel_ids), shape)))
    return union_all(
        *(
            cut(pinned(narrowed(scope.narrowed([panel]), shape, n), orders, INDEXES[shape.lead]), shape)
            for panel in panel_ids
            for n in range(shape.values)
        )
    )


def numbered(scope: Scope, shape: Shape) -> tuple[Select[Any], Select[Any]]:
    """The panel's numbers by the primary key, the provider's by their index."""
    numbers: Any = bindparam("number", expanding=True)
    theirs = pinned(narrowed(scope, shape), orders, "ix_orders_panel_id_provider_order_id")
    return narrowed(scope, shape).where(orders.c.id.in_(numbers)), theirs.where(orders.c.provider_order_id.in_(numbers))


def cut(part: Select[Any], shape: Shape) -> Select[Any]:
    """The first of an arm in the list's order, as a select that may stand in a union."""
    columns = (orders.c.panel_id, orders.c.id) if shape.lead == "number" else (orders.c.id,)
    first = part.order_by(*ordering(shape, orders.c.created_at, *columns)).limit(bindparam("rows")).subquery()
    return select(first.c.panel_id, first.c.created_at, first.c.id)


def narrowed(scope: Scope, shape: Shape, n: int = 0) -> Select[Any]:
    """The keys of an arm: what every filter lets through, with the n-th value of the one that leads."""
    made = scope.select(orders.c.panel_id, orders.c.created_at, orders.c.id)
    if shape.lead in COLUMNS:
        made = made.where(COLUMNS[shape.lead] == bindparam(f"{shape.lead}_{n}", type_=Text))
    dated = orders.c.created_at.is_not(None) if shape.dated else orders.c.created_at.is_(None)
    return made.where(dated, THERE, *spans(shape), *rest(shape), *beyond(shape))


def rest(shape: Shape) -> list[ColumnElement[bool]]:
    return [COLUMNS[name].in_(bindparam(name, expanding=True)) for name in sorted(shape.rest)]


def spans(shape: Shape) -> list[ColumnElement[bool]]:
    since = orders.c.created_at >= bindparam("created_from", type_=Moment)
    until = orders.c.created_at < bindparam("created_to", type_=Moment)
    return [condition for name, condition in zip(SPANS, (since, until), strict=True) if name in shape.spans]


def beyond(shape: Shape) -> list[ColumnElement[bool]]:
    """Further on in the list than the place that was named, or from there on."""
    if not shape.bounded:
        return []
    here: list[Any] = [orders.c.created_at, orders.c.panel_id, orders.c.id]
    there: list[Any] = [bindparam("at_time", type_=Moment), bindparam("at_panel"), bindparam("at_id", type_=Text)]
    one, other = (tuple_(*columns[0 if shape.dated else 1 :]) for columns in (here, there))
    if shape.bounded == "from":
        return [one <= other if shape.descending else one >= other]
    return [one < other if shape.descending else one > other]


@lru_cache(maxsize=512)
def counting(scope: Scope, shape: Shape) -> Select[Any]:
    """How many match, and how many rows were looked at to find that: neither goes beyond the bound it is given."""
    matches = case((and_(*rest(shape)), 1), else_=0) if shape.rest else literal_column("1")
    looked_at = scope.select(matches.label("matches")).select_from(orders).where(THERE, *spans(shape), *beyond(shape))
    if shape.lead:
        looked_at = looked_at.where(COLUMNS[shape.lead].in_(bindparam(shape.lead, expanding=True)))
    some = pinned(looked_at.where(scope.allows(orders)), orders, INDEXES[shape.lead]).limit(bindparam("rows"))
    matching = some.subquery()
    counted = select(func.coalesce(func.sum(matching.c.matches), 0), func.count())
    return counted.select_from(matching).execution_options(scoped=True)
