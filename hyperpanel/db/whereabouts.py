"""On which panels an id is: what one panel calls 77 another may too."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, Text, bindparam

from hyperpanel.db.scope import Scope


def holders(connection: Connection, scope: Scope, panel_ids: Sequence[int], table: Table, record_id: str) -> list[int]:
    """Of these panels. What is gone is nowhere."""
    return list(connection.scalars(holding(scope.narrowed(panel_ids), table), {"id": record_id}))


@lru_cache(maxsize=256)
def holding(scope: Scope, table: Table) -> Select[Any]:
    """Panels one by one, each with a look into its primary key."""
    mine = scope.select(table.c.panel_id).where(table.c.id == bindparam("id", type_=Text), table.c.gone_at.is_(None))
    return mine.order_by(table.c.panel_id)
