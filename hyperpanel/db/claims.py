"""Claims: a feed is held by whoever's conditional UPDATE changed its row, and its fence rises each time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from hyperpanel.db import paces, troubles
from hyperpanel.db.budgets import over
from hyperpanel.db.machines import ENGINE
from hyperpanel.db.schema import budgets, feeds, pauses, plans, runs
from hyperpanel.db.sync_rules import PACED, Rules
from hyperpanel.db.types import Moment
from sync import cursors
from sync.pacing import WHEN_FINISHED
from sync.store import Claim, FeedKey, Outcome
from sync.verdicts import Trouble, Verdict

LEASE = timedelta(seconds=90)
"""Longer than a request may take; every page renews it."""

STOPS_ONE_STREAM = frozenset({"drift", "vanished", "shape", "no_services_key", "rights", "scope"})


# Made once, as those of hyperpanel.db.keeping: they run with every slice of a plan.
OF_FEED = and_(feeds.c.panel_id == bindparam("of_panel"), feeds.c.stream == bindparam("of_stream"))
OF_PLANS = and_(plans.c.panel_id == bindparam("of_panel"), plans.c.stream == bindparam("of_stream"))
PAUSED = exists().where(
    pauses.c.panel_id == feeds.c.panel_id,
    pauses.c.ended_at.is_(None),
    or_(pauses.c.stream.is_(None), pauses.c.stream == feeds.c.stream),
)
NOW = bindparam("now", type_=Moment)
TAKE = (
    update(feeds)
    .where(
        OF_FEED,
        or_(
            feeds.c.leased_until.is_(None),
            feeds.c.leased_until < NOW,
            feeds.c.leased_until > bindparam("beyond", type_=Moment),
        ),
        ~PAUSED,
    )
    .values(holder=bindparam("by"), fence=feeds.c.fence + 1, leased_until=bindparam("until"))
    .returning(feeds.c.fence, feeds.c.manners, feeds.c.cached, feeds.c.failures, feeds.c.failing_plan)
)
"""Also where a lease reaches further than any lease does: then a clock ran back, and the fence makes taking it safe."""

CURSORS = select(plans.c.plan, plans.c.cursor).where(
    OF_PLANS, plans.c.plan.in_((bindparam("of_plan"), "head", "backfill"))
)
COUNT_ON = (
    update(budgets)
    .where(budgets.c.panel_id == bindparam("of_panel"))
    .values(number=budgets.c.number + 1)
    .returning(budgets.c.number)
)
BEGIN = insert(runs)
BEGUN = (
    update(plans)
    .where(OF_PLANS, plans.c.plan == bindparam("of_plan"))
    .values(started_at=bindparam("begun"), source_as_of=None)
)


def this(feed: FeedKey) -> ColumnElement[bool]:
    return and_(feeds.c.panel_id == feed.panel_id, feeds.c.stream == feed.stream)


def held_by(claim: Claim) -> ColumnElement[bool]:
    return and_(this(claim.feed), feeds.c.fence == claim.fence, feeds.c.holder == claim.holder)


def of_plan(feed: FeedKey, plan: str) -> ColumnElement[bool]:
    return and_(plans.c.panel_id == feed.panel_id, plans.c.stream == feed.stream, plans.c.plan == plan)


def of_run(claim: Claim) -> ColumnElement[bool]:
    return and_(runs.c.panel_id == claim.feed.panel_id, runs.c.number == claim.run)


def paused() -> ColumnElement[bool]:
    """Whether the feed of the outer statement, or its whole panel, is paused."""
    return PAUSED


def take(connection: Connection, feed: FeedKey, plan: str, holder: str, now: datetime, until: datetime) -> Claim | None:
    here = {"of_panel": feed.panel_id, "of_stream": feed.stream}
    ours = {"now": now, "beyond": now + 2 * LEASE, "by": holder, "until": until}
    held = connection.execute(TAKE, {**here, **ours}).one_or_none()
    if held is None:
        return None
    kept = {row.plan: row.cursor for row in connection.execute(CURSORS, {**here, "of_plan": plan})}
    cursor, newest = cursors.load(plan, kept.get(plan)), cursors.load("head", kept.get("head"))
    past = cursors.load("backfill", kept.get("backfill"))
    number = begin(connection, feed, plan, holder, now, resumed=cursors.under_way(cursor))
    backfilled = isinstance(past, cursors.Backfill) and past.done
    mark = newest.mark if isinstance(newest, cursors.Head) else None
    manners = cursors.manners(held.manners)
    failures = held.failures if held.failing_plan == plan else 0
    return Claim(feed, plan, holder, held.fence, number, cursor, manners, backfilled, held.cached, mark, failures)


def begin(connection: Connection, feed: FeedKey, plan: str, holder: str, now: datetime, resumed: bool) -> int:
    """A run's row; its number is an observation number of the panel, so that runs and rows can be laid side by side."""
    if not resumed:
        here = {"of_panel": feed.panel_id, "of_stream": feed.stream, "of_plan": plan}
        connection.execute(BEGUN, {**here, "begun": now})
    number = connection.execute(COUNT_ON, {"of_panel": feed.panel_id}).scalar_one()
    run = {"panel_id": feed.panel_id, "number": number, "stream": feed.stream, "plan": plan}
    connection.execute(BEGIN, {**run, "holder": holder, "started_at": now})
    return int(number)


def holds(connection: Connection, claim: Claim) -> bool:
    return connection.scalar(select(feeds.c.fence).where(held_by(claim))) is not None


def end(connection: Connection, claim: Claim, outcome: Outcome, rules: Rules, now: datetime) -> None:
    """The run is over, its feed is free, and its plan is due again when the pace says so.

    Rows are locked in the order that all keep to, or PostgreSQL would find a deadlock: feeds, plans, budgets.
    """
    trouble = troubles.dump(outcome.trouble)
    state = failed(claim, trouble, now) if trouble else mended(claim)
    freed = update(feeds).where(held_by(claim)).values(holder=None, leased_until=None, **state)
    failures = connection.scalar(freed.returning(feeds.c.failures))
    ended = {"ended_at": now, "done": outcome.done, "proven": outcome.proven, "calls": outcome.tally.calls}
    connection.execute(update(runs).where(of_run(claim)).values(**ended, trouble=trouble))
    if failures is not None:  # else somebody else holds the feed by now: its plans are no longer ours to move
        go_on(connection, claim, outcome, rules, failures, now)
    panel_id = claim.feed.panel_id
    if over(connection, panel_id, claim.run, None, outcome.trouble, now, was_heard=outcome.was_heard):
        hurry(connection, panel_id, now, of_plan(claim.feed, claim.plan))


def go_on(connection: Connection, claim: Claim, outcome: Outcome, rules: Rules, failures: int, now: datetime) -> None:
    paces.next_run(connection, claim, outcome, rules, failures, now)
    if claim.plan == "head" and outcome.done and not outcome.proven:
        read_past_again(connection, claim.feed, now)
    if outcome.trouble and outcome.trouble.verdict is Verdict.PAUSE:
        pause_for(connection, claim.feed, outcome.trouble, now)


def hurry(connection: Connection, panel_id: int, now: datetime, but: ColumnElement[bool] | None = None) -> None:
    """A panel that answers again: what it has missed is read at once, within one cycle. A plan whose row somebody holds is being read."""
    late = select(plans.c.stream, plans.c.plan).where(
        plans.c.panel_id == panel_id, plans.c.plan.in_(PACED), plans.c.due_at > now, ~but if but is not None else true()
    )
    missed = connection.execute(late.with_for_update(skip_locked=True)).all()
    for stream, plan in missed:
        connection.execute(update(plans).where(of_plan(FeedKey(panel_id, stream), plan)).values(due_at=now))


def failed(claim: Claim, trouble: str, now: datetime) -> dict[str, Any]:
    since = func.coalesce(feeds.c.failing_since, literal(now, Moment))
    return {"trouble": trouble, "failing_plan": claim.plan, "failures": feeds.c.failures + 1, "failing_since": since}


def mended(claim: Claim) -> dict[str, Any]:
    """A plan's success ends its own trouble: what another plan of the feed met is still so."""
    others = feeds.c.failing_plan != claim.plan
    kept = {"trouble": None, "failing_plan": None, "failures": 0, "failing_since": None}
    return {name: case((others, feeds.c[name]), else_=value) for name, value in kept.items()}


def read_past_again(connection: Connection, feed: FeedKey, now: datetime) -> None:
    """What a head walk could not prove is looked for by the backfill, some hours later; one that is under way goes on."""
    plan = of_plan(feed, "backfill")
    past = cursors.load("backfill", connection.scalar(select(plans.c.cursor).where(plan)))
    if isinstance(past, cursors.Backfill) and past.done:
        due_at = plans.c.due_at if past.again else literal(now + WHEN_FINISHED, Moment)
        connection.execute(update(plans).where(plan).values(cursor=cursors.dump(past.anew()), due_at=due_at))


def pause_for(connection: Connection, feed: FeedKey, trouble: Trouble, now: datetime) -> None:
    """What only a person can mend stops the panel (or the one stream it concerns) instead of being tried again and again."""
    alone = feed.stream == "services" or trouble.code in STOPS_ONE_STREAM
    connection.execute(
        insert(pauses).values(
            panel_id=feed.panel_id,
            id=uuid4().hex,
            stream=feed.stream if alone else None,
            by=ENGINE,
            why=str(trouble),
            trouble=troubles.dump(trouble),
            at=now,
        )
    )
