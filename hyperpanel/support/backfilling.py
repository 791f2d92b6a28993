"""Reading the past once more from a date on: how far back that can go, which is as far as the feed is kept."""

from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.config import Sync
from hyperpanel.db import backfills, sync_rules
from hyperpanel.errors import BadInput
from hyperpanel.support.sync_settings import pace, retention
from hyperpanel.support.wanted import N_
from sync.store import FeedKey

SLACK = timedelta(days=1)
"""A date means its first moment: that of the earliest day that is held lies a little too far back."""

AGELESS = frozenset({"users", "messages"})
"""Of these all is held: customers whatever their age, and the messages of every ticket that is."""

FUTURE = N_("This date is yet to come. Choose one that has passed.")
NOT_KEPT = N_("Records are kept for {days} d. Set a longer time to keep first, then read the past from this date.")


def kept(connection: Connection, settings: Sync, panel_id: int, stream: str) -> timedelta | None:
    """How long; None for ever."""
    rules = sync_rules.load(connection, pace(settings))
    return None if stream in AGELESS else retention(settings, rules, FeedKey(panel_id, stream))


def oldest(connection: Connection, settings: Sync, panel_id: int, stream: str, now: datetime) -> datetime | None:
    """The earliest moment that can be asked for; None where there is no bound."""
    held = kept(connection, settings, panel_id, stream)
    return None if held is None else now - held - SLACK


async def ask(
    connection: AsyncConnection,
    settings: Sync,
    panel_id: int,
    stream: str,
    since: datetime,
    by: str,
    now: datetime,
) -> None:
    """Raises BadInput for a date that nothing can be read from, Conflict for a stream without a past of its own."""
    if since >= now:
        raise BadInput(FUTURE, "since")
    held = await connection.run_sync(kept, settings, panel_id, stream)
    if held is not None and since < now - held - SLACK:
        raise BadInput(NOT_KEPT, "since", days=held.days)
    await backfills.ask(connection, panel_id, stream, since, by, now)
