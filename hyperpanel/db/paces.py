"""When a plan of a feed runs next, as rows: what each of its runs has found is learned from, and every minute the calls that the intervals
would spend are given out anew over all feeds (hyperpanel.db.allotting)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import plans, runs
from hyperpanel.db.sync_rules import Rules
from sync import pulses
from sync.store import Claim, Outcome

COST_SHARE = 0.3
"""How much the last run counts beside those before it."""

QUICKENS = 1.5
"""Where news is expected so many times as often as before, the next run does not wait until the calls are given out anew."""

TIMED = ("head", "watch", "refresh", "sweep")
"""Plans that have an interval; a backfill runs until it is done."""

ANEW: dict[str, Any] = {name: bindparam(f"now_{name}") for name in ("usual", "every", "due_at", "why")}
OF_PLAN = and_(
    plans.c.panel_id == bindparam("of_panel"),
    plans.c.stream == bindparam("of_stream"),
    plans.c.plan == bindparam("of_plan"),
)
STANDS = select(*(plans.c[name] for name in ("started_at", "due_at", "every", "cost", "pulse", "heard_at"))).where(
    OF_PLAN
)
FOUND = select(func.coalesce(func.sum(runs.c.new + runs.c.changed), 0), func.coalesce(func.sum(runs.c.calls), 0)).where(
    runs.c.panel_id == bindparam("of_panel"),
    runs.c.stream == bindparam("of_stream"),
    runs.c.plan == bindparam("of_plan"),
    runs.c.started_at >= bindparam("begun"),
)

AS_OF = case((plans.c.source_as_of < plans.c.started_at, plans.c.source_as_of), else_=plans.c.started_at)
"""When the run began; but copies are no truer than whoever holds them says."""


def next_run(
    connection: Connection, claim: Claim, outcome: Outcome, rules: Rules, failures: int, now: datetime
) -> None:
    """From the end of a run to the next; `failures` counts the runs in a row that ended in trouble, this one too."""
    here = {"of_panel": claim.feed.panel_id, "of_stream": claim.feed.stream, "of_plan": claim.plan}
    if outcome.trouble is not None:
        values: dict[str, Any] = {"due_at": now + rules.pace.retry(outcome, failures), "asked_at": None}
    elif not outcome.done:
        values = {
            "due_at": now,
            "asked_at": None,
        }  # it has begun: longer than a slice, nothing goes before what is newer
    else:
        values = finished(connection, here, outcome, rules, now)
    connection.execute(update(plans).where(OF_PLAN).values(**values), here)


def finished(
    connection: Connection, here: dict[str, Any], outcome: Outcome, rules: Rules, now: datetime
) -> dict[str, Any]:
    row = connection.execute(STANDS, here).one_or_none()
    terms = rules.terms(here["of_panel"], here["of_stream"], here["of_plan"])
    kept = {"as_of": AS_OF, "proven": outcome.proven, "asked_at": None, "usual": terms.usual}
    if row is None or not terms.paced:
        return {**kept, "due_at": now + timedelta(seconds=terms.usual), "every": terms.usual, "why": "fixed"}
    learned, quicker = heard(connection, here, row, 1 / terms.usual, now)
    every = row.every or terms.usual
    if quicker > QUICKENS:
        every = max(every / quicker**0.5, terms.shortest)
        learned["why"] = "shortest" if every == terms.shortest else "paced"
    return {**kept, **learned, "due_at": punctual(row.due_at, now, every), "every": every}


def punctual(due_at: datetime, now: datetime, every: float) -> datetime:
    """From when it was due, not from when it ended: else each run's lateness would be lost to the feed; but not at once again."""
    after = due_at + timedelta(seconds=every)
    soonest, latest = now + timedelta(seconds=every / 2), now + timedelta(seconds=every)
    return min(max(after, soonest), latest)


def heard(
    connection: Connection, here: dict[str, Any], row: Any, prior: float, now: datetime
) -> tuple[dict[str, Any], float]:
    """What is to be kept, and how many times as often as before news is expected now.

    What a plan has found since it was begun, over all its slices, tells of the time since it was begun before that. The first time everything
    is news, which says nothing. `prior`: changes a second of a plan that nothing is known of.
    """
    begun = row.started_at or now
    news, calls = connection.execute(FOUND, {**here, "begun": first_slice(here, row, begun)}).one()
    cost = calls if row.cost is None else row.cost + COST_SHARE * (calls - row.cost)
    before = pulses.load(row.pulse, prior)
    pulse = before if row.heard_at is None else before.heard(row.heard_at, begun, int(news))
    quicker = pulse.rate(now) / max(before.rate(now), 1e-12)
    return {"cost": float(cost), "pulse": pulses.dump(pulse), "heard_at": begun}, quicker


def first_slice(here: dict[str, Any], row: Any, begun: datetime) -> datetime:
    """Each slice of the head of messages begins anew, with what is due then: those since it was last through belong together."""
    if (here["of_stream"], here["of_plan"]) != ("messages", "head") or row.heard_at is None:
        return begun
    last: datetime = row.heard_at
    return min(begun, last + timedelta(microseconds=1))


async def anew(connection: AsyncConnection, panel_id: int | None, stream: str, rules: Rules, now: datetime) -> None:
    """Settings of a stream have changed, of one panel or (None) of all: its plans are timed by them at once."""
    asked = select(*(plans.c[name] for name in ("panel_id", "stream", "plan", "usual", "every", "due_at"))).where(
        plans.c.stream == stream, plans.c.plan.in_(TIMED)
    )
    rows = (await connection.execute(asked if panel_id is None else asked.where(plans.c.panel_id == panel_id))).all()
    # In the order that hyperpanel.db.allotting keeps to: else each of two could wait for the other.
    in_order = sorted(rows, key=lambda row: (row.panel_id, row.stream, row.plan))
    moved = [value for row in in_order for value in timed(row, rules, now)]
    if moved:
        await connection.execute(update(plans).where(OF_PLAN).values(ANEW), moved)


def timed(row: Any, rules: Rules, now: datetime) -> list[dict[str, Any]]:
    """Within its bounds, and not later than that from now; nothing where that is so already."""
    terms = rules.terms(row.panel_id, row.stream, row.plan)
    every = min(max(row.every or terms.usual, terms.shortest), terms.longest) if terms.paced else terms.usual
    due_at = min(row.due_at, now + timedelta(seconds=every))
    if (terms.usual, every, due_at) == (row.usual, row.every, row.due_at):
        return []
    here = {"of_panel": row.panel_id, "of_stream": row.stream, "of_plan": row.plan}
    now_why = "paced" if terms.paced else "fixed"
    return [{**here, "now_usual": terms.usual, "now_every": every, "now_due_at": due_at, "now_why": now_why}]
