"""What may run now: asked twice a second by each worker, so its statement is built once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, or_, select

from hyperpanel.db import sync_rules
from hyperpanel.db.budgets import NO_SLOT_BEYOND
from hyperpanel.db.claims import LEASE, paused
from hyperpanel.db.schema import budgets, feeds, plans
from hyperpanel.db.sync_rules import Rules
from hyperpanel.db.types import Moment
from sync.pacing import PRIORITY, Pace
from sync.store import FeedKey

GRACE = timedelta(seconds=2)
"""A head goes before a refresh that has waited less than this longer; so every plan's turn comes."""

NOW = bindparam("now", type_=Moment)


@dataclass(frozen=True)
class Due:
    """A plan whose time has come."""

    feed: FeedKey
    plan: str


def look(connection: Connection, pace: Pace, now: datetime) -> tuple[Rules, list[Due]]:
    """The rules as they are now, and what is due by them: what a person waits for, then heads before refreshes before backfills, but nothing
    waits for ever. What is due later than its plan ever is was set by a clock that has run back since: it is due now."""
    rules = sync_rules.load(connection, pace)
    kinds = tuple(pace.every)
    latest = {f"latest_{place}": now + pace.longest(*kind) for place, kind in enumerate(kinds)}
    others = {"latest": now + pace.longest("", ""), "beyond": now + 2 * LEASE, "no_probe": now + NO_SLOT_BEYOND}
    rows = connection.execute(asking(kinds), {"now": now, **latest, **others}).all()
    return rules, one_each_down([row for row in rows if is_due(row, rules, now)])


@cache
def asking(kinds: tuple[tuple[str, str], ...]) -> Select[Any]:
    """Of feeds that nobody holds (a lease beyond any lease's length was set by a clock that ran back), of panels that are up or to be probed."""
    probe = budgets.c.probe_at
    names = ("panel_id", "stream", "plan", "due_at", "asked_at")
    return (
        select(*(plans.c[name] for name in names), budgets.c.down_since)
        .join(feeds, and_(feeds.c.panel_id == plans.c.panel_id, feeds.c.stream == plans.c.stream))
        .join(budgets, budgets.c.panel_id == plans.c.panel_id)
        .where(
            or_(plans.c.due_at <= NOW, plans.c.due_at > latest(kinds)),
            or_(
                feeds.c.leased_until.is_(None),
                feeds.c.leased_until < NOW,
                feeds.c.leased_until > bindparam("beyond", type_=Moment),
            ),
            or_(
                budgets.c.down_since.is_(None),
                probe.is_(None),
                probe <= NOW,
                probe > bindparam("no_probe", type_=Moment),
            ),
            ~paused(),
        )
    )


def latest(kinds: tuple[tuple[str, str], ...]) -> ColumnElement[Any]:
    """When a plan is due at the latest, by the settings file."""
    others = bindparam("latest", type_=Moment)
    if not kinds:
        return others
    name = plans.c.stream + "/" + plans.c.plan
    whens = {"/".join(kind): bindparam(f"latest_{place}", type_=Moment) for place, kind in enumerate(kinds)}
    return case(whens, value=name, else_=others)


def is_due(row: Any, rules: Rules, now: datetime) -> bool:
    return row.due_at <= now or bool(row.due_at > now + rules.longest(row.panel_id, row.stream, row.plan))


def one_each_down(rows: Sequence[Any]) -> list[Due]:
    """In their order; of a panel that is down, one plan alone."""
    found, down = [], set[int]()
    for row in sorted(rows, key=urgency):
        if row.panel_id not in down:
            found.append(Due(FeedKey(row.panel_id, row.stream), row.plan))
        if row.down_since is not None:
            down.add(row.panel_id)
    return found


def urgency(row: Any) -> tuple[bool, datetime]:
    return row.asked_at is None, row.due_at + GRACE * PRIORITY.get(row.plan, len(PRIORITY))
