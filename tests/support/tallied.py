"""Rows as the store would have left them, with the tallies that it keeps beside them."""

from collections import Counter
from typing import Any

from sqlalchemy import delete, insert, select

from hyperpanel.db import tallies
from hyperpanel.db.pages import COUNTED
from hyperpanel.db.schema import MIRRORED
from hyperpanel.db.schema import tallies as table
from sync.store import FeedKey
from tests.support.staged import Stage


async def keep(staged: Stage, stream: str, *rows: dict[str, Any]) -> None:
    async with staged.database.write() as connection:
        for row in rows:
            await connection.execute(insert(MIRRORED[stream]).values(**row))
        await connection.run_sync(recount, stream)


def recount(connection: Any, stream: str) -> None:
    """From the rows themselves: nothing of what is tested counts here but how a change is written."""
    records, names = MIRRORED[stream], COUNTED[stream]
    asked = select(records.c.panel_id, *(records.c[name] for name in names)).where(records.c.gone_at.is_(None))
    connection.execute(delete(table).where(table.c.stream == stream))
    sums: dict[int, dict[tuple[str, str], Counter[str]]] = {}
    for panel_id, status, *amount in connection.execute(asked):
        units, currency = amount or (None, None)
        counted = sums.setdefault(panel_id, {}).setdefault((status, currency or ""), Counter())
        counted.update(held=1, units=units or 0)
    for panel_id, made in sums.items():
        moves = {key: (found["held"], found["units"]) for key, found in made.items()}
        tallies.keep(connection, FeedKey(panel_id, stream), moves)
