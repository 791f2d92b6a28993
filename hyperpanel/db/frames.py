"""What reports are made of: rows of the mirror as frames, already narrowed to a window or to what still waits.

Each is one statement over one index that holds all it asks for, pinned on SQLite. Panels are asked for by number: an index leads with the
panel, and of every panel at once only its first column could be used. Text that may be missing is "" in a frame.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Select, literal, select, union_all

from hyperpanel.db.mirror import ENDED, WAITS
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders, service_speeds, services
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source, text_of
from hyperpanel.db.types import Moment
from reports.windows import Window

AT_ONCE = 400
"""Arms of a union: SQLite takes five hundred."""

SERVICE = ("panel_id", "service_id")


def waiting(source: Source, scope: Scope, before: datetime, *more: str) -> pl.DataFrame:
    """Orders that a provider has yet to deliver and that were created before a moment: panel_id, service_id, created_at, and of `more` those
    of provider, charge_currency, charge and id that are asked for."""
    asked = scope.select(orders.c.panel_id, text_of(orders.c.service_id), orders.c.created_at, *columns(more))
    asked = asked.where(WAITS, orders.c.created_at < literal(before, Moment), orders.c.gone_at.is_(None))
    return source.frame(pinned(asked, orders, "ix_orders_waiting"))


def finished(source: Source, scope: Scope, window: Window, *more: str) -> pl.DataFrame:
    """Orders that finished within a window: panel_id, service_id, status, quantity, remains, created_at, finished_from (null where that was not
    observed), finished_at, and of `more` those of provider and id that are asked for."""
    names = ("status", "quantity", "remains", "created_at", "finished_from", "finished_at")
    asked = scope.select(orders.c.panel_id, text_of(orders.c.service_id), *(orders.c[name] for name in names))
    asked = asked.add_columns(*columns(more)).where(ENDED, *within(orders.c.finished_at, window))
    return source.frame(pinned(asked.where(orders.c.gone_at.is_(None)), orders, "ix_orders_finished"))


def within(column: Any, window: Window) -> tuple[Any, Any]:
    return column >= literal(window.since, Moment), column < literal(window.until, Moment)


def columns(names: Iterable[str]) -> list[Any]:
    return [text_of(orders.c[name]) if name in ("provider", "charge_currency") else orders.c[name] for name in names]


def names(source: Source, scope: Scope, wanted: pl.DataFrame) -> pl.DataFrame:
    """What the services of a frame are called: panel_id, service_id, name. Where no catalogue is read, as their newest order calls them."""
    asked = scope.select(services.c.panel_id, services.c.id.label("service_id"), services.c.name)
    listed = source.frame(asked)
    missing = wanted.select(SERVICE).unique().join(listed, on=SERVICE, how="anti").sort(SERVICE)
    told = [listed, *(ordered(source, scope, missing[at : at + AT_ONCE]) for at in range(0, missing.height, AT_ONCE))]
    return pl.concat(told).select(*SERVICE, "name")


def ordered(source: Source, scope: Scope, some: pl.DataFrame) -> pl.DataFrame:
    arms = [
        newest(scope, panel_id, service_id) for panel_id, service_id in some.iter_rows() if service_id.isprintable()
    ]
    empty = pl.DataFrame(schema={"panel_id": pl.Int64, "service_id": pl.String, "name": pl.String})
    return source.frame(union_all(*arms)) if arms else empty


def newest(scope: Scope, panel_id: int, service_id: str) -> Select[Any]:
    index = "ix_orders_panel_id_service_id_created_at_id_gone_at"
    asked = scope.select(orders.c.panel_id, text_of(orders.c.service_id), text_of(orders.c.service_name).label("name"))
    asked = asked.where(orders.c.panel_id == panel_id, orders.c.service_id == service_id)
    one = pinned(asked, orders, index).order_by(orders.c.created_at.desc()).limit(1).subquery()
    return select(one.c.panel_id, one.c.service_id, one.c.name)


def speeds(source: Source, scope: Scope) -> pl.DataFrame:
    """Minimum speeds that people set: panel_id, service_id, per_day (null: none is promised)."""
    return source.frame(scope.select(service_speeds.c.panel_id, service_speeds.c.service_id, service_speeds.c.per_day))
