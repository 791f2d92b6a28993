"""Services that were critical or stalled when their scores were last written down, and that nobody has put aside: for the dashboard.

The report itself is not made for it. Of each panel it is one look for the latest hour, and one span of a small index.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from hyperpanel.db import snoozes
from hyperpanel.db.mirror import WAITS
from hyperpanel.db.pins import pinned
from hyperpanel.db.report_tables import URGENT
from hyperpanel.db.schema import orders, service_scores
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment

FRESH = timedelta(hours=3)
"""Scores that are older say nothing about now."""

LOOKED_AT = 40
"""So many services are asked for their oldest order."""

Service = tuple[int, str]


@dataclass(frozen=True)
class Urgent:
    """`at`: the hour of the scores, of the panel where it is longest ago; `since`: when the oldest of their orders that wait was created."""

    services: tuple[Service, ...] = ()
    at: datetime | None = None
    since: datetime | None = None


def found(connection: Connection, scope: Scope, now: datetime) -> Urgent:
    """The most stuck first."""
    rows = connection.execute(asking(scope), {"fresh": now - FRESH}).all()
    if not rows:
        return Urgent()
    put_aside = {one.service for one in snoozes.running(connection, scope, now)}
    left = [row for row in rows if (row.panel_id, row.service_id) not in put_aside]
    left.sort(key=lambda row: (-row.stuck, row.panel_id, row.service_id))
    services = tuple((row.panel_id, row.service_id) for row in left)
    return Urgent(services, rows[0].written_at, oldest(connection, scope, services[:LOOKED_AT]))


@lru_cache(maxsize=256)
def asking(scope: Scope) -> Select[Any]:
    """Each panel's own latest hour: what came right since is in it no more."""
    scores, fresh = service_scores.c, service_scores.c.at >= bindparam("fresh", type_=Moment)
    latest = scope.select(scores.panel_id, func.max(scores.at).label("at")).where(fresh).group_by(scores.panel_id)
    newest = latest.cte("newest")
    written_at = select(func.min(newest.c.at)).scalar_subquery().label("written_at")
    asked = scope.select(scores.panel_id, scores.service_id, scores.stuck, written_at)
    same = and_(scores.panel_id == newest.c.panel_id, scores.at == newest.c.at)
    return asked.join_from(service_scores, newest, same).where(URGENT)


def oldest(connection: Connection, scope: Scope, services: Iterable[Service]) -> datetime | None:
    arms = [first(scope, panel_id, service_id) for panel_id, service_id in services]
    if not arms:
        return None
    ages = connection.scalars(union_all(*arms).execution_options(scoped=True))
    return min((at for at in ages if at is not None), default=None)


def first(scope: Scope, panel_id: int, service_id: str) -> Select[Any] | CompoundSelect[Any]:
    mine = (orders.c.panel_id == panel_id, orders.c.service_id == service_id, WAITS, orders.c.gone_at.is_(None))
    asked = pinned(scope.select(orders.c.created_at), orders, "ix_orders_waiting").where(*mine)
    earliest = asked.order_by(orders.c.created_at).limit(1).subquery()
    return select(earliest.c.created_at)
