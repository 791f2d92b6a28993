"""What deliveries are judged by, as frames: the orders of the last days, for outages; those of one service, for its range and promise.

A past moment is not asked about here: what a provider does is asked about now.
"""

from datetime import datetime, timedelta

import polars as pl
from sqlalchemy import literal

from hyperpanel.db import frames
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source, text_of
from hyperpanel.db.types import Moment
from reports.paces import LEARNT_FROM
from reports.windows import LONGEST, Window

STOPPED = ("canceled", "error", "fail", "failed", "refunded")
"""Orders of these never come to be delivered, and are few."""

SOON = timedelta(microseconds=1)
COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "panel_id": pl.Int64,
    "id": pl.String,
    "service_id": pl.String,
    "provider": pl.String,
    "status": pl.String,
    "created_at": pl.Datetime("us", "UTC"),
    "finished_from": pl.Datetime("us", "UTC"),
    "finished_at": pl.Datetime("us", "UTC"),
    "quantity": pl.Int64,
    "remains": pl.Int64,
    "charge": pl.Int64,
    "charge_currency": pl.String,
}
WAITING = ("id", "provider", "status", "quantity", "remains", "charge", "charge_currency")


def recent(source: Source, scope: Scope, now: datetime) -> pl.DataFrame:
    """As outages.inferred asks for them. Of finished ones neither the charge nor the id is read: they are in no index that finds them."""
    since = now - LEARNT_FROM
    waiting = frames.waiting(source, scope, now + SOON, *WAITING)
    finished = frames.finished(source, scope, Window(since, now + SOON), "provider")
    return pl.concat(
        [
            whole(waiting),
            whole(finished.filter(pl.col("created_at") >= since)),
            whole(stopped(source, scope, since, now)),
        ]
    )


def stopped(source: Source, scope: Scope, since: datetime, now: datetime) -> pl.DataFrame:
    names = ("status", "created_at", "quantity", "remains")
    asked = scope.select(orders.c.panel_id, text_of(orders.c.service_id), text_of(orders.c.provider))
    asked = asked.add_columns(*(orders.c[name] for name in names)).where(
        orders.c.status.in_(STOPPED),
        orders.c.created_at >= literal(since, Moment),
        orders.c.created_at <= literal(now, Moment),
        orders.c.gone_at.is_(None),
    )
    return source.frame(pinned(asked, orders, "ix_orders_panel_id_status_created_at_id_gone_at"))


def whole(frame: pl.DataFrame) -> pl.DataFrame:
    """With every column; null where it was not asked for."""
    missing = [pl.lit(None, kind).alias(name) for name, kind in COLUMNS.items() if name not in frame.columns]
    return frame.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())


def of_service(source: Source, scope: Scope, service: tuple[int, str], now: datetime) -> pl.DataFrame:
    """The orders of one service that wait, and those that finished in the last month."""
    window = Window(now + SOON - LONGEST, now + SOON)
    waiting = frames.waiting(source, scope, now + SOON, *WAITING, service=service)
    return pl.concat([whole(waiting), whole(frames.finished(source, scope, window, service=service))])
