"""A ticket's conversation and the orders that it names, as much of them as a model is given: no message that is gone, none by megabytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Text, and_, bindparam, func, select

from hyperpanel.db.schema import message_versions, messages, orders
from hyperpanel.db.scope import Scope
from hyperpanel.db.user_names import Borne

LONGEST = 16_384


@dataclass(frozen=True)
class Said:
    """`size`: characters of the whole body, of which `body` is the beginning."""

    id: str
    is_staff: bool
    body: str
    size: int
    files: str | None
    created_at: datetime | None


@dataclass(frozen=True)
class Owned:
    """An order of a ticket's customer."""

    id: str
    status: str
    service_name: str | None
    quantity: int | None
    start_count: int | None
    remains: int | None
    charge: int | None
    charge_currency: str | None
    created_at: datetime | None
    finished_from: datetime | None
    finished_at: datetime | None


def latest(connection: Connection, scope: Scope, panel_id: int, ticket_id: str, most: int) -> list[Said]:
    """The last messages that are still there, the oldest of them first."""
    rows = connection.execute(asked(scope), {"panel": panel_id, "ticket": ticket_id, "most": most})
    return [Said(*row) for row in rows][::-1]


@lru_cache(maxsize=256)
def asked(scope: Scope) -> Select[Any]:
    """First which ones, then their bodies: no body is read only to be sorted away."""
    m = messages.c
    mine = and_(m.panel_id == bindparam("panel"), m.ticket_id == text("ticket"))
    last = (m.place.desc(), m.id.desc())
    keys = scope.select(m.id).where(mine, m.gone_at.is_(None)).order_by(*last).limit(bindparam("most"))
    columns = (m.id, m.is_staff, func.substr(m.body, 1, LONGEST), func.length(m.body), m.files, m.created_at)
    return scope.select(*columns).where(mine, m.id.in_(select(keys.subquery().c.id))).order_by(*last)


def edited(connection: Connection, scope: Scope, panel_id: int, ticket_id: str) -> frozenset[str]:
    """The ids of messages that said something else before."""
    v = message_versions.c
    found = scope.select(v.message_id).where(v.panel_id == panel_id, v.ticket_id == ticket_id).distinct()
    return frozenset(connection.scalars(found))


def owned(
    connection: Connection, scope: Scope, panel_id: int, numbers: Sequence[str], names: Sequence[Borne]
) -> list[Owned]:
    """Those of these numbers that are orders of this panel and of this customer, in the numbers' order; of others nothing is told."""
    if not numbers or not names:
        return []
    given = {"panel": panel_id, "numbers": list(numbers), "names": sorted({one.name for one in names})}
    rows = connection.execute(owning(scope), given).all()
    theirs = {row.id: row for row in rows if any(one.covers(row.user, row.created_at) for one in names)}
    return [Owned(*theirs[number][:-1]) for number in numbers if number in theirs]


@lru_cache(maxsize=256)
def owning(scope: Scope) -> Select[Any]:
    columns = (orders.c[name] for name in Owned.__dataclass_fields__)
    return scope.select(*columns, orders.c.user).where(
        orders.c.panel_id == bindparam("panel"),
        orders.c.id.in_(bindparam("numbers", expanding=True)),
        orders.c.user.in_(bindparam("names", expanding=True)),
    )


def text(name: str) -> BindParameter[str]:
    return bindparam(name, type_=Text)
