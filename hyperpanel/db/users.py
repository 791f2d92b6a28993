"""Customers: how their names are spelled."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func

from hyperpanel.db.folding import fold
from hyperpanel.db.lists import Filters
from hyperpanel.db.schema import users
from hyperpanel.db.scope import Scope

MOST_SPELLINGS = 5


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
    return scope.select(users.c.username).distinct().where(lowered).limit(MOST_SPELLINGS)
