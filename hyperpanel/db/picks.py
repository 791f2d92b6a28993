"""Rows that can be picked for a profile, services or customers: what they are called, and those that somebody looks for.

A panel without a services key has no catalogue: its services are known by their orders alone, and found by their whole number.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, func, select, union_all

from hyperpanel.db import list_pages
from hyperpanel.db.lists import Listing, Place
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import orders, services, users
from hyperpanel.db.scope import Scope
from hyperpanel.db.services import LISTING as SERVICES
from hyperpanel.db.users import LISTING as USERS

Pick = tuple[int, str]
AT_ONCE = 400

TABLES: Mapping[str, tuple[Table, str, Listing, str]] = {
    "services": (services, "name", SERVICES, "name"),
    "users": (users, "username", USERS, "q"),
}
"""By kind: where its rows are, what they are called by, their list, and that list's filter for a part of the name."""


def names(connection: Connection, scope: Scope, kind: str, picks: Iterable[Pick]) -> dict[Pick, str]:
    """Of those that are known here."""
    table, name, _, _ = TABLES[kind]
    found: dict[Pick, str] = {}
    for panel_id, some in groupby(sorted(picks), key=itemgetter(0)):
        ids = [id for _, id in some]
        asked = scope.select(table.c.id, table.c[name]).where(
            table.c.panel_id == panel_id, table.c.id.in_(bindparam("ids", expanding=True))
        )
        for at in range(0, len(ids), AT_ONCE):
            rows = connection.execute(asked, {"ids": ids[at : at + AT_ONCE]})
            found |= {(panel_id, row[0]): row[1] for row in rows}
    return found


def sought(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], kind: str, text: str, most: int
) -> dict[Pick, str]:
    """Those with this number first, then those whose name has the text in it."""
    _, name, listing, part = TABLES[kind]
    sort = next(iter(listing.sorts))
    place = Place(sort, not listing.sorts[sort].rising)
    found: dict[Pick, str] = {}
    for filters in ({"number": (text,)}, {part: (text,)}):
        rows = list_pages.page(connection, scope, panel_ids, listing, filters, place, most - len(found))
        found |= {(row.panel_id, row.id): getattr(row, name) for row in rows}
        if len(found) >= most:
            break
    return found | (ordered(connection, scope, panel_ids, text) if kind == "services" and not found else {})


def ordered(connection: Connection, scope: Scope, panel_ids: Sequence[int], service_id: str) -> dict[Pick, str]:
    """A service as its newest order calls it."""
    arms = [newest(scope, panel_id, service_id) for panel_id in panel_ids[:AT_ONCE]]
    if not arms:
        return {}
    rows = connection.execute(union_all(*arms).execution_options(scoped=True))
    return {(row.panel_id, row.service_id): row.name for row in rows}


def newest(scope: Scope, panel_id: int, service_id: str) -> Select[Any]:
    asked = scope.select(orders.c.panel_id, orders.c.service_id, func.coalesce(orders.c.service_name, "").label("name"))
    asked = asked.where(orders.c.panel_id == panel_id, orders.c.service_id == service_id)
    by_time = pinned(asked, orders, "ix_orders_panel_id_service_id_created_at_id_gone_at")
    one = by_time.order_by(orders.c.created_at.desc()).limit(1).subquery()
    return select(one.c.panel_id, one.c.service_id, one.c.name)
