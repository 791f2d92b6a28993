"""Finding records by what names them: numbers by their keys, customers by username, e-mail or a name that they had, orders by who ordered.

Nothing here waits for the index of texts. Every index leads with the panel, so panels are always named.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select, union

from hyperpanel.db import list_pages, orders
from hyperpanel.db import users as users_of
from hyperpanel.db.lists import Filters, Listing, Place
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import user_renames, users
from hyperpanel.db.scope import Scope


def by_numbers(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], listing: Listing, numbers: Sequence[str], limit: int
) -> list[Any]:
    return page(connection, scope, panel_ids, listing, {"number": tuple(numbers)}, limit) if numbers else []


def by_each(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], listing: Listing, numbers: Sequence[str], each: int
) -> list[Any]:
    """Of each number the newest `each`, however many the others have: a number that none of the lines has, nothing has."""
    if not numbers or not panel_ids:
        return []
    asked = {"numbers": list(numbers), "each": each}
    rows = connection.execute(newest_of_each(scope.narrowed(panel_ids), listing), asked)
    return [listing.line(*row) for row in rows]


def page(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], listing: Listing, filters: Filters, limit: int
) -> list[Any]:
    """The first rows of a list, in the order it usually has."""
    sort = next(iter(listing.sorts))
    place = Place(sort, falling=not listing.sorts[sort].rising)
    return list_pages.page(connection, scope, panel_ids, listing, filters, place, limit) if panel_ids else []


def orders_of(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], name: str, limit: int
) -> list[orders.Line]:
    """The newest orders under a username, however it is spelled."""
    asked = users_of.spelled(connection, scope, panel_ids, {"user": (name,)})
    return page(connection, scope, panel_ids, orders.LISTING, asked, limit)


def customers(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], name: str, limit: int
) -> list[users_of.Line]:
    return called(connection, scope, panel_ids, (name,), limit)


def called(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], names: Sequence[str], limit: int
) -> list[users_of.Line]:
    """Those with one of these usernames or e-mails, and those who had the name."""
    if not panel_ids or not names:
        return []
    variants = dict.fromkeys(one for name in names for one in (name, *users_of.variants(name)))
    asked = {"variants": list(variants), "most": limit}
    keys = connection.execute(naming(scope.narrowed(panel_ids)), asked).all()
    if not keys:
        return []
    given = {"panels": sorted({key.panel_id for key in keys}), "ids": sorted({key.id for key in keys})}
    known = {(row.panel_id, row.id) for row in keys}
    rows = connection.execute(whole(scope), given)
    return [line for line in (users_of.Line(*row) for row in rows) if (line.panel_id, line.id) in known][:limit]


@lru_cache(maxsize=256)
def newest_of_each(scope: Scope, listing: Listing) -> Select[Any]:
    held = listing.table
    at = held.c.get("created_at", held.c.id)
    arms = []
    for column, index in listing.numbers:
        keys = scope.select(held.c.panel_id, held.c.id, column.label("number"), at.label("at"))
        keys = keys.where(column.in_(bindparam("numbers", expanding=True)), held.c.gone_at.is_(None))
        arms.append(pinned(keys, held, index) if index else keys)
    named = union(*arms).subquery("named")
    order = (named.c.at.desc().nulls_last(), named.c.panel_id, named.c.id)
    place = func.row_number().over(partition_by=named.c.number, order_by=order)
    ranked = select(named.c.panel_id, named.c.id, place.label("place")).subquery("ranked")
    first = select(ranked.c.panel_id, ranked.c.id).where(ranked.c.place <= bindparam("each")).distinct().subquery()
    whole = scope.select(*listing.columns).where(held.c.panel_id == first.c.panel_id, held.c.id == first.c.id)
    return whole.order_by(at.desc().nulls_last(), held.c.panel_id, held.c.id)


@lru_cache(maxsize=256)
def naming(scope: Scope) -> Select[Any]:
    variants: BindParameter[Any] = bindparam("variants", expanding=True)
    keys = scope.select(users.c.panel_id, users.c.id)
    before = scope.select(user_renames.c.panel_id, user_renames.c.user_id.label("id"))
    arms = (
        pinned(keys.where(func.lower(users.c.username).in_(variants)), users, "ix_users_lowered"),
        pinned(keys.where(func.lower(users.c.email).in_(variants)), users, "ix_users_mailed"),
        pinned(before.where(user_renames.c.was.in_(variants)), user_renames, "ix_user_renames_panel_id_was"),
    )
    both = union(*arms).limit(bindparam("most"))
    return both.execution_options(scoped=True)  # type: ignore[return-value]


@lru_cache(maxsize=256)
def whole(scope: Scope) -> Select[Any]:
    asked = scope.select(*users_of.LISTING.columns).where(
        users.c.panel_id.in_(bindparam("panels", expanding=True)),
        users.c.id.in_(bindparam("ids", expanding=True)),
        users.c.gone_at.is_(None),
    )
    return asked.order_by(users.c.created_at.desc(), users.c.panel_id, users.c.id)
