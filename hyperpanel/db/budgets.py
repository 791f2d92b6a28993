"""The token bucket of a panel, as a row: whoever calls the panel takes its slot and its observation number from here."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from hyperpanel.db.schema import budgets, panels
from sync.budget import PATIENCE, SPACING
from sync.store import Turn

SLOWEST = 0.1
RECOVERY = 1.1
RECOVERS_AFTER = timedelta(seconds=30)
LONGEST_WAIT = 900.0
NO_SLOT_BEYOND = timedelta(minutes=20)


# Made once, as those of hyperpanel.db.keeping: they run with every request.
ALLOWANCE = (
    select(budgets.c.pace, budgets.c.free_at, budgets.c.number, budgets.c.slowed_at, panels.c.rate)
    .join(panels, panels.c.id == budgets.c.panel_id)
    .where(budgets.c.panel_id == bindparam("of_panel"))
    .with_for_update(of=budgets)
)
SPEND = (
    update(budgets)
    .where(budgets.c.panel_id == bindparam("of_panel"))
    .values({name: bindparam(f"now_{name}") for name in ("number", "free_at", "pace", "slowed_at")})
)


def slot(connection: Connection, panel_id: int, now: datetime) -> Turn:
    """Slots are spaced by the panel's present pace; one left far in the future by a clock that ran back is forgotten."""
    row = connection.execute(ALLOWANCE, {"of_panel": panel_id}).one()
    at = max(row.free_at, now) if row.free_at - now < NO_SLOT_BEYOND else now
    if (at - now).total_seconds() > PATIENCE:
        return Turn(at, row.number)  # nobody waits that long, so nothing is spent
    pace, slowed_at = recovered(row, now)
    free_at = at + timedelta(seconds=SPACING / pace)
    after = {"now_number": row.number + 1, "now_free_at": free_at, "now_pace": pace, "now_slowed_at": slowed_at}
    connection.execute(SPEND, {"of_panel": panel_id, **after})
    return Turn(at, row.number + 1)


def slow(connection: Connection, panel_id: int, retry_after: float | None, now: datetime) -> None:
    """Half the pace, and nothing before Retry-After (at most a quarter of an hour) has passed."""
    wait = timedelta(seconds=min(retry_after if retry_after is not None else 1.0, LONGEST_WAIT))
    row = connection.execute(ALLOWANCE, {"of_panel": panel_id}).one()
    connection.execute(
        update(budgets)
        .where(budgets.c.panel_id == panel_id)
        .values(pace=max(row.pace / 2, SLOWEST), slowed_at=now, free_at=max(row.free_at, now + wait))
    )


def recovered(row: Any, now: datetime) -> tuple[float, datetime | None]:
    """A tenth faster every half minute without complaint, up to the panel's rate; an owner's lower rate holds at once."""
    if row.pace >= row.rate:
        return row.rate, None
    if row.slowed_at is None or now - row.slowed_at >= RECOVERS_AFTER:
        return min(row.pace * RECOVERY, row.rate), now
    return row.pace, row.slowed_at
