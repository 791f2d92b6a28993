"""A panel's removal carried to its end by whichever process is at hand: it may take long, and survives a restart."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, panel_edits, removals
from hyperpanel.db.engine import Database
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support.attaching import Acting
from sync.clocks import Clock

AGAIN = timedelta(seconds=1)
PATIENCE = 120


async def begin(connection: AsyncConnection, panel: Panel, held: Mapping[str, int], act: Acting, now: datetime) -> None:
    """Nobody reads the panel any more. Beginning twice is beginning once."""
    told = act("panel-remove", panel.name, panel.id, url=panel.url, rows=dict(held))
    if await removals.mark(connection, panel, told.actor, now):
        await audit.write(connection, told, now)


async def finish(database: Database, panel_id: int, clock: Clock) -> bool:
    """Whether it was this call that took the last of it. A commit that was under way may still bring rows: they go too."""
    for _ in range(PATIENCE):
        try:
            return await removals.remove(database, panel_id, clock.now())
        except IntegrityError:
            await clock.sleep(AGAIN.total_seconds())
            async with database.write() as connection:
                await panel_edits.interrupt(connection, panel_id, clock.now())
    raise TimeoutError(f"rows of panel {panel_id} come back as fast as they are removed")


async def take_up(database: Database, clock: Clock) -> int:
    """What another process began and did not end."""
    found = await database.read(lambda connection: removals.marked(connection, EVERYTHING))
    for panel_id in found:
        await finish(database, panel_id, clock)
    return len(found)
