"""A field that an upstream drops or renames reads as empty in every record; what is known of it must not be blanked for that.

So where none of many changed records has a value of a field that several of them had, nothing of the page is written, the stream stops,
and a person says whether that is meant.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from hyperpanel.db.pages import KEPT, Live, chunks
from hyperpanel.db.schema import MIRRORED, feeds, holds
from sync.records import Record
from sync.store import Batch, FeedKey
from sync.verdicts import Trouble

FIELDS = "fields"
LEAST = 5


def refuse(connection: Connection, feed: FeedKey, batch: Batch, live: Mapping[str, Live]) -> None:
    """Raises Trouble for the first field whose known values this page would blank. A record whose status moved may well lose one: what
    remains, when it is done."""
    known = [item.record.id for item in batch.fresh if item.record.id in live and is_as_it_was(item.record, live)]
    names = [name for name in batch.empty if name not in KEPT]
    if len(known) < LEAST or not names:
        return
    for name, rows in had(connection, feed, names, known).items():
        if rows >= LEAST and not agreed(connection, feed, name):
            raise Trouble("vanished", field=name, rows=rows)


def is_as_it_was(record: Record, live: Mapping[str, Live]) -> bool:
    return not hasattr(record, "status") or live[record.id].was[0] in (record.status, getattr(record, "username", None))


def had(connection: Connection, feed: FeedKey, names: Sequence[str], known: Sequence[str]) -> dict[str, int]:
    """How many of these rows have a value of each field."""
    table = MIRRORED[feed.stream]
    counts = dict.fromkeys(names, 0)
    for some in chunks(known, 500):
        row = connection.execute(
            select(*(func.count(table.c[name]) for name in names)).where(
                table.c.panel_id == feed.panel_id, table.c.id.in_(some), table.c.gone_at.is_(None)
            )
        ).one()
        counts = {name: counts[name] + more for name, more in zip(names, row, strict=True)}
    return counts


def agreed(connection: Connection, feed: FeedKey, name: str) -> bool:
    said = select(func.count()).where(*of(feed, name), holds.c.decision == "accept")
    return bool(connection.scalar(said))


def ask(connection: Connection, feed: FeedKey, trouble: Trouble, now: datetime) -> None:
    """One question a field."""
    name, rows = str(trouble.details["field"]), int(trouble.details["rows"])
    cached = connection.scalar(
        select(feeds.c.cached).where(feeds.c.panel_id == feed.panel_id, feeds.c.stream == feed.stream)
    )
    told = {"rows": rows, "of_rows": cached or 0, "at": now}
    asked = update(holds).where(*of(feed, name), holds.c.decision.is_(None)).values(**told)
    if connection.execute(asked).rowcount == 0:
        named = {"panel_id": feed.panel_id, "id": uuid4().hex, "stream": feed.stream, "kind": FIELDS, "what": name}
        connection.execute(insert(holds).values(**named, **told))


def of(feed: FeedKey, name: str) -> tuple[ColumnElement[bool], ...]:
    return (
        holds.c.panel_id == feed.panel_id,
        holds.c.stream == feed.stream,
        holds.c.kind == FIELDS,
        holds.c.what == name,
    )
