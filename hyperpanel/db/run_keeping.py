"""The history of runs is kept for a fortnight; of those that found nothing, only the last day: forty panels make ten million in that time.

Each feed's part is an index range, gone through in portions, so that no writer waits long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import Connection, Delete, Select, bindparam, delete

from hyperpanel.db.engine import Database
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import MIRRORED, panels, runs
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.types import EPOCH, Moment

KEPT = timedelta(days=14)
QUIET_KEPT = timedelta(days=1)
LOOKS_BACK = timedelta(days=2)
"""How far beyond that day quiet runs are looked for: what is older was looked through before, unless no worker ran for so long."""

AT_ONCE = 2000
BY_FEED = "ix_runs_panel_id_stream_started_at"

PANELS = EVERYTHING.select(panels.c.id).order_by(panels.c.id)
OF_FEED = (runs.c.panel_id == bindparam("of_panel"), runs.c.stream == bindparam("of_stream"))
BEFORE = runs.c.started_at < bindparam("before", type_=Moment)
FOUND_NOTHING = (
    runs.c.done,
    runs.c.proven,
    runs.c.trouble.is_(None),
    runs.c.new + runs.c.changed + runs.c.set_aside + runs.c.missing == 0,
)


def looking(*quiet: Any) -> Select[Any]:
    """The oldest beyond a moment that may go."""
    found = EVERYTHING.select(runs.c.number, runs.c.started_at).where(
        *OF_FEED, BEFORE, runs.c.started_at >= bindparam("since", type_=Moment), *quiet
    )
    return pinned(found.order_by(runs.c.started_at).limit(AT_ONCE), runs, BY_FEED)


OLD, QUIET = looking(), looking(*FOUND_NOTHING)


async def forget(database: Database, now: datetime) -> int:
    """How many are gone. A run that its process never could end goes by its age like any other."""
    gone = 0
    ids = await database.read(lambda connection: connection.scalars(PANELS).all())
    for panel_id, stream in product(ids, sorted(MIRRORED)):
        here = {"of_panel": panel_id, "of_stream": stream}
        gone += await some(database, OLD, {**here, "before": now - KEPT}, EPOCH)
        gone += await some(database, QUIET, {**here, "before": now - QUIET_KEPT}, now - QUIET_KEPT - LOOKS_BACK)
    return gone


async def some(database: Database, asked: Select[Any], values: dict[str, Any], since: datetime) -> int:
    """Portion after portion, each beginning where the one before has ended."""
    gone = 0
    while rows := await database.read(lambda connection, since=since: found(connection, asked, values, since)):  # type: ignore[misc]
        await database.commit(lambda connection, rows=rows: connection.execute(going(values["of_panel"], rows)))  # type: ignore[misc]
        gone, since = gone + len(rows), rows[-1].started_at
        if len(rows) < AT_ONCE:
            break
    return gone


def found(connection: Connection, asked: Select[Any], values: dict[str, Any], since: datetime) -> Sequence[Any]:
    return connection.execute(asked, {**values, "since": since}).all()


def going(panel_id: int, rows: Sequence[Any]) -> Delete:
    return delete(runs).where(runs.c.panel_id == panel_id, runs.c.number.in_([row.number for row in rows]))
