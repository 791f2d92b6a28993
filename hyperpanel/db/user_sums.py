"""What one customer ordered, paid and asked: sums, and the newest few.

Orders are added up from their index alone (hyperpanel.db.user_arms). Amounts are summed whole and fraction apart, since SQLite's SUM breaks
off beyond 2^63; a span of days is counted by the calendar of whoever asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Subquery, Table, bindparam, func, select

from hyperpanel.db import days
from hyperpanel.db.days import Ahead
from hyperpanel.db.schema import orders, payments, services, tickets
from hyperpanel.db.scope import Scope
from hyperpanel.db.user_arms import Shape, Whose, arm, few, mine, together

T = TypeVar("T")
MOST_SUMMED = 200_000
"""Of each name's newest: a page is not worth more than half a second."""

UNIT = 10**9


@dataclass(frozen=True)
class Ordered:
    """Orders under one of the names, with one status and currency."""

    name: int
    status: str
    currency: str | None
    count: int
    units: int


@dataclass(frozen=True)
class Day:
    day: date
    currency: str
    count: int
    units: int


@dataclass(frozen=True)
class Used:
    """Orders of one service in one currency."""

    service_id: str
    currency: str | None
    count: int
    units: int


@dataclass(frozen=True)
class Paid:
    name: int
    status: str
    method: str | None
    mode: str | None
    currency: str | None
    count: int
    units: int


@dataclass(frozen=True)
class Asked:
    """Tickets under one of the names, with one status."""

    name: int
    status: str
    count: int


@dataclass(frozen=True)
class Order:
    id: str
    service_id: str | None
    service_name: str | None
    charge: int | None
    charge_currency: str | None
    status: str
    created_at: datetime


@dataclass(frozen=True)
class Payment:
    id: str
    method: str | None
    mode: str | None
    amount: int | None
    amount_currency: str | None
    status: str
    created_at: datetime


@dataclass(frozen=True)
class Ticket:
    id: str
    subject: str | None
    status: str
    created_at: datetime


def summed_from(connection: Connection, scope: Scope, whose: Whose) -> datetime | None:
    """The moment from which on orders are added up, where there are more than are worth it; from the first one else."""
    found: datetime | None = connection.scalar(skipping(scope, whose.shape), whose.values | {"most": MOST_SUMMED})
    return found


@lru_cache(maxsize=256)
def skipping(scope: Scope, shape: Shape) -> Select[Any]:
    arms = [arm(scope, orders, ("created_at",), n, *bounds) for n, bounds in enumerate(shape)]
    found = [part.order_by(orders.c.created_at.desc()).limit(1).offset(bindparam("most")).subquery() for part in arms]
    rows = together([select(*part.c) for part in found])
    return select(func.max(rows.c.created_at)).execution_options(scoped=True)


def ordered(connection: Connection, scope: Scope, whose: Whose, since: datetime | None = None) -> list[Ordered]:
    """From a moment on, or all of them."""
    statement = ordering(scope, whose.shape, since is not None)
    return summed(connection, statement, whose, Ordered, **{"from": since})


@lru_cache(maxsize=256)
def ordering(scope: Scope, shape: Shape, begins: bool) -> Select[Any]:
    rows = mine(scope, orders, ("status", "charge_currency", "charge"), shape, begins)
    return added_up(rows, rows.c.charge, rows.c.name, rows.c.status, rows.c.charge_currency)


def by_day(connection: Connection, scope: Scope, whose: Whose, since: datetime, parts: Sequence[Ahead]) -> list[Day]:
    """What was ordered from a moment on; `parts` reach up to now."""
    given = days.values(parts) | {"from": since}
    rows = summed(connection, spending(scope, whose.shape, len(parts)), whose, lambda *row: row, **given)
    return [Day(days.dated(day), currency, count, units) for day, currency, count, units in rows if currency]


@lru_cache(maxsize=256)
def spending(scope: Scope, shape: Shape, parts: int) -> Select[Any]:
    rows = mine(scope, orders, ("created_at", "charge_currency", "charge"), shape, True)
    return added_up(rows, rows.c.charge, days.day_of(rows.c.created_at, parts), rows.c.charge_currency)


def services_used(connection: Connection, scope: Scope, whose: Whose, since: datetime) -> list[Used]:
    return summed(connection, using(scope, whose.shape), whose, Used, **{"from": since})


@lru_cache(maxsize=256)
def using(scope: Scope, shape: Shape) -> Select[Any]:
    rows = mine(scope, orders, ("service_id", "charge_currency", "charge"), shape, True)
    known = added_up(rows, rows.c.charge, rows.c.service_id, rows.c.charge_currency)
    return known.where(rows.c.service_id.is_not(None))


def service_names(connection: Connection, scope: Scope, panel_id: int, ids: Sequence[str]) -> dict[str, str]:
    asked = scope.select(services.c.id, services.c.name).where(
        services.c.panel_id == panel_id, services.c.id.in_(sorted(ids))
    )
    return {row.id: row.name for row in connection.execute(asked)}


def paid(connection: Connection, scope: Scope, whose: Whose) -> list[Paid]:
    return summed(connection, paying(scope, whose.shape), whose, Paid)


@lru_cache(maxsize=256)
def paying(scope: Scope, shape: Shape) -> Select[Any]:
    rows = mine(scope, payments, ("status", "method", "mode", "amount_currency", "amount"), shape)
    return added_up(rows, rows.c.amount, rows.c.name, rows.c.status, rows.c.method, rows.c.mode, rows.c.amount_currency)


def asked(connection: Connection, scope: Scope, whose: Whose) -> list[Asked]:
    return [Asked(*row) for row in connection.execute(asking(scope, whose.shape), whose.values)]


@lru_cache(maxsize=256)
def asking(scope: Scope, shape: Shape) -> Select[Any]:
    rows = mine(scope, tickets, ("status",), shape)
    by = (rows.c.name, rows.c.status)
    return select(*by, func.count()).group_by(*by).execution_options(scoped=True)


def first_order(connection: Connection, scope: Scope, whose: Whose) -> datetime | None:
    found: datetime | None = connection.scalar(beginning(scope, whose.shape), whose.values)
    return found


@lru_cache(maxsize=256)
def beginning(scope: Scope, shape: Shape) -> Select[Any]:
    arms = [arm(scope, orders, ("created_at",), n, *bounds) for n, bounds in enumerate(shape)]
    rows = few(arms, orders.c.created_at.is_not(None), orders.c.created_at.asc(), 1)
    return select(func.min(rows.c.created_at)).execution_options(scoped=True)


def last(connection: Connection, scope: Scope, whose: Whose, table: Table, kind: type[T], most: int) -> list[T]:
    """The newest of one kind; those without a date are not among them."""
    names = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    rows = connection.execute(newest(scope, whose.shape, table, names, most), whose.values)
    return [kind(*row) for row in rows]


@lru_cache(maxsize=256)
def newest(scope: Scope, shape: Shape, table: Table, names: tuple[str, ...], most: int) -> Select[Any]:
    arms = [arm(scope, table, names, n, *bounds) for n, bounds in enumerate(shape)]
    rows = few(arms, table.c.created_at.is_not(None), table.c.created_at.desc(), most)
    found = select(*(rows.c[name] for name in names)).order_by(rows.c.created_at.desc(), rows.c.id.desc())
    return found.limit(most).execution_options(scoped=True)


def added_up(rows: Subquery, amount: ColumnElement[int], *by: ColumnElement[Any]) -> Select[Any]:
    sums = (func.count(), func.sum(amount // UNIT), func.sum(amount % UNIT))
    return select(*by, *sums).select_from(rows).group_by(*by).execution_options(scoped=True)


def summed(
    connection: Connection, statement: Select[Any], whose: Whose, made: Callable[..., T], **given: Any
) -> list[T]:
    found = []
    for *by, count, whole, parts in connection.execute(statement, whose.values | given):
        found.append(made(*by, count, int(whole or 0) * UNIT + int(parts or 0)))
    return found
