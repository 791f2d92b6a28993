"""Keeping a page: records, flips, what could not be read, the position after it and the counts, in one transaction under a claim."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from hyperpanel.db import pages
from hyperpanel.db.claims import held_by, of_plan
from hyperpanel.db.schema import MIRRORED, feeds, order_flips, orders, plans, runs, set_aside
from hyperpanel.db.types import Moment
from sync import cursors
from sync.cursors import Cursor, Manners
from sync.records import FINAL
from sync.store import Batch, Claim, ClaimLost, Committed, FeedKey

NUMBER = bindparam("number", type_=BigInteger)

# Made once: to build and bind a statement anew costs more than to run it, and these run with every page.
HOLD = (
    update(feeds)
    .where(
        feeds.c.panel_id == bindparam("of_panel"),
        feeds.c.stream == bindparam("of_stream"),
        feeds.c.fence == bindparam("of_fence"),
        feeds.c.holder == bindparam("of_holder"),
    )
    .values(
        leased_until=bindparam("until"),
        manners=bindparam("learned"),
        committed=case((feeds.c.committed < NUMBER, NUMBER), else_=feeds.c.committed),
        fetched_at=func.coalesce(bindparam("heard_at", type_=Moment), feeds.c.fetched_at),
    )
    .returning(feeds.c.committed)
)
MOVE = (
    update(plans)
    .where(
        plans.c.panel_id == bindparam("of_panel"),
        plans.c.stream == bindparam("of_stream"),
        plans.c.plan == bindparam("of_plan"),
    )
    .values(cursor=bindparam("position"))
)
APART = (
    select(set_aside.c.record_id)
    .where(set_aside.c.panel_id == bindparam("of_panel"), set_aside.c.stream == bindparam("of_stream"))
    .limit(10_000)
)
COUNTED = ("calls", "read", "new", "changed", "set_aside", "missing")
COUNT = (
    update(runs)
    .where(runs.c.panel_id == bindparam("of_panel"), runs.c.number == bindparam("of_run"))
    .values({runs.c[name]: runs.c[name] + bindparam(f"more_{name}", type_=BigInteger) for name in COUNTED})
)


def keep(
    connection: Connection, claim: Claim, batch: Batch, cursor: Cursor, manners: Manners, until: datetime
) -> Committed:
    """A page, the position after it and the counts, in one transaction, if the claim still holds."""
    feed = {"of_panel": claim.feed.panel_id, "of_stream": claim.feed.stream}
    learned = {"until": until, "learned": cursors.dump(manners), "number": batch.number}
    ours = {"of_fence": claim.fence, "of_holder": claim.holder, "heard_at": batch.at if batch.number else None}
    latest = connection.execute(HOLD, {**feed, **ours, **learned}).scalar_one_or_none()
    if latest is None:
        raise ClaimLost(claim.feed)
    overtaken = batch.number and batch.number < latest
    done = Committed(again=[item.record.id for item in batch.fresh]) if overtaken else apply(connection, claim, batch)
    connection.execute(MOVE, {**feed, "of_plan": claim.plan, "position": cursors.dump(cursor)})
    more = (batch.calls if batch.number else 0, batch.read, done.new, done.changed, len(batch.unread), batch.missing)
    counts = {f"more_{name}": value for name, value in zip(COUNTED, more, strict=True)}
    connection.execute(COUNT, {"of_panel": claim.feed.panel_id, "of_run": claim.run, **counts})
    return done


def apply(connection: Connection, claim: Claim, batch: Batch) -> Committed:
    """The records themselves, their flips, and what could not be read."""
    feed, table = claim.feed, MIRRORED[claim.feed.stream]
    put_aside(connection, feed, batch)
    if not batch.fresh:
        return Committed()
    live = pages.live_rows(connection, table, feed.panel_id, [item.record.id for item in batch.fresh])
    if table is orders:
        write_flips(connection, feed, batch, live)
    pages.write(connection, table, feed.panel_id, batch.fresh, batch.number, batch.at)
    new = len(batch.fresh) - len(live)
    if new:
        connection.execute(update(feeds).where(held_by(claim)).values(cached=feeds.c.cached + new))
    return Committed(new=new, changed=len(live))


def put_aside(connection: Connection, feed: FeedKey, batch: Batch) -> None:
    """One row a record, however often it is met; a record that can be read again leaves it, whether it is news or not."""
    apart = set(connection.scalars(APART, {"of_panel": feed.panel_id, "of_stream": feed.stream}))
    mended = apart & {*batch.keys, *(item.record.id for item in batch.fresh)} - {item.key for item in batch.unread}
    if mended:
        connection.execute(delete(set_aside).where(aside(feed), set_aside.c.record_id.in_(sorted(mended))))
    for item in {item.key: item for item in batch.unread}.values():
        seen = {"reason": item.reason[:500].replace("\x00", "\ufffd"), "number": batch.number, "at": batch.at}
        again = connection.execute(
            update(set_aside).where(aside(feed), set_aside.c.record_id == item.key).values(**seen)
        )
        if again.rowcount == 0:
            named = {"panel_id": feed.panel_id, "stream": feed.stream, "record_id": item.key}
            connection.execute(insert(set_aside).values(**named, first_at=batch.at, **seen))


def aside(feed: FeedKey) -> ColumnElement[bool]:
    return and_(set_aside.c.panel_id == feed.panel_id, set_aside.c.stream == feed.stream)


def write_flips(connection: Connection, feed: FeedKey, batch: Batch, live: Mapping[str, pages.Live]) -> None:
    """Where a status moved: between when the old one was last seen and when the new one was first seen."""
    moved = [(item.record, live[item.record.id]) for item in batch.fresh if item.record.id in live]
    moved = [(record, row) for record, row in moved if record.status != row.status]  # type: ignore[union-attr]
    if not moved:
        return
    swept = connection.scalar(select(plans.c.as_of).where(of_plan(feed, "refresh"), plans.c.proven))
    connection.execute(
        insert(order_flips),
        [
            {
                "panel_id": feed.panel_id,
                "order_id": record.id,
                "number": batch.number,
                "was": row.status,
                "now": record.status,  # type: ignore[union-attr]
                "not_before": min(last_seen(row, swept), batch.at),
                "not_after": batch.at,
            }
            for record, row in moved
        ],
    )


def last_seen(row: pages.Live, swept: datetime | None) -> datetime:
    """An unchanged re-read leaves no mark on the row; the last whole refresh has seen every open order known when it began."""
    covered = swept is not None and row.status not in FINAL and row.first_seen_at <= swept
    return max(row.seen_at, swept) if swept is not None and covered else row.seen_at
