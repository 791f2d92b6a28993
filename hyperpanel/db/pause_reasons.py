"""Why something is paused, written down afterwards: pausing is one key, and who has time to say why says it then."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.panels import REMOVAL
from hyperpanel.db.schema import pauses


async def explain(connection: AsyncConnection, panel_id: int, stream: str | None, why: str) -> int:
    """Of the pause that is running, of this feed or of the whole panel (None). What the engine paused has its reason."""
    mine = (pauses.c.panel_id == panel_id, pauses.c.stream.is_not_distinct_from(stream), pauses.c.ended_at.is_(None))
    persons = (pauses.c.trouble.is_(None), pauses.c.id != REMOVAL)
    return (await connection.execute(update(pauses).where(*mine, *persons).values(why=why))).rowcount
