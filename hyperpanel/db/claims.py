"""Claims: a feed is held by whoever's conditional UPDATE changed its row, and its fence rises each time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, insert, literal, or_, select, update

from hyperpanel.db import paces, troubles
from hyperpanel.db.budgets import over
from hyperpanel.db.schema import budgets, feeds, pauses, plans, runs
from hyperpanel.db.sync_rules import PACED, Rules
from hyperpanel.db.types import Moment
from sync import cursors
from sync.pacing import WHEN_FINISHED
from sync.store import Claim, FeedKey, Outcome
from sync.verdicts import Trouble, Verdict

LEASE = timedelta(seconds=90)
"""Longer than a request may take; every page renews it."""

STOPS_ONE_STREAM = frozenset({"drift", "vanished", "shape", "no_services_key", "rights"})


def this(feed: FeedKey) -> ColumnElement[bool]:
    return and_(feeds.c.panel_id == feed.panel_id, feeds.c.stream == feed.stream)


def held_by(claim: Claim) -> ColumnElement[bool]:
    return and_(this(claim.feed), feeds.c.fence == claim.fence, feeds.c.holder == claim.holder)


def of_plan(feed: FeedKey, plan: str) -> ColumnElement[bool]:
    return and_(plans.c.panel_id == feed.panel_id, plans.c.stream == feed.stream, plans.c.plan == plan)


def of_run(claim: Claim) -> ColumnElement[bool]:
    return and_(runs.c.panel_id == claim.feed.panel_id, runs.c.number == claim.run)


def free(now: datetime) -> ColumnElement[bool]:
    """Also where a lease reaches further than any lease does: then a clock ran back, and the fence makes taking it safe."""
    return or_(feeds.c.leased_until.is_(None), feeds.c.leased_until < now, feeds.c.leased_until > now + 2 * LEASE)


def paused() -> ColumnElement[bool]:
    """Whether the feed of the outer statement, or its whole panel, is paused."""
    return exists().where(
        pauses.c.panel_id == feeds.c.panel_id,
        pauses.c.ended_at.is_(None),
        or_(pauses.c.stream.is_(None), pauses.c.stream == feeds.c.stream),
    )


def take(connection: Connection, feed: FeedKey, plan: str, holder: str, now: datetime, until: datetime) -> Claim | None:
    held = connection.execute(
        update(feeds)
        .where(this(feed), free(now), ~paused())
        .values(holder=holder, fence=feeds.c.fence + 1, leased_until=until)
        .returning(feeds.c.fence, feeds.c.manners)
    ).one_or_none()
    if held is None:
        return None
    cursor = cursors.load(plan, connection.scalar(select(plans.c.cursor).where(of_plan(feed, plan))))
    number = begin(connection, feed, plan, holder, now, resumed=cursors.under_way(cursor))
    past = cursors.load("backfill", connection.scalar(select(plans.c.cursor).where(of_plan(feed, "backfill"))))
    backfilled = isinstance(past, cursors.Backfill) and past.done
    return Claim(feed, plan, holder, held.fence, number, cursor, cursors.manners(held.manners), backfilled)


def begin(connection: Connection, feed: FeedKey, plan: str, holder: str, now: datetime, resumed: bool) -> int:
    """A run's row; its number is an observation number of the panel, so that runs and rows can be laid side by side."""
    number = connection.execute(
        update(budgets)
        .where(budgets.c.panel_id == feed.panel_id)
        .values(number=budgets.c.number + 1)
        .returning(budgets.c.number)
    ).scalar_one()
    connection.execute(
        insert(runs).values(
            panel_id=feed.panel_id, number=number, stream=feed.stream, plan=plan, holder=holder, started_at=now
        )
    )
    if not resumed:
        connection.execute(update(plans).where(of_plan(feed, plan)).values(started_at=now))
    return int(number)


def holds(connection: Connection, claim: Claim) -> bool:
    return connection.scalar(select(feeds.c.fence).where(held_by(claim))) is not None


def end(connection: Connection, claim: Claim, outcome: Outcome, rules: Rules, now: datetime) -> None:
    """The run is over, its feed is free, and its plan is due again when the pace says so."""
    trouble = troubles.dump(outcome.trouble)
    ended = {"ended_at": now, "done": outcome.done, "proven": outcome.proven, "calls": outcome.tally.calls}
    connection.execute(update(runs).where(of_run(claim)).values(**ended, trouble=trouble))
    panel_id = claim.feed.panel_id
    if over(connection, panel_id, claim.run, None, outcome.trouble, now):
        hurry(connection, panel_id, now)
    state = failed(claim, trouble, now) if trouble else mended(claim)
    freed = update(feeds).where(held_by(claim)).values(holder=None, leased_until=None, **state)
    failures = connection.scalar(freed.returning(feeds.c.failures))
    if failures is None:
        return  # somebody else holds the feed by now: its plans are no longer ours to move
    paces.next_run(connection, claim, outcome, rules, failures, now)
    if claim.plan == "head" and outcome.done and not outcome.proven:
        read_past_again(connection, claim.feed, now)
    if outcome.trouble and outcome.trouble.verdict is Verdict.PAUSE:
        pause_for(connection, claim.feed, outcome.trouble, now)


def hurry(connection: Connection, panel_id: int, now: datetime) -> None:
    """A panel that answers again: what it has missed is read at once, within one cycle."""
    waiting = update(plans).where(plans.c.panel_id == panel_id, plans.c.plan.in_(PACED), plans.c.due_at > now)
    connection.execute(waiting.values(due_at=now))


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
    again = update(plans).where(of_plan(feed, "backfill"), plans.c.cursor.contains('"done":true'))
    connection.execute(again.values(cursor=None, due_at=now + WHEN_FINISHED))


def pause_for(connection: Connection, feed: FeedKey, trouble: Trouble, now: datetime) -> None:
    """What only a person can mend stops the panel (or the one stream it concerns) instead of being tried again and again."""
    alone = feed.stream == "services" or trouble.code in STOPS_ONE_STREAM
    connection.execute(
        insert(pauses).values(
            panel_id=feed.panel_id,
            id=uuid4().hex,
            stream=feed.stream if alone else None,
            by="engine",
            why=str(trouble),
            trouble=troubles.dump(trouble),
            at=now,
        )
    )
