"""Outages looked for by the clock, over all panels, and written down: a page that everybody opens tells of them without inferring them."""

from datetime import datetime

from hyperpanel.db import outages, panels
from hyperpanel.db.engine import Database
from hyperpanel.db.outages import Down
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import providers


async def look(database: Database, now: datetime) -> int:
    """How many providers are down."""
    known = await database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    scope = EVERYTHING.narrowed([panel.id for panel in known])
    inferred = await database.reader.ask(providers.inferred, scope, now) if known else []
    found = [Down(one.provider, one.confidence, one.first_seen, frozenset(one.panels)) for one in inferred]
    async with database.write() as connection:
        return await outages.keep(connection, found, now)
