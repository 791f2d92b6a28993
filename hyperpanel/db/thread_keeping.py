"""Keeping a ticket's messages: matched with those held, edits kept as versions, and a message gone only when two reads lacked it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hyperpanel.db.schema import OPEN_TICKET, message_versions, messages, threads, tickets
from sync.records import Message
from sync.store import Batch, DueThread, Thread
from sync.threads import Held, Matched, matched

RECENT = timedelta(days=14)
"""Closed tickets that moved within this are read along with the open ones."""

LACKED = 2
WHY = "thread"
"""It was not in two reads of its ticket."""


@dataclass(frozen=True)
class Kept:
    """What a page came to; `cached`: how many rows more are held."""

    new: int = 0
    changed: int = 0
    cached: int = 0


def keep(connection: Connection, panel_id: int, batch: Batch) -> Kept:
    thread = batch.thread
    if thread is None:
        return Kept()
    done, missing = Kept(), 0
    if thread.messages is not None:
        done, missing = write(connection, panel_id, thread, thread.messages, batch)
    remember(connection, panel_id, thread, batch, read_for=None if missing else thread.read_for)
    return done


def write(
    connection: Connection, panel_id: int, thread: Thread, told: Sequence[Message], batch: Batch
) -> tuple[Kept, int]:
    """Returns the counts, and how many messages were lacking for the first time."""
    rows = connection.execute(select(messages).where(of(panel_id, thread.ticket)).order_by(messages.c.place)).all()
    held = [as_held(row) for row in rows if row.gone_at is None]
    found = matched(thread.ticket, held, told, taken=[row.id for row in rows if row.gone_at is not None])
    news = [one for one in found if one.is_news]
    versions(connection, panel_id, thread, [one for one in news if one.was_edited], rows, batch)
    put(connection, panel_id, thread, news, batch)
    came = {one.id for one in found}
    lacking = [row for row in rows if row.gone_at is None and row.id not in came] if thread.whole else []
    gone = [row.id for row in lacking if row.missed + 1 >= LACKED]
    mark(connection, panel_id, thread.ticket, [row.id for row in lacking], gone, batch.at)
    seen_again(connection, panel_id, thread.ticket, [row.id for row in rows if row.missed and row.id in came])
    new = sum(one.before is None for one in news)
    return Kept(new, len(news) - new, new - len(gone)), len(lacking) - len(gone)


def as_held(row: Any) -> Held:
    values = {name: getattr(row, name) for name in Message.__struct_fields__}
    return Held(row.id, row.place, Message(**values))


def of(panel_id: int, ticket: str) -> ColumnElement[bool]:
    return and_(messages.c.panel_id == panel_id, messages.c.ticket_id == ticket)


def versions(
    connection: Connection, panel_id: int, thread: Thread, edited: Sequence[Matched], rows: Sequence[Any], batch: Batch
) -> None:
    """What a message said before."""
    seen = {row.id: row.seen_at for row in rows}
    read_last = connection.scalar(select(threads.c.read_at).where(thread_of(panel_id, thread.ticket)))
    kept = [
        {
            "panel_id": panel_id,
            "ticket_id": thread.ticket,
            "message_id": one.id,
            "number": batch.number,
            "body": one.before.message.body,
            "files": one.before.message.files,
            "not_before": min(max(seen[one.id], read_last or seen[one.id]), batch.at),
            "not_after": batch.at,
        }
        for one in edited
        if one.before is not None
    ]
    if kept:
        connection.execute(insert(message_versions), kept)


def put(connection: Connection, panel_id: int, thread: Thread, news: Sequence[Matched], batch: Batch) -> None:
    if not news:
        return
    made = sqlite.insert(messages) if connection.dialect.name == "sqlite" else postgresql.insert(messages)
    first = {"panel_id", "ticket_id", "id", "first_seen_at", "gone_at", "gone_why", "missed"}
    changes = {column.name: made.excluded[column.name] for column in messages.c if column.name not in first}
    again = made.on_conflict_do_update(
        index_elements=[messages.c.panel_id, messages.c.ticket_id, messages.c.id],
        set_={**changes, "gone_at": None, "gone_why": None, "missed": 0},
    )
    connection.execute(again, [row_of(panel_id, thread, one, batch) for one in news])


def row_of(panel_id: int, thread: Thread, one: Matched, batch: Batch) -> dict[str, Any]:
    return {
        "panel_id": panel_id,
        "ticket_id": thread.ticket,
        "id": one.id,
        "place": one.place,
        **{name: getattr(one.message, name) for name in Message.__struct_fields__},
        "observed": batch.number,
        "digest": 0,
        "fields": 0,
        "first_seen_at": batch.at,
        "seen_at": batch.at,
    }


def mark(
    connection: Connection, panel_id: int, ticket: str, lacking: Sequence[str], gone: Sequence[str], at: datetime
) -> None:
    if lacking:
        missed = update(messages).where(of(panel_id, ticket), messages.c.id.in_(lacking))
        connection.execute(missed.values(missed=messages.c.missed + 1))
    if gone:
        buried = update(messages).where(of(panel_id, ticket), messages.c.id.in_(gone))
        connection.execute(buried.values(gone_at=at, gone_why=WHY))


def seen_again(connection: Connection, panel_id: int, ticket: str, ids: Sequence[str]) -> None:
    if ids:
        connection.execute(update(messages).where(of(panel_id, ticket), messages.c.id.in_(ids)).values(missed=0))


def thread_of(panel_id: int, ticket: str) -> ColumnElement[bool]:
    return and_(threads.c.panel_id == panel_id, threads.c.ticket_id == ticket)


def remember(connection: Connection, panel_id: int, thread: Thread, batch: Batch, read_for: int | None) -> None:
    """As of which state of its ticket the thread is held. One with a message lacking is due again: None."""
    digest = thread.digest if read_for is not None else 0
    count = select(func.count()).where(of(panel_id, thread.ticket), messages.c.gone_at.is_(None)).scalar_subquery()
    told = {"read_for": read_for, "digest": digest, "observed": batch.number, "read_at": batch.at, "messages": count}
    known = connection.execute(update(threads).where(thread_of(panel_id, thread.ticket)).values(**told))
    if known.rowcount == 0:
        connection.execute(insert(threads).values(panel_id=panel_id, ticket_id=thread.ticket, **told))


def due(
    connection: Connection, panel_id: int, plan: str, after: str | None, limit: int, now: datetime
) -> list[DueThread]:
    """See sync.store.Store.due_threads."""
    held = and_(threads.c.panel_id == tickets.c.panel_id, threads.c.ticket_id == tickets.c.id)
    asked = (
        select(tickets.c.id, tickets.c.fields, threads.c.digest)
        .select_from(tickets.outerjoin(threads, held))
        .where(tickets.c.panel_id == panel_id, tickets.c.gone_at.is_(None))
        .limit(limit)
    )
    if plan in ("refresh", "sweep"):
        asked = asked.where(OPEN_TICKET) if plan == "refresh" else asked
        asked = asked.where(tickets.c.id > after) if after is not None else asked
        return [DueThread(*row) for row in connection.execute(asked.order_by(tickets.c.id))]
    stale = or_(threads.c.read_for.is_(None), threads.c.read_for != tickets.c.fields)
    pressing = or_(OPEN_TICKET, tickets.c.last_update_at > now - RECENT)
    asked = asked.where(stale, pressing) if plan == "head" else asked.where(stale)
    return [DueThread(*row) for row in connection.execute(asked.order_by(tickets.c.last_update_at.desc()))]
