"""Setting aside what could not be read: one row a record, with its whitelisted values sealed, until it can be read or a month has passed."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, insert, select, update

from hyperpanel.db.schema import set_aside
from sync.store import Batch, FeedKey

Seal = Callable[[str, str], bytes]
"""Seals a text for the place that is named."""

LONGEST_REASON = 500
LISTED = 10_000
APART = (
    select(set_aside.c.record_id)
    .where(set_aside.c.panel_id == bindparam("of_panel"), set_aside.c.stream == bindparam("of_stream"))
    .limit(bindparam("listed"))
)


def of(feed: FeedKey) -> ColumnElement[bool]:
    return and_(set_aside.c.panel_id == feed.panel_id, set_aside.c.stream == feed.stream)


def place(panel_id: int, stream: str, record_id: str) -> str:
    """Where a record's values are sealed for."""
    return f"set_aside|{panel_id}|{stream}|{record_id}"


def put(connection: Connection, feed: FeedKey, batch: Batch, seal: Seal) -> None:
    """However often it is met, one row; a record that can be read again leaves it, whether it is news or not."""
    apart = set(connection.scalars(APART, {"of_panel": feed.panel_id, "of_stream": feed.stream, "listed": LISTED}))
    unread = {item.key: item for item in batch.unread}
    came = {*batch.keys, *(item.record.id for item in batch.fresh)}
    if mended := ((came if len(apart) == LISTED else apart & came) | parts(apart, batch)) - unread.keys():
        connection.execute(delete(set_aside).where(of(feed), set_aside.c.record_id.in_(sorted(mended))))
    for item in unread.values():
        sealed = item.values and seal(item.values, place(feed.panel_id, feed.stream, item.key))
        meet(connection, feed, item.key, batch, item.reason[:LONGEST_REASON].replace("\x00", "\ufffd"), sealed or None)


def parts(apart: set[str], batch: Batch) -> set[str]:
    """The messages of a thread that came: `ticket/place`. One that did not come at all says nothing about them."""
    if batch.thread is None or (batch.thread.messages is None and batch.unread):
        return set()
    return {key for key in apart if key.partition("/")[0] == batch.thread.ticket}


def meet(connection: Connection, feed: FeedKey, key: str, batch: Batch, reason: str, sealed: bytes | None) -> None:
    """One that was dismissed comes back when another reason stands against it."""
    same = set_aside.c.reason == reason
    seen = {
        "number": batch.number,
        "at": batch.at,
        "sealed": sealed,
        "dismissed_at": case((same, set_aside.c.dismissed_at), else_=None),
        "dismissed_by": case((same, set_aside.c.dismissed_by), else_=None),
        "reason": reason,
    }
    again = connection.execute(update(set_aside).where(of(feed), set_aside.c.record_id == key).values(**seen))
    if again.rowcount == 0:
        named = {"panel_id": feed.panel_id, "stream": feed.stream, "record_id": key, "first_at": batch.at}
        told = {"reason": reason, "number": batch.number, "at": batch.at, "sealed": sealed}
        connection.execute(insert(set_aside).values(**named, **told))
