"""Keeping the index of texts up with what is read: an errand of the worker, in steps that leave others their turn."""

import asyncio
from time import monotonic

from hyperpanel.db import search_indexing
from hyperpanel.db.engine import Database

LONGEST = 4.0
"""Seconds, less than lie between two errands; what is left is done at the next time."""

BREATH = 0.02
"""Seconds for others at least, after each step; after a long one as long as it took."""


async def catch_up(database: Database, longest: float = LONGEST) -> int:
    """How many records were looked at."""
    done, until = 0, monotonic() + longest
    while monotonic() < until:
        begun = monotonic()
        looked_at = await database.commit(search_indexing.step)
        if not looked_at:
            break
        done += looked_at
        await asyncio.sleep(max(BREATH, monotonic() - begun))
    return done
