"""The calls of all panels given out anew, each minute and whenever a setting has changed (sync.allotments): the intervals of plans, and so
their next times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, or_, update

from hyperpanel.db.engine import Database
from hyperpanel.db.schema import budgets, feeds, panels, pauses, plans
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.sync_rules import PACED, Rules
from sync.allotments import Allotment, Bidder, intervals, usual_caps
from sync.pulses import Pulse, load, typical

AT_ONCE = 200
"""Plans whose times are moved in one transaction: page commits go on between two of them."""

LEAST_COST = 0.1
"""Calls a run that is counted for a plan which mostly finds that it has nothing to ask."""

NAMES = ("panel_id", "stream", "plan", "due_at", "usual", "every", "why", "cost", "pulse", "asked_at")
PLANNED = (
    EVERYTHING.select(*(plans.c[name] for name in NAMES), panels.c.rate, feeds.c.failures)
    .join(feeds, and_(feeds.c.panel_id == plans.c.panel_id, feeds.c.stream == plans.c.stream))
    .join(panels, panels.c.id == plans.c.panel_id)
    .join(budgets, budgets.c.panel_id == plans.c.panel_id)
    .where(
        plans.c.plan.in_(PACED),
        budgets.c.down_since.is_(None),
        ~exists().where(
            pauses.c.panel_id == plans.c.panel_id,
            pauses.c.ended_at.is_(None),
            or_(pauses.c.stream.is_(None), pauses.c.stream == plans.c.stream),
        ),
    )
)
MOVED = (
    update(plans)
    .where(
        plans.c.panel_id == bindparam("of_panel"),
        plans.c.stream == bindparam("of_stream"),
        plans.c.plan == bindparam("of_plan"),
        plans.c.due_at == bindparam("was_due_at"),
    )
    .values({name: bindparam(f"now_{name}") for name in ("due_at", "usual", "every", "why")})
)
"""One that has run meanwhile is left alone: its next time is right, and a minute later its interval is."""


@dataclass(frozen=True)
class Move:
    """A plan whose interval, or the reason for it, is another now."""

    row: Any
    usual: float
    every: float
    why: str
    due_at: datetime

    @property
    def values(self) -> dict[str, Any]:
        row = self.row
        here = {"of_panel": row.panel_id, "of_stream": row.stream, "of_plan": row.plan, "was_due_at": row.due_at}
        return {
            **here,
            "now_due_at": self.due_at,
            "now_usual": self.usual,
            "now_every": self.every,
            "now_why": self.why,
        }


async def give_out(database: Database, rules: Rules, now: datetime) -> int:
    """How many plans are timed otherwise now."""
    found = await database.read(lambda connection: moves(connection, rules, now))
    for start in range(0, len(found), AT_ONCE):
        values = [move.values for move in found[start : start + AT_ONCE]]
        await database.commit(lambda connection, values=values: connection.execute(MOVED, values))  # type: ignore[misc]
    return len(found)


def moves(connection: Connection, rules: Rules, now: datetime) -> list[Move]:
    rows = sorted(connection.execute(PLANNED), key=key)
    bids = bidders(rows, rules, now)
    allotted = intervals(bids, usual_caps(bids, {row.panel_id: row.rate for row in rows}))
    found = (move(row, rules, allotted.get(key(row)), now) for row in rows)
    return [one for one in found if (one.usual, one.every, one.why) != (one.row.usual, one.row.every, one.row.why)]


def bidders(rows: Sequence[Any], rules: Rules, now: datetime) -> list[Bidder]:
    """Of the plans that are paced. What has never been heard is taken to be as its kind is."""
    paced = [row for row in rows if rules.terms(row.panel_id, row.stream, row.plan).paced]
    kinds: dict[tuple[str, str], list[Pulse]] = {}
    for row in paced:
        if row.pulse is not None:
            kinds.setdefault((row.stream, row.plan), []).append(load(row.pulse, 0.0))
    priors = {kind: typical(pulses, 0.01) for kind, pulses in kinds.items()}
    return [bidder(row, rules, priors.get((row.stream, row.plan)), now) for row in paced]


def bidder(row: Any, rules: Rules, prior: float | None, now: datetime) -> Bidder:
    terms = rules.terms(row.panel_id, row.stream, row.plan)
    pulse = load(row.pulse, prior or 1 / terms.usual)
    return Bidder(
        key=key(row),
        panel=row.panel_id,
        rate=pulse.rate(now),
        usual=terms.usual,
        shortest=terms.shortest,
        longest=terms.longest,
        weight=terms.weight,
        cost=max(row.cost if row.cost is not None else 1.0, LEAST_COST),
        held=row.every,
    )


def key(row: Any) -> tuple[int, str, str]:
    return row.panel_id, row.stream, row.plan


def move(row: Any, rules: Rules, allotted: Allotment | None, now: datetime) -> Move:
    """A failing feed and one that a person waits for keep their next time; nobody is due later than its new interval from now."""
    usual = rules.terms(row.panel_id, row.stream, row.plan).usual
    every, why = (usual, "fixed") if allotted is None else (round(allotted.seconds, 3), allotted.reason)
    due_at = row.due_at
    if not row.failures and row.asked_at is None and due_at > now:
        moved = due_at + timedelta(seconds=every - row.every) if row.every else due_at
        due_at = min(max(moved, now), now + timedelta(seconds=every))
    return Move(row, usual, every, why, due_at)
