"""Who is behind a username, as far as a ticket needs to know: balance, how much there is of theirs, and which orders are theirs alone.

Orders know their customer by username only. A customer who was renamed has orders under old names, unless somebody else took such a name.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Table, Text, bindparam, func, literal_column, select

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders, payments, tickets, user_renames, users
from hyperpanel.db.scope import Scope

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
    connection: Connection, scope: Scope, panel_id: int, user_id: str | None, username: str | None
) -> Customer | None:
    """By id where it is told, since names change; else by name, if one customer alone bears it."""
    by_id, by_name = naming(scope)
    asked = (by_id, user_id) if user_id else (by_name, username)
    found = connection.execute(asked[0], {"panel": panel_id, "named": asked[1]}).all()
    return Customer(*found[0]) if len(found) == 1 else None


@lru_cache(maxsize=256)
def naming(scope: Scope) -> tuple[Select[Any], Select[Any]]:
    """Two statements, each with an index: one for both would look at every customer of the panel."""
    found = scope.select(*(users.c[name] for name in Customer.__dataclass_fields__))
    found = found.where(users.c.panel_id == bindparam("panel"), users.c.gone_at.is_(None)).limit(2)
    by_name = found.where(users.c.username == text("named"))
    return found.where(users.c.id == text("named")), pinned(by_name, users, "ix_users_panel_id_username")


def text(name: str) -> BindParameter[str]:
    return bindparam(name, type_=Text)


def names(
    connection: Connection, scope: Scope, panel_id: int, user_id: str | None, known: Collection[str]
) -> list[str]:
    """All names that were this customer's, but for those that are somebody else's now."""
    if user_id is None:
        return sorted(known)
    values = {"panel": panel_id, "id": user_id}
    mine = {*known, *connection.scalars(renamed(scope), values)}
    taken = connection.scalars(held(scope), values | {"names": sorted(mine)}) if mine else ()
    return sorted(mine.difference(taken))


@lru_cache(maxsize=256)
def renamed(scope: Scope) -> Select[Any]:
    mine = (user_renames.c.panel_id == bindparam("panel"), user_renames.c.user_id == text("id"))
    return scope.select(user_renames.c.was).where(*mine)


@lru_cache(maxsize=256)
def held(scope: Scope) -> Select[Any]:
    theirs = (users.c.panel_id == bindparam("panel"), users.c.id != text("id"))
    return scope.select(users.c.username).where(*theirs, users.c.username.in_(bindparam("names", expanding=True)))


def own_orders(
    connection: Connection, scope: Scope, panel_id: int, numbers: Sequence[str], names: Sequence[str]
) -> dict[str, OwnOrder]:
    """Those of these numbers that are orders of this panel and of this customer; of others nothing is told."""
    if not numbers or not names:
        return {}
    rows = connection.execute(owned(scope), {"panel": panel_id, "numbers": numbers, "names": names})
    return {row.id: OwnOrder(*row) for row in rows}


@lru_cache(maxsize=256)
def owned(scope: Scope) -> Select[Any]:
    return scope.select(orders.c.id, orders.c.status).where(
        orders.c.panel_id == bindparam("panel"),
        orders.c.id.in_(bindparam("numbers", expanding=True)),
        orders.c.user.in_(bindparam("names", expanding=True)),
    )


def counts(connection: Connection, scope: Scope, panel_id: int, user: str) -> dict[str, int]:
    """How many orders, tickets and payments are theirs; COUNTED_TO + 1 where there are more."""
    row = connection.execute(counting(scope), {"panel": panel_id, "user": user, "most": COUNTED_TO + 1}).one()
    return dict(zip(INDEXES, row, strict=True))


@lru_cache(maxsize=256)
def counting(scope: Scope) -> Select[Any]:
    parts = [part(scope, *table).label(name) for name, table in INDEXES.items()]
    return select(*parts).execution_options(scoped=True)


def part(scope: Scope, table: Table, index: str) -> Any:
    theirs = (table.c.panel_id == bindparam("panel"), table.c.user == text("user"), table.c.gone_at.is_(None))
    rows = pinned(scope.select(literal_column("1").label("row")).select_from(table), table, index).where(*theirs)
    counted = rows.where(scope.allows(table)).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()
