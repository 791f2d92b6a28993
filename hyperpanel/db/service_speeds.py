"""Minimum speeds that people set, in place of what a service's name promises. What was set before is in the audit, which callers write."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import service_speeds
from hyperpanel.db.scope import Scope

AT_ONCE = 200


@dataclass(frozen=True)
class Speed:
    """`per_day` None: it promises none. `name`: what the service was called when this was set."""

    panel_id: int
    service_id: str
    per_day: int | None
    name: str
    by: str
    at: datetime


KEPT = tuple(service_speeds.c[name] for name in Speed.__dataclass_fields__)
KEY = (service_speeds.c.panel_id, service_speeds.c.service_id)


def some(connection: Connection, scope: Scope, services: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Speed]:
    """Of these services (panel id, service id), those that have one."""
    wanted = sorted(set(services))
    found = {}
    for start in range(0, len(wanted), AT_ONCE):
        for row in connection.execute(asking(scope), {"services": wanted[start : start + AT_ONCE]}):
            found[row.panel_id, row.service_id] = Speed(*row)
    return found


@lru_cache(maxsize=256)
def asking(scope: Scope) -> Select[Any]:
    return scope.select(*KEPT).where(tuple_(*KEY).in_(bindparam("services", expanding=True)))


def one(connection: Connection, scope: Scope, panel_id: int, service_id: str) -> Speed | None:
    return some(connection, scope, [(panel_id, service_id)]).get((panel_id, service_id))


async def put(connection: AsyncConnection, scope: Scope, speed: Speed) -> None:
    """In place of the one before: of two people at once, the later one's. The caller has found the service in its scope."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    made = dialect.insert(service_speeds).values(**vars(speed))
    changed = {name: made.excluded[name] for name in ("per_day", "name", "by", "at")}
    await connection.execute(
        made.on_conflict_do_update(index_elements=KEY, set_=changed, where=scope.allows(service_speeds))
    )


async def remove(connection: AsyncConnection, scope: Scope, panel_id: int, service_id: str) -> bool:
    """What its name says counts again. Whether there was one."""
    mine = (service_speeds.c.panel_id == panel_id, service_speeds.c.service_id == service_id)
    gone = await connection.execute(delete(service_speeds).where(*mine, scope.allows(service_speeds)))
    return gone.rowcount > 0
