"""The ledger of AI as it is read: sums of a span by one thing at a time, its calls page by page, and what today has used.

Calls belong to panels or to none, so which of them may be seen is among the filters. What no index answers is looked for in so many calls at
a time and no more, and whoever asks is told where that ended. A percentile is made of counts by fiftieths of a second, since two hundred
thousand calls are not carried out of a database to be sorted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from hyperpanel.db import days
from hyperpanel.db.schema import ai_calls as calls
from hyperpanel.db.types import from_micros, micros

PAGE = 100
EXAMINED = 5_000
STEP = 20  # milliseconds that are told apart
LATE = 0.95

Seen = frozenset[int] | None
"""Panels whose calls are looked for; None is every call, those for no panel too."""

Key = tuple[Any, ...]
WAYS: Mapping[str, tuple[str, ...]] = {
    "all": (),
    "day": (),
    "model": ("provider", "model"),
    "purpose": ("purpose",),
    "person": ("by",),
    "panel": ("panel_id",),
    "prompt": ("purpose", "prompt_id", "prompt_version"),
}


@dataclass(frozen=True)
class Filters:
    since: datetime
    until: datetime
    panels: Seen = None
    purposes: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    by: str | None = None
    ticket: str | None = None


@dataclass(frozen=True)
class Call:
    id: int
    at: datetime
    panel_id: int | None
    ticket_id: str | None
    by: str
    purpose: str
    prompt_id: int | None
    prompt_version: int | None
    provider: str
    model: str
    attempt: int
    state: str
    problem: str | None
    reserved: int
    tokens_in: int | None
    tokens_out: int | None
    is_estimated: bool
    cost: int | None
    first_ms: int | None
    ms: int | None


@dataclass(frozen=True)
class Place:
    """Before this call goes the next page on."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{micros(self.at)}-{self.id}"


@dataclass(frozen=True)
class Page:
    """`is_cut`: as many calls as are looked at at once did not fill it."""

    rows: Sequence[Call] = ()
    further: Place | None = None
    is_cut: bool = False


@dataclass(frozen=True)
class Sums:
    """`cost`: of those with a known price, in US dollars scaled to 8 decimals; `unpriced`: calls that used tokens at no known price;
    `middle` and `late`: of the answered ones, the time that half of them and 95 in 100 took no more than."""

    key: Key
    count: int
    failed: int
    under_way: int
    tokens_in: int
    tokens_out: int
    estimated: int
    cost: int
    unpriced: int
    middle: int | None = None
    late: int | None = None


COLUMNS = [calls.c[name] for name in Call.__dataclass_fields__]
USED = func.coalesce(calls.c.tokens_in, 0) + func.coalesce(calls.c.tokens_out, 0)
UNDER_WAY = calls.c.state == "asking"


def place(text: str) -> Place | None:
    """As it stands in an address; None for what no page of ours leads to."""
    at, dash, number = text.partition("-")
    if not (dash and all(part.isascii() and part.isdigit() and len(part) < 17 for part in (at, number))):
        return None
    return Place(from_micros(int(at)), int(number))


def page(connection: Connection, filters: Filters, after: Place | None = None, limit: int = PAGE) -> Page:
    """The latest first; one row more than a page tells whether there are any beyond."""
    if filters.panels == frozenset():
        return Page()
    rest = within(filters)
    spans = span(filters, after)
    bounded = bool(rest) and filters.ticket is None
    if not bounded:
        asked = select(*COLUMNS).where(*spans, *rest)
        return turned(connection, asked.order_by(calls.c.at.desc(), calls.c.id.desc()).limit(limit + 1), limit)
    newest = (
        select(calls.c.id, calls.c.at)
        .where(*spans)
        .order_by(calls.c.at.desc(), calls.c.id.desc())
        .limit(EXAMINED)
        .subquery()
    )
    asked = select(*COLUMNS).where(calls.c.id.in_(select(newest.c.id)), *rest)
    found = turned(connection, asked.order_by(calls.c.at.desc(), calls.c.id.desc()).limit(limit + 1), limit)
    if found.further is not None:
        return found
    looked = connection.execute(select(newest.c.at, newest.c.id).order_by(newest.c.at, newest.c.id)).all()
    return Page(found.rows, Place(*looked[0]), True) if len(looked) == EXAMINED else found


def turned(connection: Connection, asked: Any, limit: int) -> Page:
    rows = [Call(*row) for row in connection.execute(asked)]
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows[:limit], Place(last.at, last.id))


def span(filters: Filters, after: Place | None = None) -> list[ColumnElement[bool]]:
    found = [calls.c.at >= filters.since, calls.c.at < filters.until]
    if after is not None:
        found += [calls.c.at <= after.at, or_(calls.c.at < after.at, calls.c.id < after.id)]
    return found


def within(filters: Filters) -> list[ColumnElement[bool]]:
    some = {calls.c.purpose: filters.purposes, calls.c.provider: filters.providers, calls.c.state: filters.states}
    found: list[ColumnElement[bool]] = [column.in_(wanted) for column, wanted in some.items() if wanted]
    if filters.panels is not None:
        found.append(calls.c.panel_id.in_(sorted(filters.panels)))
    if filters.by is not None:
        found.append(calls.c.by == filters.by)
    if filters.ticket is not None:
        found.append(calls.c.ticket_id == filters.ticket)
    return found


def sums(connection: Connection, filters: Filters, way: str, zone: ZoneInfo) -> list[Sums]:
    return put_together(connection, filters, way, zone)[0]


def put_together(connection: Connection, filters: Filters, way: str, zone: ZoneInfo) -> tuple[list[Sums], Sums | None]:
    """Of each that there is, where a day is its number since 1970; and of all of them, None where there is no call."""
    if filters.panels == frozenset() or filters.since >= filters.until:
        return [], None
    keys, values = keyed(filters, way, zone)
    where = [*span(filters), *within(filters)]
    rows = connection.execute(select(*keys, *counted()).where(*where).group_by(*keys), values).all()
    times, size = latencies(connection, keys, where, values), len(keys)
    lines = [summed(tuple(row[:size]), row[size:], times.get(tuple(row[:size]), {})) for row in rows]
    every: Counter[int] = Counter()
    for counts in times.values():
        every.update(counts)
    whole = [sum(row[at] for row in rows) for at in range(size, size + len(counted()))]
    return lines, summed((), whole, every) if whole[0] else None


def counted() -> list[ColumnElement[Any]]:
    return [
        func.count(calls.c.id),
        total(calls.c.state == "failed", 1),
        total(UNDER_WAY, 1),
        func.coalesce(func.sum(calls.c.tokens_in), 0),
        func.coalesce(func.sum(calls.c.tokens_out), 0),
        total(calls.c.is_estimated, 1),
        func.coalesce(func.sum(calls.c.cost), 0),
        total(and_(calls.c.cost.is_(None), USED > 0), 1),
    ]


def summed(key: Key, counts: Sequence[Any], times: Mapping[int, int]) -> Sums:
    count, failed, under_way, tokens_in, tokens_out, estimated, cost, unpriced = map(int, counts)
    return Sums(
        key, count, failed, under_way, tokens_in, tokens_out, estimated, cost, unpriced,
        percentile(times, 0.5), percentile(times, LATE),
    )  # fmt: skip


def keyed(filters: Filters, way: str, zone: ZoneInfo) -> tuple[list[ColumnElement[Any]], dict[str, Any]]:
    if way != "day":
        return [calls.c[name] for name in WAYS[way]], {}
    parts = days.ahead(zone, filters.since, filters.until)
    return [days.day_of(calls.c.at, len(parts)).label("day")], days.values(parts)


def total(condition: ColumnElement[bool], each: int) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, each), else_=0)), 0)


def latencies(
    connection: Connection,
    keys: Sequence[ColumnElement[Any]],
    where: Sequence[ColumnElement[bool]],
    values: Mapping[str, Any],
) -> dict[Key, dict[int, int]]:
    step = (calls.c.ms // STEP).label("step")
    asked = select(*keys, step, func.count(calls.c.id)).where(*where, calls.c.state == "done", calls.c.ms.is_not(None))
    found: dict[Key, dict[int, int]] = {}
    for *key, at, count in connection.execute(asked.group_by(*keys, step), values):
        found.setdefault(tuple(key), {})[int(at)] = count
    return found


def percentile(counts: Mapping[int, int], share: float) -> int | None:
    """Milliseconds that this share took no more than, up to a step."""
    left = share * sum(counts.values())
    for step in sorted(counts):
        left -= counts[step]
        if left <= 0:
            return (step + 1) * STEP
    return None


def used(connection: Connection, since: datetime, until: datetime, panels: Seen, by: str) -> dict[Any, tuple[int, int]]:
    """Tokens and cost of each `panel_id` or `staff_id`, with what is held back for what is under way."""
    tokens = func.sum(case((UNDER_WAY, calls.c.reserved), else_=USED))
    cost = func.coalesce(func.sum(case((UNDER_WAY, calls.c.reserved_cost), else_=calls.c.cost)), 0)
    seen = [] if panels is None else [calls.c.panel_id.in_(sorted(panels))]
    column = calls.c[by]
    asked = select(column, tokens, cost).where(calls.c.at >= since, calls.c.at < until, *seen).group_by(column)
    return {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(asked)}
