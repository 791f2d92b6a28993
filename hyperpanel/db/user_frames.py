"""What user tracking is made of: who ordered and paid in a window, by the names that orders and payments tell, and whose these names are.

All that was ordered is one reading of an index that holds what is asked. Everything about a customer is looked up for the few who are shown,
one value after another: usernames are text that somebody typed. Columns are called alike: `name` is the username that a record tells,
`at` when it was made, `units` the amount. Text that may be missing is "" in a frame.
"""

from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, Table, exists, func

from hyperpanel.db.frames import within
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders, payments, services, user_renames, users
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source, given, text_of
from reports.windows import Window

THEIRS = "ix_orders_panel_id_user_created_at_id_gone_at"
SHORT = ("canceled", "refunded", "partial")
"""The statuses of orders that were not paid for as a whole."""


def ordered(source: Source, scope: Scope, window: Window) -> pl.DataFrame:
    """Every order that was made in a window: panel_id, name, at, currency, units. By the index alone."""
    asked = scope.select(*told(orders, orders.c.charge_currency, orders.c.charge)).where(*made_in(orders, window))
    return source.frame(pinned(asked, orders, "ix_orders_panel_id_created_at_id_gone_at"))


def paid(source: Source, scope: Scope, window: Window) -> pl.DataFrame:
    """Completed payments that were made in a window: panel_id, name, at, currency, units, user_id, method, mode, payment_id."""
    more = [text_of(payments.c[name]) for name in ("user_id", "method", "mode")]
    more.append(payments.c.id.label("payment_id"))
    asked = scope.select(*told(payments, payments.c.amount_currency, payments.c.amount), *more)
    asked = asked.where(payments.c.status == "completed", *made_in(payments, window))
    return source.frame(pinned(asked, payments, "ix_payments_panel_id_status_created_at_id_gone_at"))


def payers(source: Source, scope: Scope, window: Window) -> pl.DataFrame:
    """The payments among those that tell another customer by number than by name: panel_id, payment_id, and how that customer is `called` now;
    "" where nobody held has the number, and somebody else the name."""
    p, u, h = payments.c, users.c, users.alias()
    asked = scope.select(p.panel_id, p.id.label("payment_id"), u.username.label("called"))
    asked = asked.where(p.status == "completed", *made_in(payments, window), u.panel_id == p.panel_id)
    of_time = pinned(asked, payments, "ix_payments_panel_id_status_created_at_id_gone_at")
    by_number = of_time.where(u.id == p.user_id, func.coalesce(p.user, "") != u.username)
    is_held = exists().where(h.c.panel_id == p.panel_id, h.c.id == p.user_id)
    by_name = of_time.where(u.username == p.user, p.user_id.is_not(None), ~is_held)
    others = source.frame(pinned(by_name, users, "ix_users_panel_id_username")).with_columns(called=pl.lit(""))
    return pl.concat([source.frame(by_number), others.unique()])


def of_names(source: Source, scope: Scope, window: Window, names: pl.DataFrame) -> pl.DataFrame:
    """The orders of some names (panel_id, name), as `ordered`, with order_id, status and service_id. By an index alone."""
    more = (orders.c.id.label("order_id"), orders.c.status, text_of(orders.c.service_id))
    asked = scope.select(*told(orders, orders.c.charge_currency, orders.c.charge), *more)
    return source.each(pinned(by_name(asked, window), orders, THEIRS), names)


def parts(source: Source, scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """What stays out of partial orders (panel_id, order_id): panel_id, order_id, quantity, remains."""
    asked = scope.select(orders.c.panel_id, orders.c.id.label("order_id"), orders.c.quantity, orders.c.remains)
    return source.each(asked.where(orders.c.panel_id == given(1), orders.c.id == given(2)), ids)


def by_name(asked: Select[Any], window: Window) -> Select[Any]:
    return asked.where(orders.c.panel_id == given(1), orders.c.user == given(2), *made_in(orders, window))


def told(table: Table, currency: ColumnElement[Any], amount: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [
        table.c.panel_id,
        text_of(table.c.user).label("name"),
        table.c.created_at.label("at"),
        text_of(currency).label("currency"),
        amount.label("units"),
    ]


def made_in(table: Table, window: Window) -> tuple[Any, ...]:
    return *within(table.c.created_at, window), table.c.gone_at.is_(None)


def renames(source: Source, scope: Scope) -> pl.DataFrame:
    """All that are known, the oldest of each customer first: panel_id, user_id, was, now, not_before, not_after."""
    names = ("panel_id", "user_id", "was", "now", "not_before", "not_after")
    asked = scope.select(*(user_renames.c[name] for name in names))
    return source.frame(asked.order_by(user_renames.c.panel_id, user_renames.c.user_id, user_renames.c.number))


def bearers(source: Source, scope: Scope, names: pl.DataFrame) -> pl.DataFrame:
    """Who has the names (panel_id, name) by now: panel_id, user_id, name, email, created_at, currency, units, of which the last two are
    what the panel says that they spent."""
    asked = customers(scope).where(users.c.panel_id == given(1), users.c.username == given(2))
    return source.each(pinned(asked, users, "ix_users_panel_id_username"), names)


def known(source: Source, scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """The same of customers whose numbers (panel_id, user_id) are known."""
    return source.each(customers(scope).where(users.c.panel_id == given(1), users.c.id == given(2)), ids)


def customers(scope: Scope) -> Select[Any]:
    return scope.select(
        users.c.panel_id,
        users.c.id.label("user_id"),
        users.c.username.label("name"),
        text_of(users.c.email),
        users.c.created_at,
        text_of(users.c.spent_currency).label("currency"),
        users.c.spent.label("units"),
    )


def service_names(source: Source, scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """What services (panel_id, service_id) are called: panel_id, service_id, name. Where no catalogue is read, as their newest order
    calls them."""
    asked = scope.select(services.c.panel_id, services.c.id.label("service_id"), services.c.name)
    listed = source.each(asked.where(services.c.panel_id == given(1), services.c.id == given(2)), ids)
    missing = ids.join(listed, on=["panel_id", "service_id"], how="anti")
    return pl.concat([listed, source.each(newest(scope), missing)])


def newest(scope: Scope) -> Select[Any]:
    names = (orders.c.panel_id, text_of(orders.c.service_id), text_of(orders.c.service_name).label("name"))
    asked = scope.select(*names).where(orders.c.panel_id == given(1), orders.c.service_id == given(2))
    index = "ix_orders_panel_id_service_id_created_at_id_gone_at"
    return pinned(asked, orders, index).order_by(orders.c.created_at.desc()).limit(1)
