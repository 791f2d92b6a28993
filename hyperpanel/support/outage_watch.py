"""Outages looked for by the clock, over all panels, and written down: pages that everybody opens tell of them without inferring them."""

from datetime import datetime

from hyperpanel.db import outages, panels
from hyperpanel.db.engine import Database
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import providers
from reports.outages import Outage


async def look(database: Database, now: datetime) -> int:
    """How many providers are down."""
    found = await inferred(database, now)
    async with database.write() as connection:
        await outages.keep(connection, found, now)
    return len(found)


async def inferred(database: Database, now: datetime) -> list[Outage]:
    """The surest first. Of all panels: what a provider does is seen best where all of its orders are."""
    known = await database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    scope = EVERYTHING.narrowed([panel.id for panel in known])
    return await database.watcher.ask(providers.inferred, scope, now) if known else []
