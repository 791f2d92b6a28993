"""As of when a stream is, for each panel, how much of it is held and how far back: in one statement, since every call of the API asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam

from hyperpanel.db.feeds import backfill, reached
from hyperpanel.db.schema import feeds, panels, plans
from hyperpanel.db.scope import Scope

HEAD, REFRESH, BACKFILL = "head", "refresh", "backfill"


@dataclass(frozen=True)
class Held:
    """`as_of`: None where it was never read; `rows`: about how many there are; all that is newer than `reached` is held, where that is known."""

    as_of: datetime | None
    rows: int
    reached: datetime | None = None


def held(connection: Connection, scope: Scope, panel_ids: Sequence[int], stream: str) -> dict[int, Held]:
    """By panel. All that was new was read by the one plan's time, and all that was open read again by the other's: it is as of the earlier,
    and one that was never kept is as old as the panel is with us."""
    found: dict[int, Held] = {}
    for row in connection.execute(asking(scope.narrowed(panel_ids)), {"stream": stream}):
        as_of = row.head if row.refreshes is None else earlier(row)
        found[row.panel_id] = Held(as_of, row.cached, reached(backfill(row.past)))
    return found


def earlier(row: Any) -> datetime | None:
    return None if row.head is None else min(row.head, row.refresh or row.since)


@lru_cache(maxsize=256)
def asking(scope: Scope) -> Select[Any]:
    head, refresh, past = plans.alias("heads"), plans.alias("refreshes"), plans.alias("pasts")
    of = [
        and_(one.c.panel_id == feeds.c.panel_id, one.c.stream == feeds.c.stream, one.c.plan == plan)
        for one, plan in ((head, HEAD), (refresh, REFRESH), (past, BACKFILL))
    ]
    told = (head.c.as_of.label("head"), refresh.c.as_of.label("refresh"), refresh.c.plan.label("refreshes"))
    held = (feeds.c.panel_id, feeds.c.cached, panels.c.created_at.label("since"), past.c.cursor.label("past"))
    found = scope.select(*held, *told)
    joined = feeds.join(panels, panels.c.id == feeds.c.panel_id).outerjoin(head, of[0]).outerjoin(refresh, of[1])
    joined = joined.outerjoin(past, of[2])
    return found.select_from(joined).where(scope.allows(feeds), feeds.c.stream == bindparam("stream"))
