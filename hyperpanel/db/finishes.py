"""When an order finished, as far as that can be known: upstreams do not say it (DESIGN 3, SPEC 4 "Completion time").

An order seen open and then seen done finished between the two; its last update, where the panel tells one between them, says when. One
that was done when it was first seen finished at its last update if that lies between its creation and then, and else nobody knows:
it keeps the time of its creation, without a beginning, so that a report can count what it cannot rate. Older ones than a report can look
back upon keep nothing. A last update outside these bounds is no evidence: the panel's clock is wrong, or something else was touched.
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
    told = order.last_update_at
    if live is None:
        return unseen(order, at)
    if live.was[0] not in FINISHED:
        earliest = min(histories.last_seen(live, live.was[0], swept), at)
        return (told, told) if is_within(told, earliest, at) else (earliest, at)
    known = live.extra
    is_later_told = known[0] is None and is_within(told, order.created_at, live.first_seen_at)
    return (told, told) if is_later_told else (known[0], known[1])


def unseen(order: Order, at: datetime) -> Extra:
    """It was done when it was first seen."""
    begun, told = order.created_at, order.last_update_at
    if is_within(told, begun, at):
        return told, told
    return (None, begun) if begun and begun >= at - LOOKED_BACK else UNKNOWN


def is_within(told: datetime | None, earliest: datetime | None, latest: datetime) -> bool:
    return told is not None and (earliest is None or earliest <= told) and told <= latest
