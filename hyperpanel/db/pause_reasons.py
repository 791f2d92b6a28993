"""Why something is paused, written down afterwards: pausing is one key, and who has time to say why says it then."""

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.panels import REMOVAL
from hyperpanel.db.schema import pauses


async def explain(connection: AsyncConnection, panel_id: int, stream: str | None, why: str) -> int:
    """Of the pause that is running, of this feed or of the whole panel (None). What the engine paused has its reason."""
    mine = persons(panel_id, stream)
    return (await connection.execute(update(pauses).where(*mine).values(why=why))).rowcount


async def is_persons(connection: AsyncConnection, panel_id: int, stream: str | None) -> bool:
    """Whether a person's pause of just this is running."""
    mine = persons(panel_id, stream)
    return (await connection.execute(select(pauses.c.id).where(*mine))).first() is not None


def persons(panel_id: int, stream: str | None) -> tuple[ColumnElement[bool], ...]:
    mine = (pauses.c.panel_id == panel_id, pauses.c.stream.is_not_distinct_from(stream), pauses.c.ended_at.is_(None))
    return (*mine, pauses.c.trouble.is_(None), pauses.c.id != REMOVAL)
