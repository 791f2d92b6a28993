"""What our people are called in each panel, and the names under which staff answer there.

A reply's sender is a name and nothing else, and only an equal name is the same person. The names that answer are looked up in the last few
thousand messages of a panel and written down: an errand does it, since a page that did it would look through the messages of every panel.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import messages, seen_names, staff_names
from hyperpanel.db.scope import Scope

LOOKED_BACK = timedelta(days=90)
MOST_MESSAGES = 5_000
MOST_NAMES = 200
BY_TIME = "ix_messages_panel_id_created_at"


def given(connection: Connection, scope: Scope) -> dict[tuple[int, int], str]:
    """By panel and person, where it is not the username."""
    asked = scope.select(staff_names.c.panel_id, staff_names.c.staff_id, staff_names.c.name)
    return {(row.panel_id, row.staff_id): row.name for row in connection.execute(asked)}


def seen(connection: Connection, scope: Scope) -> dict[int, dict[str, datetime]]:
    """By panel: who answers there, and when they last did. A panel of whose replies nothing is known is not in it."""
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for row in connection.execute(scope.select(seen_names.c.panel_id, seen_names.c.name, seen_names.c.last_at)):
        found[row.panel_id][row.name] = row.last_at
    return dict(found)


async def give(connection: AsyncConnection, panel_id: int, staff_id: int, name: str, by: str, now: datetime) -> None:
    """An empty name is the username again."""
    mine = (staff_names.c.panel_id == panel_id, staff_names.c.staff_id == staff_id)
    await connection.execute(delete(staff_names).where(*mine))
    if name:
        told = {"panel_id": panel_id, "staff_id": staff_id, "name": name, "by": by, "at": now}
        await connection.execute(insert(staff_names).values(**told))


def answering(connection: Connection, scope: Scope, panel_id: int, now: datetime) -> dict[str, datetime]:
    """Who answered in the last messages of a panel. One index, read from its end, so it costs the same on a small panel and a large one."""
    m = messages.c
    asked = scope.select(m.sender, m.is_staff, m.created_at)
    recent = asked.where(m.panel_id == panel_id, m.created_at > now - LOOKED_BACK, m.gone_at.is_(None))
    last = pinned(recent.order_by(m.created_at.desc()).limit(MOST_MESSAGES), messages, BY_TIME).subquery()
    latest = func.max(last.c.created_at)
    named = select(last.c.sender, latest).where(last.c.is_staff, last.c.sender != "").group_by(last.c.sender)
    rows = connection.execute(named.order_by(latest.desc()).limit(MOST_NAMES).execution_options(scoped=True))
    return {row[0]: row[1] for row in rows}


async def keep(connection: AsyncConnection, panel_id: int, found: Mapping[str, datetime]) -> int:
    await connection.execute(delete(seen_names).where(seen_names.c.panel_id == panel_id))
    rows = [{"panel_id": panel_id, "name": name, "last_at": at} for name, at in found.items()]
    if rows:
        await connection.execute(insert(seen_names), rows)
    return len(rows)
