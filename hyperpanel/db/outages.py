"""Providers that were inferred to be down, as the worker last found them over all panels. Whoever asks is told of their own panels alone.

To infer them reads the orders of ten days, which no page can wait for.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import outages
from hyperpanel.db.scope import Scope
from reports.outages import Outage, Share, of_shares

FRESH = timedelta(minutes=10)
"""What was found longer ago says nothing about now: no worker looks any more."""


@dataclass(frozen=True)
class Look:
    """`outages`: the surest first."""

    at: datetime
    outages: tuple[Outage, ...]


def last(connection: Connection, scope: Scope, now: datetime) -> Look | None:
    """With the outages that concern a panel of the scope, and of those what is its own; None where nobody looked lately."""
    asked = select(outages.c.at, outages.c.found).where(outages.c.at >= now - FRESH).order_by(outages.c.at.desc())
    row = connection.execute(asked.limit(1)).first()
    if row is None:
        return None
    mine = [seen(outage_of(one), scope) for one in json.loads(row.found)]
    return Look(row.at, tuple(one for one in mine if one.panels))


def seen(outage: Outage, scope: Scope) -> Outage:
    return outage.among([one.panel_id for one in outage.shares if scope.holds(one.panel_id)])


async def keep(connection: AsyncConnection, found: Iterable[Outage], now: datetime) -> None:
    """In place of what was found before."""
    await connection.execute(delete(outages))
    await connection.execute(insert(outages), {"at": now, "found": json.dumps([told(one) for one in found])})


def told(outage: Outage) -> dict[str, Any]:
    """The sums follow from the shares. Python's JSON keeps amounts of more than 64 bits."""
    return {
        "provider": outage.provider,
        "confidence": outage.confidence,
        "first_seen": outage.first_seen.isoformat(),
        "shares": [asdict(one) for one in outage.shares],
    }


def outage_of(told: dict[str, Any]) -> Outage:
    shares = tuple(Share(**one) for one in told["shares"])
    return of_shares(told["provider"], told["confidence"], datetime.fromisoformat(told["first_seen"]), shares)
