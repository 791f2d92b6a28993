"""Which tickets' threads are to be read next: those that changed, the open and recent ones again, and all of them in their order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, literal, or_, select, tuple_

from hyperpanel.db.schema import OPEN_TICKET, threads, tickets
from hyperpanel.db.types import EPOCH, Moment, from_micros, micros
from sync.store import DueThread

RECENT = timedelta(days=14)
"""Closed tickets that moved within this are read along with the open ones."""


def due(
    connection: Connection, panel_id: int, plan: str, after: str | None, limit: int, now: datetime
) -> list[DueThread]:
    """See sync.store.Store.due_threads. Each way reads an index in its order and stops at the limit, or looks at the open and recent alone."""
    if plan in ("refresh", "sweep"):
        return in_order(connection, panel_id, plan, after, limit)
    return (
        pressing(connection, panel_id, limit, now)
        if plan == "head"
        else others(connection, panel_id, after, limit, now)
    )


def of_tickets(connection: Connection, panel_id: int, ticket_ids: Sequence[str]) -> list[DueThread]:
    """Of these tickets those whose thread is not held as the ticket is now, in their order, whether it failed lately or not."""
    changed = or_(threads.c.read_for.is_(None), threads.c.read_for != tickets.c.fields)
    rows = {row.id: row for row in connection.execute(asked(panel_id, changed, tickets.c.id.in_(ticket_ids)))}
    some = [rows[ticket] for ticket in ticket_ids if ticket in rows]
    return [DueThread(row.id, row.fields, row.digest, "") for row in some]


HELD = and_(threads.c.panel_id == tickets.c.panel_id, threads.c.ticket_id == tickets.c.id)


def asked(panel_id: int, *conditions: ColumnElement[bool]) -> Select[Any]:
    columns = (tickets.c.id, tickets.c.fields, threads.c.digest, tickets.c.last_update_at)
    from_both = select(*columns).select_from(tickets.outerjoin(threads, HELD))
    return from_both.where(tickets.c.panel_id == panel_id, tickets.c.gone_at.is_(None), *conditions)


def stale(now: datetime) -> ColumnElement[bool]:
    """Never read, or read for another state of its ticket; one that is to be left alone for a while is not."""
    changed = or_(threads.c.read_for.is_(None), threads.c.read_for != tickets.c.fields)
    return and_(changed, or_(threads.c.retry_at.is_(None), threads.c.retry_at <= now))


def in_order(connection: Connection, panel_id: int, plan: str, after: str | None, limit: int) -> list[DueThread]:
    found = asked(panel_id).where(OPEN_TICKET) if plan == "refresh" else asked(panel_id)
    found = found.where(tickets.c.id > after) if after is not None else found
    rows = connection.execute(found.order_by(tickets.c.id).limit(limit))
    return [DueThread(row.id, row.fields, row.digest, row.id) for row in rows]


def pressing(connection: Connection, panel_id: int, limit: int, now: datetime) -> list[DueThread]:
    """Of open tickets, and of those that moved lately."""
    is_open = asked(panel_id, stale(now)).where(OPEN_TICKET)
    is_open = is_open.with_hint(tickets, "INDEXED BY ix_tickets_open", "sqlite")
    lately = asked(panel_id, stale(now), tickets.c.last_update_at > now - RECENT)
    lately = lately.with_hint(tickets, f"INDEXED BY {BY_UPDATE}", "sqlite")
    latest = tickets.c.last_update_at.desc()
    rows = {
        row.id: row
        for part in (is_open, lately)
        for row in connection.execute(part.order_by(latest, tickets.c.id).limit(limit))
    }
    newest = sorted(rows.values(), key=lambda row: row.last_update_at or EPOCH, reverse=True)[:limit]
    return [DueThread(row.id, row.fields, row.digest, "") for row in newest]


BY_UPDATE = "ix_tickets_panel_id_last_update_at_id_gone_at"
UNDATED = "-"


def others(connection: Connection, panel_id: int, after: str | None, limit: int, now: datetime) -> list[DueThread]:
    """All that changed, the newest first; those without a time behind them. A place is `micros/id`, or `-/id`."""
    stamp, _, ticket = (after or "").partition("/")
    rows: list[Any] = []
    if stamp != UNDATED:
        dated = asked(panel_id, stale(now), tickets.c.last_update_at.is_not(None))
        if (moment := moment_of(stamp)) is not None:
            here = tuple_(tickets.c.last_update_at, tickets.c.id)
            dated = dated.where(here < tuple_(literal(moment, Moment), literal(ticket, Text)))
        dated = dated.with_hint(tickets, f"INDEXED BY {BY_UPDATE}", "sqlite")
        newest = dated.order_by(tickets.c.last_update_at.desc(), tickets.c.id.desc()).limit(limit)
        rows = list(connection.execute(newest))
    if len(rows) < limit:
        undated = asked(panel_id, stale(now), tickets.c.last_update_at.is_(None))
        undated = undated.where(tickets.c.id > ticket) if stamp == UNDATED else undated
        rows += connection.execute(undated.order_by(tickets.c.id).limit(limit - len(rows)))
    return [DueThread(row.id, row.fields, row.digest, place_of(row)) for row in rows]


def moment_of(stamp: str) -> datetime | None:
    """None at the beginning, and where a place that was damaged tells no time."""
    try:
        return from_micros(int(stamp))
    except (ValueError, OverflowError):
        return None


def place_of(row: Any) -> str:
    return f"{UNDATED if row.last_update_at is None else micros(row.last_update_at)}/{row.id}"
