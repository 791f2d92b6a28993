"""Who answers in each panel, written down once an hour: by these names a person's own is found right or wrong."""

from datetime import datetime
from functools import partial

from hyperpanel.db import panels, removals, staff_names
from hyperpanel.db.engine import Database
from hyperpanel.db.scope import EVERYTHING


async def look(database: Database, now: datetime) -> int:
    """Panel by panel, each in a small transaction of its own; one that is being removed is left alone. Returns how many names there are."""
    known = await database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    leaving = await database.read(lambda connection: removals.marked(connection, EVERYTHING))
    kept = 0
    for panel_id in [panel.id for panel in known if panel.id not in leaving]:
        asked = partial(staff_names.answering, scope=EVERYTHING, panel_id=panel_id, now=now)
        found = await database.read(asked)
        async with database.write() as connection:
            kept += await staff_names.keep(connection, panel_id, found)
    return kept
