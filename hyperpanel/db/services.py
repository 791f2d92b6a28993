"""The catalogue, as far as the console asks for it: a few names to choose from."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam

from hyperpanel.db.schema import services
from hyperpanel.db.scope import Scope


def names(connection: Connection, scope: Scope, panel_ids: Sequence[int], most: int) -> dict[str, str]:
    """Some services by their number. Panels number theirs alike: the first one's name is told."""
    found: dict[str, str] = {}
    for number, name in connection.execute(naming(scope.narrowed(panel_ids)), {"most": most}):
        found.setdefault(number, name)
    return found


@lru_cache(maxsize=256)
def naming(scope: Scope) -> Select[Any]:
    asked = scope.select(services.c.id, services.c.name).where(services.c.gone_at.is_(None))
    return asked.order_by(services.c.panel_id, services.c.id).limit(bindparam("most"))
