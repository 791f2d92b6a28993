"""What is remembered of a change: statuses of orders, names of users, names and prices of services.

A change is known between two reads: after the old was last seen, and no later than the new was first seen.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from hyperpanel.db.claims import of_plan
from hyperpanel.db.pages import WATCHED, Live
from hyperpanel.db.schema import order_flips, plans, service_changes, user_renames
from sync.records import FINAL, Record
from sync.store import Batch, FeedKey


class Change(NamedTuple):
    record: Record
    was: tuple[Any, ...]
    live: Live


def write(connection: Connection, feed: FeedKey, batch: Batch, live: Mapping[str, Live]) -> None:
    """What of this page's records is not as it was."""
    watched = WATCHED.get(feed.stream)
    if not watched or feed.stream not in KEPT:
        return
    known = [(item.record, live[item.record.id]) for item in batch.fresh if item.record.id in live]
    changed = [
        Change(record, row.was, row)
        for record, row in known
        if tuple(getattr(record, name) for name in watched) != row.was
    ]
    if changed:
        KEPT[feed.stream](connection, feed, batch, changed)


def flips(connection: Connection, feed: FeedKey, batch: Batch, changed: Sequence[Change]) -> None:
    told = swept(connection, feed)
    rows = [
        {
            "panel_id": feed.panel_id,
            "order_id": one.record.id,
            "number": batch.number,
            "was": one.was[0],
            "now": one.record.status,  # type: ignore[union-attr]
            "not_before": min(last_seen(one.live, one.was[0], told), batch.at),
            "not_after": batch.at,
        }
        for one in changed
    ]
    connection.execute(insert(order_flips), rows)


def swept(connection: Connection, feed: FeedKey) -> datetime | None:
    """An unchanged re-read leaves no mark on a row, but the last whole refresh has seen every open order known when it began."""
    return connection.scalar(select(plans.c.as_of).where(of_plan(feed, "refresh"), plans.c.proven))


def last_seen(live: Live, status: str, swept: datetime | None) -> datetime:
    """When an order was last known to have this status. What was gone meanwhile was in no refresh, and in no catalogue."""
    was_open = status not in FINAL and not live.is_gone
    covered = swept is not None and was_open and live.first_seen_at <= swept
    return max(live.seen_at, swept) if swept is not None and covered else live.seen_at


def renames(connection: Connection, feed: FeedKey, batch: Batch, changed: Sequence[Change]) -> None:
    rows = [
        {
            "panel_id": feed.panel_id,
            "user_id": one.record.id,
            "number": batch.number,
            "was": one.was[0],
            "now": one.record.username,  # type: ignore[union-attr]
            "not_before": min(one.live.seen_at, batch.at),
            "not_after": batch.at,
        }
        for one in changed
    ]
    connection.execute(insert(user_renames), rows)


def prices(connection: Connection, feed: FeedKey, batch: Batch, changed: Sequence[Change]) -> None:
    """A catalogue comes whole each time, so the old name and price stood until the last time it was read."""
    read_last = connection.scalar(select(plans.c.as_of).where(of_plan(feed, "head")))
    rows = [
        {
            "panel_id": feed.panel_id,
            "service_id": one.record.id,
            "number": batch.number,
            "name_was": one.was[0],
            "name_now": one.record.name,  # type: ignore[union-attr]
            "rate_was": one.was[1],
            "rate_now": one.record.rate,  # type: ignore[union-attr]
            "not_before": min(listed_last(one, read_last), batch.at),
            "not_after": batch.at,
        }
        for one in changed
    ]
    connection.execute(insert(service_changes), rows)


def listed_last(one: Change, read_last: datetime | None) -> datetime:
    return one.live.seen_at if read_last is None or one.live.is_gone else max(one.live.seen_at, read_last)


KEPT = {"orders": flips, "users": renames, "services": prices}
