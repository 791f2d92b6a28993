"""What reports are made of: rows of the mirror as frames, already narrowed to a window or to what still waits.

Each is one statement over one index that holds all it asks for, pinned on SQLite. Panels are asked for by number: an index leads with the
panel, and of every panel at once only its first column could be used. Text that may be missing is "" in a frame.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, literal, or_, select

from hyperpanel.db.mirror import ENDED, WAITS
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders, service_speeds, services
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source, given, text_of
from hyperpanel.db.types import Moment
from reports.windows import Window

SERVICE = ("panel_id", "service_id")

TOLD_WAITING = ("id", "status", "quantity", "remains", "provider", "charge_currency", "charge")
TOLD_FINISHED = ("id", "provider")
"""What is told of a single order."""


def waiting(
    source: Source,
    scope: Scope,
    before: datetime,
    *more: str,
    at: datetime | None = None,
    service: tuple[int, str] | None = None,
) -> pl.DataFrame:
    """Orders that a provider has yet to deliver and that were created before a moment: panel_id, service_id, created_at, and of `more` those
    of provider, charge_currency, charge, status, remains, quantity and id that are asked for. With `at`, those that were gone later
    too; of one `service` alone where it is given."""
    asked = scope.select(orders.c.panel_id, text_of(orders.c.service_id), orders.c.created_at, *columns(more))
    asked = asked.where(WAITS, orders.c.created_at < literal(before, Moment), there(at), *of(service))
    return only(source.frame(pinned(asked, orders, "ix_orders_waiting")), service)


def finished(
    source: Source,
    scope: Scope,
    window: Window,
    *more: str,
    at: datetime | None = None,
    service: tuple[int, str] | None = None,
) -> pl.DataFrame:
    """Orders that finished within a window: panel_id, service_id, status, quantity, remains, created_at, finished_from (null where that was not
    observed), finished_at, and of `more` those of provider and id that are asked for. `at`, `service`: as of `waiting`."""
    names = ("status", "quantity", "remains", "created_at", "finished_from", "finished_at")
    asked = scope.select(orders.c.panel_id, text_of(orders.c.service_id), *(orders.c[name] for name in names))
    asked = asked.add_columns(*columns(more)).where(
        ENDED, *within(orders.c.finished_at, window), there(at), *of(service)
    )
    return only(source.frame(pinned(asked, orders, "ix_orders_finished")), service)


def there(at: datetime | None) -> ColumnElement[bool]:
    """Not gone; or by a past moment not yet."""
    is_there = orders.c.gone_at.is_(None)
    return is_there if at is None else or_(is_there, orders.c.gone_at > literal(at, Moment))


def of(service: tuple[int, str] | None) -> list[ColumnElement[bool]]:
    """Ids come from upstreams and stand in the statement as they are written: an odd one is looked for in the frame alone."""
    if service is None:
        return []
    panel_id, service_id = service
    mine = [orders.c.panel_id == panel_id]
    return [*mine, orders.c.service_id == service_id] if service_id.isalnum() else mine


def only(frame: pl.DataFrame, service: tuple[int, str] | None) -> pl.DataFrame:
    return frame if service is None else frame.filter(pl.col("service_id") == service[1])


def within(column: Any, window: Window) -> tuple[Any, Any]:
    return column >= literal(window.since, Moment), column < literal(window.until, Moment)


def columns(names: Iterable[str]) -> list[Any]:
    return [text_of(orders.c[name]) if name in ("provider", "charge_currency") else orders.c[name] for name in names]


def names(source: Source, scope: Scope, wanted: pl.DataFrame) -> pl.DataFrame:
    """What the services of a frame are called: panel_id, service_id, name. Where no catalogue is read, as their newest order calls them."""
    asked = scope.select(services.c.panel_id, services.c.id.label("service_id"), services.c.name)
    listed = source.frame(asked)
    missing = wanted.select(SERVICE).unique().join(listed, on=SERVICE, how="anti").sort(SERVICE)
    return pl.concat([listed, source.each(newest(scope, given(1), given(2)), missing)]).select(*SERVICE, "name")


def newest(scope: Scope, panel_id: Any, service_id: Any) -> Select[Any]:
    """What a service's newest order calls it. Of both a value, or where the statement finds it."""
    index = "ix_orders_panel_id_service_id_created_at_id_gone_at"
    asked = scope.select(orders.c.panel_id, text_of(orders.c.service_id), text_of(orders.c.service_name).label("name"))
    asked = asked.where(orders.c.panel_id == panel_id, orders.c.service_id == service_id)
    one = pinned(asked, orders, index).order_by(orders.c.created_at.desc()).limit(1).subquery()
    return select(one.c.panel_id, one.c.service_id, one.c.name)


def speeds(source: Source, scope: Scope) -> pl.DataFrame:
    """Minimum speeds that people set: panel_id, service_id, per_day (null: none is promised)."""
    return source.frame(scope.select(service_speeds.c.panel_id, service_speeds.c.service_id, service_speeds.c.per_day))
