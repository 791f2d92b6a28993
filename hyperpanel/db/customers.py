"""Who is behind a username, as far as a ticket needs to know: balance, how much there is of theirs, and which orders are theirs alone.

Orders know their customer by username only, and a name may have been another customer's before (hyperpanel.db.user_names).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Table, Text, bindparam, func, literal_column, select

from hyperpanel.db import user_names
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders, payments, tickets, users
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment
from hyperpanel.db.user_names import Borne

COUNTED_TO = 1_000
INDEXES = {
    "orders": (orders, "ix_orders_panel_id_user_created_at_id_gone_at"),
    "tickets": (tickets, "ix_tickets_panel_id_user_created_at_id_gone_at"),
    "payments": (payments, "ix_payments_panel_id_user_created_at_id_gone_at"),
}


@dataclass(frozen=True)
class Customer:
    id: str
    username: str
    balance: int | None
    balance_currency: str | None
    spent: int | None
    spent_currency: str | None
    status: str


@dataclass(frozen=True)
class OwnOrder:
    """An order that somebody asks about."""

    id: str
    status: str


def one(
    connection: Connection,
    scope: Scope,
    panel_id: int,
    user_id: str | None,
    username: str | None,
    at: datetime | None = None,
) -> Customer | None:
    """By id where it is told, since names change; else by whom the name meant `at` that time."""
    known = user_id or user_names.bearer(connection, scope, panel_id, username, at)
    row = connection.execute(naming(scope), {"panel": panel_id, "id": known}).one_or_none() if known else None
    return Customer(*row) if row else None


@lru_cache(maxsize=256)
def naming(scope: Scope) -> Select[Any]:
    found = scope.select(*(users.c[name] for name in Customer.__dataclass_fields__))
    return found.where(users.c.panel_id == bindparam("panel"), users.c.id == text("id"), users.c.gone_at.is_(None))


def text(name: str) -> BindParameter[str]:
    return bindparam(name, type_=Text)


def whose(
    connection: Connection, scope: Scope, panel_id: int, name: str | None, customer: Customer | None
) -> list[Borne]:
    """The names of whoever wrote a ticket, and when they were theirs; of somebody who is not held, the `name` on the ticket."""
    if customer is not None:
        return user_names.names_of(connection, scope, panel_id, customer.id)
    if not name or user_names.is_known(connection, scope, panel_id, name):
        return []
    return [Borne(name)]


def own_orders(
    connection: Connection, scope: Scope, panel_id: int, numbers: Sequence[str], names: Sequence[Borne]
) -> dict[str, OwnOrder]:
    """Those of these numbers that are orders of this panel and of this customer; of others nothing is told."""
    if not numbers or not names:
        return {}
    asked = {"panel": panel_id, "numbers": numbers, "names": sorted({one.name for one in names})}
    rows = connection.execute(owned(scope), asked).all()
    theirs = [row for row in rows if any(one.covers(row.user, row.created_at) for one in names)]
    return {row.id: OwnOrder(row.id, row.status) for row in theirs}


@lru_cache(maxsize=256)
def owned(scope: Scope) -> Select[Any]:
    return scope.select(orders.c.id, orders.c.status, orders.c.user, orders.c.created_at).where(
        orders.c.panel_id == bindparam("panel"),
        orders.c.id.in_(bindparam("numbers", expanding=True)),
        orders.c.user.in_(bindparam("names", expanding=True)),
    )


def counts(
    connection: Connection, scope: Scope, panel_id: int, user: str, since: datetime | None = None
) -> dict[str, int]:
    """How many orders, tickets and payments are theirs, from when on the name is theirs alone; COUNTED_TO + 1 where there are more."""
    asked = {"panel": panel_id, "user": user, "most": COUNTED_TO + 1} | ({"since": since} if since else {})
    row = connection.execute(counting(scope, since is not None), asked).one()
    return dict(zip(INDEXES, row, strict=True))


@lru_cache(maxsize=256)
def counting(scope: Scope, is_bounded: bool) -> Select[Any]:
    parts = [part(scope, *table, is_bounded).label(name) for name, table in INDEXES.items()]
    return select(*parts).execution_options(scoped=True)


def part(scope: Scope, table: Table, index: str, is_bounded: bool) -> Any:
    theirs = [table.c.panel_id == bindparam("panel"), table.c.user == text("user"), table.c.gone_at.is_(None)]
    if is_bounded:
        theirs.append(table.c.created_at >= bindparam("since", type_=Moment))
    rows = pinned(scope.select(literal_column("1").label("row")).select_from(table), table, index).where(*theirs)
    counted = rows.where(scope.allows(table)).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()
