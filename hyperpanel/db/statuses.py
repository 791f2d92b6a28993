"""The statuses that a table's rows have now: upstreams may use words that nobody has heard of."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from hyperpanel.db.schema import panels
from hyperpanel.db.scope import Scope


def present(connection: Connection, scope: Scope, panel_ids: Sequence[int], table: Table) -> list[str]:
    """Of these panels. The table has an index that begins with panel and status."""
    return sorted(connection.scalars(jumping(scope.narrowed(panel_ids), table)).all())


@lru_cache(maxsize=256)
def jumping(scope: Scope, table: Table) -> Select[Any]:
    """From one status to the next in the index, instead of through all that have it."""
    first = scope.select(func.min(table.c.status)).where(table.c.panel_id == panels.c.id).scalar_subquery()
    seen = scope.select(panels.c.id.label("panel_id"), first.label("status")).cte("seen", recursive=True)
    following = scope.select(func.min(table.c.status)).where(
        table.c.panel_id == seen.c.panel_id, table.c.status > seen.c.status
    )
    seen = seen.union_all(select(seen.c.panel_id, following.scalar_subquery()).where(seen.c.status.is_not(None)))
    return select(seen.c.status).where(seen.c.status.is_not(None)).distinct().execution_options(scoped=True)
