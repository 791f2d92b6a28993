"""Scores by the hour, written down: the report of the last 24 hours by the usual measure, of every panel that is read in time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from hyperpanel.config import Sync
from hyperpanel.db import feeds, service_scores
from hyperpanel.db.engine import Database
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import feed_ages, service_tracking
from hyperpanel.support.service_tracking import Asked, Row
from reports import freshness
from reports.windows import USUAL, Window, of_hours


async def write_down(database: Database, settings: Sync, now: datetime) -> int:
    """How many services were written down. In small transactions, so that no other writer waits long."""
    window = of_hours(USUAL, now)
    panel_ids = await database.read(lambda connection: believed(connection, settings, window))
    if not panel_ids:
        return 0
    frame = await database.watcher.ask(service_tracking.made, Asked(EVERYTHING.narrowed(panel_ids), window))
    rows, _ = service_tracking.services(frame)
    points = [point(row, service_scores.hour(now)) for row in rows]
    for start in range(0, len(points), service_scores.AT_ONCE):
        await keep(database, points[start : start + service_scores.AT_ONCE])
    return len(points)


def believed(connection: Connection, settings: Sync, window: Window) -> list[int]:
    """The panels whose orders are read in time, and held as far back as the window: of the others a line has a gap rather than a guess."""
    now, found = window.until, []
    for feed in feeds.all_of(connection, EVERYTHING, now, "orders"):
        is_held = not feed.is_filling or (feed.reached is not None and feed.reached <= window.since)
        if is_held and freshness.state(feed_ages.promise(feed, settings), now) == freshness.ON_TIME:
            found.append(feed.panel_id)
    return found


async def keep(database: Database, some: Sequence[dict[str, Any]]) -> None:
    async with database.write() as connection:
        await service_scores.keep(connection, some)


def point(row: Row, at: datetime) -> dict[str, Any]:
    names = ("panel_id", "service_id", "stuck", "slow", "rated", "finished", "score", "band")
    return {"at": at, **{name: getattr(row, name) for name in names}}
