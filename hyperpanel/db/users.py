"""Customers as people look through them: what their list can be asked for, how their names are spelled and were, and one of them.

A customer may be renamed, and orders, payments and tickets go on to name the customer as they did: earlier names are found too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Select, bindparam, case, func

from hyperpanel.db.discounts import numeric
from hyperpanel.db.folding import fold
from hyperpanel.db.lists import Elsewhere, Filters, Listing, Sort
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import user_renames, users
from hyperpanel.db.scope import Scope

MOST_SPELLINGS = 5


class Line(msgspec.Struct, frozen=True, gc=False):
    """A customer as a list shows it; `panel_id` and `id` name it. `discount_rate` is the number of the discount."""

    panel_id: int
    id: str
    username: str
    email: str | None
    balance: int | None
    balance_currency: str | None
    spent: int | None
    spent_currency: str | None
    status: str
    discount: str | None
    discount_rate: int | None
    created_at: datetime | None
    last_auth_at: datetime | None


class Record(Line, frozen=True, gc=False):
    """All that its panel tells of one."""

    status_raw: str
    custom_rates: str | None


class User(Record, frozen=True, gc=False):
    """All that is kept of one."""

    first_seen_at: datetime
    seen_at: datetime
    gone_at: datetime | None


FIGURES = {"discount_rate": numeric(users.c.discount)}
COLUMNS = tuple(FIGURES[name] if name in FIGURES else users.c[name] for name in User.__struct_fields__)
BALANCE = case((users.c.balance < 0, "negative"), (users.c.balance == 0, "zero"), (users.c.balance > 0, "positive"))
LISTING = Listing(
    table=users,
    line=Line,
    sorts={
        "created": Sort((users.c.created_at,), {"": "ix_users_panel_id_created_at_id_gone_at"}),
        "last_auth": Sort((users.c.last_auth_at,), {"": "ix_users_panel_id_last_auth_at_id_gone_at"}),
        "id": Sort((func.length(users.c.id, type_=BigInteger),), {"": "ix_users_number"}, rising=True),
        "balance": Sort(
            (users.c.balance_currency, users.c.balance), {"": "ix_users_panel_id_balance_currency_balance_id_gone_at"}
        ),
        "spent": Sort(
            (users.c.spent_currency, users.c.spent), {"": "ix_users_panel_id_spent_currency_spent_id_gone_at"}
        ),
        "discount": Sort((FIGURES["discount_rate"],), {"": "ix_users_discount"}),
    },
    values={"status": users.c.status, "balance": BALANCE},
    since={"created_from": users.c.created_at, "auth_from": users.c.last_auth_at},
    until={"created_to": users.c.created_at, "auth_to": users.c.last_auth_at},
    parts={"q": (users.c.username, users.c.email)},
    elsewhere={"q": (Elsewhere(user_renames.c.was, user_renames.c.user_id),)},
    numbers=((users.c.id, None),),
    figures=FIGURES,
)

ASKED = replace(
    LISTING,
    line=Record,
    sorts={
        "created": Sort(
            (users.c.created_at,),
            {
                "username": "ix_users_panel_id_username",
                "email": "ix_users_mailed",
                "": "ix_users_panel_id_created_at_id_gone_at",
            },
        )
    },
    values={"username": users.c.username, "email": func.lower(users.c.email), "status": users.c.status},
)
"""Customers as scripts ask for them: a name as it is written, an address in any letters. Few have one name or address, so they are put in order
then."""


@dataclass(frozen=True)
class Rename:
    """It happened after `not_before` and no later than `not_after`."""

    user_id: str
    was: str
    now: str
    not_before: datetime
    not_after: datetime


RENAME = tuple(user_renames.c[name] for name in Rename.__dataclass_fields__)


def one(connection: Connection, scope: Scope, panel_id: int, user_id: str) -> User | None:
    asked = scope.select(*COLUMNS).where(users.c.panel_id == panel_id, users.c.id == user_id)
    row = connection.execute(asked).one_or_none()
    return User(*row) if row else None


def renames(connection: Connection, scope: Scope, panel_id: int, user_id: str) -> list[Rename]:
    """The oldest first."""
    asked = scope.select(*RENAME).where(user_renames.c.panel_id == panel_id, user_renames.c.user_id == user_id)
    return [Rename(*row) for row in connection.execute(asked.order_by(user_renames.c.number))]


def earlier_names(connection: Connection, scope: Scope, lines: Iterable[Any]) -> Mapping[tuple[int, str], str]:
    """What some customers were called last before their name of now, by panel and id."""
    keys = [(line.panel_id, line.id) for line in lines]
    if not keys:
        return {}
    given = {"panels": sorted({panel for panel, _ in keys}), "ids": sorted({user for _, user in keys})}
    return {(row.panel_id, row.user_id): row.was for row in connection.execute(naming(scope), given)}


@lru_cache(maxsize=256)
def naming(scope: Scope) -> Select[Any]:
    asked = scope.select(user_renames.c.panel_id, user_renames.c.user_id, user_renames.c.was).where(
        user_renames.c.panel_id.in_(bindparam("panels", expanding=True)),
        user_renames.c.user_id.in_(bindparam("ids", expanding=True)),
    )
    return asked.order_by(user_renames.c.number)


def spelled(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], filters: Filters, name: str = "user"
) -> Filters:
    """The same question with every spelling of a typed username that there is: people type KADIR for kadir, and a name is looked up
    by an index that tells them apart."""
    if name not in filters or not panel_ids:
        return filters
    [typed] = filters[name]
    known = connection.scalars(spelling(scope.narrowed(panel_ids)), {"variants": variants(typed)})
    return {**filters, name: tuple(dict.fromkeys((typed, *variants(typed), *sorted(known))))[:MOST_SPELLINGS]}


def variants(typed: str) -> list[str]:
    """In small letters, as Latin script and as Turkish has them."""
    return list(dict.fromkeys((typed.lower(), fold(typed))))


@lru_cache(maxsize=256)
def spelling(scope: Scope) -> Select[Any]:
    lowered = func.lower(users.c.username).in_(bindparam("variants", expanding=True))
    return pinned(scope.select(users.c.username).distinct().where(lowered), users, "ix_users_lowered").limit(
        MOST_SPELLINGS
    )
