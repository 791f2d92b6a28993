"""When an order finished, as far as that can be known: upstreams do not say it (DESIGN 3, SPEC 4 "Completion time").

An order seen open and then seen done finished between the two; its last update, where the panel tells it, says when within these bounds.
One that was done when it was first seen finished at its last update if that is told, and else nobody knows: it keeps the time of its
creation, without a beginning, so that a report can count what it cannot rate. Older ones than a report can look back upon keep nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from hyperpanel.db import histories
from hyperpanel.db.pages import Extra, Live
from reports.statuses import FINISHED
from sync.records import Order
from sync.store import Batch, FeedKey

LOOKED_BACK = timedelta(days=31)
UNKNOWN: Extra = (None, None)


def of(connection: Connection, feed: FeedKey, batch: Batch, live: Mapping[str, Live]) -> dict[str, Extra]:
    """By id (finished_from, finished_at) of this page's orders."""
    if feed.stream != "orders":
        return {}
    ended = [item.record for item in batch.fresh if item.record.status in FINISHED]  # type: ignore[union-attr]
    swept = None
    if any(record.id in live for record in ended):
        swept = histories.swept(connection, feed)
    return {record.id: finish(record, live.get(record.id), swept, batch.at) for record in ended}  # type: ignore[arg-type]


def finish(order: Order, live: Live | None, swept: datetime | None, at: datetime) -> Extra:
    """`swept`: until when the last whole refresh has seen whatever was open."""
    if live is None:
        return unseen(order, at)
    if live.was[0] not in FINISHED:
        earliest = min(histories.last_seen(live, live.was[0], swept), at)
        told = within(order.last_update_at, earliest, at)
        return (told, told) if told else (earliest, at)
    known = live.extra
    return unseen(order, at) if known[0] is None and order.last_update_at else (known[0], known[1])


def unseen(order: Order, at: datetime) -> Extra:
    """It was done when it was first seen."""
    begun = order.created_at
    if told := within(order.last_update_at, begun, at):
        return told, told
    return (None, begun) if begun and begun >= at - LOOKED_BACK else UNKNOWN


def within(told: datetime | None, earliest: datetime | None, latest: datetime) -> datetime | None:
    if told is None:
        return None
    return min(max(told, earliest) if earliest else told, latest)
