"""What was ordered in a window and what it brought, as frames, for the report of volume and margin.

One index holds all of it but the status, which changes too often to stand there: what ended otherwise than well is read apart, and is little.
"""

from collections.abc import Iterable
from typing import Any

import polars as pl
from sqlalchemy import Select

from hyperpanel.db.frames import within
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source, text_of
from reports.margins import ENDED
from reports.windows import Window

KEYS = {
    "panel": ("panel_id",),
    "service": ("panel_id", "service_id"),
    "user": ("panel_id", "user"),
    "provider": ("provider",),
}
"""What orders can be put together by, and the columns that say it; days are made of the time."""

BY_TIME = "ix_orders_panel_id_created_at_id_gone_at"
BY_STATUS = "ix_orders_panel_id_status_created_at_id_gone_at"


def traded(source: Source, scope: Scope, window: Window, keys: Iterable[str]) -> pl.DataFrame:
    """Orders created in a window: created_at, charge, charge_currency, provider_charge, provider_charge_currency, and `keys`."""
    return source.frame(pinned(asked(scope, window, keys), orders, BY_TIME))


def ended(source: Source, scope: Scope, window: Window, keys: Iterable[str]) -> pl.DataFrame:
    """Those of them that were canceled, delivered in part or failed, with status, quantity and remains too."""
    some = asked(scope, window, keys).add_columns(orders.c.status, orders.c.quantity, orders.c.remains)
    return source.frame(pinned(some.where(orders.c.status.in_(ENDED)), orders, BY_STATUS))


def asked(scope: Scope, window: Window, keys: Iterable[str]) -> Select[Any]:
    columns = [orders.c.panel_id if key == "panel_id" else text_of(orders.c[key]) for key in keys]
    amounts = (orders.c.charge, text_of(orders.c.charge_currency))
    costs = (orders.c.provider_charge, text_of(orders.c.provider_charge_currency))
    made = scope.select(orders.c.created_at, *amounts, *costs, *columns)
    return made.where(*within(orders.c.created_at, window), orders.c.gone_at.is_(None))
