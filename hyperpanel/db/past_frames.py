"""What changed since a moment, as frames: out of these and of what is held now, a report is made as of then (reports/service_past.py).

The orders of the changes are looked up by their key: `+ 0` keeps SQLite from going through all orders and looking up their changes.
"""

from datetime import datetime

import polars as pl
from sqlalchemy import ColumnElement, and_, literal, or_

from hyperpanel.db.frames import columns, of, only, there
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import order_flips, orders, panels
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source, text_of
from hyperpanel.db.types import Moment
from reports.statuses import FINISHED

NEEDED = (
    "id",
    "quantity",
    "remains",
    "created_at",
    "finished_from",
    "finished_at",
    "provider",
    "charge_currency",
    "charge",
)
BY_TIME = "ix_order_flips_panel_id_not_after"


def attached(source: Source, scope: Scope) -> pl.DataFrame:
    """Since when each panel is read: panel_id, since."""
    return source.frame(scope.select(panels.c.id.label("panel_id"), panels.c.created_at.label("since")))


def changes(source: Source, scope: Scope, at: datetime, service: tuple[int, str] | None = None) -> pl.DataFrame:
    """Every change of status that was read after a moment, of orders that were there by then: panel_id, service_id, number, was, and NEEDED of
    the order as it is now. Of one service alone where it is given."""
    asked = scope.select(orders.c.panel_id, text_of(orders.c.service_id), order_flips.c.number, order_flips.c.was)
    asked = asked.add_columns(*columns(NEEDED)).where(same_order(), order_flips.c.not_after > literal(at, Moment))
    begun = or_(orders.c.created_at < literal(at, Moment), orders.c.created_at.is_(None))
    asked = asked.where(there(at), begun, scope.allows(order_flips), *of(service))
    return only(source.frame(pinned(asked, order_flips, BY_TIME)), service)


def same_order() -> ColumnElement[bool]:
    return and_(orders.c.panel_id == order_flips.c.panel_id + 0, orders.c.id == order_flips.c.order_id.concat(""))


def finishes(source: Source, scope: Scope, at: datetime) -> pl.DataFrame:
    """Of orders that were finished then and changed later, each finish that had been read: panel_id, id, number, not_before, not_after."""
    later, done = order_flips.alias("later"), sorted(FINISHED)
    names = ("number", "not_before", "not_after")
    asked = scope.select(order_flips.c.panel_id, order_flips.c.order_id.label("id"), *(order_flips.c[n] for n in names))
    asked = asked.where(
        order_flips.c.panel_id == later.c.panel_id + 0,
        order_flips.c.order_id == later.c.order_id.concat(""),
        order_flips.c.not_after <= literal(at, Moment),
        order_flips.c.now.in_(done),
        order_flips.c.was.not_in(done),
        later.c.not_after > literal(at, Moment),
        later.c.was.in_(done),
        panel_of(later.c.panel_id, scope),
    )
    return source.frame(asked.with_hint(later, f"INDEXED BY {BY_TIME}", "sqlite")).unique()


def panel_of(column: ColumnElement[int], scope: Scope) -> ColumnElement[bool]:
    """As Scope.allows, of an alias."""
    return (
        column.is_not(None)
        if scope.panel_ids is None
        else column.in_([literal(one) for one in sorted(scope.panel_ids)])
    )
