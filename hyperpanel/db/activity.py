"""The audit as it is read: pages by id, the newest first, of a table that only grows.

It is no table of panels: a row may concern one panel or none, so which of them may be seen is among the filters. Each action, actor and
panel has an index that ends in the id; what no index answers (a text, an address) is looked for in so many rows at a time and no more, and
whoever asks is told where that ended.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, false, func, literal, or_, select, union_all

from hyperpanel.db.folding import contains, fold
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import audit, staff

PAGE = 100
EXAMINED = 5_000
SLACK = 1_000
"""So many rows can lie out of the order of their times, where processes write at once: a span is looked for from beyond its ends."""

Seen = frozenset[int | None] | None
"""Panels whose rows are looked for, None among them for what concerns no panel; None alone is every row."""

NAMES_NO_PANEL = (
    "sign-in",
    "sign-in failed",
    "sign-out",
    "password-change",
    "password-change failed",
    "session-end",
    "sessions-end",
)
"""What whoever sees some panels only may read of rows without one, beside their own acts: others may name a panel in their details."""

Arm = tuple[str, Sequence[ColumnElement[bool]]]


@dataclass(frozen=True)
class Filters:
    """`reader`: whose own acts are among the rows without a panel, where `panels` has None."""

    panels: Seen = None
    reader: str = ""
    actor: str | None = None
    actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class Entry:
    """One row. `details` is the JSON as it was written."""

    id: int
    at: datetime
    actor: str
    action: str
    panel_id: int | None
    target: str
    details: str
    address: str
    device: str


@dataclass(frozen=True)
class Page:
    """`further`: the id before which the next page begins. `is_cut`: as many rows as are looked at at once did not fill it."""

    rows: Sequence[Entry] = ()
    further: int | None = None
    is_cut: bool = False


COLUMNS = [audit.c[name] for name in Entry.__dataclass_fields__]


def page(connection: Connection, filters: Filters, before: int | None = None, limit: int = PAGE) -> Page:
    """One row more than a page tells whether there are any beyond."""
    if filters.panels == frozenset():
        return Page()
    rest = unindexed(filters)
    keys = newest(filters, bounds(connection, filters, before), EXAMINED if rest else limit + 1)
    asked = select(*COLUMNS).where(audit.c.id.in_(select(keys.c.id)), *rest)
    rows = [Entry(*row) for row in connection.execute(asked.order_by(audit.c.id.desc()).limit(limit + 1))]
    if len(rows) > limit:
        return Page(rows[:limit], rows[limit - 1].id)
    if not rest:
        return Page(rows)
    number, last = connection.execute(select(func.count(), func.min(keys.c.id)).select_from(keys)).one()
    return Page(rows, last, True) if number == EXAMINED else Page(rows)


def walk(connection: Connection, filters: Filters) -> Iterator[Entry]:
    """All that match, page by page: for whoever writes them to a file."""
    before: int | None = None
    while True:
        some = page(connection, filters, before)
        yield from some.rows
        before = some.further
        if before is None:
            return


def one(connection: Connection, panels: Seen, reader: str, number: int) -> Entry | None:
    within = [] if panels is None else [or_(false(), *(of_panel(panel_id, reader) for panel_id in panels))]
    row = connection.execute(select(*COLUMNS).where(audit.c.id == number, *within)).one_or_none()
    return Entry(*row) if row else None


def actors(connection: Connection) -> list[str]:
    """Everybody who ever could sign in."""
    return list(connection.scalars(select(staff.c.username).order_by(staff.c.folded)).all())


def newest(filters: Filters, within: Sequence[ColumnElement[bool]], rows: int) -> Subquery:
    """The ids of all arms together, each read from its index in their order."""
    parts = [arm(one, within, rows) for one in arms(filters)]
    if len(parts) == 1:
        return parts[0].subquery()
    merged = union_all(*(select(part.subquery().c.id) for part in parts))
    return merged.order_by(merged.selected_columns.id.desc()).limit(rows).subquery()


def arm(of: Arm, within: Sequence[ColumnElement[bool]], rows: int) -> Select[Any]:
    index, conditions = of
    made = select(audit.c.id).where(*within, *conditions).order_by(audit.c.id.desc()).limit(rows)
    return pinned(made, audit, index) if index else made


def arms(filters: Filters) -> list[Arm]:
    if filters.actions:
        return [("ix_audit_action_id", [audit.c.action == action]) for action in filters.actions]
    if filters.actor is not None:
        return [("ix_audit_actor_id", [audit.c.actor == filters.actor])]
    if filters.panels is None:
        return [("", [])]
    return [
        ("ix_audit_panel_id_id", [audit.c.panel_id.is_not_distinct_from(panel_id)])
        for panel_id in sorted(filters.panels, key=lambda id: id or 0)
    ]


def of_panel(panel_id: int | None, reader: str) -> ColumnElement[bool]:
    if panel_id is not None:
        return audit.c.panel_id == panel_id
    return and_(audit.c.panel_id.is_(None), or_(audit.c.action.in_(NAMES_NO_PANEL), audit.c.actor == reader))


def unindexed(filters: Filters) -> list[ColumnElement[bool]]:
    """What is looked at row by row."""
    found: list[ColumnElement[bool]] = []
    if filters.actions and filters.actor is not None:
        found.append(audit.c.actor == filters.actor)
    if filters.panels is not None and (filters.actions or filters.actor is not None or None in filters.panels):
        found.append(or_(*(of_panel(panel_id, filters.reader) for panel_id in filters.panels)))
    if filters.text:
        sought = literal(fold(filters.text))
        found.append(or_(contains(audit.c.target, sought), contains(audit.c.details, sought)))
    if filters.address:
        found.append(audit.c.address.startswith(filters.address, autoescape=True))
    return found


def bounds(connection: Connection, filters: Filters, before: int | None) -> list[ColumnElement[bool]]:
    """By id as well as by time: ids are what every index ends in."""
    found = [] if before is None else [audit.c.id < before]
    if filters.since:
        first = connection.scalar(select(audit.c.id).where(audit.c.at >= filters.since).order_by(audit.c.at).limit(1))
        found += [audit.c.at >= filters.since, audit.c.id >= (first or 0) - SLACK]
    if filters.until:
        earlier = select(audit.c.id).where(audit.c.at < filters.until).order_by(audit.c.at.desc()).limit(1)
        found += [audit.c.at < filters.until, audit.c.id <= (connection.scalar(earlier) or 0) + SLACK]
    return found
