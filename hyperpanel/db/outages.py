"""Providers that were inferred to be down, as the worker last found them. Each panel in them is told only to whoever may see it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import outages
from hyperpanel.db.scope import Scope

FRESH = timedelta(minutes=10)
"""What was found longer ago says nothing about now: no worker looks any more."""


@dataclass(frozen=True)
class Down:
    """`panel_ids`: whose orders wait for it."""

    provider: str
    confidence: float
    first_seen: datetime
    panel_ids: frozenset[int]


def all_of(connection: Connection, scope: Scope, now: datetime) -> list[Down]:
    """Those that concern a panel of the scope, the surest first."""
    asked = select(outages).where(outages.c.seen_at >= now - FRESH).order_by(outages.c.confidence.desc())
    told = [(row, frozenset(filter(scope.holds, json.loads(row.panels)))) for row in connection.execute(asked)]
    return [Down(row.provider, row.confidence, row.first_seen, mine) for row, mine in told if mine]


async def keep(connection: AsyncConnection, found: Iterable[Down], now: datetime) -> int:
    """In place of what was found before."""
    await connection.execute(delete(outages))
    rows = [
        {
            "provider": one.provider,
            "confidence": one.confidence,
            "first_seen": one.first_seen,
            "panels": json.dumps(sorted(one.panel_ids)),
            "seen_at": now,
        }
        for one in found
    ]
    if rows:
        await connection.execute(insert(outages), rows)
    return len(rows)
