"""Keeping a ticket's messages: matched with those held, edits kept as versions, and a message gone only when two reads lacked it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hyperpanel.db.schema import message_versions, messages, threads, tickets
from hyperpanel.db.types import EPOCH, Moment
from sync.records import Message
from sync.store import Batch, Thread
from sync.threads import Held, Matched, matched

LACKED = 2
DOUBTED_FOR = timedelta(minutes=5)
"""Between the two reads that must lack a message before it is gone: an upstream's bad moment is not two."""

SOON = timedelta(minutes=1)
"""How long a ticket is left alone whose answer was lost for once."""

FAILED_FOR = timedelta(hours=1)
"""How long one that could not be read by itself is left alone."""

PART = 4
"""A copy that lags behind its ticket is asked for again after this part of the time since the ticket was touched, an hour at most."""

NEVER = EPOCH
"""Where no answer has told anything of a thread yet."""

WHY = "thread"
"""It was not in two reads of its ticket."""


@dataclass(frozen=True)
class Kept:
    """What a page came to; `cached`: how many rows more are held; `touched`: ids of rows held before that are another now; `revived`:
    how many of them had been gone; `back`: which those were, of streams whose records have ids."""

    new: int = 0
    changed: int = 0
    cached: int = 0
    touched: Sequence[str] = ()
    revived: int = 0
    back: Sequence[str] = ()

    @property
    def is_news(self) -> bool:
        return bool(self.new or self.touched)


def keep(connection: Connection, panel_id: int, batch: Batch) -> Kept:
    thread = batch.thread
    if thread is None:
        return Kept()
    done, missing = Kept(), 0
    if thread.messages is not None:
        done, missing = write(connection, panel_id, thread, thread.messages, batch)
    wait = (
        DOUBTED_FOR
        if missing
        else None
        if thread.read_for is not None
        else again_after(connection, panel_id, thread, batch.at)
    )
    retry = None if wait is None else batch.at + wait
    remember(connection, panel_id, thread, batch, None if missing else thread.read_for, retry)
    return done


def again_after(connection: Connection, panel_id: int, thread: Thread, at: datetime) -> timedelta:
    """A lost answer is asked for again soon, once: somebody may be waiting for a reply to it. So is a copy that lags behind, but ever less
    often: whoever holds it may be at a standstill for days."""
    if thread.behind:
        of_ticket = and_(tickets.c.panel_id == panel_id, tickets.c.id == thread.ticket)
        since = func.coalesce(tickets.c.last_update_at, tickets.c.first_seen_at, type_=Moment)
        touched = connection.scalar(select(since).where(of_ticket))
        return SOON if touched is None else min(max((at - touched) / PART, SOON), FAILED_FOR)
    waited = connection.scalar(select(threads.c.retry_at).where(thread_of(panel_id, thread.ticket)))
    return SOON if thread.fleeting and waited is None else FAILED_FOR


def write(
    connection: Connection, panel_id: int, thread: Thread, told: Sequence[Message], batch: Batch
) -> tuple[Kept, int]:
    """Returns the counts, and how many messages were lacking for the first time."""
    rows = connection.execute(select(messages).where(of(panel_id, thread.ticket)).order_by(messages.c.place)).all()
    held = [as_held(row) for row in rows if row.gone_at is None]
    gone_before = {row.id: as_held(row) for row in rows if row.gone_at is not None}
    found = matched(thread.ticket, held, told, list(gone_before.values()))
    news = [one for one in found if one.is_news or one.id in gone_before]
    revived = sum(one.id in gone_before for one in news)
    versions(connection, panel_id, thread, [one for one in news if one.was_edited], rows, batch)
    put(connection, panel_id, thread, news, batch)
    came = {one.id for one in found}
    away = [row for row in rows if row.gone_at is None and row.id not in came] if thread.whole else []
    lacking = [row for row in away if not row.missed or told_apart(connection, panel_id, thread, batch.so_at)]
    gone = [row.id for row in lacking if row.missed + 1 >= LACKED]
    mark(connection, panel_id, thread.ticket, [row.id for row in lacking], gone, batch.at)
    seen_again(connection, panel_id, thread.ticket, [row.id for row in rows if row.missed and row.id in came])
    new = sum(one.before is None for one in news)
    touched = (thread.ticket,) if news or gone else ()
    return Kept(new, len(news) - new, new + revived - len(gone), touched), len(away) - len(gone)


def told_apart(connection: Connection, panel_id: int, thread: Thread, at: datetime) -> bool:
    """Whether the last read lies far enough back to count as another one."""
    last = connection.scalar(select(threads.c.read_at).where(thread_of(panel_id, thread.ticket)))
    return last is None or at - last >= DOUBTED_FOR


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
        "first_seen_at": batch.so_at,
        "seen_at": batch.so_at,
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


def remember(
    connection: Connection, panel_id: int, thread: Thread, batch: Batch, read_for: int | None, retry_at: datetime | None
) -> None:
    """As of which state of its ticket the thread is held. One with a message lacking, or not read at all, is due again: None. What could not
    be read, or is of no known time, is no younger by it."""
    digest = thread.digest if read_for is not None else 0
    count = select(func.count()).where(of(panel_id, thread.ticket), messages.c.gone_at.is_(None)).scalar_subquery()
    told = {"read_for": read_for, "digest": digest, "observed": batch.number, "messages": count, "retry_at": retry_at}
    is_unknown = batch.as_of is None if thread.behind else thread.messages is None and thread.read_for is None
    if not is_unknown:
        told["read_at"] = batch.so_at
    known = connection.execute(update(threads).where(thread_of(panel_id, thread.ticket)).values(**told))
    if known.rowcount == 0:
        connection.execute(
            insert(threads).values(panel_id=panel_id, ticket_id=thread.ticket, **{"read_at": NEVER, **told})
        )
