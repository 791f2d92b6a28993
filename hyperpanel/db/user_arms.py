"""The rows that are one customer's: an arm of a statement for each name that was theirs, read by the index of names and times.

Payments and tickets may name their customer by id as well; then nobody else of that name gets them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Table,
    Text,
    bindparam,
    literal_column,
    or_,
    select,
    union_all,
)

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders, payments, tickets
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment
from hyperpanel.db.user_names import Borne

INDEXES = {
    orders: "ix_orders_panel_id_user_created_at_id_gone_at",
    payments: "ix_payments_panel_id_user_created_at_id_gone_at",
    tickets: "ix_tickets_panel_id_user_created_at_id_gone_at",
}

Shape = tuple[tuple[bool, bool], ...]
"""For each name, whether it has a beginning and an end: statements of one shape are built once."""


@dataclass(frozen=True)
class Whose:
    """A customer as records know them."""

    panel_id: int
    user_id: str
    borne: Sequence[Borne]

    @property
    def shape(self) -> Shape:
        return tuple((one.since is not None, one.until is not None) for one in self.borne)

    @property
    def values(self) -> dict[str, Any]:
        given: dict[str, Any] = {"panel": self.panel_id, "user_id": self.user_id}
        for n, one in enumerate(self.borne):
            given |= {f"name_{n}": one.name, f"since_{n}": one.since, f"until_name_{n}": one.until}
        return given


def few(arms: Sequence[Select[Any]], which: ColumnElement[bool], order: ColumnElement[Any], most: int) -> Subquery:
    found = [part.where(which).order_by(order).limit(most).subquery() for part in arms]
    return together([select(*part.c) for part in found])


def mine(scope: Scope, table: Table, names: Sequence[str], shape: Shape, begins: bool = False) -> Subquery:
    """The customer's rows, name by name; `begins`: from a moment on."""
    arms = [arm(scope, table, names, n, *bounds) for n, bounds in enumerate(shape)]
    since = table.c.created_at >= bindparam("from", type_=Moment)
    return together([part.where(since) for part in arms] if begins else arms)


def together(arms: Sequence[Select[Any]]) -> Subquery:
    return union_all(*arms).subquery() if len(arms) > 1 else arms[0].subquery()


def arm(scope: Scope, table: Table, names: Sequence[str], n: int, begins: bool, ends: bool) -> Select[Any]:
    """Under the n-th name, while the customer had it."""
    columns = [literal_column(str(n), Integer).label("name"), *(table.c[name] for name in names)]
    conditions = [
        table.c.panel_id == bindparam("panel"),
        table.c.user == bindparam(f"name_{n}", type_=Text),
        table.c.gone_at.is_(None),
    ]
    if begins:
        conditions.append(table.c.created_at >= bindparam(f"since_{n}", type_=Moment))
    if ends:
        conditions.append(table.c.created_at < bindparam(f"until_name_{n}", type_=Moment))
    if "user_id" in table.c:
        conditions.append(or_(table.c.user_id.is_(None), table.c.user_id == bindparam("user_id", type_=Text)))
    return pinned(scope.select(*columns).where(*conditions), table, INDEXES[table])
