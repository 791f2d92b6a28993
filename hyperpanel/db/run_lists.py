"""The history of runs, the newest first, over any feeds: a page by its place in the list.

Ten panels make a million runs in a fortnight, and their index is by feed: so the list is read in spans of time back from its place, each
longer than the one before, until a page is full.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, tuple_

from hyperpanel.db import troubles
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import feeds, runs
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment
from sync.verdicts import Trouble

PAGE = 100
SPANS = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=16), timedelta(days=4), timedelta(days=400))
"""The last is longer than runs are kept."""

AHEAD = timedelta(days=2)
"""A run may have been begun by a clock that was ahead."""


@dataclass(frozen=True)
class Key:
    """A place in the list."""

    started_at: datetime
    panel_id: int
    number: int


@dataclass(frozen=True)
class Filters:
    stream: str | None = None
    plan: str | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Line:
    """One run. `done`: it came to the end of what it set out to read, else the next goes on; None while `ended_at` is."""

    panel_id: int
    number: int
    stream: str
    plan: str
    holder: str
    started_at: datetime
    ended_at: datetime | None
    done: bool | None
    proven: bool | None
    calls: int
    read: int
    new: int
    changed: int
    set_aside: int
    missing: int
    trouble: Trouble | None

    @property
    def key(self) -> Key:
        return Key(self.started_at, self.panel_id, self.number)


LISTED = tuple(Line.__dataclass_fields__)
ORDER = (runs.c.started_at, runs.c.panel_id, runs.c.number)
SOUGHT: Mapping[str, ColumnElement[bool]] = {
    "stream": feeds.c.stream == bindparam("of_stream"),
    "plan": runs.c.plan == bindparam("of_plan"),
}
OUTCOMES: Mapping[str, ColumnElement[bool]] = {
    "news": runs.c.new + runs.c.changed > 0,
    "fault": runs.c.trouble.is_not(None),
    "open": runs.c.ended_at.is_(None),
}


def page(
    connection: Connection, scope: Scope, filters: Filters, before: Key | None, now: datetime, limit: int = PAGE
) -> list[Line]:
    """Ask for one more to know whether there are any beyond."""
    shape = listing(
        scope, *(name for name in SOUGHT if getattr(filters, name)), outcome=filters.outcome, bounded=before is not None
    )
    values: dict[str, Any] = {f"of_{name}": getattr(filters, name) for name in SOUGHT if getattr(filters, name)}
    values |= {f"at_{name}": value for name, value in vars(before).items()} if before else {}
    until = before.started_at if before else now + AHEAD
    rows: Sequence[Any] = ()
    for since in spans(until if before else now):
        rows = connection.execute(shape, {**values, "since": since, "until": until, "rows": limit}).all()
        if len(rows) >= limit:
            break
    return [line(row) for row in rows]


def spans(until: datetime) -> Iterator[datetime]:
    return (until - span for span in SPANS)


def line(row: Any) -> Line:
    return Line(**{**row._asdict(), "trouble": troubles.load(row.trouble)})


@lru_cache(maxsize=256)
def listing(scope: Scope, *sought: str, outcome: str | None, bounded: bool) -> Select[Any]:
    """Of each feed one span of the index, but for faults, which have an index of their own. By the `+ 0` SQLite finds no feed by its panel,
    so that it begins with them, not with all runs.
    """
    is_rare = outcome == "fault"
    mine = and_(
        runs.c.panel_id == (feeds.c.panel_id if is_rare else feeds.c.panel_id + 0), runs.c.stream == feeds.c.stream
    )
    asked = scope.select(feeds.c.panel_id).select_from(feeds.join(runs, mine))
    asked = asked.with_only_columns(*(runs.c[name] for name in LISTED), maintain_column_froms=True)
    asked = pinned(asked, runs, "ix_runs_faults" if is_rare else "ix_runs_panel_id_stream_started_at").where(
        runs.c.started_at >= bindparam("since", type_=Moment),
        runs.c.started_at <= bindparam("until", type_=Moment),
        *(SOUGHT[name] for name in sought),
    )
    if outcome is not None:
        asked = asked.where(OUTCOMES[outcome])
    if bounded:
        there = (bindparam(f"at_{column.name}", type_=column.type) for column in ORDER)
        asked = asked.where(tuple_(*ORDER) < tuple_(*there))
    return asked.order_by(*(column.desc() for column in ORDER)).limit(bindparam("rows"))
