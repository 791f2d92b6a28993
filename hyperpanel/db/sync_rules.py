"""How each feed is read, by the settings file, by what admins set for all panels, and by what they set for one feed: the latter goes first.

Settings are rows, so every process has a change within a second, without a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import sync_defaults, sync_overrides
from hyperpanel.db.scope import EVERYTHING
from sync.pacing import LONGEST_WAIT, Pace

PACED = ("head", "refresh")
"""Plans whose intervals are moved to where news is expected; others keep theirs."""

NAMES = (
    "head_seconds", "head_shortest", "head_longest", "refresh_seconds", "refresh_shortest", "refresh_longest",
    "sweep_hours", "per_fetch", "retention_days", "weight", "paced",
)  # fmt: skip
"""What can be set. `weight`: how much a minute's delay of this stream matters beside that of others (1); `paced`: 0 keeps to the interval."""

Set = Mapping[tuple[str, str], float]
"""Values by stream and name."""


@dataclass(frozen=True)
class Terms:
    """How one plan of a feed is timed, in seconds. `shortest` and `longest` bound what pacing makes of `usual`."""

    usual: float
    shortest: float
    longest: float
    weight: float = 1.0
    paced: bool = False


@dataclass(frozen=True)
class Rules:
    """`defaults` hold for all panels, `overrides` for the feeds of one, by its id."""

    pace: Pace
    defaults: Set = field(default_factory=dict)
    overrides: Mapping[int, Set] = field(default_factory=dict)

    def value(self, panel_id: int, stream: str, name: str) -> float | None:
        """What was set for this feed, or for all panels; None where it is as the settings file says."""
        own = self.overrides.get(panel_id, {}).get((stream, name))
        return self.defaults.get((stream, name)) if own is None else own

    def terms(self, panel_id: int, stream: str, plan: str) -> Terms:
        usual = self.usual(panel_id, stream, plan)
        if plan not in PACED or stream == "services":
            return Terms(usual, usual, usual)
        shortest = self.value(panel_id, stream, f"{plan}_shortest") or usual / self.pace.widest
        longest = self.value(panel_id, stream, f"{plan}_longest") or usual * self.pace.widest
        weight, paced = self.value(panel_id, stream, "weight"), self.value(panel_id, stream, "paced")
        is_paced = self.pace.widest > 1 if paced is None else paced > 0
        return Terms(usual, min(shortest, usual), max(longest, usual), 1.0 if weight is None else weight, is_paced)

    def usual(self, panel_id: int, stream: str, plan: str) -> float:
        if plan == "sweep":
            hours = self.value(panel_id, stream, "sweep_hours")
            return self.pace.interval(stream, plan).total_seconds() if hours is None else hours * 3600
        own = self.value(panel_id, stream, f"{plan}_seconds")
        return self.pace.interval(stream, plan).total_seconds() if own is None else own

    def longest(self, panel_id: int, stream: str, plan: str) -> timedelta:
        """This plan is never due later than that from now."""
        found = timedelta(seconds=self.terms(panel_id, stream, plan).longest)
        return max(self.pace.longest(stream, plan), found * 1.25 + LONGEST_WAIT)


def load(connection: Connection, pace: Pace) -> Rules:
    """The rules as they are now."""
    defaults = {(row.stream, row.name): row.value for row in connection.execute(DEFAULTS)}
    overrides: dict[int, dict[tuple[str, str], float]] = {}
    for row in connection.execute(OVERRIDES):
        overrides.setdefault(row.panel_id, {})[row.stream, row.name] = row.value
    return Rules(pace, defaults, overrides)


DEFAULTS = select(sync_defaults.c.stream, sync_defaults.c.name, sync_defaults.c.value)
OVERRIDES = EVERYTHING.select(
    sync_overrides.c.panel_id, sync_overrides.c.stream, sync_overrides.c.name, sync_overrides.c.value
)


async def put(
    connection: AsyncConnection,
    panel_id: int | None,
    stream: str,
    values: Mapping[str, float | None],
    by: str,
    now: datetime,
) -> None:
    """Set these for all panels (None) or for one feed; a value of None is no longer set."""
    table = sync_defaults if panel_id is None else sync_overrides
    of_panel = {} if panel_id is None else {"panel_id": panel_id}
    here = [table.c.stream == stream, table.c.name.in_(values), *(table.c[name] == id for name, id in of_panel.items())]
    await connection.execute(delete(table).where(*here))
    rows = [
        {**of_panel, "stream": stream, "name": name, "value": value, "by": by, "at": now}
        for name, value in values.items()
        if value is not None
    ]
    if rows:
        await connection.execute(insert(table), rows)
