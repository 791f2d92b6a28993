"""Scores by the hour: what the report of the last 24 hours said by the usual measure, kept for the line beside a service.

Every hour of a fortnight, then that of each midnight (UTC) for three months. A service that had neither a stuck nor a finished order
in an hour has no row of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import service_scores
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY_KEPT = timedelta(days=14)
DAILY_KEPT = timedelta(days=90)
AT_ONCE = 500
ASKED_AT_ONCE = 200
SPARKLINE = timedelta(hours=48)
LAST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Point:
    """What was said in the hour that began `at`. `score` unbounded, None where there were too few orders."""

    at: datetime
    score: float | None
    stuck: int
    slow: int
    rated: int
    finished: int


POINT = tuple(service_scores.c[name] for name in Point.__dataclass_fields__)
SERVICE = (service_scores.c.panel_id, service_scores.c.service_id)


def hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


async def keep(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> int:
    """At most AT_ONCE, with the columns of the table; an hour that is there already stays as it is."""
    if not rows:
        return 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = dialect.insert(service_scores).on_conflict_do_nothing()
    await connection.execute(made, list(rows))
    return len(rows)


async def forget(connection: AsyncConnection, now: datetime) -> int:
    midnight = hour(now).replace(hour=0)
    kept = [midnight - days * DAY for days in range(DAILY_KEPT.days + 1)]
    old = service_scores.c.at < now - HOURLY_KEPT
    return (await connection.execute(delete(service_scores).where(old, service_scores.c.at.not_in(kept)))).rowcount


def trends(
    connection: Connection,
    scope: Scope,
    services: Iterable[tuple[int, str]],
    since: datetime,
    until: datetime | None = None,
) -> dict[tuple[int, str], list[Point]]:
    """Of these services, by (panel id, service id), the oldest point first: for sparklines, `since` is SPARKLINE ago. `until`: hours that begin
    no later."""
    wanted = sorted(set(services))
    found: dict[tuple[int, str], list[Point]] = {}
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = {"services": wanted[start : start + ASKED_AT_ONCE], "since": since, "until": until or LAST}
        for panel_id, service_id, *point in connection.execute(asking(scope), some):
            found.setdefault((panel_id, service_id), []).append(Point(*point))
    return found


@lru_cache(maxsize=256)
def asking(scope: Scope) -> Select[Any]:
    asked = scope.select(*SERVICE, *POINT).where(
        tuple_(*SERVICE).in_(bindparam("services", expanding=True)),
        service_scores.c.at >= bindparam("since", type_=Moment),
        service_scores.c.at <= bindparam("until", type_=Moment),
    )
    return asked.order_by(*SERVICE, service_scores.c.at)


def trend(
    connection: Connection,
    scope: Scope,
    panel_id: int,
    service_id: str,
    since: datetime,
    until: datetime | None = None,
) -> list[Point]:
    """Of one service, the oldest first."""
    return trends(connection, scope, [(panel_id, service_id)], since, until).get((panel_id, service_id), [])
