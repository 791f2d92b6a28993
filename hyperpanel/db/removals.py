"""A panel taken away with all that was read from it: marked first, then emptied in small transactions so that nobody waits long.

The mark is a pause that nothing ends, so a removal goes on where it stopped, whoever stopped it. Every deletion looks for the mark. Ids are
not given again (hyperpanel.db.panels): views, exports and the audit name panels by them.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, exists, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import ai_reports, audit, exports, panel_edits, panel_ids, troubles
from hyperpanel.db.engine import Database
from hyperpanel.db.panels import REMOVAL, Panel
from hyperpanel.db.schema import (
    PANEL_OWNED,
    ai_calls,
    api_key_panels,
    budgets,
    erasures,
    feeds,
    message_versions,
    messages,
    news,
    notes,
    order_flips,
    orders,
    panel_secrets,
    panels,
    pauses,
    payments,
    plans,
    service_changes,
    services,
    staff_panels,
    sync_overrides,
    text_queue,
    tickets,
    user_renames,
    users,
)
from hyperpanel.db.scope import Scope
from sync.verdicts import Trouble

REMOVED_AT_ONCE = 5000
SMALL = (
    *(plans, feeds, pauses, sync_overrides, erasures, budgets, panel_secrets, staff_panels, api_key_panels, news),
    text_queue,
)
"""They go with the panel's own row, in one transaction."""
LARGE = tuple(sorted(PANEL_OWNED - {*SMALL, panels}, key=lambda table: table.name))
DETACHED = (notes, ai_calls)
"""They belong to people, or say what was spent, and stay without the panel."""
HELD = {
    "orders": (orders,),
    "users": (users,),
    "payments": (payments,),
    "tickets": (tickets,),
    "messages": (messages,),
    "services": (services,),
    "history": (order_flips, user_renames, message_versions, service_changes),
}


def holdings(connection: Connection, panel_id: int) -> dict[str, int]:
    """What goes with a panel, in rows; `history`: changes of status, of names, of prices and of messages."""
    scope = Scope(frozenset({panel_id}))

    def rows(table: Table) -> int:
        return connection.scalar(scope.select(func.count()).select_from(table).where(scope.allows(table))) or 0

    return {name: sum(rows(table) for table in tables) for name, tables in HELD.items()}


async def mark(connection: AsyncConnection, panel: Panel, by: str, now: datetime) -> bool:
    """From now on nobody reads it. Whether it was not marked before."""
    marked = select(pauses.c.id).where(pauses.c.panel_id == panel.id, pauses.c.id == REMOVAL)
    if (await connection.execute(marked)).first() is not None:
        return False
    trouble = Trouble("removing", panel=panel.name)
    told = {"by": by, "why": str(trouble), "trouble": troubles.dump(trouble), "at": now}
    await connection.execute(insert(pauses).values(panel_id=panel.id, id=REMOVAL, stream=None, **told))
    await panel_edits.interrupt(connection, panel.id, now)
    return True


def marked(connection: Connection, scope: Scope) -> list[int]:
    return list(connection.scalars(marks(scope)))


def marks(scope: Scope) -> Select[tuple[int]]:
    return scope.select(pauses.c.panel_id).where(pauses.c.id == REMOVAL, pauses.c.ended_at.is_(None))


async def remove(database: Database, panel_id: int, now: datetime) -> bool:
    """Whether this call took the last of it. Raises IntegrityError where a row came late: then once more."""
    for table in LARGE:
        while await removed_some(database, table, panel_id):
            pass
    async with database.write() as connection:
        return await removed_last(connection, panel_id, now)


async def removed_some(database: Database, table: Table, panel_id: int) -> bool:
    keys = list(table.primary_key.columns)
    some = select(*keys).where(table.c.panel_id == panel_id).limit(REMOVED_AT_ONCE)
    async with database.write() as connection:
        gone = await connection.execute(delete(table).where(tuple_(*keys).in_(some), is_marked(panel_id)))
    return gone.rowcount > 0


def is_marked(panel_id: int) -> ColumnElement[bool]:
    return exists().where(pauses.c.panel_id == panel_id, pauses.c.id == REMOVAL, pauses.c.ended_at.is_(None))


async def removed_last(connection: AsyncConnection, panel_id: int, now: datetime) -> bool:
    marked = (pauses.c.panel_id == panels.c.id, pauses.c.id == REMOVAL, pauses.c.ended_at.is_(None))
    told = select(panels.c.name, panels.c.url, pauses.c.by).where(panels.c.id == panel_id, *marked)
    row = (await connection.execute(told)).one_or_none()
    if row is None:
        return False
    await exports.forget_panel(connection, panel_id)
    await ai_reports.forget_panel(connection, panel_id)
    await panel_ids.remember(connection, panel_id)
    for table in DETACHED:
        await connection.execute(update(table).where(table.c.panel_id == panel_id).values(panel_id=None))
    for table in SMALL:
        await connection.execute(delete(table).where(table.c.panel_id == panel_id))
    await connection.execute(delete(panels).where(panels.c.id == panel_id))
    await audit.write(connection, audit.Act(row.by, "panel-removed", row.name, panel_id, {"url": row.url}), now)
    return True
