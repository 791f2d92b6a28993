"""Which records' texts have yet to be indexed: noted in the transaction that changes them, one row for a page of records.

To note costs a commit one INSERT, however many records it has; to index them costs more than to write them, and is an errand of the worker.
"""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, bindparam, func, insert

from hyperpanel.db.pages import Live
from hyperpanel.db.schema import text_queue
from hyperpanel.db.scope import Scope
from hyperpanel.db.search_texts import TEXTS, words
from sync.store import Batch, FeedKey

NOTE = insert(text_queue).values({name: bindparam(name) for name in ("panel_id", "stream", "ids", "rows")})


def note(connection: Connection, feed: FeedKey, ids: Sequence[str]) -> None:
    if ids and feed.stream in TEXTS:
        told = msgspec.json.encode(ids).decode()
        connection.execute(NOTE, {"panel_id": feed.panel_id, "stream": feed.stream, "ids": told, "rows": len(ids)})


def written(connection: Connection, feed: FeedKey, batch: Batch, live: Mapping[str, Live]) -> None:
    """Of a page those that are new or came back, and those whose texts are no longer what they were."""
    if feed.stream not in TEXTS:
        return
    another = [
        item.record.id
        for item in batch.fresh
        if (was := live.get(item.record.id)) is None or was.is_gone or was.words != words(item.record, feed.stream)
    ]
    note(connection, feed, another)


def behind(connection: Connection, scope: Scope) -> int:
    """Records that cannot be found by parts yet, or by parts of what they were before."""
    return int(connection.scalar(scope.select(func.coalesce(func.sum(text_queue.c.rows), 0))) or 0)
