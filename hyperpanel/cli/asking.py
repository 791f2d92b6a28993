"""What the commands of AI share: the desk that models are asked from, and what went wrong in words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from hyperpanel.cli.frame import Place, installation

if TYPE_CHECKING:
    from hyperpanel.ai.asks import AiTrouble
    from hyperpanel.ai.desk import Desk


@asynccontextmanager
async def at_desk(place: Place) -> "AsyncIterator[Desk]":
    """What is under way is broken off at the end, and is in the ledger."""
    from zoneinfo import ZoneInfo

    from hyperpanel.ai.desk import Desk
    from hyperpanel.clock import SystemClock

    async with installation(place) as found:
        desk = Desk(found.database, found.vault, SystemClock(), ZoneInfo(found.settings.web.time_zone))
        try:
            yield desk
        finally:
            await desk.close()


def told(trouble: "AiTrouble", now: datetime) -> str:
    """With what would help."""
    from hyperpanel.web import ai_words

    return ai_words.plain(trouble, now)
